"""How strong the recorded causes are: what one more like the strongest of them would do to an effect.

Cinelli & Hazlett (2020, JRSS B 82(1)): partial R2 of each covariate with treatment and with outcome bounds the partial
R2 of an unrecorded cause k times as strong (section 4.4, equations 21 and 22, k = 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.columns import ROUNDING
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused
from analysis.effects.sensitivity import Robustness, adjusted_for_unrecorded, robustness


@dataclass(frozen=True)
class Benchmark:
    """``covariate``: a recorded one; ``with_treatment`` and ``with_outcome``: the
    partial R2 of an unrecorded cause as strong; ``adjusted``: the estimate if it exists; ``stands``: whether that is
    still told from zero."""

    covariate: str
    with_treatment: float
    with_outcome: float
    adjusted: float
    stands: bool


@dataclass(frozen=True)
class Regression:
    """Outcome on treatment and covariates by least squares: what sensitivity to unrecorded causes is computed from."""

    estimate: float
    se: float
    df: float
    r2: float
    robustness: Robustness
    benchmarks: list[Benchmark]

    @property
    def benchmark(self) -> Benchmark | None:
        """The one that would move the estimate most."""
        towards = math.copysign(1, self.estimate)
        return min(self.benchmarks, key=lambda one: (one.adjusted * towards, one.covariate), default=None)


def regress(outcome: Floats, treated: Booleans, matrix: Floats, groups: list[str], level: float) -> Regression:
    """``outcome`` n, ``matrix`` n x k with the constant first; ``groups`` name the covariate of the k - 1 others (the
    categories of one covariate share a name).

    Raises DesignRefused("outcome_determined") when nothing is left that chance could have made.
    """
    arm = treated.astype(float)
    whole = np.column_stack([arm, matrix])
    unexplained = _rest(outcome, whole)
    free = arm - matrix @ np.linalg.lstsq(matrix, arm, rcond=None)[0]
    estimate, df = float(free @ outcome / (free @ free)), float(len(outcome) - whole.shape[1])
    if df < 2 or unexplained <= (ROUNDING * float(np.linalg.norm(outcome))) ** 2:
        raise DesignRefused("outcome_determined")
    se = math.sqrt(unexplained / df / float(free @ free))
    total = float(((outcome - outcome.mean()) ** 2).sum())
    strongest: list[Benchmark] = []
    for name in dict.fromkeys(groups):
        others = np.delete(matrix, [place + 1 for place, group in enumerate(groups) if group == name], axis=1)
        with_treatment = _partial_r2(_rest(arm, others), float(free @ free))
        with_outcome = _partial_r2(_rest(outcome, np.column_stack([arm, others])), unexplained)
        strongest += _bounded(name, estimate, se, df, with_treatment, with_outcome, level)
    strength = robustness(estimate / se, df, level)
    return Regression(estimate, se, df, 1 - unexplained / total, strength, strongest)


def _bounded(
    name: str, estimate: float, se: float, df: float, treatment: float, outcome: float, level: float
) -> list[Benchmark]:
    """An unrecorded cause as strong as ``name``; none when there can be no such cause."""
    if treatment >= 0.5 or outcome >= 1:
        return []
    with_treatment = treatment / (1 - treatment)
    shared = treatment**2 / ((1 - treatment) * (1 - treatment))
    if shared >= 1:
        return []
    with_outcome = ((1 + math.sqrt(shared)) / math.sqrt(1 - shared)) ** 2 * outcome / (1 - outcome)
    with_outcome = min(with_outcome, 1.0)
    adjusted = adjusted_for_unrecorded(estimate, se, df, with_treatment, with_outcome)
    error = se * math.sqrt((1 - with_outcome) / (1 - with_treatment) * df / (df - 1))
    needed = float(stats.t.ppf(1 - level / 2, df - 1)) * error
    stands = adjusted * math.copysign(1, estimate) > needed
    return [Benchmark(name, with_treatment, with_outcome, adjusted, stands)]


def _rest(values: Floats, columns: Floats) -> float:
    """Sum of squares that the columns leave unexplained."""
    residual = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    return float(residual @ residual)


def _partial_r2(without: float, with_covariate: float) -> float:
    return 1 - with_covariate / without if without > 0 else 0.0
