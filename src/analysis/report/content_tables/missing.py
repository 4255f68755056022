"""What missing data change: each headline beside its bounds and its imputed estimates."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.tables import Row, Table, group

BESIDE = ("effect", "effect_adjusted", "imputed", "lee_bounds")
COLUMNS = ["estimate", "interval", "n"]


def missing(content: Content) -> Table | None:
    """Every headline some of whose data are missing."""
    rows: list[Row] = []
    for head in all_headlines(content):
        found = content.results.all(outcome=head.outcome, population=head.population, measure=BESIDE)
        if not any(row.measure in BESIDE[2:] for row in found):
            continue
        rows.append(group(content.name(head.outcome, head.population, head.row)))
        for row in sorted(found, key=lambda one: BESIDE.index(one.measure)):
            name = f"{row.measure}_{row.term}" if row.term else row.measure
            rows.append(estimate_row(content, content.labels.named("measures", name), row, COLUMNS))
    return titled(content, "tbl-missing", ["name", *COLUMNS], rows) if rows else None
