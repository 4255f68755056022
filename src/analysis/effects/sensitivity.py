"""How strong an unrecorded cause would have to be to explain an effect away.

E-value: VanderWeele & Ding (2017, Annals of Internal Medicine 167(4)). Robustness value and partial R2: Cinelli &
Hazlett (2020, JRSS B 82(1)). Bounds on p for matched pairs: Rosenbaum (2002, Observational Studies, chapter 4).
Proportional selection: Oster (2019, JBES 37(2)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.estimate import Floats


def e_value(risk_ratio: float) -> float:
    """The least risk ratio that an unrecorded cause must have with both treatment and outcome; 1 when there is nothing
    to explain. ``risk_ratio`` > 0, protective ones are turned round."""
    if not risk_ratio > 0:
        return math.nan
    ratio = max(risk_ratio, 1 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_value_of_limit(risk_ratio: float, low: float, high: float) -> float:
    """The E-value of the interval's limit nearest to "no effect": 1 when the interval holds 1."""
    if low <= 1 <= high:
        return 1.0
    return e_value(low if risk_ratio > 1 else high)


@dataclass(frozen=True)
class Robustness:
    """``partial_r2`` of treatment with outcome; ``value``: share of the residual variance of both that an unrecorded
    cause must explain to bring the estimate to zero; ``value_at_level``: to make it insignificant."""

    partial_r2: float
    value: float
    value_at_level: float


def robustness(t: float, df: float, level: float = 0.05) -> Robustness:
    """From the t statistic of a regression coefficient and its residual degrees of freedom (Cinelli & Hazlett 2020,
    equations 16-18)."""
    strength = abs(t) / math.sqrt(df)
    needed = strength - float(stats.t.ppf(1 - level / 2, df - 1)) / math.sqrt(df - 1)
    return Robustness(t**2 / (t**2 + df), _robustness_value(strength), _robustness_value(max(needed, 0.0)))


def _robustness_value(strength: float) -> float:
    return 0.5 * (math.sqrt(strength**4 + 4 * strength**2) - strength**2)


def adjusted_for_unrecorded(estimate: float, se: float, df: float, with_treatment: float, with_outcome: float) -> float:
    """The estimate, moved towards zero, if an unrecorded cause had these partial R2 with treatment and outcome (Cinelli
    & Hazlett 2020, equation 14)."""
    bias = se * math.sqrt(df) * math.sqrt(with_outcome * with_treatment / (1 - with_treatment))
    return math.copysign(abs(estimate) - bias, estimate)


def rosenbaum_p(differences: Floats, gamma: float) -> float:
    """The largest one-sided p of Wilcoxon's signed-rank test when unrecorded differences may multiply the odds of
    treatment within a pair by ``gamma`` at most. ``differences``: treated minus matched, the suspected sign positive.
    """
    kept = differences[differences != 0]
    if len(kept) == 0:
        return math.nan
    ranks = stats.rankdata(np.abs(kept))
    statistic = float(ranks[kept > 0].sum())
    chance = gamma / (1 + gamma)
    mean, variance = chance * ranks.sum(), chance * (1 - chance) * (ranks**2).sum()
    return float(stats.norm.sf((statistic - mean) / math.sqrt(variance)))


def rosenbaum_limit(differences: Floats, level: float = 0.05, most: float = 20.0) -> float:
    """The largest gamma at which the effect still stands at ``level`` (1 when it does not at all; ``most`` at most)."""
    if not rosenbaum_p(differences, 1.0) <= level:
        return 1.0
    if rosenbaum_p(differences, most) <= level:
        return most
    low, high = 1.0, most
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if rosenbaum_p(differences, middle) <= level else (low, middle)
    return low


def oster_delta(
    short: float, short_r2: float, long: float, long_r2: float, treatment_variance: float, free_variance: float,
    outcome_variance: float, r2_max: float,
) -> float:  # fmt: skip
    """How much stronger than recorded ones unrecorded causes must select, to bring the effect to zero.

    ``short`` and ``long`` are the coefficients without and with covariates, with their R2; ``free_variance`` that of
    the treatment free of the covariates. Oster (2019), proposition 3 (delta for beta = 0).
    """
    shift, gain, rest = short - long, long_r2 - short_r2, r2_max - long_r2
    explained = gain * outcome_variance
    numerator = long * explained * free_variance + long * shift**2 * treatment_variance * free_variance
    numerator += 2 * long**2 * shift * treatment_variance * free_variance
    numerator += long**3 * (treatment_variance * free_variance - free_variance**2)
    denominator = rest * outcome_variance * shift * treatment_variance
    denominator += long * rest * outcome_variance * (treatment_variance - free_variance)
    denominator += long**2 * shift * treatment_variance * free_variance
    denominator += long**3 * (treatment_variance * free_variance - free_variance**2)
    return numerator / denominator if denominator else math.inf
