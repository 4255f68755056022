"""Whether what a study declares for its robustness checks can be computed."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.study.design_settings import DifferenceInDifferences, Staggered, Weighting
from analysis.study.robustness_settings import AS_DECLARED, MOST_SPECIFICATIONS
from analysis.study.settings import Study

Problem = tuple[str, str, str]


def of_robustness(study: Study) -> Iterator[Problem]:
    """(place, kind, detail) for each: too many specifications, a reserved name, a dose that no design here can use."""
    for name, design in study.designs.items():
        if not isinstance(design, DifferenceInDifferences | Staggered | Weighting) or design.specifications is None:
            continue
        place = f"designs.{name}.specifications"
        if design.specifications.count > MOST_SPECIFICATIONS:
            yield place, "too_many_specifications", f"{design.specifications.count} > {MOST_SPECIFICATIONS}"
        for choice, alternatives in design.specifications.choices.items():
            if AS_DECLARED in alternatives:
                yield f"{place}.{choice}", "twice", AS_DECLARED
    for name, outcome in study.outcomes.items():
        if outcome.dose is not None:
            yield from _of_dose(study, name)


def _of_dose(study: Study, name: str) -> Iterator[Problem]:
    outcome = study.outcomes[name]
    design = study.designs[outcome.design]
    if isinstance(design, DifferenceInDifferences | Staggered):
        if design.person is None:
            yield f"designs.{outcome.design}.person", "missing_key", ""
    elif not isinstance(design, Weighting):
        yield f"outcomes.{name}.dose", "dose_without_bands", design.kind
    assert outcome.dose is not None
    if outcome.dose.bands != sorted(set(outcome.dose.bands)):
        yield f"outcomes.{name}.dose.bands", "not_ascending", str(outcome.dose.bands)
