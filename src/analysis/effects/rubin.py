"""One estimate from those of several imputed data sets.

Rubin (1987, Multiple Imputation for Nonresponse in Surveys, section 3.1): the mean; the mean of the variances and
1 + 1/m times the variance between the estimates. Degrees of freedom: Barnard & Rubin (1999, Biometrika 86(4)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.effects.estimate import Estimate


@dataclass(frozen=True)
class Pooled:
    """``estimate``, ``se``, ``df``; ``fraction`` of the variance that is due to what is missing (lambda)."""

    estimate: float
    se: float
    df: float
    fraction: float


def pool(estimates: Sequence[float], errors: Sequence[float], df: float) -> Pooled:
    """m >= 2 ``estimates`` with their standard ``errors``; ``df`` those of the complete data (infinite: normal)."""
    count = len(estimates)
    within, between = float(np.mean(np.square(errors))), float(np.var(estimates, ddof=1))
    total = within + (1 + 1 / count) * between
    fraction = (1 + 1 / count) * between / total if total > 0 else 0.0
    imputed = (count - 1) / fraction**2 if fraction > 0 else math.inf
    seen = df if math.isinf(df) else (df + 1) / (df + 3) * df * (1 - fraction)
    found = 1 / (1 / imputed + 1 / seen) if seen > 0 and not math.isinf(min(imputed, seen)) else min(imputed, seen)
    return Pooled(float(np.mean(estimates)), math.sqrt(total), found, fraction)


def pooled_estimate(found: Sequence[Estimate], method: str) -> Estimate:
    """The estimates of one effect on m imputed data sets as one; its influence is their mean's, scaled to the error."""
    pooled = pool([one.estimate for one in found], [one.se for one in found], float(np.mean([one.df for one in found])))
    influence = np.mean([one.influence for one in found], axis=0)
    length = float(np.sqrt((influence**2).sum()))
    scaled = influence * (pooled.se / length) if length > 0 else influence
    baseline = float(np.mean([one.baseline for one in found]))
    first = replace(found[0], estimate=pooled.estimate, se=pooled.se, df=pooled.df, influence=scaled)
    return replace(first, baseline=baseline, method=method, warnings=())
