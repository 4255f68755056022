"""What a referee asks of the headlines: other reasonable choices, the dose, those who never take part."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled, unit_name
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.dose import band_name, dose_name
from analysis.report.tables import Row, Table, body, group

BESIDE = ("effect", "effect_participants", "spill_over")


def specifications(content: Content) -> Table | None:
    """How many specifications agree with each headline, and where their estimates lie."""
    rows: list[Row] = []
    for head in all_headlines(content):
        parts = {"outcome": head.outcome, "population": head.population}
        counts = [row for row in content.results.all(**parts, measure="specifications") if row.term]
        if counts:
            rows.append(group(content.name(head.outcome, head.population, head.row)))
            for row in [*counts, *content.results.all(**parts, measure="specification_range")]:
                name = content.labels.named("measures", f"{row.measure}_{row.term}")
                unit = unit_name(content, row) if row.measure == "specification_range" else ""
                rows.append(body(f"{name}, {unit}" if unit else name, content.values.cell(row)))
    return titled(content, "tbl-specifications", ["quantity", "value"], rows) if rows else None


def dose(content: Content) -> Table | None:
    """Each headline by bands of the dose that participants took, and the change with one unit more."""
    columns = ["estimate", "interval", "p_main", "n"]
    rows: list[Row] = []
    for head in all_headlines(content):
        parts = {"outcome": head.outcome, "population": head.population}
        bands = [row for row in content.results.all(**parts, measure="dose") if row.term]
        if bands and head.row is not None:
            name = content.name(head.outcome, head.population, head.row)
            rows.append(group(f"{name}: {dose_name(content, head.outcome)}"))
            rows += [estimate_row(content, band_name(content, row.term), row, columns) for row in bands]
            rows += [
                estimate_row(content, content.labels.named("measures", "dose_trend"), row, columns)
                for row in content.results.all(**parts, measure="dose_trend")
            ]
    return titled(content, "tbl-dose", ["name", *columns], rows) if rows else None


def spill_over(content: Content) -> Table | None:
    """The effect on everybody, per participant, and on those who never take part, side by side."""
    columns = ["estimate", "interval", "p_main", "mde", "n"]
    rows: list[Row] = []
    for head in all_headlines(content):
        parts = {"outcome": head.outcome, "population": head.population}
        if content.results.all(**parts, measure="spill_over"):
            found = [row for measure in BESIDE for row in content.results.all(**parts, measure=measure)]
            rows.append(group(content.name(head.outcome, head.population, head.row)))
            rows += [
                estimate_row(content, content.labels.named("measures", row.measure), row, columns) for row in found
            ]
    return titled(content, "tbl-spill-over", ["name", *columns], rows) if rows else None
