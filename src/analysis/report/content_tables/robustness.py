"""What a referee asks of the headlines: other reasonable choices."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled, unit_name
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.tables import Row, Table, body, group


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
