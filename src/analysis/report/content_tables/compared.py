"""What stands beside the main estimate of a duration, of a synthetic control, and of pooled effects."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_cell, estimate_row, titled
from analysis.report.results import Result
from analysis.report.tables import Row, Table, body, group
from analysis.texts import number

LISTED = (
    "incidence",
    "log_rank",
    "hazard_ratio",
    "proportionality",
    "discrete_hazard",
    "variant",
    "leave_one_out",
    "weight",
    "pooled",
    "heterogeneity",
)
HETEROGENEITY = {"tau2": "τ²", "i2": "I²", "q": "Q", "q_p": "p (Q)"}


def compared(content: Content) -> Table | None:
    """Every outcome with such results, in each population."""
    columns = ["estimate", "interval", "p_main", "n"]
    rows: list[Row] = []
    for name in content.study.outcomes:
        found = content.results.all(outcome=name, measure=LISTED)
        for population in dict.fromkeys(row.population for row in found):
            mine = [row for row in found if row.population == population and not row.term.startswith("prediction")]
            title = f"{content.title(name)}, {content.labels.population(population)}"
            rows += [group(title), *(_line(content, row, columns) for row in mine)]
    return titled(content, "tbl-compared", ["name", *columns], rows) if rows else None


def _line(content: Content, row: Result, columns: list[str]) -> Row:
    """The p-value of a test is its own estimate, so that no unit stands behind its name."""
    if row.unit != "p":
        return estimate_row(content, _title(content, row), row, columns)
    return body(f"{_title(content, row)}, p", *(estimate_cell(content, row, column) for column in columns))


def _title(content: Content, row: Result) -> str:
    name = content.measure(row)
    if row.measure == "heterogeneity":
        return f"{name}, {HETEROGENEITY[row.term]}"
    if row.measure == "variant":
        return f"{name}: {content.text(f'labels.variants.{row.term}')}"
    if row.measure == "incidence":
        unit = content.values.short_unit(content.study.outcomes[row.outcome].unit)
        return f"{name} {number(float(row.term), content.language)} ({unit})"
    return f"{name}: {row.term}" if row.term else name
