"""What was found in a file: its tables as columns, each with the captions it may be known by and the texts it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from analysis.cleaning.cell import EMPTY, tidy
from analysis.sources.captions import fold
from analysis.sources.header import SEARCHED_ROWS, captions_at
from analysis.sources.tables import RawTable, is_blank

LONGEST_CAPTION = 200
FEWEST_KNOWN = 2
MOSTLY = 0.6
DATA = re.compile(r"\d{6,}|\S@\S|^\s*\d{1,2}[./]\d{1,2}[./]\d{4}\s*$")
FULL_NAME = re.compile(r"[А-ЯA-Z][а-яa-z]+(?:[ -][А-ЯA-Z][а-яa-z]+){1,3}")


@dataclass(frozen=True)
class Column:
    """``place``: 0-based; ``captions``: likeliest first, none when the file has none; ``texts``: how often each text
    (without outer blanks) stands in it, empty cells not counted."""

    place: int
    captions: tuple[str, ...]
    texts: Counter[str] = field(default_factory=Counter, repr=False)

    @property
    def caption(self) -> str:
        """The caption that a person sees; empty when there is none."""
        return next((" ".join(text.split()) for text in self.captions if text.strip()), "")


@dataclass(frozen=True)
class FoundTable:
    """One table: ``header_row`` is 1-based, 0 when the table has no captions, ``None`` when they are not in a row
    (SPSS, Stata, Parquet)."""

    sheet: str
    header_row: int | None
    columns: list[Column]
    rows: int
    separated: bool = False

    @property
    def has_captions(self) -> bool:
        return self.header_row != 0


def found_table(table: RawTable, known: Collection[str]) -> FoundTable:
    """The columns of a table; ``known`` are folded captions by which its row of captions is told first."""
    if table.captions is not None:
        return _with_columns(table, None, 0, [tuple(column) for column in table.captions])
    row = _header_row(table, known)
    width = max((len(cells) for cells in table.rows[row : row + 1000]), default=0)
    captions = captions_at(table, row - 1, 1) if row else []
    captions += [()] * (width - len(captions))
    return _with_columns(table, row, row, captions)


def _with_columns(table: RawTable, header: int | None, first: int, captions: list[tuple[str, ...]]) -> FoundTable:
    rows = [row for row in table.rows[first:] if not is_blank(row)]
    columns = []
    for place, own in enumerate(captions):
        texts = Counter(tidy(str(row[place])) for row in rows if place < len(row) and row[place])
        filled = Counter({text: count for text, count in texts.items() if text not in EMPTY})
        columns.append(Column(place, tuple(text for text in own if text.strip()), filled))
    return FoundTable(table.sheet, header, _without_empty_end(columns), len(rows), table.separated)


def _without_empty_end(columns: list[Column]) -> list[Column]:
    while columns and not columns[-1].captions and not columns[-1].texts:
        columns = columns[:-1]
    return columns


def _header_row(table: RawTable, known: Collection[str]) -> int:
    """1-based row of the captions: the one with most known ones, else the first wide one that looks like captions.

    0: none. Data may hold words that are captions elsewhere („ЕГН“ as the type of a number): a row counts as known
    only if it looks like captions and at least half of it is known; words that come back row after row do not count.
    """
    searched = [[cell for cell in row if cell and cell.strip()] for row in table.rows[:SEARCHED_ROWS]]
    looks = [bool(cells) and sum(map(_is_caption, cells)) >= MOSTLY * len(cells) for cells in searched]
    rows = [{fold(cell) for cell in cells} for cells in searched]
    once = {text for text, count in Counter(text for row in rows for text in row).items() if count == 1}
    met = [len(row & once & set(known)) if is_like else 0 for row, is_like in zip(rows, looks, strict=True)]
    if met and max(met) >= FEWEST_KNOWN and 2 * max(met) >= len(searched[met.index(max(met))]):
        return met.index(max(met)) + 1
    width = max(map(len, searched), default=0)
    wide = [at for at, cells in enumerate(searched) if cells and len(cells) >= MOSTLY * width]
    return wide[0] + 1 if wide and looks[wide[0]] and not _tells_of_people(table, searched[wide[0]]) else 0


def _tells_of_people(table: RawTable, row: Sequence[str]) -> bool:
    """Whether a row that looks like captions is the first case of a table without any: it holds a number of a person,
    an address, or a full name as the rows below it do. Its cells must not be written anywhere."""
    if any(DATA.search(cell) for cell in row):
        return True
    if not any(FULL_NAME.fullmatch(cell.strip()) for cell in row):
        return False
    below = [cell for cells in table.rows[1:SEARCHED_ROWS] for cell in cells if cell]
    return any(FULL_NAME.fullmatch(cell.strip()) for cell in below)


def _is_caption(cell: str) -> bool:
    """Words, not a number or a date: letters make up a good part of it."""
    return len(cell) <= LONGEST_CAPTION and 2 * sum(map(str.isalpha, cell)) >= len("".join(cell.split()))
