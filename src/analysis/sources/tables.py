"""The form in which every reader hands over what it found, before captions are matched: rows of text cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Row = Sequence[str | None]
Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Remark:
    """Something to be noted about a file; ``rule`` is a key of the text catalogue, ``row`` 1-based."""

    rule: str
    params: dict[str, str] = field(default_factory=dict)
    row: int | None = None


class Refused(Exception):
    """A file cannot be used; ``rule`` names the text that says why and what to do. Params never hold cell contents."""

    def __init__(self, rule: str, sheet: str = "", **params: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.sheet = sheet
        self.params = params


@dataclass(frozen=True)
class RawTable:
    """One sheet or text file as rows of text; ``rows[i]`` is row ``i + 1`` as a person sees it, ``None`` a missing
    cell.

    ``captions``: for formats whose columns have names of their own (one tuple of alternatives a column); such rows
    hold data only.
    ``merges``: merged cells as ((top, left), (bottom, right)), 0-based. ``uncached``: 0-based places of formulas
    without a value.
    ``separated``: a text file, where a row of another length than the captions is damaged.
    """

    rows: Sequence[Row]
    sheet: str = ""
    captions: Sequence[tuple[str, ...]] | None = None
    merges: list[Merge] = field(default_factory=list)
    uncached: frozenset[tuple[int, int]] = frozenset()
    separated: bool = False
    hidden: bool = False
    remarks: list[Remark] = field(default_factory=list)


def is_missing(cell: str | None) -> bool:
    return cell is None or not cell.strip()


def is_blank(row: Row) -> bool:
    return all(is_missing(cell) for cell in row)


def column_letters(index: int) -> str:
    """The name a spreadsheet gives to the 0-based column: 0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters
