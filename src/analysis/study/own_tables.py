"""Whether what a study says of its own tables holds together: columns, keys, panels, units and names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from analysis.study.design_settings import Design, Randomised, Staggered, TwoWaves, Weighting
from analysis.study.panel_settings import Panel
from analysis.study.settings import UNITS, Source, Study
from analysis.study.synthetic_settings import SyntheticControl

Problem = tuple[str, str, str]
ANSWER = re.compile(r"(outcome/\w+|indicator/\w+/\w+|activity/\w+|cost/\w+)")
USUAL_PANELS = ("pupil_years", "persons", "person_months", "survey")


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant; "" when none is close."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)), "")


def of_place(place: str, source: Source) -> Iterator[Problem]:
    """A source says either where its files lie or which package carries it, and either its register or its columns."""
    if source.package and not source.resource:
        yield f"{place}.resource", "missing_key", ""
    if not source.package and not source.files:
        yield f"{place}.files", "missing_key", ""
    if source.package and source.files:
        yield f"{place}.files", "one_of_two", "package"
    if source.register_name and source.fields:
        yield f"{place}.fields", "one_of_two", "register"
    if not source.register_name and not source.fields and not source.survey:
        yield f"{place}.register", "missing_key", ""


def of_columns(place: str, source: Source) -> Iterator[Problem]:
    """The columns of a table of the study's own."""
    names = [field.name for field in source.fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{place}.fields", "twice", name
    for name in source.key:
        if name not in [*names, *source.constants]:
            yield f"{place}.key", "wrong_choice", f"{name}: {', '.join(names)}"
    coded = [field.name for field in source.fields if field.kind in ("code", "boolean", "id_type")]
    for column in source.codes:
        if column not in coded:
            yield f"{place}.codes.{column}", "unknown_key", closest(column, coded)
    for field in source.fields:
        if field.kind == "code" and not field.codes and field.name not in source.codes:
            yield f"{place}.codes.{field.name}", "missing_key", ""


def of_analysis(study: Study) -> Iterator[Problem]:
    """Panels take sources that are there; outcomes take panels and units that are there; names name something."""
    for name, panel in study.panels.items():
        yield from _of_panel(f"panels.{name}", panel, study)
    for name, outcome in study.outcomes.items():
        place = f"outcomes.{name}"
        if outcome.panel is None and outcome.chapter == "other":
            yield f"{place}.panel", "missing_key", ""
        elif outcome.panel is not None and outcome.panel not in [*USUAL_PANELS, *study.panels]:
            yield f"{place}.panel", "wrong_choice", f"{outcome.panel}: {', '.join([*USUAL_PANELS, *study.panels])}"
        if outcome.unit not in [*UNITS, *study.units]:
            yield f"{place}.unit", "wrong_choice", f"{outcome.unit}: {', '.join([*UNITS, *study.units])}"
    for name, design in study.designs.items():
        yield from _of_design(f"designs.{name}", design)
        if isinstance(design, SyntheticControl) and bool(design.persons) == design.aggregates:
            kind, detail = ("one_of_two", "aggregates") if design.persons else ("persons_unknown", "")
            yield f"designs.{name}.persons", kind, detail
    for name, cost in (study.costs.results if study.costs else {}).items():
        if cost.outcome not in study.outcomes:
            yield f"costs.results.{name}.outcome", "wrong_choice", f"{cost.outcome}: {', '.join(study.outcomes)}"
    for position, expected in enumerate(study.expected_results):
        for one in expected.by:
            if not ANSWER.fullmatch(one):
                yield f"expected_results.{position}.by", "wrong_value", one
    yield from _of_names(study)


def _of_design(place: str, design: Design) -> Iterator[Problem]:
    if isinstance(design, Staggered):
        if design.treated_from is None and design.treated_when is None:
            yield f"{place}.treated_from", "missing_key", ""
        elif design.treated_from is not None and design.treated_when is not None:
            yield f"{place}.treated_from", "one_of_two", "treated_when"
    if isinstance(design, Weighting):
        for column in design.pseudo_outcomes:
            if column in design.covariates:
                yield f"{place}.pseudo_outcomes", "adjusted_for", column
    if isinstance(design, TwoWaves) and design.unit is None and (design.response or design.margins):
        yield f"{place}.unit", "missing_key", ""  # answers of other people in each wave have nobody to weigh


def _of_panel(place: str, panel: Panel, study: Study) -> Iterator[Problem]:
    known = ", ".join(study.sources)
    for name in panel.rows:
        if name not in study.sources:
            yield f"{place}.rows", "wrong_choice", f"{name}: {known}"
    for position, join in enumerate(panel.join):
        if join.source not in study.sources:
            yield f"{place}.join.{position}.source", "wrong_choice", f"{join.source}: {known}"
        elif sorted(join.on) != sorted(key := study.sources[join.source].key):
            yield f"{place}.join.{position}.on", "wrong_choice", f"{', '.join(join.on)}: {', '.join(key) or '–'}"


def _of_names(study: Study) -> Iterator[Problem]:
    known = {*study.outcomes, *(one for outcome in study.outcomes.values() for one in outcome.populations)}
    known |= set(study.education.populations if study.education else {})
    known |= set(study.employment.populations if study.employment else {})
    if study.survey is not None:
        known |= {*(item.name for item in study.survey.items), *study.survey.scales, *study.survey.populations}
    for source in study.sources.values():
        known |= {field.name for field in source.fields}
    for design in study.designs.values():
        if isinstance(design, Weighting | Randomised):
            known |= {*design.covariates, *getattr(design, "pseudo_outcomes", ()), design.treated}
        if isinstance(design, Randomised) and design.arms is not None:
            known |= set(design.arms.codes)
    if study.plan is not None:  # what was promised and not done has a name in the report too
        promised = study.plan.outcomes
        known |= {*promised, *(population for one in promised.values() for population in one.populations)}
    for name in study.names:  # a category is named as its column and its code: `schooling=low`
        if name.partition("=")[0] not in known:
            yield f"names.{name}", "unknown_key", closest(name, known)
