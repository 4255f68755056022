"""Outcomes that the project cannot have changed: an "effect" on one of them speaks against the design."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.effects import checks
from analysis.effects.multiplicity import holm
from analysis.effects.rows import Row, is_refused, with_check
from analysis.study.settings import Outcome


def judged_by_placebos(rows: Sequence[Row], outcomes: Mapping[str, Outcome]) -> list[Row]:
    """The ``rows``, with the check ``placebo_outcomes`` on each effect that shares design and population with outcomes
    of the role ``placebo``: by the smallest of their p-values, corrected for their number (Holm). Where the check
    fails, the effect cannot be read as one.
    """
    p_values: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        outcome = outcomes[str(row["outcome"])]
        if outcome.role == "placebo" and _is_effect(row):
            p_values.setdefault((outcome.design, str(row["population"])), []).append(_p(row))
    return [_judged(row, outcomes[str(row["outcome"])], p_values) for row in rows]


def _judged(row: Row, outcome: Outcome, p_values: Mapping[tuple[str, str], list[float]]) -> Row:
    found = p_values.get((outcome.design, str(row["population"])))
    if found is None or outcome.role == "placebo" or not _is_effect(row):
        return row
    known = [p for p in found if not math.isnan(p)]
    return with_check(row, checks.placebo_outcomes(float(holm(np.array(known)).min()) if known else math.nan))


def _is_effect(row: Row) -> bool:
    return row["measure"] == "effect" and not row["term"] and not is_refused(row)


def _p(row: Row) -> float:
    value = row.get("p")
    return float(value) if isinstance(value, float) else math.nan
