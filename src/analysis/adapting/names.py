"""Names for columns and sources by captions: Bulgarian transliterated by the law of 2009, accents off, unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
        ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
         "ts", "ch", "sh", "sht", "a", "y", "yu", "ya", "i"],
        strict=True,
    )
)  # fmt: skip
# what cleaning and panels put beside a table's own columns
TAKEN = {
    "file", "sheet", "row", "unreadable", "case", "source", "person_id", "id_type", "birth_year", "age_at_entry",
    "everybody", "participant", "treated_from", "true", "false", "yes", "no", "null", "on", "off", "y", "n",
}  # fmt: skip
LONGEST = 40


def transliterated(text: str) -> str:
    """Small Latin letters, digits and underscores; "" when nothing is left."""
    plain = re.sub("ия\\b", "ia", text.casefold())
    latin = unicodedata.normalize("NFKD", "".join(LETTERS.get(letter, letter) for letter in plain))
    latin = "".join(letter for letter in latin if not unicodedata.combining(letter))
    return re.sub("[^a-z0-9]+", "_", latin).strip("_")[:LONGEST].strip("_")


def unique_name(text: str, taken: Collection[str], instead: str) -> str:
    """A name for ``text`` that begins with a letter and is not taken; ``instead`` where no letter is left."""
    base = transliterated(text)
    base = base if base[:1].isalpha() else f"{instead}_{base}".strip("_")
    name, number = base, 2
    while name in taken or name in TAKEN:
        name, number = f"{base}_{number}", number + 1
    return name
