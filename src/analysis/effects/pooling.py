"""One effect from several studies or groups: random-effects meta-analysis.

DerSimonian & Laird (1986, Controlled Clinical Trials 7(3)) by statsmodels; the interval of Hartung & Knapp (2001,
Statistics in Medicine 20(12)) and Sidik & Jonkman (2002), since normal intervals are too short with few studies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.refusal import DesignRefused

METHOD = "random_effects_hksj"


@dataclass(frozen=True)
class Pooled:
    """The mean effect with its t interval (``df`` = studies - 1), ``between``: variance of true effects (tau squared),
    ``heterogeneity``: Cochran's Q with ``p``; ``inconsistency``: I squared; ``prediction``: where a new study's effect
    would lie (Higgins, Thompson & Spiegelhalter 2009, JRSS A 172(1)), missing below three studies."""

    estimate: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    between: float
    heterogeneity: float
    p: float
    inconsistency: float
    prediction: tuple[float, float]
    normal_se: float
    weights: tuple[float, ...]


def pool(estimates: Sequence[float], standard_errors: Sequence[float], level: float = 0.05) -> Pooled:
    """Pool independent estimates. Raises DesignRefused with fewer than two, or one without a standard error."""
    from statsmodels.stats.meta_analysis import combine_effects

    effects, errors = np.asarray(estimates, dtype=float), np.asarray(standard_errors, dtype=float)
    if len(effects) < 2 or not np.isfinite(effects).all() or not (np.isfinite(errors) & (errors > 0)).all():
        raise DesignRefused("too_few_units", treated=len(effects), comparison=0)
    with np.errstate(invalid="ignore"):  # it takes the root of a negative variance that is then set to zero
        found = combine_effects(effects, errors**2, method_re="dl")
    between = max(float(found.tau2), 0.0)
    weights = 1 / (errors**2 + between)
    mean = float(weights @ effects / weights.sum())
    count = len(effects)
    spread = float(weights @ (effects - mean) ** 2) / (count - 1)
    normal = 1 / math.sqrt(weights.sum())
    se = normal * math.sqrt(max(spread, 1.0))  # never narrower than the normal interval (Röver et al. 2015)
    factor = float(stats.t.ppf(1 - level / 2, count - 1))
    q = float(found.q)
    return Pooled(
        mean,
        se,
        count - 1,
        mean - factor * se,
        mean + factor * se,
        between,
        q,
        float(stats.chi2.sf(q, count - 1)),
        max(0.0, 1 - (count - 1) / q) if q > 0 else 0.0,
        _prediction(mean, between, normal, count, level),
        normal,
        tuple((weights / weights.sum()).tolist()),
    )


def _prediction(mean: float, between: float, se: float, count: int, level: float) -> tuple[float, float]:
    if count < 3:
        return math.nan, math.nan
    half = float(stats.t.ppf(1 - level / 2, count - 2)) * math.sqrt(between + se**2)
    return mean - half, mean + half
