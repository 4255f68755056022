"""Finding the row of captions, and the captions each column may be known by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.sources.captions import Alternatives, fold, match_captions
from analysis.sources.tables import RawTable, Refused, is_missing
from analysis.study import Register, RegisterField

SEARCHED_ROWS = 15


@dataclass(frozen=True)
class Header:
    """``row``: 1-based row of the captions (0: the file has none); ``captions``: per column its alternatives;
    ``score``: fields met.
    """

    row: int
    captions: Alternatives
    score: int


def fields_in_file(register: Register, given: set[str]) -> list[RegisterField]:
    """The fields to be found in the file itself: not those that its name or the settings give."""
    return [wanted for wanted in register.fields if not wanted.from_file_name and wanted.name not in given]


def find_header(table: RawTable, register: Register, fields: Sequence[RegisterField]) -> Header:
    """The row among the first fifteen whose captions meet most fields; the declared one wins a draw."""
    layout = register.layout
    if table.captions is not None:
        return Header(0, table.captions, _score(table.captions, fields))
    if layout.header_row == 0:
        width = layout.columns or max((len(row) for row in table.rows[:1000]), default=0)
        return Header(0, [()] * width, len(fields))
    declared = [layout.header_row] if layout.header_row else []
    rows = [*declared, *range(1, min(SEARCHED_ROWS, len(table.rows)) + 1)]
    found = [_header_at(table, row, layout.header_depth, fields) for row in rows]
    return max(found, key=lambda header: header.score, default=Header(0, [], 0))


def _header_at(table: RawTable, row: int, depth: int, fields: Sequence[RegisterField]) -> Header:
    captions = captions_at(table, row - 1, depth)
    return Header(row, captions, _score(captions, fields))


def _score(captions: Alternatives, fields: Sequence[RegisterField]) -> int:
    try:
        return sum(wanted.header is not None for wanted in fields) - len(
            [wanted for wanted in match_captions(captions, fields).missing if wanted.header is not None]
        )
    except Refused:  # a caption twice: these are the captions, what is wrong with them is said later
        keys = {fold(text) for column in captions for text in column}
        return sum(wanted.header is not None and fold(wanted.header) in keys for wanted in fields)


def captions_at(table: RawTable, row: int, depth: int) -> list[tuple[str, ...]]:
    """Per column of the 0-based ``row``: groups and own caption joined, the own one, the one above a blank one."""
    if row >= len(table.rows):
        return []
    top = max(0, row - depth + 1)
    levels = [_filled(table, level) for level in range(top, row)]
    own = [_text(cell) for cell in table.rows[row]]
    captions: list[tuple[str, ...]] = []
    for column, text in enumerate(own):
        groups = [level[column] for level in levels if column < len(level) and level[column]]
        joined = " ".join([*groups, text]) if text else ""
        captions.append((joined, text, "" if text else _above(table, row, column)))
    return captions


def _filled(table: RawTable, row: int) -> list[str]:
    """Group captions, each also over the columns to its right: as far as its merged cell goes, else to the next."""
    texts = [_text(cell) for cell in table.rows[row]]
    spans = {left: right for (top, left), (bottom, right) in table.merges if top <= row <= bottom}
    filled, current, until = [], "", -1
    for column, text in enumerate(texts):
        if text:
            current, until = text, spans.get(column, column if table.merges else len(texts))
        filled.append(current if column <= until else "")
    return filled


def _above(table: RawTable, row: int, column: int) -> str:
    """The caption of a cell that is merged downwards into ``row``, or that simply stands above a blank one."""
    for (top, left), (bottom, right) in table.merges:
        if top < row <= bottom and left == column == right:
            return _cell(table, top, column)
    covered = any(top <= row - 1 <= bottom and left <= column <= right for (top, left), (bottom, right) in table.merges)
    return "" if covered or row == 0 else _cell(table, row - 1, column)


def _cell(table: RawTable, row: int, column: int) -> str:
    return _text(table.rows[row][column]) if column < len(table.rows[row]) else ""


def _text(cell: str | None) -> str:
    return "" if cell is None or is_missing(cell) else cell.strip()
