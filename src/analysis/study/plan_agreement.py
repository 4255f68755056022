"""Whether a plan holds together: its hypotheses, outcomes and designs name each other, its settings are those of
study.yml. Whether the study keeps the plan is another question (``analysis.study.plan_review``)."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from analysis.study.design_settings import Design
from analysis.study.own_tables import closest
from analysis.study.plan_settings import Plan
from analysis.study.settings import Study

Problem = tuple[str, str, str]


def of_plan(study: Study) -> Iterator[Problem]:
    """(place, kind, detail) for each fault of the plan; nothing for a study without one."""
    if study.plan is None:
        return
    plan = study.plan
    ids = [one.id for one in plan.hypotheses]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield "plan.hypotheses", "twice", name
    for position, hypothesis in enumerate(plan.hypotheses):
        for name in hypothesis.outcomes:
            if name not in plan.outcomes:
                yield f"plan.hypotheses.{position}.outcomes", "wrong_choice", f"{name}: {', '.join(plan.outcomes)}"
    for name, outcome in plan.outcomes.items():
        if outcome.design not in plan.designs:
            yield f"plan.outcomes.{name}.design", "wrong_choice", f"{outcome.design}: {', '.join(plan.designs)}"
    yield from _of_designs(plan)
    for place in plan.settings:
        if place.split(".")[0] == "plan" or not is_place(Study, place.split(".")):
            yield f"plan.settings.{place}", "unknown_key", closest(place, _usual_places(study))


def _of_designs(plan: Plan) -> Iterator[Problem]:
    models = {get_args(model.model_fields["kind"].annotation)[0]: model for model in _options(Design)}
    for name, promised in plan.designs.items():
        kind = promised.get("kind")
        if kind is None:
            yield f"plan.designs.{name}.kind", "missing_key", ""
        elif kind not in models:
            yield f"plan.designs.{name}.kind", "wrong_choice", f"{kind}: {', '.join(models)}"
        else:
            known = models[kind].model_fields
            for key in promised:
                if key not in known:
                    yield f"plan.designs.{name}.{key}", "unknown_key", closest(key, known)


def is_place(annotation: Any, parts: list[str]) -> bool:
    """Whether a dotted key, in its parts, leads to something that settings of this type can hold."""
    return not parts or any(_leads_on(option, parts) for option in _options(annotation))


def _leads_on(option: Any, parts: list[str]) -> bool:
    if isinstance(option, type) and issubclass(option, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in option.model_fields.items()}
        return parts[0] in fields and is_place(fields[parts[0]], parts[1:])
    if get_origin(option) is dict:
        return is_place(get_args(option)[1], parts[1:])
    return get_origin(option) is list and parts[0].isdigit() and is_place(get_args(option)[0], parts[1:])


def _options(annotation: Any) -> list[Any]:
    """The types that a value may have: a union's parts, without what is said about them."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [one for part in get_args(annotation) for one in _options(part)]
    return [annotation]


def _usual_places(study: Study) -> list[str]:
    """The dotted keys that this study sets, among which a mistyped one is looked for."""

    def below(node: Any, place: str) -> Iterator[str]:
        if isinstance(node, dict) and node:
            for key, value in node.items():
                yield from below(value, f"{place}.{key}" if place else str(key))
        else:
            yield place

    return list(below(study.model_dump(by_alias=True, exclude={"plan"}), ""))
