"""What a referee asks of an effect that has been estimated: would other choices say the same, does it follow the dose,
does it reach those who did not take part. Its answers stand beside the effect as rows, and among its checks.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.effects import checks
from analysis.effects.panel_effect import PanelEffect
from analysis.effects.person_effect import PersonEffect
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject
from analysis.effects.specification_curve import Effect, curve_check, curve_rows, specification_curve
from analysis.study.design_settings import DifferenceInDifferences, Staggered, Weighting
from analysis.study.robustness_settings import Specifications
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
    return _with_specifications(subject, rows, effect, outcome, design.specifications)


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
    return _with_specifications(subject, rows, effect, outcome, design.specifications)


def _effect_of(rows: list[Row]) -> Row | None:
    """The effect, if it was estimated."""
    return next((row for row in rows if row["measure"] == "effect" and "estimate" in row), None)


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
    headline = _effect_of(rows)
    is_shown = headline is not None and headline.get("verdict") == "shown"
    return [*_checked(rows, "effect", curve_check(curve, is_shown)), *curve_rows(subject, curve)]


def _checked(rows: list[Row], measure: str, check: checks.Check) -> list[Row]:
    """The rows with one check more on the estimate of ``measure``: one that fails outranks every test."""
    return [_with_check(row, check) if row["measure"] == measure and "estimate" in row else row for row in rows]


def _with_check(row: Row, check: checks.Check) -> Row:
    written = ";".join(filter(None, [str(row.get("checks") or ""), checks.written([check])]))
    verdict = "design_failed" if check.outcome == "fail" else row.get("verdict", "")
    return {**row, "checks": written, "verdict": verdict}
