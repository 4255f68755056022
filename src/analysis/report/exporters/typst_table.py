"""A table in Typst: string literals only, a head that repeats, and a layout that fits the page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from analysis.report.tables import Cell, Row, Spanner, Table

# Average advance of Sofia Sans in em, with some air; insets of a cell and the widths of the text block, in points.
ADVANCE, INSET = 0.54, 9.0
PORTRAIT, LANDSCAPE = 459.0, 699.0
LONG = 12  # rows from which a table may break over pages
ROOMY = 16.0  # points of air a column may get beyond its content
PROSE = 28  # characters from which a column is prose and shares the width that is left


@dataclass(frozen=True)
class Layout:
    """``size`` in points; ``landscape`` turns the page."""

    size: float
    landscape: bool = False


LAYOUTS = (Layout(8.8), Layout(7.6), Layout(8.4, True), Layout(7.2, True), Layout(6.2, True))


def literal(text: str) -> str:
    """A Typst string literal: nothing in it is ever read as markup."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n").replace("\t", " ")
    return '"' + "".join(character for character in escaped if character.isprintable() or character == "\u00a0") + '"'


def layout_of(table: Table) -> Layout:
    """The first layout in which no word must be cut; the last one when none is wide enough."""
    needed = [_longest_word(table, position) for position in range(len(table.columns))]
    for layout in LAYOUTS:
        width = sum(longest * ADVANCE * layout.size + INSET for longest in needed)
        if width <= (LANDSCAPE if layout.landscape else PORTRAIT):
            return layout
    return LAYOUTS[-1]


def typst_table(table: Table) -> str:
    """The ``table(...)`` expression, without caption and notes."""
    layout = layout_of(table)
    aligns = ", ".join(column.align for column in table.columns)
    widths = _widths(table, layout)
    parts = [f"columns: ({', '.join(widths)},)", f"align: ({aligns},)", _header(table)]
    if any(width.endswith("fr") for width in widths[1:]):
        parts.insert(0, "inset: (x: 4.5pt, y: 5.5pt)")  # rows of several lines stand apart
    for above, row in pairwise((None, *table.rows)):
        parts.append(_row(table, row, above))
    return f"table({', '.join(parts)}, table.hline(stroke: rule-strong))"


def call(table: Table) -> str:
    """The opening of a call of ``evaluation-table`` in report.typ, to which the filter adds id, caption and remarks."""
    layout = layout_of(table)
    breakable = str(len(table.rows) >= LONG).lower()
    options = f"size: {layout.size}pt, landscape: {str(layout.landscape).lower()}, breakable: {breakable}"
    return f"evaluation-table({typst_table(table)}, {options}"


def _texts(table: Table, position: int) -> list[str]:
    cells = [row.cells[position].text for row in table.rows if row.kind != "group"]
    return [table.columns[position].title, *cells]


def _longest_word(table: Table, position: int) -> int:
    """Titles may be hyphenated, so they count for at most ten characters a word; numbers with blanks stay whole."""
    title, *cells = _texts(table, position)
    words = [word for cell in cells for word in _words(cell)]
    return max([min(len(word), 10) for word in _words(title)] + [min(len(word), 18) for word in words] + [3])


def _words(text: str) -> list[str]:
    return text.replace("\n", " ").split(" ")


def _longest_line(table: Table, position: int) -> int:
    return max(len(line) for text in _texts(table, position) for line in text.split("\n"))


def _widths(table: Table, layout: Layout) -> list[str]:
    """Columns as wide as their content when all fit on a line each; else prose shares what the others leave."""
    room = LANDSCAPE if layout.landscape else PORTRAIT
    widths = _natural_widths(table, layout.size)
    spare = room - sum(widths)
    if spare >= 0:
        each = min(spare / len(widths), ROOMY)
        widths = [width + each for width in widths]
        first = "1fr" if sum(widths) > 0.6 * room else f"{widths[0]:.1f}pt"
        return [first, *[f"{width:.1f}pt" for width in widths[1:]]]
    longest = [_longest_line(table, position) for position in range(len(widths))]
    if max(longest) <= PROSE:
        return [f"{max(4, min(length, 16))}fr" for length in longest]
    return [f"{min(length, 90) ** 0.6:.2f}fr" if length > PROSE else "auto" for length in longest]


def _natural_widths(table: Table, size: float) -> list[float]:
    """What each column needs, in points; columns under a spanner are widened alike until its title fits."""
    widths = [_longest_line(table, position) * ADVANCE * size + INSET for position in range(len(table.columns))]
    for spanner in table.spanners:
        columns = range(spanner.first, spanner.last + 1)
        widest = max(widths[column] for column in columns)
        share = (len(spanner.title) * ADVANCE * size + INSET) / len(columns)
        for column in columns:
            widths[column] = max(widest, share)
    return widths


def _header(table: Table) -> str:
    titles = [f"strong({literal(column.title)})" if column.title else "[]" for column in table.columns]
    cells = [
        f"table.cell(align: {_head_align(column.align)}, {title})"
        for column, title in zip(table.columns, titles, strict=True)
    ]
    titles_row = f"{_spanners(table)}{', '.join(cells)}"
    return f"table.header(table.hline(stroke: rule-strong), {titles_row}, table.hline(stroke: rule))"


def _head_align(align: str) -> str:
    return f"{align} + bottom"


def _spanners(table: Table) -> str:
    """The row above the titles; each spanner has a thin rule under it."""
    if not table.spanners:
        return ""
    cells, rules, position = [], [], 0
    for spanner in table.spanners:
        cells += ["[]"] * (spanner.first - position)
        cells.append(_spanner(spanner))
        rules.append(f"table.hline(start: {spanner.first}, end: {spanner.last + 1}, stroke: rule)")
        position = spanner.last + 1
    cells += ["[]"] * (len(table.columns) - position)
    return ", ".join([*cells, *rules]) + ", "


def _spanner(spanner: Spanner) -> str:
    return f"table.cell(colspan: {spanner.last - spanner.first + 1}, align: center, strong({literal(spanner.title)}))"


def _row(table: Table, row: Row | None, above: Row | None) -> str:
    assert row is not None
    if row.kind == "group":
        title = f"strong({literal(row.cells[0].text)})"
        gap = "7pt" if above is not None else "4pt"
        inset = f"(x: 4.5pt, top: {gap}, bottom: 2.6pt)"
        return (
            f"table.header(level: 2, table.cell(colspan: {len(table.columns)}, align: left, inset: {inset}, {title}))"
        )
    cells = ", ".join(_cell(cell, row.kind == "total") for cell in row.cells)
    starts_total = row.kind == "total" and (above is None or above.kind != "total")
    return f"table.hline(stroke: rule), {cells}" if starts_total else cells


def _cell(cell: Cell, is_total: bool) -> str:
    return f"strong({literal(cell.text)})" if is_total else f"[#{literal(cell.text)}]"
