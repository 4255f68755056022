"""What stands beside headlines of difference-in-differences: bounds, single units, placebos, subgroups, families."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled, unit_name
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.report.tables import Row, Table, body, group

BESIDE = ("placebo_date", "extended_two_way", "two_way_fixed_effects")


def trend_bounds(content: Content) -> Table | None:
    """The interval of each headline by how far trends after the start may differ, and what it withstands."""
    rows: list[Row] = []
    for head in all_headlines(content):
        bounds = [row for row in _of(content, head, "honest_bound") if row.has("ci_low")]
        if not bounds:
            continue
        rows.append(_title(content, head, bounds[0]))
        rows += [
            body(content.text(f"tables.tbl-trend-bounds.{_name(row.term)}"), content.values.interval_cell(row))
            for row in bounds
        ]
        for measure in ("breakdown", "undetected_drift"):
            rows += [
                body(content.text(f"tables.tbl-trend-bounds.{measure}"), content.values.cell(row))
                for row in _of(content, head, measure)
            ]
    return titled(content, "tbl-trend-bounds", ["quantity", "value"], rows) if rows else None


def single_units(content: Content) -> Table | None:
    """Each headline, without the unit that matters most in either direction, at a made-up start, and by the two-way
    regression."""
    columns = ["estimate", "interval", "p"]
    rows: list[Row] = []
    for head in all_headlines(content):
        without = _of(content, head, "without_cluster")
        others = [("lowest", without[0]), ("highest", without[-1])] if len(without) > 1 else []
        others += [(row.measure, row) for row in _of(content, head, *BESIDE)]
        if head.row is not None and others:
            lines = [("headline", head.row), *others]
            rows.append(_title(content, head))
            rows += [
                estimate_row(content, content.text(f"tables.tbl-single-units.{name}"), row, columns)
                for name, row in lines
            ]
    return titled(content, "tbl-single-units", ["name", *columns], rows) if rows else None


def placebo_outcomes(content: Content) -> Table | None:
    """Outcomes that the project cannot have changed."""
    columns = ["estimate", "interval", "p"]
    rows = [
        estimate_row(content, content.name(name, population), row, columns)
        for name, outcome in content.study.outcomes.items()
        if outcome.role == "placebo"
        for population in content.study.populations_of(name)
        if (row := content.result(name, population)) is not None
    ]
    return titled(content, "tbl-placebo-outcomes", ["name", *columns], rows) if rows else None


def subgroups(content: Content) -> Table | None:
    """The effects in populations that share nobody, and their difference."""
    columns = ["estimate", "interval", "p"]
    rows: list[Row] = []
    for name in content.study.outcomes:
        differences = content.results.all(outcome=name, measure="interaction")
        if not differences:
            continue
        rows.append(group(content.labels.outcome(name)))
        for population in dict.fromkeys(one for row in differences for one in (row.term, row.population)):
            effect = content.result(name, population)
            rows.append(estimate_row(content, content.labels.population(population), effect, columns))
        rows += [estimate_row(content, _difference_name(content, row), row, columns) for row in differences]
    return titled(content, "tbl-subgroups", ["name", *columns], rows) if rows else None


def families(content: Content) -> Table | None:
    """The p-value of each outcome of a family, alone and corrected for their number; surveys have their own table."""
    rows: list[Row] = []
    for name, outcome in content.study.outcomes.items():
        if not outcome.family or outcome.chapter == "other":
            continue
        rows += [row for one in content.study.headline_populations(name) if (row := _in_family(content, name, one))]
    return titled(content, "tbl-families", ["name", "p", "holm", "romano_wolf", "verdict"], rows) if rows else None


def _in_family(content: Content, name: str, population: str) -> Row | None:
    row = content.result(name, population)
    adjusted = [content.wording.adjusted(row, one) if row else None for one in ("holm", "romano_wolf")]
    if row is None or not any(adjusted):
        return None
    cells = [content.values.cell(row, "p"), *(content.values.cell(one) for one in adjusted)]
    return body(content.name(name, population), *cells, content.wording.verdict_in_table(row))


def _difference_name(content: Content, row: Result) -> str:
    words = {"second": content.labels.population(row.population), "first": content.labels.population(row.term)}
    return content.text("tables.tbl-subgroups.difference", **words)


def _name(magnitude: str) -> str:
    return f"magnitude_{magnitude.replace('.', '_')}"


def _title(content: Content, head: Headline, measured: Result | None = None) -> Row:
    """The outcome and population, and the unit where the rows below do not bear it themselves."""
    unit = [unit_name(content, measured)] if measured else []
    return group(", ".join([content.name(head.outcome, head.population, head.row), *unit]))


def _of(content: Content, head: Headline, *measures: str) -> list[Result]:
    return content.results.all(outcome=head.outcome, population=head.population, measure=measures)
