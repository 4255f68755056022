"""Tables of the chapter on employment."""

from __future__ import annotations

import re

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled
from analysis.report.results import Result
from analysis.report.tables import Row, Table, body, group

QUARTER = re.compile(r"^(?P<year>\d{4})-?[Qq](?P<quarter>[1-4])$")
STATUSES = ("total", "kept", "not_eligible", "covariate_missing")
ALSO = ("lock_in", "naive", "raw_difference")


def effects(content: Content) -> Table | None:
    """Effects after leaving and at the end of follow-up, and beside them the figures that are no effects."""
    columns = ["baseline", "estimate", "interval", "p_main", "mde", "n"]
    rows: list[Row] = []
    for name in content.study.outcomes_of("employment"):
        populations = content.study.populations_of(name)
        for population in populations:
            found = content.results.all(
                chapter="employment", outcome=name, population=population, measure=("effect", "after_exit", *ALSO)
            )
            lines = [estimate_row(content, _name(content, row), row, columns) for row in found]
            whom = f", {content.labels.population(population)}" if len(populations) > 1 else ""
            rows += [group(content.title(name) + whom), *lines] if lines else []
    return titled(content, "tbl-employment", ["name", *columns], rows) if rows else None


def selection(content: Content) -> Table | None:
    """How many participants and comparison people there are, are compared, or are left out and why."""
    found = {row.term: row for row in content.results.all(chapter="employment", outcome="selection")}
    rows = [
        body(
            content.labels.named("selection", status),
            *(content.values.cell(found.get(f"{side}/{status}")) for side in ("project", "comparison")),
        )
        for status in STATUSES
        if any(term.endswith(f"/{status}") for term in found)
    ]
    columns = ["quantity", "persons_project", "persons_comparison"]
    return titled(content, "tbl-selection", columns, rows) if rows else None


def balance(content: Content, chapter: str = "employment") -> Table | None:
    """Standardised differences of the recorded characteristics before and after weighting."""
    before, after = (
        {row.term: row for row in diagnostics(content, measure, chapter)}
        for measure in ("balance_before", "balance_after")
    )
    rows = [
        body(
            covariate_name(content, term),
            content.values.cell(row),
            content.values.cell(after.get(term)),
        )
        for term, row in before.items()
    ]
    return titled(content, "tbl-balance", ["covariate", "before", "after"], rows) if rows else None


def overlap(content: Content, chapter: str = "employment") -> Table | None:
    """How far each participant has comparable people: effective sample, share off common support, dropped."""
    rows = [
        body(content.labels.named("overlap", row.term), content.values.cell(row))
        for row in diagnostics(content, "overlap", chapter)
    ]
    return titled(content, "tbl-overlap", ["quantity", "value"], rows) if rows else None


def diagnostics(content: Content, measure: str, chapter: str = "employment") -> list[Result]:
    """The weighting's diagnostics, which every outcome repeats: those of the first outcome that has them."""
    rows = content.results.all(chapter=chapter, measure=measure)
    return [row for row in rows if (row.outcome, row.population) == (rows[0].outcome, rows[0].population)]


def covariate_name(content: Content, term: str) -> str:
    """A recorded characteristic, with its category if it has them: ``entry_quarter=2022Q1``."""
    covariate, _, category = term.partition("=")
    name = content.labels.named("covariates", covariate)
    if not category:
        return name
    whole = content.labels.named("covariates", term)
    if whole != term.replace("_", " "):
        return whole
    quarter = QUARTER.match(category)
    if quarter:
        category = content.text(f"labels.quarters.{quarter['quarter']}", year=quarter["year"])
    return f"{name}: {content.text('labels.no_data') if category == 'missing' else category}"


def _name(content: Content, row: Result) -> str:
    """What a row of an outcome's group is: its moment, or the comparison beside the effects."""
    moment = content.results.moment(row)
    if moment is not None:
        return content.text(f"labels.short_moments.{moment[0]}", count=moment[1])
    name, months = content.measure(row), row.term.removeprefix("after_exit_")
    return f"{name}, {content.text('labels.short_moments.after_exit', count=int(months))}" if months else name
