"""What a plan promised and what became of it, in words: settings by name, the sentences of the chapter on methods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from analysis.report.content import Content
from analysis.report.quantities import counted
from analysis.study.plan_findings import in_short, is_late
from analysis.study.plan_review import HEADLINE_ROLES, Item
from analysis.study.plan_settings import Plan
from analysis.texts import day, has_text, number

SHOWN_DIGITS = 12  # of the checksum: enough to see a change, short enough for a line


def plan_sentences(content: Content) -> str:
    """When the plan was made, what it declares, how far it was kept; or that there is none."""
    plan = content.study.plan
    if plan is None:
        return content.text("plan.none")
    return " ".join([*_promised(content, plan), *_became(content)])


def _promised(content: Content, plan: Plan) -> Iterator[str]:
    where = plan.registered.where
    told = content.text("plan.where", where=where[content.language]) if where else ""
    yield content.text("plan.dated", date=content.values.fact("plan.registered.date"), where=told)
    primary = sum(outcome.role in HEADLINE_ROLES for outcome in plan.outcomes.values())
    counts = {"hypotheses": len(plan.hypotheses), "outcomes": len(plan.outcomes), "primary": primary}
    key = "plan.holds" if plan.hypotheses else "plan.holds_outcomes"
    yield content.text(key, **{name: _counted(content, name, count) for name, count in counts.items()})
    if is_late(content.study):
        yield content.text("plan.late", cut_off=content.values.fact("data_cut_off"))
    yield content.text("plan.checksum", sum=plan.sha256[:SHOWN_DIGITS])
    if plan.was_changed:
        yield content.text("plan.changed")


def _counted(content: Content, name: str, count: int) -> str:
    noun = {"hypotheses": "hypotheses", "outcomes": "outcomes", "primary": "of_them_primary"}[name]
    return content.values.declared(f"plan.{name}", counted(count, noun, content.language))


def _became(content: Content) -> Iterator[str]:
    review = content.review
    differ, unexplained, beyond = len(review.differences), len(review.unexplained), len(review.exploratory)
    if not differ:
        yield content.text("plan.kept")
    else:
        key = "plan.unexplained" if unexplained else "plan.explained"
        yield content.text(key, count=differ, unexplained=number(unexplained, content.language))
    if beyond:
        yield content.text("plan.exploratory", count=beyond)
    yield content.text("plan.annex")


def place_name(content: Content, place: str) -> str:
    """What stands under a dotted key of study.yml, by the name a reader knows; the key itself where it has none."""
    section, name, *rest = [*place.split("."), ""]
    key = rest[0] if rest else ""
    if section == "outcomes" and name:
        title = content.labels.outcome(name)
        return _part(content, title, content.text(f"plan.parts.{key}") if has_text(f"plan.parts.{key}") else "")
    if section == "designs" and name:
        words = content.text(f"plan.keys.{key}") if has_text(f"plan.keys.{key}") else key
        return _part(content, _design_name(content, name), words)
    return content.text(f"plan.places.{place}") if has_text(f"plan.places.{place}") else place


def _part(content: Content, name: str, part: str) -> str:
    return content.text("plan.part", name=name, part=part) if part else name


def value_words(content: Content, place: str, value: Any) -> str:
    """A planned or actual value as a reader should see it."""
    key = place.rpartition(".")[2]
    if value is None:
        return content.text("plan.nothing")
    if place.startswith("outcomes."):
        return _of_outcome(content, key, value)
    if key == "kind" and has_text(f"labels.designs.{value}"):
        return content.text(f"labels.designs.{value}")
    if isinstance(value, list):
        return "; ".join(value_words(content, place, one) for one in value)
    if isinstance(value, bool):
        return content.text(f"plan.{str(value).lower()}")
    if isinstance(value, dt.date):
        return day(value, content.language)
    if isinstance(value, int | float):
        return content.values.declared(place, number(value, content.language, _digits(value)))
    return in_short(value)


def _of_outcome(content: Content, key: str, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(content.labels.population(one) for one in value)
    if key == "design":
        return _design_name(content, str(value))
    is_role = has_text(f"labels.roles.{value}")
    return content.text(f"labels.roles.{value}") if is_role else content.labels.population(str(value))


def _design_name(content: Content, name: str) -> str:
    """The kind of a design, as planned or, for one that was not, as done."""
    plan, study = content.study.plan, content.study
    promised = plan.designs.get(name) if plan else None
    kind = promised["kind"] if promised else study.designs[name].kind if name in study.designs else ""
    key = f"labels.designs.{kind}"
    return content.text(key) if has_text(key) else name


def _digits(value: float) -> int:
    return len(str(value).partition(".")[2]) if isinstance(value, float) and value % 1 else 0


def state_words(content: Content, item: Item) -> str:
    """Whether a promise was kept and, where not, whether that is explained."""
    if not item.differs:
        return content.text(f"plan.state.{item.status}")
    explained = "explained" if content.review.explanations(item) else "unexplained"
    return content.text(f"plan.state.{item.status}_{explained}")
