"""Tables of the plan: its hypotheses, what was planned against what was done, the lines of the deviations sheet."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.report.content import Content
from analysis.report.content_tables.columns import grouped, titled, unit_name
from analysis.report.headlines import headline_result
from analysis.report.plan_words import place_name, state_words, value_words
from analysis.report.tables import Row, Table, body
from analysis.study.deviations import TOLD, Deviation
from analysis.study.plan_review import Item
from analysis.study.plan_settings import Plan


def hypotheses(content: Content) -> Table | None:
    """Each hypothesis with the outcomes by which it is judged and their verdicts."""
    plan = content.study.plan
    if plan is None or not plan.hypotheses:
        return None
    rows = []
    for one in plan.hypotheses:
        judged = "\n".join(_judged(content, plan, name) for name in one.outcomes)
        rows.append(body(f"{one.id}. {one.text[content.language]}", judged))
    return titled(content, "tbl-hypotheses", ["hypothesis", "judged_by"], rows)


def _judged(content: Content, plan: Plan, name: str) -> str:
    """A planned outcome and its verdict, in the population the plan names first."""
    population = plan.outcomes[name].populations[0]
    is_declared = name in content.study.outcomes
    row = headline_result(content.study, content.results, name, population) if is_declared else None
    words = {"name": content.labels.outcome(name, "short"), "verdict": content.wording.verdict_in_table(row)}
    if row is None or row.is_suppressed or not row.has("estimate"):
        return content.text("plan.judged.without_number", **words)
    estimate = f"{content.values.cell(row).text} {unit_name(content, row)}"
    return content.text("plan.judged.with_number", estimate=estimate, **words)


def against_done(content: Content) -> Table | None:
    """What was planned, what was done, whether it was kept; what was done beyond the plan below."""
    plan, items = content.study.plan, content.review.items
    if plan is None:
        return None
    settings = [item for item in items if item.place.split(".")[0] not in ("outcomes", "designs")]
    differing = [item for item in items if item.place.startswith("designs.") and item.differs]
    parts = {
        "outcomes": [row for name in plan.outcomes for row in _of_outcome(content, plan, name)],
        "designs": [_row(content, item) for item in differing],
        "settings": [_row(content, item) for item in settings],
        "beyond": [_row(content, item) for item in content.review.exploratory],
    }
    rows: list[Row] = []
    for name, lines in parts.items():
        rows += grouped(content, f"plan.groups.{name}", lines)
    return titled(content, "tbl-plan", ["promised", "planned", "done", "kept"], rows)


def _of_outcome(content: Content, plan: Plan, name: str) -> list[Row]:
    """One row for an outcome that was kept to, else a row for each difference."""
    place = f"outcomes.{name}"
    mine = [item for item in content.review.items if item.place == place or item.place.startswith(f"{place}.")]
    if any(item.differs for item in mine):
        return [_row(content, item) for item in mine if item.differs]
    promised = plan.outcomes[name].model_dump()
    words = [value_words(content, f"{place}.{part}", promised[part]) for part in ("role", "design", "populations")]
    kept = [content.text("plan.same"), content.text("plan.state.as_planned")]
    return [body(content.labels.outcome(name), "; ".join(words), *kept)]


def _row(content: Content, item: Item) -> Row:
    values = [value_words(content, item.place, value) for value in (item.planned, item.done)]
    if item.status == "as_planned":
        values[1] = content.text("plan.same")
    return body(place_name(content, item.place), *values, state_words(content, item))


def deviations(content: Content) -> Table | None:
    """Every line of the deviations sheet, also one that is incomplete or names what does not differ."""
    rows = [_line(content, one) for one in content.review.deviations]
    columns = ["promised", "changed", "changed_why", "changed_effect"]
    return titled(content, "tbl-deviations", columns, rows) if rows else None


def _line(content: Content, line: Deviation) -> Row:
    name = place_name(content, line.place)
    if not content.review.told(line):
        name = content.text("plan.without_difference", place=name)
    return body(name, *_told(line, content.language))


def _told(line: Deviation, language: str) -> Iterable[str]:
    return (line.told(part, language) or "–" for part in TOLD)
