"""What stands beside the headlines of weighting designs: second estimators, unrecorded causes, calibration."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled
from analysis.report.content_tables.employment import covariate_name
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.report.tables import Row, Table, body, group

UNRECORDED = ("e_value", "robustness_value", "rosenbaum", "oster", "benchmark", "pseudo_outcome")


def alternatives(content: Content) -> Table | None:
    """Each headline by the estimator it rests on, and by the second ones."""
    columns = ["estimate", "interval", "p_main", "n"]
    rows: list[Row] = []
    for head in all_headlines(content):
        others = _of(content, head, "alternative")
        if head.row is not None and others:
            rows.append(group(content.name(head.outcome, head.population, head.row)))
            rows.append(estimate_row(content, content.labels.named("estimators", "headline"), head.row, columns))
            rows += [
                estimate_row(content, content.labels.named("estimators", row.term), row, columns) for row in others
            ]
    return titled(content, "tbl-alternatives", ["name", *columns], rows) if rows else None


def unrecorded(content: Content) -> Table | None:
    """How strong an unrecorded cause would have to be, by four measures, for each headline."""
    rows: list[Row] = []
    for head in all_headlines(content):
        found = _of(content, head, *UNRECORDED)
        if found:
            rows.append(group(content.name(head.outcome, head.population, head.row)))
            rows += [body(_measure(content, row), content.values.cell(row)) for row in found]
    return titled(content, "tbl-unrecorded", ["quantity", "value"], rows) if rows else None


def calibration(content: Content) -> Table | None:
    """Mean propensity and share who take part, by fifths; of the first outcome of each population that has them."""
    rows: list[Row] = []
    told: set[tuple[str, str]] = set()
    for head in all_headlines(content):
        found = _of(content, head, "calibration")
        design = content.study.outcomes[head.outcome].design
        if not found or (design, head.population) in told:
            continue
        told.add((design, head.population))
        rows.append(group(content.labels.population(head.population)))
        rows += [_fifth(content, row) for row in found]
    return titled(content, "tbl-calibration", ["quantity", "mean_score", "share_treated", "n"], rows) if rows else None


def _fifth(content: Content, row: Result) -> Row:
    numbers = (content.values.cell(row, field) for field in ("baseline", "estimate", "n"))
    return body(content.text("tables.tbl-calibration.fifth", place=row.term), *numbers)


def _measure(content: Content, row: Result) -> str:
    if row.measure in ("benchmark", "pseudo_outcome"):
        return content.text(f"tables.tbl-unrecorded.{row.measure}", covariate=covariate_name(content, row.term))
    return content.labels.named("unrecorded", f"{row.measure}_{row.term}" if row.term else row.measure)


def _of(content: Content, head: Headline, *measures: str) -> list[Result]:
    return content.results.all(outcome=head.outcome, population=head.population, measure=measures)
