"""An offer that not everybody takes: intention to treat, first stage and the effect on compliers (LATE).

One instrument, one treatment, any exogenous columns: Wald (1940) as two-stage least squares; the effect on compliers
by Imbens & Angrist (1994, Econometrica 62(2)). Beside the usual interval stands the set of Anderson & Rubin (1949),
which keeps its coverage however weak the first stage is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.cluster import sum_by_cluster
from analysis.effects.estimate import Estimate, Floats, Integers
from analysis.effects.linear import dependent_columns, partial_out
from analysis.effects.refusal import DesignRefused

METHOD = "two_stage_least_squares"


@dataclass(frozen=True)
class RobustSet:
    """The values of the effect that the Anderson-Rubin test does not reject.

    ``kind``: ``interval`` (low to high), ``outside`` (everything but what lies between low and high), ``line``
    (nothing can be ruled out) or ``empty``.
    """

    kind: str
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Instrumented:
    """``classical_se`` is the homoskedastic standard error that older tables print."""

    effect: Estimate
    intention: Estimate
    first_stage: Estimate
    robust_set: RobustSet
    classical_se: float

    @property
    def first_stage_f(self) -> float:
        """The robust F statistic of the instrument; with one instrument it is the effective F of Montiel Olea &
        Pflueger (2013, JBES 31(3))."""
        return (self.first_stage.estimate / self.first_stage.se) ** 2


def instrumented_effect(
    outcome: Floats,
    treatment: Floats,
    offer: Floats,
    exogenous: Floats,
    clusters: Integers | None = None,
    level: float = 0.05,
) -> Instrumented:
    """The effect of ``treatment`` (n) by the ``offer`` (n); ``exogenous`` (n x k) holds the constant.

    Errors are heteroskedasticity-robust (HC1), or cluster-robust when ``clusters`` (codes 0..) are given. Raises
    DesignRefused when the offer is constant given the exogenous columns or does not move the treatment at all.
    """
    if dependent_columns(np.column_stack([exogenous, offer])):
        raise DesignRefused("collinear")
    free = partial_out(np.column_stack([outcome, treatment, offer]), exogenous)
    y, d, z = free.T
    if abs(z @ d) <= 1e-10 * float(np.linalg.norm(z)) * max(float(np.linalg.norm(d)), 1e-300):
        raise DesignRefused("no_participation")
    factor = _small_sample_factor(len(y), exogenous.shape[1] + 1, clusters)
    make = _Maker(z, clusters, factor, level, treatment)
    effect = float(z @ y / (z @ d))
    residual = y - effect * d
    classical = math.sqrt(float(residual @ residual) / (len(y) - exogenous.shape[1] - 1) * float(z @ z)) / abs(z @ d)
    return Instrumented(
        effect=make.estimate(effect, z * residual / (z @ d), METHOD),
        intention=make.estimate(float(z @ y / (z @ z)), z * (y - z * (z @ y / (z @ z))) / (z @ z), "least_squares"),
        first_stage=make.estimate(float(z @ d / (z @ z)), z * (d - z * (z @ d / (z @ z))) / (z @ z), "least_squares"),
        robust_set=anderson_rubin(y, d, z, clusters, factor, make.critical_value**2),
        classical_se=classical,
    )


def _small_sample_factor(count: int, parameters: int, clusters: Integers | None) -> float:
    if clusters is None:
        return count / (count - parameters)
    groups = int(clusters.max()) + 1
    return groups / (groups - 1) * (count - 1) / (count - parameters)


@dataclass(frozen=True)
class _Maker:
    """Estimates that share instrument, clusters and degrees of freedom."""

    offer: Floats
    clusters: Integers | None
    factor: float
    level: float
    treatment: Floats

    @property
    def df(self) -> float:
        return math.inf if self.clusters is None else float(self.clusters.max())

    @property
    def critical_value(self) -> float:
        return float(stats.t.ppf(1 - self.level / 2, self.df))

    def estimate(self, value: float, scores: Floats, method: str) -> Estimate:
        influence = scores if self.clusters is None else sum_by_cluster(scores[:, None], self.clusters)[:, 0]
        influence = influence * math.sqrt(self.factor)
        return Estimate(
            estimate=value,
            se=float(np.sqrt((influence**2).sum())),
            influence=influence,
            method=method,
            n=len(scores),
            n_treated=int((self.treatment > 0).sum()),
            clusters=None if self.clusters is None else len(influence),
            df=self.df,
            level=self.level,
        )


def anderson_rubin(
    y: Floats, d: Floats, z: Floats, clusters: Integers | None, factor: float, critical: float
) -> RobustSet:
    """All b with (z'(y - b d))^2 <= critical * factor * sum of squared scores of y - b d: a quadratic in b.

    ``y``, ``d`` and ``z`` are free of the exogenous columns; ``critical`` is the squared critical value.
    """
    scores = np.column_stack([z * y, z * d])
    if clusters is not None:
        scores = sum_by_cluster(scores, clusters)
    total_y, total_d = scores.sum(axis=0)
    limit = critical * factor
    square = total_d**2 - limit * (scores[:, 1] ** 2).sum()
    half = limit * (scores[:, 0] * scores[:, 1]).sum() - total_y * total_d
    constant = total_y**2 - limit * (scores[:, 0] ** 2).sum()
    root = half**2 - square * constant
    if root < 0:
        return RobustSet("line" if square < 0 else "empty")
    ends = sorted((-half + sign * math.sqrt(root)) / square for sign in (-1.0, 1.0)) if square else []
    if not ends:
        return RobustSet("line")
    return RobustSet("interval" if square > 0 else "outside", *ends)
