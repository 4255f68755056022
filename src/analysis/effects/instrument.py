"""An offer that not everybody takes: intention to treat, first stage and the effect on compliers (LATE).

One instrument, one treatment, any exogenous columns: Wald (1940) as two-stage least squares; the effect on compliers
by Imbens & Angrist (1994, Econometrica 62(2)). Beside the usual interval stands the set of Anderson & Rubin (1949),
which keeps its coverage however weak the first stage is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.cluster import cr2
from analysis.effects.estimate import Estimate, Floats, Integers
from analysis.effects.linear import dependent_columns, fit_linear, partial_out
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
        if not self.first_stage.se > 0:  # everybody offered takes it, nobody else does
            return math.inf
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

    Errors are heteroskedasticity-robust (HC1); with ``clusters`` (codes 0..) CR2 with Satterthwaite degrees of freedom,
    which for the effect on compliers are those of its residuals' regression on the offer. Raises
    DesignRefused when the offer is constant given the exogenous columns or does not move the treatment at all.
    """
    if dependent_columns(np.column_stack([exogenous, offer])):
        raise DesignRefused("collinear")
    free = partial_out(np.column_stack([outcome, treatment, offer]), exogenous)
    y, d, z = free.T
    if abs(z @ d) <= 1e-10 * float(np.linalg.norm(z)) * max(float(np.linalg.norm(d)), 1e-300):
        raise DesignRefused("no_participation")
    effect = float(z @ y / (z @ d))
    residual = y - effect * d
    spare = len(y) - exogenous.shape[1] - 1
    classical = math.sqrt(float(residual @ residual) / spare * float(z @ z)) / abs(z @ d)
    regress = _regression(z, exogenous, offer, spare, clusters)
    stage, intention, rest = regress(d), regress(y), regress(residual)
    counted = _Counted(level, treatment, *_clusters(offer, clusters))
    return Instrumented(
        effect=counted.estimate(effect, rest.influence / stage.coefficient, rest.df, METHOD),
        intention=counted.estimate(intention.coefficient, intention.influence, intention.df, "least_squares"),
        first_stage=counted.estimate(stage.coefficient, stage.influence, stage.df, "least_squares"),
        robust_set=_robust_set(y, d, z, spare, intention, stage, clusters, level),
        classical_se=classical,
    )


@dataclass(frozen=True)
class _OnOffer:
    """The coefficient of the offer, its influence (a row or a cluster) and degrees of freedom."""

    coefficient: float
    influence: Floats
    df: float


def _regression(
    z: Floats, exogenous: Floats, offer: Floats, spare: int, clusters: Integers | None
) -> Callable[[Floats], _OnOffer]:
    """Regresses a column (free of the exogenous ones) on the offer: HC1 when every row is a unit of its own, CR2 with
    Satterthwaite degrees of freedom for clusters (whose adjustment needs the exogenous columns too)."""

    def by_rows(free: Floats) -> _OnOffer:
        coefficient = float(z @ free / (z @ z))
        scores = z * (free - z * coefficient) / (z @ z) * math.sqrt(len(z) / spare)
        return _OnOffer(coefficient, scores, math.inf)

    def by_clusters(free: Floats) -> _OnOffer:
        assert clusters is not None
        fit = fit_linear(free, np.column_stack([offer, exogenous]), clusters)
        found = cr2(fit, [0])
        return _OnOffer(float(fit.coefficients[0]), found.influence[:, 0], float(found.df[0]))

    return by_rows if clusters is None else by_clusters


@dataclass(frozen=True)
class _Counted:
    """Estimates on the same rows."""

    level: float
    treatment: Floats
    clusters: int | None
    clusters_offered: int | None

    def estimate(self, value: float, influence: Floats, df: float, method: str) -> Estimate:
        return Estimate(
            estimate=value,
            se=float(np.sqrt((influence**2).sum())),
            influence=influence,
            method=method,
            n=len(self.treatment),
            n_treated=int((self.treatment > 0).sum()),
            clusters=self.clusters,
            clusters_treated=self.clusters_offered,
            df=df,
            level=self.level,
        )


def _clusters(offer: Floats, clusters: Integers | None) -> tuple[int | None, int | None]:
    """How many clusters there are, and in how many of them anybody was offered the treatment."""
    if clusters is None:
        return None, None
    return int(clusters.max()) + 1, int((np.bincount(clusters, offer > 0) > 0).sum())


def _robust_set(
    y: Floats, d: Floats, z: Floats, spare: int, intention: _OnOffer, stage: _OnOffer,
    clusters: Integers | None, level: float,
) -> RobustSet:  # fmt: skip
    """The Anderson-Rubin set; with clusters its form for few of them (Fieller 1954, by the CR2 influences)."""
    if clusters is None:
        return anderson_rubin(y, d, z, len(y) / spare, float(stats.norm.ppf(1 - level / 2)) ** 2)
    critical = float(stats.t.ppf(1 - level / 2, min(intention.df, stage.df))) ** 2
    influence = np.column_stack([intention.influence, stage.influence])
    return _not_rejected(np.array([intention.coefficient, stage.coefficient]), influence, critical)


def anderson_rubin(y: Floats, d: Floats, z: Floats, factor: float, critical: float) -> RobustSet:
    """All b with (z'(y - b d))^2 <= critical * factor * sum of squared scores of y - b d: a quadratic in b.

    ``y``, ``d`` and ``z`` are free of the exogenous columns; ``critical`` is the squared critical value.
    """
    scores = np.column_stack([z * y, z * d])
    return _not_rejected(scores.sum(axis=0), scores, critical * factor)


def _not_rejected(totals: Floats, influence: Floats, limit: float) -> RobustSet:
    """All b with (Y - b D)^2 <= limit * sum of (influence_y - b influence_d)^2, for ``totals`` (Y, D)."""
    (total_y, total_d), (own_y, own_d) = totals, influence.T
    square = total_d**2 - limit * (own_d**2).sum()
    half = limit * (own_y * own_d).sum() - total_y * total_d
    constant = total_y**2 - limit * (own_y**2).sum()
    root = half**2 - square * constant
    if root < 0:
        return RobustSet("line" if square < 0 else "empty")
    ends = sorted((-half + sign * math.sqrt(root)) / square for sign in (-1.0, 1.0)) if square else []
    if not ends:
        return RobustSet("line")
    return RobustSet("interval" if square > 0 else "outside", *ends)
