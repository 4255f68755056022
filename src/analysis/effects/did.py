"""Difference-in-differences from a common start, with unit and time effects, on unit-time cells.

    y_igt = unit_g + time_t + effect * treated_g * [t >= start] + error          (pooled effect)
    y_igt = unit_g + time_t + sum over k of effect_k * treated_g * [t = k]       (event study, k without the last time
                                                                                  before the start)

With one common start the two-way fixed-effects coefficient is the difference-in-differences itself; no treated unit
serves as a comparison (Goodman-Bacon 2021, J. Econometrics 225(2)). Intervals: CR2 with Satterthwaite degrees of
freedom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.effects import staggered
from analysis.effects.bands import uniform_critical_value
from analysis.effects.cells import Cells
from analysis.effects.cluster import ClusterInference, cr2
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.linear import LinearFit, fit_linear, partial_out, scale_and_absorb
from analysis.effects.randomisation import Assignments, randomisation_p
from analysis.effects.refusal import DesignRefused
from analysis.effects.wild_bootstrap import Weights, wild_bootstrap_p

METHOD, STAGGERED = "did_cr2", "staggered_cr2"


@dataclass(frozen=True)
class EventStudy:
    """Effects at ``times`` relative to ``reference``; staggered: by time since the start, which is 0.

    ``band_factor`` x se is the half-width of the uniform band.
    """

    times: list[int]
    reference: int
    estimates: list[Estimate]
    band_factor: float
    fit: LinearFit
    start: int


def fit_effect(cells: Cells) -> LinearFit:
    """The pooled regression; its first coefficient is the effect."""
    if cells.is_staggered:
        return staggered.fit_average(cells)
    return _fit(cells, (cells.treated & cells.post).astype(float)[:, None])


def pooled_effect(cells: Cells, level: float = 0.05) -> Estimate:
    """The effect on all rows of the treated after the start; baseline: what they would have had without it."""
    fit = fit_effect(cells)
    estimate = _estimate(cells, fit, cr2(fit, [0]), 0, level)
    treated_after = cells.treated & cells.post
    observed = float(np.average(cells.mean[treated_after], weights=cells.size[treated_after]))
    return replace(estimate, baseline=observed - estimate.estimate)


def per_participant(cells: Cells, level: float = 0.05) -> tuple[Estimate, Estimate]:
    """The effect per participant and the difference in participation it rests on (the first stage).

    Intention to treat over the difference in participation (Wald 1940; Angrist, Imbens & Rubin 1996), with the delta
    method on the CR2 influence of both: influence = (influence_y - ratio * influence_p) / difference. The degrees of
    freedom depend on the regressors alone, so they are those of the intention to treat.
    """
    if cells.participation is None or np.ptp(cells.participation) == 0:
        raise DesignRefused("no_participation")
    intention = pooled_effect(cells, level)
    uptake = pooled_effect(cells.with_outcome(cells.participation), level)
    if not abs(uptake.estimate) > 1e-10:
        raise DesignRefused("no_participation")
    ratio = intention.estimate / uptake.estimate
    influence = (intention.influence - ratio * uptake.influence) / uptake.estimate
    effect = Estimate(
        estimate=ratio,
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method="did_wald_cr2",
        n=intention.n,
        n_treated=intention.n_treated,
        clusters=intention.clusters,
        clusters_treated=intention.clusters_treated,
        df=intention.df,
        level=level,
        baseline=_participants_mean(cells) - ratio,
    )
    return effect, uptake


def _participants_mean(cells: Cells) -> float:
    """Mean outcome of the participants; missing when comparison units take part too (then it is not what compares)."""
    assert cells.participation is not None and cells.participant_outcome is not None
    treated_after = cells.treated & cells.post
    if cells.participation[~treated_after].any():
        return float("nan")
    size = cells.size[treated_after]
    return float(size @ cells.participant_outcome[treated_after] / (size @ cells.participation[treated_after]))


def event_study(cells: Cells, level: float = 0.05, draws: int = 9999, seed: int = 1) -> EventStudy:
    """The effect at each time at which treated units are seen, relative to the last such time before the start."""
    if cells.is_staggered:
        fit, times = staggered.fit_by_time_since_start(cells)
        return _event_study(cells, fit, times, -1, 0, level, draws, seed)
    seen = sorted(set(cells.time[cells.treated].tolist()))
    before = [time for time in seen if time < cells.start]
    if not before:
        raise DesignRefused("no_period_before", start=cells.start)
    times = [time for time in seen if time != before[-1]]
    columns = np.stack([cells.treated & (cells.time == time) for time in times], axis=1).astype(float)
    return _event_study(cells, _fit(cells, columns), times, before[-1], cells.start, level, draws, seed)


def _event_study(
    cells: Cells, fit: LinearFit, times: list[int], reference: int, start: int, level: float, draws: int, seed: int
) -> EventStudy:
    inference = cr2(fit, list(range(len(times))))
    estimates = [_estimate(cells, fit, inference, position, level) for position in range(len(times))]
    factor = uniform_critical_value(inference.influence, level, float(inference.df.min()), draws, seed)
    return EventStudy(times, reference, estimates, factor, fit, start)


def pretrend_p(
    study: EventStudy, draws: int = 9999, seed: int = 1, weights: Weights | None = None
) -> tuple[float, int]:
    """p of "no difference in trend before the start" and the number of coefficients tested (0: nothing to test).

    All coefficients before the start at once, by the wild cluster restricted bootstrap of the Wald statistic: the
    same inference as for the effect. It was preferred to the approximate Hotelling test of Pustejovsky & Tipton
    (2018), whose denominator loses a degree of freedom a coefficient and so has little power left with few treated
    clusters.
    """
    tested = [position for position, time in enumerate(study.times) if time < study.start]
    return (wild_bootstrap_p(study.fit, tested, draws, seed, weights) if tested else float("nan")), len(tested)


def effect_wild_p(cells: Cells, draws: int = 9999, seed: int = 1, weights: Weights | None = None) -> float:
    """p of the pooled effect by the wild cluster restricted bootstrap."""
    return wild_bootstrap_p(fit_effect(cells), [0], draws, seed, weights)


def effect_randomisation_p(cells: Cells, alternatives: Assignments) -> float:
    """p of the pooled effect by studentised randomisation inference over clusters."""
    member = cells.cluster[:, None] == np.arange(len(cells.cluster_treated))
    exposure = (member & cells.post[:, None]).astype(float)
    columns = scale_and_absorb(np.column_stack([cells.mean, exposure, time_columns(cells)]), cells.size, cells.unit)
    width = 1 + exposure.shape[1]
    free = partial_out(columns[:, :width], columns[:, width:])
    return randomisation_p(free[:, 0], free[:, 1:], cells.cluster, cells.cluster_treated, alternatives)


def before_after(cells: Cells, level: float = 0.05) -> Estimate:
    """The treated units' mean after the start minus their mean before. Not causal: whatever else changed is in it."""
    return _difference_in_means(cells, cells.treated, cells.post, "before_after", level)


def raw_difference(cells: Cells, level: float = 0.05) -> Estimate:
    """After the start, the treated units' mean minus the comparison units' mean. Not causal."""
    return _difference_in_means(cells, cells.post, cells.treated, "raw_difference", level)


def _difference_in_means(cells: Cells, rows: Booleans, group: Booleans, method: str, level: float) -> Estimate:
    indicator = group[rows].astype(float)
    _, cluster = np.unique(cells.cluster[rows], return_inverse=True)
    columns = np.column_stack([indicator, np.ones(len(indicator))])
    size = cells.size[rows]
    fit = fit_linear(cells.mean[rows], columns, cluster, weights=size, observations=int(size.sum()))
    inference = cr2(fit, [0])
    return Estimate(
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        method=method,
        n=int(size.sum()),
        n_treated=int(size[cells.treated[rows]].sum()),
        clusters=fit.cluster_count,
        clusters_treated=len(set(cells.cluster[rows & cells.treated].tolist())),
        df=float(inference.df[0]),
        level=level,
        baseline=float(fit.coefficients[1]),
    )


def time_columns(cells: Cells) -> Floats:
    """Time dummies without the first."""
    code = cells.time_code
    return (code[:, None] == np.arange(1, code.max() + 1)).astype(float)


def _fit(cells: Cells, columns: Floats) -> LinearFit:
    every = np.column_stack([columns, time_columns(cells)])
    return fit_linear(cells.mean, every, cells.cluster, weights=cells.size, groups=cells.unit, observations=cells.rows)


def _estimate(cells: Cells, fit: LinearFit, inference: ClusterInference, position: int, level: float) -> Estimate:
    return Estimate(
        estimate=float(fit.coefficients[position]),
        se=float(inference.se[position]),
        influence=inference.influence[:, position],
        method=STAGGERED if cells.is_staggered else METHOD,
        n=cells.rows,
        n_treated=cells.treated_rows,
        clusters=len(cells.cluster_treated),
        clusters_treated=int(cells.cluster_treated.sum()),
        df=float(inference.df[position]),
        level=level,
    )
