"""One result type for every estimator."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """An estimated effect with everything its honest report needs.

    ``influence`` has one value an independent unit (a cluster, or a person): its share in the estimation error,
    scaled so that ``se ** 2 == sum(influence ** 2)``. From it follow covariances, bands and ratios of estimates on
    the same units. ``df`` are the degrees of freedom of the t distribution, infinite for the normal one. ``level`` is
    the error probability of the test; the interval covers ``1 - level``. ``baseline`` is the mean the treated would
    have had without treatment.
    """

    estimate: float
    se: float
    influence: Floats
    method: str
    n: int
    n_treated: int
    clusters: int | None = None
    clusters_treated: int | None = None
    df: float = math.inf
    level: float = 0.05
    baseline: float = math.nan
    warnings: tuple[str, ...] = field(default=())

    @property
    def critical_value(self) -> float:
        return float(stats.t.ppf(1 - self.level / 2, self.df))

    @property
    def ci_low(self) -> float:
        return self.estimate - self.critical_value * self.se

    @property
    def ci_high(self) -> float:
        return self.estimate + self.critical_value * self.se

    @property
    def p(self) -> float:
        """Two-sided p-value of "no effect"; missing when the standard error is zero."""
        if not self.se > 0:
            return math.nan
        return float(2 * stats.t.sf(abs(self.estimate) / self.se, self.df))
