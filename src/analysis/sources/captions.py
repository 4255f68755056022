"""Matching captions to a register's fields, whatever was done to blanks, quotes and look-alike letters."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.sources.tables import Refused, column_letters
from analysis.study import RegisterField

LOOK_ALIKES = str.maketrans("abcehkmoptxyїіѝ", "авсенкмортхуiiй")
QUOTES = re.compile("[\"'„“”«»‘’`´]")
DASHES = re.compile("[‐‑‒–—−­]")
REPEAT_MARK = re.compile(r"\.\d+$")
OPEN_END = ":*."


def fold(caption: str) -> str:
    """A caption for comparison: no blanks, quotes or case; dashes alike; Latin look-alikes as Cyrillic letters."""
    text = unicodedata.normalize("NFKC", caption).casefold()
    text = DASHES.sub("-", QUOTES.sub("", text))
    return "".join(text.split()).rstrip(OPEN_END).translate(LOOK_ALIKES)


@dataclass(frozen=True)
class Match:
    """``columns``: field -> its 0-based columns (several for a date in parts); ``captions``: field -> caption in
    the file.
    """

    columns: dict[str, list[int]]
    captions: dict[str, str]
    missing: list[RegisterField] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


Alternatives = Sequence[tuple[str, ...]]


def match_captions(captions: Alternatives, fields: Sequence[RegisterField]) -> Match:
    """Find each field's columns. ``captions`` holds per column the texts it may be known by, the likeliest first.

    Refused when a caption stands over two columns that are not the parts of one date.
    """
    folded = [tuple(fold(text) for text in column) for column in captions]
    ranks = _by_rank(folded)
    columns: dict[str, list[int]] = {}
    for register_field in fields:
        found = _columns_of(register_field, folded, ranks)
        if len(found) > 1 and not _are_parts(found, register_field):
            letters = ", ".join(column_letters(column) for column in found)
            raise Refused("reading.repeated_column", caption=_shown(register_field), letters=letters)
        if found:
            columns[register_field.name] = _with_parts(found, register_field, folded)
    taken = {column for places in columns.values() for column in places}
    return Match(
        columns,
        {name: _caption(captions, places[0]) for name, places in columns.items()},
        [wanted for wanted in fields if wanted.name not in columns],
        [_caption(captions, column) for column in range(len(captions)) if column not in taken and any(folded[column])],
    )


def _by_rank(folded: list[tuple[str, ...]]) -> list[dict[str, list[int]]]:
    """For the likeliest text of the columns, then the next likely: text -> columns."""
    ranks: list[dict[str, list[int]]] = [{} for _ in range(max(map(len, folded), default=0))]
    for place, column in enumerate(folded):
        for rank, text in enumerate(column):
            ranks[rank].setdefault(text, []).append(place)
    return ranks


def _columns_of(wanted: RegisterField, folded: list[tuple[str, ...]], ranks: list[dict[str, list[int]]]) -> list[int]:
    if wanted.header is None:
        return [wanted.position - 1] if wanted.position and wanted.position <= len(folded) else []
    key = fold(wanted.header)
    for texts in ranks:
        matching = [key] if wanted.parts == 1 else [text for text in texts if _same(text, key)]
        if found := sorted(place for text in matching for place in texts.get(text, ())):
            return found
    return []


def _same(text: str, key: str) -> bool:
    """Whether a caption is the one over a date in parts, with or without the mark of a repeated caption."""
    return text == key or REPEAT_MARK.sub("", text) == key


def _are_parts(found: list[int], wanted: RegisterField) -> bool:
    return len(found) == wanted.parts and found == list(range(found[0], found[0] + wanted.parts))


def _with_parts(found: list[int], wanted: RegisterField, folded: list[tuple[str, ...]]) -> list[int]:
    """A date's other parts lie under the same merged caption: the columns to the right whose own caption is blank."""
    following = range(found[-1] + 1, found[0] + wanted.parts)
    if all(column < len(folded) and not folded[column][0] for column in following):
        return [*found, *following]
    return found


def _caption(captions: Alternatives, column: int) -> str:
    text = next((text for text in captions[column] if text.strip()), "")
    return " ".join(text.split()) or f"[{column_letters(column)}]"


def _shown(wanted: RegisterField) -> str:
    return wanted.header or f"№ {wanted.position}"


def missing_columns(match: Match) -> tuple[str, str]:
    """The missing required captions, and those of the file not recognised, the likest first, as texts for a message."""
    required = [_shown(wanted) for wanted in match.missing if wanted.must_be_a_column]
    keys = {fold(caption): caption for caption in match.unknown}
    near = [difflib.get_close_matches(fold(caption), sorted(keys), n=1, cutoff=0.5) for caption in required]
    closest = [keys[found[0]] for found in near if found]
    return listed(required), listed(list(dict.fromkeys([*closest, *keys.values()])))


def listed(captions: Sequence[str], limit: int = 12) -> str:
    """Captions in quotes, separated by commas; a long list is cut, a very long caption too."""
    shown = ", ".join(f"„{caption if len(caption) <= 80 else caption[:79] + '…'}“" for caption in captions[:limit])
    return (shown + (", …" if len(captions) > limit else "")) or "–"
