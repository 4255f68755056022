"""Whom an effect is about, by its design: everybody compared, those who were treated, or the units near a threshold."""

from __future__ import annotations

from typing import Any

from analysis.study.design_settings import Duration, Weighting

ON_THE_TREATED = ("difference_in_differences", "staggered", "two_waves", "synthetic_control")
EVERYBODY = "everybody"


def reach(design: Any) -> str:
    """``near_threshold``, ``among_treated``, or empty: everybody in the population."""
    if design.kind == "discontinuity":
        return "near_threshold"
    is_on_treated = (
        design.kind in ON_THE_TREATED
        or (isinstance(design, Weighting) and design.estimand == "att")
        or (isinstance(design, Duration) and bool(design.covariates))
    )
    return "among_treated" if is_on_treated else ""


def reach_key(design: Any, population: str) -> str:
    """The key of the words for it; a population by a name of its own says itself who of the treated is meant."""
    found = reach(design)
    if population == EVERYBODY:
        return found
    return f"{found}_of" if found == "near_threshold" else ""
