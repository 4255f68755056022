"""What an event study says of trends that were not quite parallel: bounds on its effect, and what its test could miss.

Bounds: Rambachan & Roth (2023, REStud 90(5)), relative magnitudes. What could be missed: Roth (2022, AER: Insights
4(3)), the straight difference in trend that the test of the times before finds with the declared power.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.effects.estimate import Estimate, Floats
from analysis.effects.honest_bounds import EventEstimates, breakdown, relative_magnitudes
from analysis.effects.refusal import DesignRefused

MAGNITUDES = (0.0, 0.5, 1.0, 2.0)
MOST_AFTER = 6  # times after the start: the vertices to list grow as C(2T, T)


@dataclass(frozen=True)
class TrendBounds:
    """``effect``: the mean over the times after the start against the last time before it. ``intervals``: magnitude ->
    limits. ``breakdown``: the largest magnitude under which the interval leaves zero out; missing when none does."""

    effect: float
    intervals: dict[float, tuple[float, float]]
    breakdown: float


def event_estimates(
    times: Sequence[int], estimates: Sequence[Estimate], start: int, rows: Floats, df: float
) -> EventEstimates:
    """Coefficients in order of ``times`` (the reference left out); the effect weighs those after ``start`` by ``rows``.

    The bounds rest on the normal distribution. Their covariance is widened by the square of the ratio of the t to the
    normal quantile, so that under parallel trends they are as wide as the interval with ``df`` degrees of freedom.
    Raises DesignRefused("no_trend_before") without a coefficient before the start.
    """
    order = np.argsort(times)
    before = sum(time < start for time in times)
    if before == 0:
        raise DesignRefused("no_trend_before")
    level = estimates[0].level
    widening = float((stats.t.isf(level / 2, df) / stats.norm.isf(level / 2)) ** 2)
    influence = np.column_stack([estimates[place].influence for place in order])
    coefficients = np.array([estimates[place].estimate for place in order])
    after = rows[order][before:]
    return EventEstimates(coefficients, widening * influence.T @ influence, before, after / after.sum())


def trend_bounds(events: EventEstimates, level: float = 0.05) -> TrendBounds:
    """The intervals at MAGNITUDES, and the breakdown; raises DesignRefused beyond MOST_AFTER times after the start."""
    if events.after > MOST_AFTER:
        raise DesignRefused("too_many_times", count=events.after, most=MOST_AFTER)
    if not events.has_error:
        raise DesignRefused("not_measurable")
    intervals = {bar: relative_magnitudes(events, bar, level) for bar in MAGNITUDES}
    least = breakdown(events, level)
    return TrendBounds(events.effect, intervals, least if least >= 0 else math.nan)


def detectable_slope(
    distances: Sequence[int], estimates: Sequence[Estimate], level: float = 0.05, power: float = 0.80
) -> float:
    """The straight difference in trend, a time, that a joint test of the times before finds with ``power``.

    ``distances``: of each coefficient before the start from the reference. With slope s the Wald statistic is
    noncentral chi-square with s^2 d' V^-1 d (Roth 2022, section II). That holds in large samples: with few clusters the
    test finds less, so this is the least that may pass unseen. Missing without a time before, or when V is singular.
    """
    if not estimates:
        return math.nan
    influence = np.column_stack([estimate.influence for estimate in estimates])
    if np.linalg.matrix_rank(influence) < len(estimates):
        return math.nan
    distance = np.array(distances, dtype=float)
    information = float(distance @ np.linalg.solve(influence.T @ influence, distance))
    critical = stats.chi2.isf(level, len(estimates))
    needed = optimize.brentq(lambda shift: stats.ncx2.sf(critical, len(estimates), shift) - power, 1e-6, 1e4)
    return math.sqrt(needed / information)
