"""Tables across chapters: the key results, the other specifications, the checks, the list of all results."""

from __future__ import annotations

from analysis.report.content import Content
from analysis.report.content_tables.columns import estimate_row, grouped, titled
from analysis.report.headlines import Headline
from analysis.report.results import Result
from analysis.report.tables import Row, Table, body, group

CHAPTERS = ("education", "employment", "other")
VARIANTS = (
    ("effect", ""),
    ("effect_without_pandemic", ""),
    ("effect_adjusted", ""),
    ("effect_participants", ""),
    ("bandwidth", "half"),
    ("bandwidth", "double"),
)
GROUPS = ("treated", "comparison")
LISTED = ("effect", "change", "effect_adjusted", "after_exit")


def all_headlines(content: Content) -> list[Headline]:
    """The headlines of every chapter, in the order of the report."""
    return [head for chapter in CHAPTERS for head in content.headlines(chapter)]


def key_results(content: Content) -> Table | None:
    """The headline results: estimate, interval, p, what could have been found, verdict."""
    columns = ["estimate", "interval", "p_main", "mde", "verdict"]
    rows: list[Row] = []
    for chapter in CHAPTERS:
        lines = [
            estimate_row(content, content.name(head.outcome, head.population, head.row), head.row, columns)
            for head in [*content.headlines(chapter), *content.later(chapter)]
        ]
        alone = all(content.study.outcomes[name].chapter == chapter for name in content.study.outcomes)
        rows += lines if alone else grouped(content, f"verdicts.bottom_line.{chapter}.name", lines)
    level = round(100 * (1 - content.study.inference.level))
    by_school = any(row.has("p_wild") for row in content.results.all(chapter=CHAPTERS, measure="effect"))
    schools = content.text("tables.tbl-key-results.schools") if by_school else ""
    return titled(content, "tbl-key-results", ["name", *columns], rows, level=level, schools=schools) if rows else None


def robustness(content: Content) -> Table | None:
    """Each headline outcome under every specification that was estimated."""
    columns = ["estimate", "interval", "p_main", "n"]
    rows: list[Row] = []
    for chapter in CHAPTERS:
        for head in content.headlines(chapter):
            found = [
                (population, row)
                for population in _variants_of(content, head)
                for measure, term in VARIANTS
                if (row := content.result(head.outcome, population, measure, term)) is not None
            ]
            lines = [
                estimate_row(content, _variant_name(content, population, row), row, columns)
                for population, row in found
            ]
            if len(lines) > 1:
                rows += [group(content.heading(head.outcome, head.population)), *lines]
    return titled(content, "tbl-robustness", ["name", *columns], rows) if rows else None


def checks(content: Content) -> Table | None:
    """Each check of each headline result and how it ended."""
    rows = [
        body(
            content.name(head.outcome, head.population, head.row), wording.check_name(name), wording.check_state(state)
        )
        for head in all_headlines(content)
        if head.row is not None
        for wording in [content.wording]
        for name, state in head.row.check_states.items()
    ]
    return titled(content, "tbl-checks", ["name", "check", "state"], rows) if rows else None


def all_results(content: Content) -> Table | None:
    """Every effect, by what it is; ``numbers.csv`` names the row of ``results.csv`` behind each number."""
    columns = ["estimate", "interval", "p_main", "verdict"]
    found = content.results.all(measure=LISTED, chapter=CHAPTERS)
    rows = [estimate_row(content, _result_name(content, row), row, columns) for row in found]
    return titled(content, "tbl-results", ["name", *columns], rows) if rows else None


def _result_name(content: Content, row: Result) -> str:
    """Outcome, population and moment; what else it is, where it is not the effect itself."""
    name = content.name(row.outcome, row.population, row)
    if row.measure in ("effect", "after_exit"):
        return name
    name = f"{name}: {content.measure(row)}"
    groups = [content.text(f"tables.tbl-survey-means.{row.term}")] if row.term in GROUPS else []
    return ", ".join([name, *groups])


def _variants_of(content: Content, head: Headline) -> list[str]:
    """Every population of a headline's outcome; of several arms, each population of the headline's own arm."""
    arm = content.labels.arm_of(head.population)
    return [one for one in content.study.populations_of(head.outcome) if content.labels.arm_of(one) == arm]


def _variant_name(content: Content, population: str, row: Result) -> str:
    name = f"{row.measure}_{row.term}" if row.measure == "bandwidth" else row.measure
    return f"{content.measure(row, name)}, {content.population(row.outcome, population)}"
