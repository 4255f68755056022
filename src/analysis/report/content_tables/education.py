"""Tables of the chapter on education."""

from __future__ import annotations

from analysis.report.content import Content, slug
from analysis.report.content_tables.columns import estimate_cell, estimate_row, one_line, titled, unit_name
from analysis.report.tables import Cell, Column, Table, body
from analysis.texts import school_year

QUANTITIES = ["baseline", "estimate", "interval", "p_wild", "p_randomisation", "mde", "n", "schools", "verdict"]
LINE = ",\n"
GROUPS = ("project", "comparison")
DESCRIBED = {"pupils": ("pupils", "all"), "at_risk": ("at_risk", "all"), "participation": ("participation", "at_risk")}
COMPARED = ("effect", "effect_without_pandemic", "effect_participants", "naive", "naive_participants", "raw_difference")


def pupils(content: Content) -> Table | None:
    """Pupils of both groups of schools by school year, the share at risk, and who of them took part."""
    found = {
        (name, row.term): row
        for name, (outcome, population) in DESCRIBED.items()
        for row in content.results.all(chapter="education", outcome=outcome, population=population, design="")
    }
    years = sorted({term.partition("/")[0] for name, term in found if name == "at_risk"})
    columns = [(name, group) for name in DESCRIBED for group in GROUPS]
    rows = [
        body(
            school_year(int(year)),
            *(content.values.cell(found.get((name, f"{year}/{group}"))) for name, group in columns),
        )
        for year in years
    ]
    names = ["school_year", *(f"{name}_{group}" for name, group in columns)]
    return titled(content, "tbl-pupils", names, rows) if rows else None


def effects(content: Content) -> Table | None:
    """The headline outcomes side by side: estimate, interval, p-values, minimum detectable effect, sizes, verdict."""
    found = [(head, head.row) for head in content.headlines("education") if head.row is not None]
    rows = [
        body(one_line(content, name), *(estimate_cell(content, row, name) for _, row in found)) for name in QUANTITIES
    ]
    heads = [
        Column(f"{content.name(head.outcome, head.population).replace(', ', LINE)},\n{unit_name(content, row)}")
        for head, row in found
    ]
    table = titled(content, "tbl-education", ["quantity"], [])
    return Table(table.label, table.caption, (*table.columns, *heads), tuple(rows), table.note) if found else None


def other_effects(content: Content) -> Table | None:
    """Secondary outcomes, and every outcome in its further populations."""
    columns = ["estimate", "interval", "p_wild", "p_randomisation", "verdict"]
    headline = {(head.outcome, head.population) for head in content.headlines("education")}
    pairs = [
        (name, population)
        for name, outcome in content.study.outcomes_of("education").items()
        for population in content.study.populations_of(name)
        if (name, population) not in headline and outcome.role != "placebo"
    ]
    rows = [
        estimate_row(content, content.name(name, population), row, columns)
        for name, population in pairs
        if (row := content.result(name, population)) is not None
    ]
    return titled(content, "tbl-education-other", ["name", *columns], rows) if rows else None


def variants(content: Content, outcome: str) -> Table | None:
    """The estimate of one outcome beside its other specifications and the figures that are no effects."""
    columns = ["estimate", "interval", "p_wild", "p_randomisation"]
    population = content.study.headline_populations(outcome)[0]
    rows = [
        estimate_row(content, content.labels.named("measures", measure), row, columns)
        for measure in COMPARED
        if (row := content.result(outcome, population, measure)) is not None
    ]
    label = f"tbl-variants-{slug(outcome)}"
    words = {"outcome": content.labels.outcome(outcome)}
    return titled(content, label, ["measure", *columns], rows, "tbl-variants", **words) if rows else None


def pretrends(content: Content) -> Table | None:
    """The joint test of the years before the project, with and without the pandemic years."""
    rows = []
    for head in content.headlines("education"):
        tests = [content.result(head.outcome, head.population, "pretrend", t) for t in ("all", "without_pandemic")]
        state = tests[0].check_states.get("pretrend", "") if tests[0] else ""
        judged = Cell(content.wording.check_state(state)) if state else Cell("–")
        if any(tests):
            name = content.name(head.outcome, head.population)
            rows.append(body(name, *(content.values.cell(test) for test in tests), judged))
    return titled(content, "tbl-pretrends", ["name", "p_all", "p_without_pandemic", "state"], rows) if rows else None
