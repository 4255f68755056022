"""A table as the report holds it: formatted text for people, the number behind it for the workbook.

Cells are plain text; they are never read as markup in any format. Captions, notes and sources are one paragraph of
inline Markdown. A ``number`` is what its ``text`` prints: -2.8 behind "−2,8", and a share (0.028) behind "2,8 %".
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Literal

from analysis.texts import number, p_value, percent

MIME = "application/vnd.evaluation.table+json"
Align = Literal["left", "right", "center"]
Kind = Literal["body", "group", "total"]
Unit = Literal["number", "percent", "points", "count", "p"]
LABEL = re.compile(r"^tbl-[a-z0-9-]+$")
PRINTED = re.compile(r"^[+\u2212-]?\d[\d\u00a0 .,]*(?<=\d)[\u00a0 ]?%?$")
SPAN = re.compile(r"\[([^\[\]]*)\]\{[^{}]*\}")


@dataclass(frozen=True)
class Column:
    """``unit_hint`` is the unit in words, for the workbook's header (``%``, ``pp``); empty where the title says it."""

    title: str
    align: Align = "right"
    unit_hint: str = ""


@dataclass(frozen=True)
class Cell:
    text: str = ""
    number: float | None = None


@dataclass(frozen=True)
class Row:
    """``group`` rows hold one cell, a heading over the rows that follow; ``total`` rows stand below a rule."""

    cells: tuple[Cell, ...]
    kind: Kind = "body"


@dataclass(frozen=True)
class Spanner:
    """A title over columns ``first`` to ``last`` (0-based, both included)."""

    title: str
    first: int
    last: int


@dataclass(frozen=True)
class Table:
    """One table of the report. Raises ValueError when its parts do not fit together."""

    label: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    source: str = ""
    spanners: tuple[Spanner, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(self.rows))
        object.__setattr__(self, "spanners", tuple(sorted(self.spanners, key=lambda s: s.first)))
        _check(self)

    def to_html(self) -> str:
        """The whole table for JupyterLab: caption, head, body, note and source."""
        notes = "".join(f"<p>{escape(plain(words))}</p>" for words in (self.note, self.source) if words)
        return f"<table><caption>{escape(plain(self.caption))}</caption>{self.inner_html()}</table>{notes}"

    def inner_html(self) -> str:
        """Head and bodies, without ``<table>`` and caption; every header cell has a scope."""
        return f"<thead>{_spanner_html(self)}{_head_html(self)}</thead>{_bodies_html(self)}"

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any] | str) -> Table:
        loaded: dict[str, Any] = json.loads(content) if isinstance(content, str) else content
        rows = tuple(Row(tuple(Cell(**cell) for cell in row["cells"]), row["kind"]) for row in loaded["rows"])
        columns = tuple(Column(**column) for column in loaded["columns"])
        spanners = tuple(Spanner(**spanner) for spanner in loaded["spanners"])
        return cls(loaded["label"], loaded["caption"], columns, rows, loaded["note"], loaded["source"], spanners)


def body(*cells: Cell | str) -> Row:
    """A row of cells; a plain string is a cell without a number."""
    return Row(_cells(cells))


def total(*cells: Cell | str) -> Row:
    return Row(_cells(cells), "total")


def group(title: str) -> Row:
    return Row((Cell(title),), "group")


def number_cell(value: float | None, language: str, unit: Unit = "number", digits: int = 1, sign: bool = False) -> Cell:
    """A cell whose text and number come from one value; missing values print as a dash.

    ``percent`` and ``points`` take a share (0.028 prints "2,8 %" and "2,8"); ``count`` and ``p`` have their own digits.
    """
    if value is None or math.isnan(value):
        return Cell("–")
    value = float(value)
    if unit == "percent":
        return Cell(percent(value, language, digits), value)
    if unit == "p":
        return Cell(p_value(value, language), value)
    shown = 100 * value if unit == "points" else value
    return Cell(number(shown, language, 0 if unit == "count" else digits, sign), shown)


def plain(markdown: str) -> str:
    """Inline Markdown as the words in it: spans and emphasis are taken off."""
    return SPAN.sub(r"\1", markdown).replace("**", "").replace("`", "")


def _cells(cells: Sequence[Cell | str]) -> tuple[Cell, ...]:
    return tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells)


def _check(table: Table) -> None:
    if not LABEL.match(table.label):
        raise ValueError(f"the label of a table looks like tbl-words-and-digits, not {table.label!r}")
    width = len(table.columns)
    for position, row in enumerate(table.rows):
        expected = 1 if row.kind == "group" else width
        if len(row.cells) != expected:
            raise ValueError(f"{table.label}, row {position + 1}: {len(row.cells)} cells instead of {expected}")
        for cell in row.cells:
            _check_number(table.label, cell)
    edges = [edge for spanner in table.spanners for edge in (spanner.first, spanner.last)]
    if edges != sorted(edges) or any(not 0 <= edge < width for edge in edges) or _overlap(table.spanners):
        raise ValueError(f"{table.label}: spanners overlap or leave the table")


def _overlap(spanners: Iterable[Spanner]) -> bool:
    ordered = list(spanners)
    return any(left.last >= right.first for left, right in itertools.pairwise(ordered))


def _check_number(label: str, cell: Cell) -> None:
    """A number must be the one its text prints, to the printed digit."""
    if cell.number is not None and PRINTED.match(cell.text) and printed_decimals(cell) is None:
        raise ValueError(f"{label}: the cell prints {cell.text!r} but holds {cell.number}")


def printed_decimals(cell: Cell) -> int | None:
    """How many decimals the text prints of the number; None when the text is more than that number.

    A comma is a decimal sign in one language and groups thousands in the other: the number tells which.
    """
    if cell.number is None or not PRINTED.match(cell.text):
        return None
    bare = re.sub(r"[^\d.,]", "", cell.text)
    digits, fraction = re.sub(r"[.,]", "", bare), re.split(r"[.,]", bare)[-1]
    size = abs(cell.number) * (100 if cell.text.endswith("%") else 1)
    for decimals in (len(fraction) if fraction != bare else 0, 0):
        if abs(size - int(digits) / 10**decimals) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-9:
            return decimals
    return None


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _spanner_html(table: Table) -> str:
    if not table.spanners:
        return ""
    cells, position = [], 0
    for spanner in table.spanners:
        cells += ["<td></td>"] * (spanner.first - position)
        cells.append(f'<th scope="colgroup" colspan="{spanner.last - spanner.first + 1}">{_lines(spanner.title)}</th>')
        position = spanner.last + 1
    cells += ["<td></td>"] * (len(table.columns) - position)
    return f'<tr class="spanners">{"".join(cells)}</tr>'


def _head_html(table: Table) -> str:
    cells = (
        f'<th scope="col" class="{column.align}">{_lines(column.title)}</th>'
        if column.title
        else f'<td class="{column.align}"></td>'
        for column in table.columns
    )
    return f"<tr>{''.join(cells)}</tr>"


def _bodies_html(table: Table) -> str:
    """One ``<tbody>`` a group, so that the group heading's scope is right."""
    parts, opened = [], False
    for row in table.rows:
        if row.kind == "group" or not opened:
            parts.append("</tbody><tbody>" if opened else "<tbody>")
            opened = True
        parts.append(_row_html(table, row))
    return "".join(parts) + ("</tbody>" if opened else "")


def _row_html(table: Table, row: Row) -> str:
    if row.kind == "group":
        title = _lines(row.cells[0].text)
        return f'<tr class="group"><th scope="rowgroup" colspan="{len(table.columns)}">{title}</th></tr>'
    first, *others = zip(row.cells, table.columns, strict=True)
    cells = [f'<th scope="row" class="{first[1].align}">{_lines(first[0].text)}</th>']
    cells += [f'<td class="{column.align}">{_lines(cell.text)}</td>' for cell, column in others]
    return f'<tr class="{row.kind}">{"".join(cells)}</tr>'
