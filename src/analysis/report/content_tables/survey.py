"""Tables of the survey: who answered, what they answered in each wave, how reliable the scales are, who left."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.report.content import Content
from analysis.report.content_tables.columns import titled, unit_name
from analysis.report.content_tables.employment import covariate_name
from analysis.report.headlines import headline_result
from analysis.report.results import Result
from analysis.report.tables import Cell, Row, Table, body, group
from analysis.study.design_settings import TwoWaves

CHAPTER = "other"
WAVES = ("baseline", "endline")
GROUPS = ("treated", "comparison")


def respondents(content: Content) -> Table | None:
    """By group: answers at the start, at the end, in both, and the share that answered again."""
    rows = []
    for again in content.results.all(chapter="survey", outcome="answered_again"):
        counts = [_count(content, again.population, term) for term in (*WAVES, "both")]
        rows.append(body(content.labels.named("groups", again.population), *counts, content.values.cell(again)))
    return (
        titled(content, "tbl-survey-response", ["group", "start", "endline", "both", "again"], rows) if rows else None
    )


def _count(content: Content, population: str, term: str) -> Cell:
    return content.values.cell(content.results.get(f"survey/respondents/{population}/-/count/{term}"))


def means(content: Content) -> Table | None:
    """Weighted means of both waves and their change, for those who take part and the others."""
    rows: list[Row] = []
    for name in _surveyed(content):
        lines = list(_of_groups(content, name))
        rows += [group(content.title(name)), *lines] if lines else []
    columns = ["name", "start", "endline", "change", "interval", "n"]
    return titled(content, "tbl-survey-means", columns, rows) if rows else None


def _of_groups(content: Content, name: str) -> Iterator[Row]:
    population = content.study.outcomes[name].populations[0]
    for term in (*GROUPS, ""):
        change = content.result(name, population, "change", term)
        if change is None:
            continue
        waves = [content.result(name, population, "mean", f"{wave}_{term}" if term else wave) for wave in WAVES]
        title = content.text(f"tables.tbl-survey-means.{term or 'everybody'}") + f", {unit_name(content, change)}"
        cells = [*(content.values.cell(row) for row in waves), content.values.cell(change)]
        yield body(title, *cells, content.values.interval_cell(change), content.values.cell(change, "n"))


def families(content: Content) -> Table | None:
    """The p-value of each outcome by itself and corrected for the number of outcomes in its family."""
    rows: list[Row] = []
    for name in _surveyed(content):
        row = _headline(content, name)
        adjusted = [content.wording.adjusted(row, one) if row else None for one in ("holm", "romano_wolf")]
        if row is not None and any(adjusted):
            cells = [content.values.cell(row, "p"), *(content.values.cell(one) for one in adjusted)]
            rows.append(body(content.title(name, "short"), *cells, content.wording.verdict_in_table(row)))
    columns = ["name", "p_main", "holm", "romano_wolf", "verdict"]
    return titled(content, "tbl-survey-families", columns, rows) if rows else None


def scales(content: Content) -> Table | None:
    """Each scale: how many questions, Cronbach's alpha with its interval, McDonald's omega, answers it rests on."""
    declared = content.study.survey.scales if content.study.survey else {}
    rows = []
    for alpha in content.results.all(chapter=CHAPTER, measure="alpha"):
        omega = content.results.get(alpha.result_id.replace("/alpha", "/omega"))
        questions = str(len(declared[alpha.outcome].items))
        content.values.declared(f"survey.scales.{alpha.outcome}.items", questions)
        cells = [
            Cell(questions, float(questions)),
            content.values.cell(alpha),
            content.values.interval_cell(alpha),
            content.values.cell(omega),
        ]
        rows.append(body(content.labels.outcome(alpha.outcome, "short"), *cells, content.values.cell(alpha, "n")))
    columns = ["name", "questions", "alpha", "interval", "omega", "n"]
    return titled(content, "tbl-survey-scales", columns, rows) if rows else None


def leavers(content: Content) -> Table | None:
    """How those who answered again differ from those who did not, by what was recorded at the start."""
    rows: list[Row] = []
    for design in dict.fromkeys(content.study.outcomes[name].design for name in _surveyed(content)):
        name = next(one for one in _surveyed(content) if content.study.outcomes[one].design == design)
        population = content.study.outcomes[name].populations[0]
        found = content.results.all(outcome=name, population=population, measure="balance_leavers")
        lines = list(_by_covariate(content, found))
        rows += [group(content.labels.population(population)), *lines] if lines else []
    columns = ["covariate", "treated", "comparison"]
    return titled(content, "tbl-survey-leavers", columns, rows) if rows else None


def _by_covariate(content: Content, found: list[Result]) -> Iterator[Row]:
    by_term = {row.term: row for row in found}
    names = dict.fromkeys(term.removesuffix("_treated").removesuffix("_comparison") for term in by_term)
    for name in names:
        if name.startswith("first_"):
            continue
        cells = [by_term.get(f"{name}_treated", by_term.get(name)), by_term.get(f"{name}_comparison")]
        yield body(covariate_name(content, name), *(content.values.cell(cell) for cell in cells))


def _headline(content: Content, name: str) -> Result | None:
    return headline_result(content.study, content.results, name, content.study.outcomes[name].populations[0])


def _surveyed(content: Content) -> list[str]:
    """The outcomes that a survey of two waves measures."""
    study = content.study
    return [name for name, one in study.outcomes.items() if isinstance(study.designs[one.design], TwoWaves)]
