"""What a finding may show of a cell: personal content as a pattern, the rest as typed unless it looks personal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from analysis.cleaning.cell import tidy
from analysis.cleaning.look_alikes import comparable

LONGEST = 40
LONG_NUMBER = re.compile(r"\d(?:[ '’]?\d){7,}|\d{6}[-/.]\d{3,4}")
NAME_LIKE = re.compile(r"[^\W\d_]{3,}")
MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+")


def masked(text: str) -> str:
    """The shape of a text: ``#`` for every digit, ``x`` for every letter; nothing of it can be read back."""
    shape = "".join("#" if c.isnumeric() else "x" if c.isalpha() else c for c in tidy(text))
    return _short(shape)


def shown(text: str, known: Iterable[str] = ()) -> str:
    """A text that should not be personal, as a finding may show it.

    Long digit strings and addresses are masked always. Words with a capital letter are masked too, since in a file with
    swapped columns they are names, unless the text is close to one of the ``known`` ones.
    """
    plain = ADDRESS.sub(lambda m: masked(m.group()), tidy(text))
    plain = LONG_NUMBER.sub(lambda m: masked(m.group()), plain)
    if not get_close_matches(comparable(text)[:80], [comparable(k) for k in known], n=1, cutoff=0.6):
        plain = NAME_LIKE.sub(_mask_name, plain)
    return _short(plain)


def _mask_name(match: re.Match[str]) -> str:
    word = match.group()
    is_name = any(letter != letter.lower() for letter in word) and not MONTH.fullmatch(word)
    return "x" * len(word) if is_name else word


def is_verbatim(found: str) -> bool:
    """Whether a shown text is what the cell holds, so that it may stand as the old value of a correction."""
    return bool(found) and not any(sign in found for sign in "#x…")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
