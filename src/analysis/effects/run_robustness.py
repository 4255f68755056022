"""What a referee asks of an effect that has been estimated: would other choices say the same, does it follow the dose,
does it reach those who did not take part. Its answers stand beside the effect as rows, and among its checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd

from analysis.effects import checks
from analysis.effects.dose import dose_rows
from analysis.effects.dose_bands import Bands, bands_of_persons, bands_over_time
from analysis.effects.panel_effect import PanelEffect
from analysis.effects.person_effect import PersonEffect
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, with_check
from analysis.effects.specification_curve import Effect, curve_check, curve_rows, specification_curve
from analysis.effects.spill_over import spill_over_rows
from analysis.study.design_settings import DifferenceInDifferences, Staggered, Weighting
from analysis.study.robustness_settings import Dose, Specifications
from analysis.study.settings import Inference, Outcome

HEADLINES = ("primary", "co_primary")


def with_panel_robustness(
    subject: Subject,
    rows: Iterable[Row],
    panel: pd.DataFrame,
    outcome: Outcome,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> list[Row]:
    """The rows of one population under difference-in-differences, with what stands beside its effect."""
    rows = list(rows)
    if _effect_of(rows) is None:
        return rows
    effect = PanelEffect(panel, subject.outcome, subject.population, design, inference.level)
    rows = _with_specifications(subject, rows, effect, outcome, design.specifications)
    rows = _with_dose(subject, rows, outcome, effect, partial(bands_over_time, effect))
    if outcome.participation is None or design.person is None:
        return rows
    found, check = spill_over_rows(subject, effect, outcome.participation, inference.power)
    return [*_checked(rows, "effect_participants", check), *found]


def with_person_robustness(
    subject: Subject,
    rows: Iterable[Row],
    persons: pd.DataFrame,
    person_months: pd.DataFrame | None,
    outcome: Outcome,
    design: Weighting,
    inference: Inference,
    time: int,
) -> list[Row]:
    """The rows of one population under weighting, with what stands beside its effect (at ``time``)."""
    rows = list(rows)
    if _effect_of(rows) is None:
        return rows
    what = (subject.outcome, subject.population, design, inference.level, time)
    effect = PersonEffect.at(persons, person_months, *what)
    rows = _with_specifications(subject, rows, effect, outcome, design.specifications)
    return _with_dose(subject, rows, outcome, effect, partial(bands_of_persons, effect))


def _effect_of(rows: list[Row]) -> Row | None:
    """The effect, if it was estimated."""
    return next((row for row in rows if row["measure"] == "effect" and "estimate" in row), None)


def _is_shown(rows: list[Row]) -> bool:
    effect = _effect_of(rows)
    return effect is not None and effect.get("verdict") == "shown"


def _with_specifications(
    subject: Subject, rows: list[Row], effect: Effect, outcome: Outcome, declared: Specifications | None
) -> list[Row]:
    """Of headlines alone: outcomes that the report leads with, in their first population."""
    is_headline = outcome.role in HEADLINES and subject.population == outcome.populations[0]
    if declared is None or not declared.choices or not is_headline:
        return rows
    try:
        curve = specification_curve(effect, declared)
    except DesignRefused as refusal:
        return [*rows, subject.refused_row("specifications", refusal)]
    return [*_checked(rows, "effect", curve_check(curve, _is_shown(rows))), *curve_rows(subject, curve)]


def _with_dose(
    subject: Subject, rows: list[Row], outcome: Outcome, effect: Effect, bands: Callable[[Dose], Bands]
) -> list[Row]:
    """Of the first population alone, which the report leads with."""
    dose = outcome.dose
    if dose is None or subject.population != outcome.populations[0]:
        return rows
    try:
        found = bands(dose)
    except DesignRefused as refusal:
        return [*_checked(rows, "effect", checks.dose_trend(None, dose.assigned)), subject.refused_row("dose", refusal)]
    made, check = dose_rows(subject, found, effect.under({}), _is_shown(rows), dose.assigned)
    return [*_checked(rows, "effect", check), *made]


def _checked(rows: list[Row], measure: str, check: checks.Check) -> list[Row]:
    """The rows with one check more on the estimate of ``measure``: one that fails outranks every test."""
    return [with_check(row, check) if row["measure"] == measure and "estimate" in row else row for row in rows]
