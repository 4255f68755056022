"""How far a difference-in-differences depends on its assumptions and on single clusters.

Bounds when trends were not parallel, one treated cluster left out at a time, a start that never was, the power of the
test of earlier trends, the difference between two populations, and what the two-way fixed-effects regression would say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from analysis.effects import did, staggered
from analysis.effects.cells import Cells
from analysis.effects.cluster import cr2
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.honest_bounds import EventEstimates, breakdown, relative_magnitudes
from analysis.effects.linear import fit_linear, partial_out, scale_and_absorb
from analysis.effects.refusal import DesignRefused

MAGNITUDES = (0.5, 1.0, 1.5, 2.0)
MOST_AFTER = 8  # times after the start: the vertices to list grow as C(2T, T)


@dataclass(frozen=True)
class TrendBounds:
    """``effect``: the mean over the times after the start, by treated rows, against the last time before it.
    ``intervals``: magnitude -> limits; ``breakdown`` as in :mod:`honest_bounds`."""

    effect: float
    intervals: dict[float, tuple[float, float]]
    breakdown: float


@dataclass(frozen=True)
class TwoWay:
    """The two-way fixed-effects coefficient; ``negative``: the sum of its negative weights, as a positive number."""

    estimate: Estimate
    negative: float


def event_estimates(study: did.EventStudy, cells: Cells) -> EventEstimates:
    """The event study with its CR2 covariance; the effect is the mean after the start by treated rows.

    Raises DesignRefused("one_period") when there is no coefficient before the start to measure trends by.
    """
    before = sum(time < study.start for time in study.times)
    if before == 0:
        raise DesignRefused("one_period")
    influence = np.column_stack([estimate.influence for estimate in study.estimates])
    shown = cells.time - cells.first if cells.is_staggered else cells.time
    rows = np.array([cells.size[cells.treated & (shown == time)].sum() for time in study.times[before:]])
    coefficients = np.array([estimate.estimate for estimate in study.estimates])
    return EventEstimates(coefficients, influence.T @ influence, before, rows / rows.sum())


def trend_bounds(study: did.EventStudy, cells: Cells, level: float = 0.05) -> TrendBounds:
    """Rambachan & Roth (2023, REStud 90(5)) at MAGNITUDES, and where the interval first holds zero.

    Raises DesignRefused without a coefficient before the start, or with more than MOST_AFTER times after it.
    """
    events = event_estimates(study, cells)
    if events.after > MOST_AFTER:
        raise DesignRefused("one_period")
    intervals = {bar: relative_magnitudes(events, bar, level) for bar in MAGNITUDES}
    return TrendBounds(events.effect, intervals, breakdown(events, level))


def subset(cells: Cells, kept: Booleans) -> Cells:
    """The ``kept`` cells, with codes of units and clusters anew."""
    clusters, cluster = np.unique(cells.cluster[kept], return_inverse=True)
    treated, start = cells.cluster_treated[clusters], cells.cluster_start[clusters]
    if not treated.any() or treated.all():
        raise DesignRefused("no_comparison" if treated.any() else "no_treated")
    first = int(start[treated].min())
    rows = {name: getattr(cells, name)[kept] for name in ("time", "treated", "size", "mean")}
    shares = {name: getattr(cells, name) for name in ("participation", "participant_outcome")}
    return replace(
        cells,
        **rows,
        **{name: None if values is None else values[kept] for name, values in shares.items()},
        unit=np.unique(cells.unit[kept], return_inverse=True)[1],
        cluster=cluster,
        cluster_treated=treated,
        cluster_stratum=cells.cluster_stratum[clusters],
        cluster_start=np.where(treated, start, first),
        start=first,
    )


def leave_one_out(cells: Cells, level: float = 0.05) -> list[Estimate]:
    """The effect without each treated cluster in turn, in ascending order (so that the place names no cluster)."""
    found = []
    for left_out in np.flatnonzero(cells.cluster_treated):
        try:
            found.append(did.pooled_effect(subset(cells, cells.cluster != left_out), level))
        except DesignRefused:  # without this cluster there is no estimate: nothing to compare
            continue
    return sorted(found, key=lambda estimate: estimate.estimate)


def is_fragile(headline: Estimate, others: Sequence[Estimate]) -> bool:
    """Whether one of ``others`` has another sign, or another answer to whether the interval holds zero."""

    def says(estimate: Estimate) -> tuple[bool, bool]:
        return estimate.estimate > 0, estimate.ci_low <= 0 <= estimate.ci_high

    return any(says(one) != says(headline) for one in others)


def placebo_date(cells: Cells, level: float = 0.05) -> tuple[int, Estimate]:
    """The effect of a start that never was, in the time before the true one, and by how many times it was moved.

    Each start moves into the middle of the times before it; treated cells after their true start are left out, and
    comparison cells after the last true start. Raises DesignRefused("one_period") with fewer than two times before.
    """
    moved, steps = cells.cluster_start.copy(), 0
    for start in cells.cohorts:
        times = sorted(set(cells.time[cells.treated & (cells.first == start)].tolist()))
        before = [time for time in times if time < start]
        if len(before) < 2:
            raise DesignRefused("one_period")
        place = len(before) // 2
        moved[cells.cluster_treated & (cells.cluster_start == start)] = before[place]
        steps = max(steps, len(before) - place)
    earlier = np.where(cells.treated, ~cells.post, cells.time < max(cells.cohorts))
    first = int(moved[cells.cluster_treated].min())
    moved = np.where(cells.cluster_treated, moved, first)
    return steps, did.pooled_effect(subset(replace(cells, cluster_start=moved, start=first), earlier), level)


def detectable_slope(study: did.EventStudy, level: float = 0.05, power: float = 0.80) -> float:
    """The straight difference in trend, a time, that a joint test of the times before finds with ``power``.

    Roth (2022, AER: Insights 4(3), section II), for the Wald test: with slope s the statistic is noncentral chi-square
    with s^2 d' V^-1 d, d the distances from the reference. Large samples: with few clusters the test finds less, so
    this is the least that could pass unseen. Missing without a time before, or when V is singular.
    """
    tested = [place for place, time in enumerate(study.times) if time < study.start]
    influence = np.column_stack([estimate.influence for estimate in study.estimates])[:, tested]
    if not tested or np.linalg.matrix_rank(influence) < len(tested):
        return math.nan
    distance = np.array([study.times[place] - study.reference for place in tested], dtype=float)
    information = float(distance @ np.linalg.solve(influence.T @ influence, distance))
    critical = stats.chi2.isf(level, len(tested))
    needed = optimize.brentq(lambda shift: stats.ncx2.sf(critical, len(tested), shift) - power, 1e-6, 1e4)
    return math.sqrt(needed / information)


def interaction(cells: Cells, second: Booleans, level: float = 0.05) -> Estimate:
    """The effect among the ``second`` cells minus that among the others, in one regression with everything apart.

    Units of the two populations are different units; clusters are the same, so that what they share is counted.
    """
    halves = [_columns(cells, ~second), _columns(cells, second)]
    common = halves[0][:, 0] + halves[1][:, 0]
    columns = np.column_stack([halves[1][:, 0], common, halves[0][:, 1:], halves[1][:, 1:]])
    fit = fit_linear(cells.mean, columns, cells.cluster, cells.size, cells.unit, cells.rows)
    inference = cr2(fit, [0])
    return Estimate(
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        method="interaction_cr2",
        n=cells.rows,
        n_treated=cells.treated_rows,
        clusters=len(cells.cluster_treated),
        clusters_treated=int(cells.cluster_treated.sum()),
        df=float(inference.df[0]),
        level=level,
    )


def _columns(cells: Cells, inside: Booleans) -> Floats:
    """The regressors of the effect (the effect first, then the rest and the times) in some cells, zero elsewhere."""
    part = subset(cells, inside)
    if part.is_staggered:
        effects = staggered.cohort_times(part)
        after = [effect for effect in effects if effect.since_start >= 0]
        columns = [*staggered.averaged(after), *(one.column for one in effects if one.since_start < 0)]
    else:
        columns = [(part.treated & part.post).astype(float)]
    found = np.column_stack([*columns, _times(part)])
    whole = np.zeros((len(cells.time), found.shape[1]))
    whole[inside] = found
    return whole


def two_way(cells: Cells, level: float = 0.05) -> TwoWay:
    """One coefficient for "treated now" with unit and time effects, as often run when starts differ, and its weights.

    It is a weighted sum of the effects in the treated cells, with weights size x (residual of "treated now" on the
    unit and time effects) over their sum; they can be negative (de Chaisemartin & D'Haultfoeuille 2020, AER 110(9),
    theorem 1).
    """
    now = (cells.treated & cells.post).astype(float)
    columns = np.column_stack([now, _times(cells)])
    fit = fit_linear(cells.mean, columns, cells.cluster, cells.size, cells.unit, cells.rows)
    scaled = scale_and_absorb(columns, cells.size, cells.unit)
    residual = partial_out(scaled[:, :1], scaled[:, 1:])[:, 0] * np.sqrt(cells.size)
    weights = residual[now == 1] / residual[now == 1].sum()
    inference = cr2(fit, [0])
    headline = did.pooled_effect(cells, level)
    estimate = replace(
        headline,
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        df=float(inference.df[0]),
        method="two_way_cr2",
        baseline=math.nan,
    )
    return TwoWay(estimate, float(-weights[weights < 0].sum()))


def _times(cells: Cells) -> Floats:
    codes = cells.time_code
    return (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float)
