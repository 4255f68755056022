"""Hazards compared by regression: Cox (statsmodels, ties by Efron 1977) with the test of proportional hazards, and the
complementary log-log model of discrete time as its cross-check."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused

INTERVALS = 24  # of discrete time, where times are not whole numbers
LARGEST = 15.0  # a log hazard ratio beyond is a maximum at infinity


@dataclass(frozen=True)
class HazardRatio:
    """``log`` hazard ratio of the first column of the model with its ``se``; ``proportional_p``: p of "the ratio is the
    same at all times" (Grambsch & Therneau 1994, Biometrika 81(3), on ranks of time), missing where it is not made."""

    log: float
    se: float
    proportional_p: float = float("nan")

    @property
    def p(self) -> float:
        return float(2 * stats.norm.sf(abs(self.log) / self.se))


def cox(
    duration: Floats,
    event: Booleans,
    matrix: Floats,
    stratum: Integers | None = None,
    cluster: Integers | None = None,
) -> HazardRatio:
    """Cox regression; ``matrix`` n x k, its first column the treatment. Raises DesignRefused("separation") where the
    likelihood has no maximum."""
    from statsmodels.duration.hazard_regression import PHReg

    model = PHReg(duration, matrix, status=event.astype(int), ties="efron", strata=stratum)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = model.fit(groups=cluster, disp=0)
            residuals = np.asarray(found.schoenfeld_residuals)
        except (np.linalg.LinAlgError, ValueError, IndexError):
            raise DesignRefused("hazard_separation") from None
        unclustered = found if cluster is None else model.fit(disp=0)
        plain = np.asarray(unclustered.cov_params())
    ratio = _checked(float(found.params[0]), float(found.bse[0]))
    return HazardRatio(ratio.log, ratio.se, _proportional_p(residuals, duration, plain))


def _proportional_p(residuals: Floats, duration: Floats, covariance: Floats) -> float:
    """Scaled Schoenfeld residuals of the treatment against the rank of time."""
    known = ~np.isnan(residuals).any(axis=1)
    scaled = known.sum() * residuals[known] @ covariance[0]
    ranks = stats.rankdata(duration[known])
    centred = ranks - ranks.mean()
    spread = known.sum() * covariance[0, 0] * (centred**2).sum()
    if not spread > 0:
        return float("nan")
    return float(stats.chi2.sf((centred @ scaled) ** 2 / spread, 1))


def discrete_hazard(duration: Floats, event: Booleans, matrix: Floats, horizon: float) -> HazardRatio:
    """The hazard ratio of discrete time (Prentice & Gloeckler 1978, Biometrics 34(1)): a complementary log-log model
    with a constant for each interval up to ``horizon``; whole times are the intervals."""
    import statsmodels.api as sm

    period, last = _periods(duration, horizon)
    rows = np.repeat(np.arange(len(duration)), period)
    at = np.concatenate([np.arange(1, count + 1) for count in period]) if len(rows) else np.zeros(0, int)
    happened = event[rows] & (at == period[rows]) & last[rows]
    with_events = np.unique(at[happened])  # an interval without an event says nothing of the ratio
    kept = np.isin(at, with_events)
    if not kept.any():
        raise DesignRefused("no_event")
    dummies = (at[kept][:, None] == with_events).astype(float)
    regressors = np.column_stack([matrix[rows[kept]], dummies])
    grouped, place = np.unique(regressors, axis=0, return_inverse=True)
    yes = np.bincount(place.ravel(), happened[kept])
    counts = np.column_stack([yes, np.bincount(place.ravel()) - yes])
    family = sm.families.Binomial(sm.families.links.CLogLog())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = sm.GLM(counts, grouped, family=family).fit(maxiter=100)
        except (np.linalg.LinAlgError, ValueError, sm.tools.sm_exceptions.PerfectSeparationError):
            raise DesignRefused("hazard_separation") from None
    return _checked(float(found.params[0]), float(found.bse[0]))


def _periods(duration: Floats, horizon: float) -> tuple[Integers, Booleans]:
    """In how many intervals each is seen, and whether the last of them is where the time ends."""
    whole = bool((duration == np.round(duration)).all())
    width = 1.0 if whole and horizon <= 120 else horizon / INTERVALS
    until = np.maximum(np.ceil(duration / width), 1)
    most = int(np.ceil(horizon / width))
    return np.minimum(until, most).astype(np.int64), until <= most


def _checked(log: float, se: float) -> HazardRatio:
    if not (np.isfinite(log) and np.isfinite(se) and se > 0 and abs(log) < LARGEST and se < LARGEST):
        raise DesignRefused("hazard_separation")
    return HazardRatio(log, se)
