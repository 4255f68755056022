"""Effects month by month on persons: one doubly robust estimate a column of outcomes, on the persons observed there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.bands import uniform_critical_value
from analysis.effects.columns import codes, outcome_values, require, whole_numbers
from analysis.effects.covariates import Covariates, model_matrix
from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.linear import sum_by_group
from analysis.effects.propensity import Link, fit_propensity
from analysis.effects.refusal import DesignRefused
from analysis.effects.weighting import Effects, Method, Target, treatment_effects

METHODS = {"treated": "aipw_att_normalised", "all": "aipw_ate_normalised"}
NO_VARIATION = 1e-10  # as a share of the level: what arithmetic leaves of an outcome that is the same for everybody


@dataclass(frozen=True)
class Sample:
    """The persons of a study: treatment, covariates and, if they are not independent, clusters (codes 0..); whom the
    effect is about (``target``), and the model of the propensity score (``link``)."""

    treated: Booleans
    covariates: Covariates
    clusters: Integers | None = None
    level: float = 0.05
    target: Target = "treated"
    link: Link = "logit"


@dataclass(frozen=True)
class Curve:
    """One entry a column: an Estimate, or the refusal that stands in its place. ``band_factor`` as in bands."""

    estimates: list[Estimate | DesignRefused]
    band_factor: float


def person_times(
    persons: pd.DataFrame, person_months: pd.DataFrame, unit: str, time: str, outcome: str
) -> tuple[list[int], Floats]:
    """The outcome as persons x times (NaN where not observed), rows in the order of ``persons``; and the times."""
    require(person_months, [unit, time, outcome])
    values = outcome_values(person_months, outcome)
    known = person_months[time].notna().to_numpy()
    followed = person_months.loc[known]
    who, when = codes(followed, unit), whole_numbers(followed, time)
    row = pd.Index(persons[unit]).get_indexer(who[1])[who[0]]
    times, column = np.unique(when, return_inverse=True)
    belongs = row >= 0
    cell = row[belongs] * len(times) + column[belongs]
    if twice := len(cell) - len(np.unique(cell)):
        raise DesignRefused("duplicate_unit_time", unit=unit, time=time, count=twice)
    table = np.full(len(persons) * len(times), np.nan)
    table[cell] = values[known][belongs]
    return [int(value) for value in times], table.reshape(len(persons), len(times))


def effect_curve(sample: Sample, outcomes: Floats, draws: int = 9999, seed: int = 1) -> Curve:
    """Normalised AIPW effects on the target group for each column of ``outcomes`` (n x m, NaN where not observed).

    Columns observed for the same persons share their models. Influence is zero for persons not observed, so that
    covariances between columns, and the uniform band, count who is in both.
    """
    influence = np.zeros_like(outcomes)
    estimates: list[Estimate | DesignRefused] = [DesignRefused("outcome_missing")] * outcomes.shape[1]
    for columns in _same_sample(~np.isnan(outcomes)):
        rows = ~np.isnan(outcomes[:, columns[0]])
        try:
            effects, warnings = weighted_effects(sample, rows, outcomes[rows][:, columns])
        except DesignRefused as refusal:
            for column in columns:
                estimates[column] = refusal
            continue
        influence[np.ix_(np.flatnonzero(rows), np.array(columns))] = effects.influence
        for position, column in enumerate(columns):
            estimates[column] = estimate_of(sample, rows, effects, position, warnings, METHODS[sample.target])
    independent = influence if sample.clusters is None else sum_by_group(influence, sample.clusters)
    return Curve(estimates, uniform_critical_value(independent, sample.level, _df(sample), draws, seed))


def difference_in_means(sample: Sample, outcome: Floats, method: str = "raw_difference") -> Estimate:
    """Mean of the treated minus mean of the others. Not causal."""
    rows = ~np.isnan(outcome)
    constant = np.ones((int(rows.sum()), 1))
    effects = treatment_effects(outcome[rows, None], sample.treated[rows], constant, None, None, method="ra")
    return estimate_of(sample, rows, effects, 0, (), method)


def change_of_treated(sample: Sample, before: Floats, after: Floats) -> Estimate:
    """The treated persons' mean change. Not causal: what would have happened anyway is in it."""
    rows = sample.treated & ~np.isnan(before) & ~np.isnan(after)
    if rows.sum() < 2:
        raise DesignRefused("outcome_missing")
    change = (after - before)[rows]
    influence = ((change - change.mean()) / len(change))[:, None]
    earlier = (before[rows] - before[rows].mean())[:, None] / len(change)
    effects = Effects(change.mean(keepdims=True), before[rows].mean(keepdims=True), influence, earlier)
    return estimate_of(sample, rows, effects, 0, (), "before_after")


def cluster_codes(persons: pd.DataFrame, cluster: str | None) -> Integers | None:
    """Codes 0.. of the clusters; one alone is refused, since no error can be computed between them."""
    if cluster is None:
        return None
    found = codes(persons, cluster)[0]
    if found.max() == 0:
        raise DesignRefused("one_cluster")
    return found


def _same_sample(observed: Booleans) -> list[list[int]]:
    """Columns grouped by who is observed; columns without anybody are left out."""
    groups: dict[bytes, list[int]] = {}
    for column in range(observed.shape[1]):
        if observed[:, column].any():
            groups.setdefault(observed[:, column].tobytes(), []).append(column)
    return list(groups.values())


def weighted_effects(
    sample: Sample, rows: Booleans, outcomes: Floats, method: Method = "aipw", normalised: bool = True
) -> tuple[Effects, tuple[str, ...]]:
    """Effects by ``method`` on ``outcomes`` (of the r ``rows``: r x m, no gaps), and warnings."""
    treated = sample.treated[rows]
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    inside = Covariates(sample.covariates.names, sample.covariates.values[rows], ())
    matrix, dropped = model_matrix(inside, treated)
    score = fit_propensity(matrix, treated, sample.link)
    effects = treatment_effects(outcomes, treated, matrix, matrix, score, method, sample.target, normalised)
    return effects, (*sample.covariates.warnings, *(f"collinear:{name}" for name in dropped))


def _df(sample: Sample) -> float:
    return math.inf if sample.clusters is None else float(sample.clusters.max())


def estimate_of(
    sample: Sample, rows: Booleans, effects: Effects, position: int, warnings: Sequence[str], method: str
) -> Estimate:
    """One outcome (``position``) of ``effects`` on the ``rows`` of the sample, clustered as the sample is."""
    influence = np.zeros(len(rows))
    influence[rows] = effects.influence[:, position]
    clusters = clusters_treated = None
    if sample.clusters is not None:
        clusters = len(np.unique(sample.clusters[rows]))
        clusters_treated = len(np.unique(sample.clusters[rows & sample.treated]))
        influence = sum_by_group(influence[:, None], sample.clusters)[:, 0]
    se, estimate = float(np.sqrt((influence**2).sum())), float(effects.estimate[position])
    rounding = NO_VARIATION * max(abs(estimate), abs(float(effects.baseline[position])))
    if se <= rounding:
        se, influence = 0.0, np.zeros_like(influence)
        estimate = 0.0 if abs(estimate) <= rounding else estimate
    return Estimate(
        estimate=estimate,
        se=se,
        influence=influence,
        method=method,
        n=int(rows.sum()),
        n_treated=int((rows & sample.treated).sum()),
        clusters=clusters,
        clusters_treated=clusters_treated,
        df=_df(sample),
        level=sample.level,
        baseline=float(effects.baseline[position]),
        warnings=tuple(warnings),
    )
