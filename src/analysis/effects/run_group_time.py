"""All rows of one outcome under difference-in-differences with covariates, or with units that start later comparing.

The rule of inference: influence functions summed within clusters, times the root of G / (G - 1), and a t distribution
whose degrees of freedom are those of the smaller side, its number of clusters less one. CR2, the wild bootstrap and
randomisation inference test a linear model in which no propensity score is estimated, so they are not made here; the
degrees of freedom are chosen low for that reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects import checks, did
from analysis.effects.bands import uniform_critical_value
from analysis.effects.beside_print import beside_print
from analysis.effects.cells import Cells, collapse
from analysis.effects.columns import numbers
from analysis.effects.did_sensitivity import Found, bound_rows, drift_rows, with_checks
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.group_time import GroupTime, group_time_effects
from analysis.effects.group_time_averages import Averages, dynamic, simple
from analysis.effects.observed import observed
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, band, noted, told, too_few_clusters
from analysis.effects.staggered import NEVER
from analysis.effects.trend_bounds import detectable_slope, event_estimates
from analysis.effects.units_over_time import Observed
from analysis.effects.verdict import interval_rejects, verdict
from analysis.study.design_settings import DifferenceInDifferences, Staggered
from analysis.study.settings import Inference, Outcome

METHOD = "group_time_dr"


def needs_group_time(design: DifferenceInDifferences | Staggered) -> bool:
    """Whether the regression on cells cannot serve the design."""
    later = isinstance(design, Staggered) and design.comparison == "not_yet_treated"
    return bool(design.covariates) or later


def adjusted_rows(
    subject: Subject,
    members: pd.DataFrame,
    outcome: Outcome,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> Iterator[Row]:
    """``effect``, ``pretrend``, ``event``, without excluded times, per participant, and the two that are not causal."""
    cells = _cells(members, subject.outcome, design)
    found = _Found.of(members, subject.outcome, design)
    headline, *trends = _effect_and_trend(subject, found, inference, "effect", "all")
    headline, asked = with_checks(headline, _doubts(subject, found, headline, inference))
    yield from (headline, *trends, *asked)
    yield from _events(subject, found, design, inference.level)
    if outcome.published is not None:
        yield from beside_print(subject, outcome.published, _estimate(found, *simple(found.effects), inference.level))
    if design.exclude_times_sensitivity:
        try:
            fewer = _Found.of(members, subject.outcome, design, design.exclude_times_sensitivity)
            yield from _effect_and_trend(subject, fewer, inference, "effect_without_pandemic", "without_pandemic")
        except DesignRefused as refusal:
            yield subject.refused_row("effect_without_pandemic", refusal)
    if outcome.participation:
        yield _per_participant(subject, members, outcome.participation, design, inference)
    if cells is not None:
        yield subject.estimate_row("naive", did.before_after(cells, inference.level))
        yield subject.estimate_row("raw_difference", did.raw_difference(cells, inference.level))


def _cells(members: pd.DataFrame, name: str, design: DifferenceInDifferences | Staggered) -> Cells | None:
    """The cells, whose making refuses what no design can carry; None when only units that start later compare."""
    try:
        return collapse(members, name, design)
    except DesignRefused as refusal:
        later = isinstance(design, Staggered) and design.comparison == "not_yet_treated"
        if refusal.rule == "no_comparison" and later:
            return None
        raise


@dataclass(frozen=True)
class _Found:
    """The rows of one outcome with their group-time effects."""

    rows: Observed
    effects: GroupTime

    @classmethod
    def of(
        cls,
        members: pd.DataFrame,
        name: str,
        design: DifferenceInDifferences | Staggered,
        excluded_times: Sequence[int] = (),
    ) -> _Found:
        rows = observed(members, name, design, excluded_times)
        comparison = design.comparison if isinstance(design, Staggered) else "never_treated"
        return cls(rows, group_time_effects(rows, comparison))

    @property
    def clusters(self) -> tuple[int, int]:
        """Treated clusters, and those that compare (all but the first cohort's when none is never treated)."""
        start = np.full(int(self.rows.cluster.max()) + 1, NEVER)
        start[self.rows.cluster] = self.rows.start
        never = int((start == NEVER).sum())
        return int((start != NEVER).sum()), never or int((start != start.min()).sum())

    @property
    def df(self) -> float:
        return float(max(min(self.clusters) - 1, 1))


def _estimate(found: _Found, value: float, influence: Floats, level: float) -> Estimate:
    """With the standard error as it stands in papers: infinitely many clusters."""
    rows = found.rows
    after = rows.time >= rows.start
    treated = rows.start != NEVER
    notes = list(rows.covariates.warnings)
    if found.effects.skipped:
        notes.append(noted([("effects_without_comparison", len(found.effects.skipped))]))
    return Estimate(
        estimate=value,
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=len(rows.outcome),
        n_treated=int(treated.sum()),
        clusters=len(influence),
        clusters_treated=found.clusters[0],
        level=level,
        baseline=float(rows.outcome[after & treated].mean()) - value,
        warnings=tuple(notes),
    )


def few_clusters(found: _Found, estimate: Estimate) -> Estimate:
    """The same with the standard error and the degrees of freedom of few clusters (the rule at the top)."""
    count = len(estimate.influence)
    factor = math.sqrt(count / (count - 1))
    return replace(estimate, se=estimate.se * factor, influence=estimate.influence * factor, df=found.df)


def adjusted_effect(
    members: pd.DataFrame,
    name: str,
    design: DifferenceInDifferences | Staggered,
    level: float,
    excluded_times: Sequence[int] = (),
) -> Estimate:
    """The headline alone, without the test of trends before the start."""
    found = _Found.of(members, name, design, excluded_times)
    return few_clusters(found, _estimate(found, *simple(found.effects), level))


def group_time_average(
    members: pd.DataFrame, name: str, design: DifferenceInDifferences | Staggered, level: float
) -> Estimate:
    """The simple average of the group-time effects with the standard error that papers print beside it."""
    found = _Found.of(members, name, design)
    return _estimate(found, *simple(found.effects), level)


def _effect_and_trend(subject: Subject, found: _Found, inference: Inference, measure: str, term: str) -> Iterator[Row]:
    level = inference.level
    estimate = few_clusters(found, _estimate(found, *simple(found.effects), level))
    p, tested = pretrend_p(found, dynamic(found.effects))
    gates = [checks.pretrend(p), checks.clusters(*found.clusters), checks.degrees_of_freedom(estimate.df)]
    few = too_few_clusters(estimate)
    answers = [None if few else interval_rejects(estimate)]
    said: Row = {"verdict": verdict(answers, gates), "checks": checks.written(gates)}
    if not few:
        said["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, inference.power)
    yield subject.estimate_row(measure, estimate, **said)
    counts: Row = {"n": estimate.n, "n_treated": estimate.n_treated}
    counts |= {"clusters": estimate.clusters, "clusters_treated": estimate.clusters_treated}
    trend = checks.written([checks.pretrend(p)])
    shown = {"estimate": p, "p": p, "df": tested or None, "checks": trend, "method": "hotelling"}
    yield told({**subject.row("pretrend", term, **shown, **counts), "unit": "p"})


def _doubts(subject: Subject, found: _Found, headline: Row, inference: Inference) -> Iterator[Found]:
    """Bounds on uneven trends, and the drift that the test of earlier ones may miss."""
    curve = dynamic(found.effects)
    if too_few_clusters(few_clusters(found, _estimate(found, *simple(found.effects), inference.level))):
        return
    plain = (
        _estimate(found, float(value), curve.influence[:, place], inference.level)
        for place, value in enumerate(curve.estimate)
    )
    estimates = [few_clusters(found, one) for one in plain]
    since = found.rows.time - found.rows.start
    rows = np.array([float((since == label).sum()) for label in curve.labels])
    with suppress(DesignRefused):  # no time before: the test of trends says so already
        events = event_estimates(curve.labels, estimates, 0, rows, found.df)
        yield from bound_rows(subject, headline, events, inference.level)
    before = [place for place, label in enumerate(curve.labels) if label < 0]
    distances = [curve.labels[place] + 1 for place in before]
    slope = detectable_slope(distances, [estimates[place] for place in before], inference.level, inference.power)
    line = replace(found.effects, estimate=(found.effects.time - found.effects.cohort + 1).astype(float))
    yield from drift_rows(subject, headline, slope * simple(line)[0])


def pretrend_p(found: _Found, curve: Averages) -> tuple[float, int]:
    """p of "no difference in trend before the start" and how many coefficients it tests: Hotelling's T squared with the
    degrees of freedom of the rule; missing when there are no more of them than coefficients."""
    before = [position for position, label in enumerate(curve.labels) if label < 0]
    count, df = len(before), found.df
    if not before or df - count + 1 <= 0:
        return math.nan, count
    groups = len(curve.influence)
    covariance = curve.influence[:, before].T @ curve.influence[:, before] * groups / (groups - 1)
    distance = float(curve.estimate[before] @ np.linalg.pinv(covariance, hermitian=True) @ curve.estimate[before])
    return float(stats.f.sf(distance * (df - count + 1) / (df * count), count, df - count + 1)), count


def _events(
    subject: Subject, found: _Found, design: DifferenceInDifferences | Staggered, level: float
) -> Iterator[Row]:
    """By time since the start, or by calendar time when all start together; with the uniform band."""
    curve = dynamic(found.effects)
    factor = uniform_critical_value(curve.influence, level, found.df, design.draws, design.seed)
    origin = 0 if isinstance(design, Staggered) else design.start
    last = max(found.rows.time[(found.rows.time < found.rows.start)], default=origin - 1)
    reference = -1 if isinstance(design, Staggered) else int(last)
    shown: dict[int, Row] = {reference: subject.row("event", reference, estimate=0.0, method=METHOD, note="reference")}
    for position, label in enumerate(curve.labels):
        one = _estimate(found, float(curve.estimate[position]), curve.influence[:, position], level)
        one = few_clusters(found, replace(one, baseline=math.nan))
        shown[label + origin] = subject.estimate_row("event", one, label + origin, **band(one, factor))
    yield from (shown[time] for time in sorted(shown))


def _per_participant(
    subject: Subject,
    members: pd.DataFrame,
    participation: str,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> Row:
    """The effect over the difference in participation, both given covariates (delta method on their influence)."""
    measure = "effect_participants"
    try:
        known = ~np.isnan(numbers(members, participation)) & ~np.isnan(numbers(members, subject.outcome))
        members = members[known]
        found, uptake = _Found.of(members, subject.outcome, design), _Found.of(members, participation, design)
        (effect, error), (taken, taken_error) = simple(found.effects), simple(uptake.effects)
        if not abs(taken) > 1e-10:
            raise DesignRefused("no_participation")
    except DesignRefused as refusal:
        return subject.refused_row(measure, refusal)
    ratio = effect / taken
    plain = _estimate(found, ratio, (error - ratio * taken_error) / taken, inference.level)
    estimate = few_clusters(found, replace(plain, baseline=math.nan))
    p, _ = pretrend_p(found, dynamic(found.effects))
    stage = checks.first_stage(taken, float(np.sqrt((taken_error**2).sum())))
    gates = [checks.pretrend(p), stage, checks.clusters(*found.clusters), checks.degrees_of_freedom(estimate.df)]
    answers = [None if too_few_clusters(estimate) else interval_rejects(estimate)]
    row = subject.estimate_row(measure, estimate, verdict=verdict(answers, gates), checks=checks.written(gates))
    return {**row, "note": noted([("difference_in_participation", taken)])}
