"""The plan held against what was done: kept, done otherwise, not done, and what was done beyond it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from analysis.study.deviations import Deviation
from analysis.study.plan_settings import Plan
from analysis.study.settings import Outcome, Study

Status = Literal["as_planned", "otherwise", "not_done", "exploratory"]
Estimated = Collection[tuple[str, str]]
HEADLINE_ROLES = ("primary", "co_primary")
PLACEBO = "placebo"  # tests a design and says nothing of the project: needs no plan to be read for what it is


@dataclass(frozen=True)
class Item:
    """One thing that was planned or done; ``place`` is its dotted key in study.yml, ``planned`` and ``done`` its
    values there (None: nothing was planned, nothing was done)."""

    place: str
    status: Status
    planned: Any = None
    done: Any = None

    @property
    def differs(self) -> bool:
        """Whether a promise was not kept: what was done beyond it is a difference of another kind."""
        return self.status in ("otherwise", "not_done")


@dataclass(frozen=True)
class Review:
    """Everything compared, and the lines of the deviations sheet."""

    items: tuple[Item, ...] = ()
    deviations: tuple[Deviation, ...] = ()

    @cached_property
    def differences(self) -> list[Item]:
        return [item for item in self.items if item.differs]

    @cached_property
    def unexplained(self) -> list[Item]:
        """The differences without a line, in full, that says what, why and to what effect."""
        return [item for item in self.differences if not self.explanations(item)]

    @cached_property
    def exploratory(self) -> list[Item]:
        return [item for item in self.items if item.status == "exploratory"]

    def explanations(self, item: Item) -> list[Deviation]:
        return [one for one in self.deviations if one.is_complete and one.is_about(item.place)]

    def told(self, deviation: Deviation) -> list[Item]:
        """What a line of the sheet is about; empty where nothing at its place differs from the plan."""
        return [item for item in self.items if item.status != "as_planned" and deviation.is_about(item.place)]


def review(study: Study, deviations: Iterable[Deviation] = (), estimated: Estimated | None = None) -> Review:
    """Hold the study against its plan; an empty review for a study without one.

    ``estimated``: the (outcome, population) pairs with an estimate in the results. Without it what study.yml declares
    counts as done.
    """
    if study.plan is None:
        return Review((), tuple(deviations))
    items = [*_of_outcomes(study, study.plan, estimated), *_of_settings(study, study.plan)]
    return Review(tuple(items), tuple(deviations))


def beside_plan(study: Study, outcome: str, population: str) -> Literal["", "exploratory", "promoted"]:
    """What must be said wherever an estimate is shown: that it lies beyond the plan, or that the plan has its outcome
    as a secondary one and the study as a headline. "" where it was planned so, and for a study without a plan."""
    if study.plan is None or study.outcomes[outcome].role == PLACEBO:
        return ""
    if not study.plan.covers(outcome, population):
        return "exploratory"
    was_headline = study.plan.outcomes[outcome].role in HEADLINE_ROLES
    return "promoted" if study.outcomes[outcome].role in HEADLINE_ROLES and not was_headline else ""


def _of_outcomes(study: Study, plan: Plan, estimated: Estimated | None) -> Iterator[Item]:
    for name, promised in plan.outcomes.items():
        place, declared = f"outcomes.{name}", study.outcomes.get(name)
        there = _populations(name, declared, estimated) if declared else []
        if declared is None or not there:
            yield Item(place, "not_done", promised.role)
            continue
        yield _compared(f"{place}.role", promised.role, declared.role)
        yield _compared(f"{place}.design", promised.design, declared.design)
        kept = set(promised.populations) <= set(there) and promised.populations[0] == there[0]
        status: Status = "as_planned" if kept else "otherwise"
        yield Item(f"{place}.populations", status, promised.populations, there)
        for extra in there:
            if extra not in promised.populations:
                yield Item(f"{place}.populations.{extra}", "exploratory", done=extra)
    for name, declared in study.outcomes.items():
        is_beyond = name not in plan.outcomes and declared.role != PLACEBO
        if is_beyond and _populations(name, declared, estimated):
            yield Item(f"outcomes.{name}", "exploratory", done=declared.role)


def _populations(name: str, declared: Outcome, estimated: Estimated | None) -> list[str]:
    """The populations of a declared outcome in which it was estimated."""
    return [one for one in declared.populations if estimated is None or (name, one) in estimated]


def _of_settings(study: Study, plan: Plan) -> Iterator[Item]:
    done = study.model_dump(by_alias=True)
    for name, promised in plan.designs.items():
        if name not in study.designs:
            yield Item(f"designs.{name}", "not_done", promised["kind"])
            continue
        for key, value in promised.items():
            yield _compared(f"designs.{name}.{key}", value, done["designs"][name].get(key))
    for place, value in plan.settings.items():
        yield _compared(place, value, _found(done, place.split(".")))


def _found(node: Any, parts: list[str]) -> Any:
    """What stands under a dotted key; None where nothing does."""
    for part in parts:
        if isinstance(node, list):
            node = node[int(part)] if part.isdigit() and int(part) < len(node) else None
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _compared(place: str, planned: Any, done: Any) -> Item:
    if _same(planned, done):
        return Item(place, "as_planned", planned, done)
    return Item(place, "not_done" if done is None else "otherwise", planned, done)


def _same(planned: Any, done: Any) -> bool:
    """Whether two settings mean the same; the order of a list (covariates, years) changes no estimate."""
    if isinstance(planned, list) and isinstance(done, list):
        return sorted(map(str, planned)) == sorted(map(str, done))
    return bool(planned == done)
