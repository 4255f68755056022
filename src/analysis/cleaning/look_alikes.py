"""Latin and Cyrillic letters that look the same, and texts compared without regard to them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LATIN = "ABCEHKMOPTXYaceopxyIi"
CYRILLIC = "АВСЕНКМОРТХУасеорхуІі"
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
SMALL_TO_CYRILLIC = str.maketrans("abcehkmoptxyi", "авсенкмортхуі")
TO_ROMAN = str.maketrans("ІХ", "IX")
ROMAN_LETTERS = re.compile("[IVXІХ]+")
WORD = re.compile(r"[^\W\d_]+")
QUOTES = re.compile("[\"'„“”«»‘’‚`´]")
DASHES = re.compile("[‐‑‒–—―−]")


def fold(text: str) -> str:
    """Each word in one script: Roman numerals in ASCII, words with an unmistakable Cyrillic letter all in Cyrillic."""
    return WORD.sub(lambda match: fold_word(match.group()), text)


def fold_word(word: str) -> str:
    """One word in one script; a word that gives no sign of its script stays as it is."""
    if ROMAN_LETTERS.fullmatch(word):
        return word.translate(TO_ROMAN)
    if any(_is_cyrillic(letter) and letter not in CYRILLIC for letter in word):
        return word.translate(TO_CYRILLIC)
    return word


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u04ff"


@lru_cache(maxsize=10_000)
def comparable(text: str) -> str:
    """A text as codes are compared: without case, quotes, a final full stop, kinds of dash and blank, and look-alikes.

    Every look-alike counts as Cyrillic, whatever the word: both sides of a comparison are folded the same way.
    """
    plain = DASHES.sub("-", QUOTES.sub("", unicodedata.normalize("NFC", text)))
    plain = re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", plain)).strip().rstrip(".").strip()
    return plain.casefold().translate(SMALL_TO_CYRILLIC)
