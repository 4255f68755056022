"""Tables of the chapter on outcomes of a study's own: effects, what stands in print beside them, balance."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, titled
from analysis.report.content_tables.employment import covariate_name
from analysis.report.results import Result
from analysis.report.tables import Cell, Row, Table, body, group
from analysis.study.design_settings import population_and_arm

CHAPTER = "other"
LISTED = (
    "effect",
    "change",
    "effect_adjusted",
    "bandwidth",
    "placebo",
    "effect_without_pandemic",
    "first_stage",
    "take_up_jump",
    "effect_participants",
    "naive",
    "raw_difference",
)


def effects(content: Content) -> Table | None:
    """Every outcome of the chapter in each population: the effect, adjusted and not, and the figures that are none."""
    columns = ["baseline", "estimate", "interval", "p_main", "mde", "n"]
    rows: list[Row] = []
    for name in content.study.outcomes_of(CHAPTER):
        populations = content.study.populations_of(name)
        found = {population: _listed(content, name, population) for population in populations}
        if all(len(lines) <= 1 for lines in found.values()):
            lines = [_alone(content, population, row, columns) for population, one in found.items() for row in one]
            rows += [group(content.title(name)), *lines] if lines else []
            continue
        for population, several in found.items():
            lines = [estimate_row(content, _measure(content, row), row, columns) for row in several]
            title = content.title(name)
            title += f", {content.labels.population(population)}" if len(populations) > 1 else ""
            rows += [group(title), *lines] if lines else []
    return titled(content, "tbl-other", ["name", *columns], rows) if rows else None


def _measure(content: Content, row: Result) -> str:
    """What a result is; where there are several of a measure, which of them."""
    name = f"{row.measure}_{row.term}" if row.measure in TERMED else row.measure
    return content.measure(row, name)


def _listed(content: Content, name: str, population: str) -> list[Result]:
    found = content.results.all(chapter=CHAPTER, outcome=name, population=population, measure=LISTED)
    return [row for row in found if not (row.measure == "change" and row.term)]  # of one group: another table


def _alone(content: Content, population: str, row: Result, columns: list[str]) -> Row:
    """The only result on a population: named by it, with a word where it is no effect."""
    title = content.population(row.outcome, population)
    if row.measure != "effect":
        title = f"{title}: {content.measure(row)}"
    return estimate_row(content, title, row, columns)


def published(content: Content) -> Table | None:
    """What stands in print, and beside it our number with the same kind of standard error and with our own."""
    rows: list[Row] = []
    for name, outcome in content.study.outcomes_of(CHAPTER).items():
        if outcome.published is None:
            continue
        shown = (*PRINTED, outcome.published.measure)
        found = {row.measure: row for row in content.results.all(chapter=CHAPTER, outcome=name, measure=shown)}
        if PRINTED[0] in found:
            rows.append(group(content.labels.outcome(name)))
            unit = found[PRINTED[0]].unit
            rows += [_beside(content, row) for measure in shown if (row := found.get(measure)) and row.unit == unit]
    return titled(content, "tbl-published", ["name", "estimate", "se", "standard_errors"], rows) if rows else None


TERMED = ("bandwidth", "placebo")
PRINTED = ("published", "as_published")


def _beside(content: Content, row: Result) -> Row:
    declared = content.study.outcomes[row.outcome].published
    assert declared is not None
    title = content.measure(row)
    if row.measure == "published":
        title = f"{title}: {declared.source[content.language]}"
    kind = row.term or row.method.rpartition("_")[2]
    numbers = [content.values.exact_cell(row, field, declared.decimals) for field in ("estimate", "se")]
    return body(title, *numbers, Cell(content.labels.named("standard_errors", kind)))


def balance(content: Content) -> Table | None:
    """Standardised differences of what was known before the lot, and the ratio of variances; of the first outcome, with
    several arms of each."""
    found = content.results.all(chapter=CHAPTER, measure="balance_before")
    first = [row for row in found if (row.outcome, _declared(row)) == (found[0].outcome, _declared(found[0]))]
    rows: list[Row] = []
    for population in dict.fromkeys(row.population for row in first):
        arm, mine = content.labels.arm_of(population), [row for row in first if row.population == population]
        rows += [group(content.labels.named("arms", arm))] if arm else []
        for row in mine:
            rows.append(body(covariate_name(content, row.term), content.values.cell(row), _ratio(content, row)))
    return titled(content, "tbl-lot-balance", ["covariate", "difference", "variance_ratio"], rows) if rows else None


def _declared(row: Result) -> str:
    """The population that study.yml declares."""
    return population_and_arm(row.population)[0]


def _ratio(content: Content, row: Result) -> Cell:
    """The ratio of variances from the note ``variance_ratio=<number>``."""
    value = float(row.note.partition("variance_ratio=")[2].partition(";")[0] or "nan")
    return content.values.number_cell(row, "note", value, 2)
