"""Each arm of an experiment against control, with its p-values as one of a family, and all arms together."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_cell, estimate_row, titled
from analysis.report.results import Result
from analysis.report.tables import Cell, Row, Table, body, group
from analysis.study.design_settings import population_and_arm

ESTIMATES = ["estimate", "interval", "p_main"]
ADJUSTED = ["holm", "romano_wolf"]


def arms(content: Content) -> Table | None:
    """Every outcome of an experiment with several arms, in each declared population."""
    rows: list[Row] = []
    for joint in content.results.all(measure="joint_test"):
        if joint.outcome not in content.study.outcomes:
            continue
        title = f"{content.labels.outcome(joint.outcome)}, {content.labels.population(joint.population)}"
        rows.append(group(title))
        for population in content.study.populations_of(joint.outcome):
            if population_and_arm(population)[0] == joint.population:
                rows.append(_arm(content, joint.outcome, population))
        rows.append(_joint(content, joint))
    columns = ["name", *ESTIMATES, *ADJUSTED, "by_lots"]
    return titled(content, "tbl-arms", columns, rows) if rows else None


def _arm(content: Content, outcome: str, population: str) -> Row:
    row = content.result(outcome, population)
    name = content.labels.named("arms", content.labels.arm_of(population))
    if row is None:
        return body(name, *(Cell("–") for _ in [*ESTIMATES, *ADJUSTED, "by_lots"]))
    found = [content.wording.adjusted(row, one) for one in (*ADJUSTED, "randomisation")]
    whole = estimate_row(content, name, row, ESTIMATES)
    return body(whole.cells[0].text, *whole.cells[1:], *(_cell(content, one, "estimate") for one in found))


def _joint(content: Content, row: Result) -> Row:
    name = content.text("tables.tbl-arms.joint")
    p, lots = estimate_cell(content, row, "p_main"), _cell(content, row, "p_randomisation")
    return body(name, Cell("–"), Cell("–"), p, Cell("–"), Cell("–"), lots)


def _cell(content: Content, row: Result | None, field: str) -> Cell:
    return Cell("–") if row is None else content.values.cell(row, field)
