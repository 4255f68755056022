"""Time until an event (a first job, leaving school) when some have not had it by the last day of the data.

Kaplan & Meier (1958, JASA 53(282)), optionally weighted; the difference in restricted mean survival time (Royston &
Parmar 2013, BMC Med. Res. Methodol. 13:152), which needs no proportional hazards; the log-rank test and Cox regression
are statsmodels'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.refusal import DesignRefused

METHOD = "restricted_mean"
LONGEST_COUNTED = 10_000  # whole times beyond this and the number of people are sorted, not counted


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


@dataclass(frozen=True)
class Followed:
    """n people put in the order of time once, for their curve and what each person adds to its error.

    ``times`` in order hold every duration (and others, perhaps); ``place`` n is 2k for a person whose data end at
    times[k], 2k + 1 for one who has the event then; ``weights`` n are taken as given, None: everybody counts once.
    """

    times: Floats
    place: Integers
    weights: Floats | None = None

    @classmethod
    def of(cls, duration: Floats, event: Booleans, weights: Floats | None = None) -> Followed:
        """From each person's ``duration`` n >= 0 and ``event`` n: whether it ended in the event."""
        times, position = _in_order(duration)
        return cls(times, 2 * position + event, weights)

    @cached_property
    def curve(self) -> Survival:
        """The survival curve (Kaplan & Meier 1958, equation 2b)."""
        events, leaving = self._ends()
        at_risk = leaving[::-1].cumsum()[::-1]
        happened = events > 0
        share = np.cumprod(1 - events[happened] / at_risk[happened])
        return Survival(self.times[happened], share, at_risk[happened], events[happened])

    def _ends(self) -> tuple[Floats, Floats]:
        """The weight of those who have the event at each of ``times``, and of all whose data end then."""
        size = len(self.times)
        if self.weights is None:
            counts = np.bincount(self.place, minlength=2 * size).reshape(size, 2).astype(np.float64)
            return counts[:, 1], counts.sum(axis=1)
        position, event = self.place // 2, self.place % 2
        events = np.bincount(position, self.weights * event, minlength=size)
        return events.astype(np.float64), np.bincount(position, self.weights, minlength=size).astype(np.float64)

    def influence_on_mean(self, horizon: float) -> Floats:
        """One value a person: its share in the error of the restricted mean (the martingale form of Greenwood's
        formula).

        influence_i = - sum over event times t < horizon of area(t) dM_i(t) / (at_risk(t) (1 - hazard(t))), where
        area(t) is what lies under the curve between t and the horizon and dM_i the person's own event less the hazard
        it was exposed to. The squares sum to Greenwood's variance; without censoring they are (duration - mean) / n.
        """
        before = self.curve.times < horizon
        heights = self.curve.share[before]
        area = (np.diff(np.append(self.curve.times[before], horizon)) * heights)[::-1].cumsum()[::-1]
        return self._influence(before, area)

    def influence_on_share(self, time: float) -> Floats:
        """One value a person: its share in the error of the curve at ``time`` (same form; squares sum to
        Greenwood's)."""
        before = self.curve.times <= time
        return self._influence(before, np.full(int(before.sum()), self.curve.at(time)))

    def _influence(self, before: Booleans, weight: Floats) -> Floats:
        """``weight``: what an event at each of the curve's times ``before`` the end takes from the estimate."""
        times, at_risk = self.curve.times[before], self.curve.at_risk[before]
        hazard = self.curve.events[before] / at_risk
        pull = np.divide(weight, 1 - hazard, out=np.zeros_like(hazard), where=hazard < 1)
        own = np.zeros(len(self.times))
        own[np.searchsorted(self.times, times)] = pull / at_risk
        exposure = np.concatenate([[0.0], (pull * hazard / at_risk).cumsum()])
        exposed = exposure[np.searchsorted(times, self.times, side="right")]
        each = np.column_stack([exposed, exposed - own]).ravel()[self.place]
        return each if self.weights is None else self.weights * each


def _in_order(duration: Floats) -> tuple[Floats, Integers]:
    """Times that hold every duration, and the place of each; whole numbers (of days, of months) need no sorting."""
    with np.errstate(invalid="ignore"):
        whole = duration.astype(np.int64)
    last = int(whole.max(initial=0))
    if (whole == duration).all() and whole.min(initial=0) >= 0 and last <= len(duration) + LONGEST_COUNTED:
        return np.arange(last + 1, dtype=np.float64), whole
    times, place = np.unique(duration, return_inverse=True)
    return times, place


def kaplan_meier(duration: Floats, event: Booleans, weights: Floats | None = None) -> Survival:
    """The survival curve; ``duration`` n >= 0, ``event`` whether it ended in the event rather than with the data."""
    return Followed.of(duration, event, weights).curve


def restricted_mean(curve: Survival, horizon: float) -> float:
    """Mean time without the event up to ``horizon``: the area under the curve."""
    before = curve.times < horizon
    edges = np.concatenate([[0.0], curve.times[before], [horizon]])
    heights = np.concatenate([[1.0], curve.share[before]])
    return float(np.diff(edges) @ heights)


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
        followed = Followed.of(duration[group], event[group], weights[group])
        means.append(restricted_mean(followed.curve, horizon))
        influence[group] = sign * followed.influence_on_mean(horizon)
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
