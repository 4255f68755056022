"""Tables of estimates: the same columns, titles and rules wherever an estimate stands."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.report.content import Content
from analysis.report.quantities import DIFFERENCES, unit_of
from analysis.report.results import Result
from analysis.report.tables import Cell, Column, Row, Table, body, group

TEXT_COLUMNS = {
    "name",
    "measure",
    "verdict",
    "check",
    "state",
    "id",
    "source",
    "reference",
    "rule",
    "treatment",
    "group",
    "contract",
    "programme",
    "covariate",
    "quantity",
    "role",
    "population",
    "design",
    "school_year",
    "activity",
    "expected",
    "measured",
    "found",
    "surely",
    "why",
    "hypothesis",
    "judged_by",
    "promised",
    "planned",
    "done",
    "kept",
    "changed",
    "changed_why",
    "changed_effect",
}


def head(content: Content, names: Iterable[str]) -> tuple[Column, ...]:
    """Columns by their names in ``tables.yml``; columns of words are left-aligned."""
    return tuple(
        Column(content.text(f"tables.columns.{name}"), "left" if name in TEXT_COLUMNS else "right") for name in names
    )


def estimate_cell(content: Content, row: Result | None, column: str) -> Cell:
    """The cell of a result under one of the columns of estimates."""
    if column == "verdict":
        return Cell(content.wording.verdict_in_table(row) if row is None or _is_judged(row) else "–")
    if row is None:
        return Cell("–")
    if column == "baseline" and row.measure == "change":  # what one group would have said otherwise is not known
        return Cell("–")
    if column == "interval":
        return content.values.interval_cell(row)
    if column == "p_main":
        return content.values.cell(row, "p_wild" if row.has("p_wild") else "p")
    if column == "schools":
        return Cell(
            f"{content.values.cell(row, 'clusters').text} ({content.values.cell(row, 'clusters_treated').text})"
        )
    return content.values.cell(row, column)


def _is_judged(row: Result) -> bool:
    """Whether a verdict belongs to the result: the change within one group, say, is an estimate and no effect."""
    return bool(row.verdict) or row.is_suppressed or not row.has("estimate")


def estimate_row(content: Content, name: str, row: Result | None, columns: Iterable[str]) -> Row:
    """A row of a table of estimates; the unit follows the name."""
    unit = unit_name(content, row) if row else ""
    return body(f"{name}, {unit}" if unit else name, *(estimate_cell(content, row, column) for column in columns))


def unit_name(content: Content, row: Result) -> str:
    return content.values.short_unit(unit_of(row), row.measure in DIFFERENCES)


def one_line(content: Content, column: str) -> str:
    """A column's title as the name of a row: its line breaks and the hyphens before them are taken out."""
    return content.text(f"tables.columns.{column}").replace("-\n", "").replace("\n", " ")


def titled(content: Content, label: str, names: list[str], rows: list[Row], key: str = "", **words: object) -> Table:
    """A table with caption, note and head from ``tables.yml`` under ``key`` (the label without its suffix)."""
    key = f"tables.{key or label}"
    note = content.text(f"{key}.note", **words)
    return Table(label, content.text(f"{key}.caption", **words), head(content, names), tuple(rows), note)


def grouped(content: Content, title_key: str, rows: list[Row]) -> list[Row]:
    return [group(content.text(title_key)), *rows] if rows else []
