"""Time until an event (a first job, leaving school) when some have not had it by the last day of the data.

Kaplan & Meier (1958, JASA 53(282)), optionally weighted; the difference in restricted mean survival time (Royston &
Parmar 2013, BMC Med. Res. Methodol. 13:152), which needs no proportional hazards; the log-rank test and Cox regression
are statsmodels'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.refusal import DesignRefused

METHOD = "restricted_mean"


@dataclass(frozen=True)
class Survival:
    """The share without the event just after each of ``times`` (when events occurred), with those then ``at_risk``."""

    times: Floats
    share: Floats
    at_risk: Floats
    events: Floats

    def at(self, time: float) -> float:
        """The share without the event at a time."""
        position = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if position == 0 else float(self.share[position - 1])


def kaplan_meier(duration: Floats, event: Booleans, weights: Floats | None = None) -> Survival:
    """The survival curve; ``duration`` n >= 0, ``event`` whether it ended in the event rather than with the data."""
    weights = np.ones(len(duration)) if weights is None else weights
    times, place = np.unique(duration, return_inverse=True)
    events = np.bincount(place, weights * event).astype(np.float64)
    leaving = np.bincount(place, weights).astype(np.float64)
    at_risk = leaving[::-1].cumsum()[::-1]
    happened = events > 0
    share = np.cumprod(1 - events[happened] / at_risk[happened])
    return Survival(times[happened], share, at_risk[happened], events[happened])


def restricted_mean(curve: Survival, horizon: float) -> float:
    """Mean time without the event up to ``horizon``: the area under the curve."""
    before = curve.times < horizon
    edges = np.concatenate([[0.0], curve.times[before], [horizon]])
    heights = np.concatenate([[1.0], curve.share[before]])
    return float(np.diff(edges) @ heights)


def restricted_mean_influence(
    duration: Floats, event: Booleans, horizon: float, weights: Floats | None = None
) -> Floats:
    """One value a person: its share in the error of the restricted mean (the martingale form of Greenwood's formula).

    influence_i = - sum over event times t < horizon of area(t) dM_i(t) / (at_risk(t) (1 - hazard(t))), where area(t) is
    what lies under the curve between t and the horizon and dM_i the person's own event less the hazard it was exposed
    to. The squares sum to Greenwood's variance; without censoring they are (duration - mean) / n.
    """
    weights = np.ones(len(duration)) if weights is None else weights
    curve = kaplan_meier(duration, event, weights)
    before = curve.times < horizon
    times, at_risk = curve.times[before], curve.at_risk[before]
    hazard = curve.events[before] / at_risk
    heights = curve.share[before]
    area = (np.diff(np.append(times, horizon)) * heights)[::-1].cumsum()[::-1]
    area = np.divide(area, 1 - hazard, out=np.zeros_like(area), where=hazard < 1)
    exposure = np.concatenate([[0.0], (area * hazard / at_risk).cumsum()])
    reached = np.searchsorted(times, duration, side="right")
    own = np.zeros(len(duration))
    place = np.searchsorted(times, duration)
    hit = event & (duration < horizon)
    own[hit] = (area / at_risk)[place[hit]]
    return -weights * (own - exposure[reached])


def survival_influence(duration: Floats, event: Booleans, time: float, weights: Floats | None = None) -> Floats:
    """One value a person: its share in the error of the curve at ``time`` (same form; squares sum to Greenwood's)."""
    weights = np.ones(len(duration)) if weights is None else weights
    curve = kaplan_meier(duration, event, weights)
    before = curve.times <= time
    times, at_risk = curve.times[before], curve.at_risk[before]
    hazard = curve.events[before] / at_risk
    pull = np.divide(curve.at(time), 1 - hazard, out=np.zeros_like(hazard), where=hazard < 1)
    exposure = np.concatenate([[0.0], (pull * hazard / at_risk).cumsum()])
    own = np.zeros(len(duration))
    hit = event & (duration <= time)
    own[hit] = (pull / at_risk)[np.searchsorted(times, duration)[hit]]
    return -weights * (own - exposure[np.searchsorted(times, duration, side="right")])


def restricted_mean_difference(
    duration: Floats,
    event: Booleans,
    treated: Booleans,
    horizon: float,
    weights: Floats | None = None,
    level: float = 0.05,
) -> Estimate:
    """Treated minus comparison, in the unit of ``duration``; weights are taken as given.

    Raises DesignRefused when a group is empty or nobody in it is followed as far as ``horizon``.
    """
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    weights = np.ones(len(duration)) if weights is None else weights
    means, influence = [], np.zeros(len(duration))
    for group, sign in ((treated, 1.0), (~treated, -1.0)):
        if duration[group].max() < horizon:
            raise DesignRefused("time_missing", time=horizon)
        part = (duration[group], event[group], horizon, weights[group])
        means.append(restricted_mean(kaplan_meier(duration[group], event[group], weights[group]), horizon))
        influence[group] = sign * restricted_mean_influence(*part)
    return Estimate(
        estimate=means[0] - means[1],
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=len(duration),
        n_treated=int(treated.sum()),
        level=level,
        baseline=means[1],
    )


def log_rank_p(duration: Floats, event: Booleans, treated: Booleans, stratum: Integers | None = None) -> float:
    """p of "the same hazard at all times" (Mantel 1966); from the statistic, since the packaged p underflows."""
    from statsmodels.duration.survfunc import survdiff

    with np.errstate(all="ignore"):
        statistic, _ = survdiff(duration, event.astype(int), treated.astype(int), strata=stratum)
    return float(stats.chi2.sf(statistic, 1))
