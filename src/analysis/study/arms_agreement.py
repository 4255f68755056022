"""Whether the arms that a design declares can be told apart, and whether what is in print names one of them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.study.design_settings import ARM_SEPARATOR, Arms, Randomised
from analysis.study.settings import Study

RESERVED = "/;|"  # in the names of results and in their notes
Problem = tuple[str, str, str]


def of_arms(study: Study) -> Iterator[Problem]:
    """(place, kind, detail) for each fault."""
    for name, design in study.designs.items():
        if isinstance(design, Randomised) and design.arms is not None:
            yield from _of_codes(f"designs.{name}.arms", design.arms)
    for name, outcome in study.outcomes.items():
        design = study.designs[outcome.design]
        arms = design.arms if isinstance(design, Randomised) else None
        for population in outcome.populations if arms else []:
            if ARM_SEPARATOR in population:
                yield f"outcomes.{name}.populations", "wrong_value", population
        named = outcome.published.arm if outcome.published else None
        known = arms.codes[1:] if arms else []
        if named is not None and named not in known:
            yield f"outcomes.{name}.published.arm", "wrong_choice", f"{named}: {', '.join(known) or '–'}"


def _of_codes(place: str, arms: Arms) -> Iterator[Problem]:
    codes = arms.codes
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield place, "twice", code
    for code in codes:
        if not code.strip() or set(code) & set(RESERVED):
            yield place, "wrong_value", code
