"""The effect of a treatment given by lot: intention to treat, adjusted and not, with randomisation inference.

    y_i = effect * treated_i + stratum_s + error_i                                   (unadjusted)
    y_i = effect * treated_i + x_i b + treated_i * x_i c + stratum_s + error_i       (adjusted, x centred)

Lots drawn within strata give an effect for each stratum, put together by the strata's size: treated stands interacted
with the centred strata (Imbens & Rubin 2015, chapters 7 and 9). The adjusted regression is Lin's (2013, Annals of
Applied Statistics 7(1)): adjustment never makes the large-sample variance worse, whatever the true model. Independent
units: HC2 with Bell-McCaffrey degrees of freedom; units drawn by clusters: CR2 with Satterthwaite ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.cluster import cr2
from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.heteroskedastic import row_inference
from analysis.effects.linear import LinearFit, dependent_columns, fit_linear, partial_out
from analysis.effects.randomisation import Assignments, assignments, randomisation_p
from analysis.effects.refusal import DesignRefused
from analysis.effects.wild_bootstrap import Weights, wild_bootstrap_p
from analysis.study.settings import StandardErrors

MOST_CELLS = 4_000_000  # of the drawn assignments held at a time


@dataclass(frozen=True)
class Experiment:
    """Who was drawn and what became of them; rows without the outcome left out.

    ``outcome``, ``treated``, ``stratum`` (codes 0..S-1): n each; ``covariates`` n x k, known before the lot;
    ``cluster`` codes 0..G-1, None when every row was drawn by itself; ``level`` error probability. ``shares`` of the
    strata and ``means`` of the covariates among those the effect is about, where they are more than these rows (two
    arms of several).
    """

    outcome: Floats
    treated: Booleans
    stratum: Integers
    covariates: Floats
    cluster: Integers | None
    level: float
    shares: Floats | None = None
    means: Floats | None = None

    @property
    def clusters(self) -> Integers:
        """What was drawn: the clusters, or each row."""
        return np.arange(len(self.outcome)) if self.cluster is None else self.cluster


def check_experiment(experiment: Experiment) -> None:
    """Refuse an experiment without two groups, with a stratum that has one only, or clusters that are split."""
    if experiment.treated.all() or not experiment.treated.any():
        raise DesignRefused("no_comparison" if experiment.treated.all() else "no_treated")
    if experiment.cluster is not None:
        share = np.bincount(experiment.cluster, experiment.treated) / np.bincount(experiment.cluster)
        if not np.isin(share, (0.0, 1.0)).all():
            raise DesignRefused("cluster_split", count=int((~np.isin(share, (0.0, 1.0))).sum()))
    for code in np.unique(experiment.stratum):
        inside = experiment.treated[experiment.stratum == code]
        if inside.all() or not inside.any():
            raise DesignRefused("stratum_one_sided", count=_one_sided(experiment))


def _one_sided(experiment: Experiment) -> int:
    shares = np.bincount(experiment.stratum, experiment.treated) / np.bincount(experiment.stratum)
    return int(np.isin(shares, (0.0, 1.0)).sum())


def difference(experiment: Experiment, kind: StandardErrors = "hc2") -> Estimate:
    """The difference of means between those drawn and the others, stratum by stratum where there are strata."""
    return _estimate(experiment, _fit(experiment, _strata(experiment)), "randomised", kind)


def adjusted(experiment: Experiment) -> Estimate:
    """The same with everything known before the lot held equal; never less honest, mostly more exact.

    Refused ("too_few_units") when a group is no larger than the number of columns.
    """
    columns = np.column_stack([_strata(experiment), _centred(experiment.covariates, experiment.means)])
    columns = np.delete(columns, dependent_columns(columns), axis=1)
    counts = (int(experiment.treated.sum()), int((~experiment.treated).sum()))
    if min(counts) <= columns.shape[1] + 1:
        raise DesignRefused("too_few_units", treated=counts[0], comparison=counts[1])
    return _estimate(experiment, _fit(experiment, columns), "randomised_adjusted", "hc2")


def randomisation_test(experiment: Experiment, draws: int, seed: int) -> tuple[float, float]:
    """p of "no effect on anybody" by drawing the lots anew, studentised, and the smallest p so many draws can give."""
    chances = lots(experiment, draws, seed)
    if experiment.cluster is None:
        return _p_of_rows(experiment, chances), chances.smallest_p
    strata = np.column_stack([np.ones(len(experiment.outcome)), _strata(experiment)])
    member = np.eye(int(experiment.cluster.max()) + 1)[experiment.cluster]
    free = partial_out(np.column_stack([experiment.outcome, member]), strata)
    _, treated, _ = _drawn(experiment)
    return randomisation_p(free[:, 0], free[:, 1:], experiment.cluster, treated, chances), chances.smallest_p


def lots(experiment: Experiment, draws: int, seed: int) -> Assignments:
    """Other ways the lot could have fallen, within strata."""
    _, treated, stratum = _drawn(experiment)
    return assignments(treated, stratum, draws, seed)


def wild_p(experiment: Experiment, draws: int, seed: int, weights: Weights | None = None) -> float:
    """p of the effect by the wild cluster restricted bootstrap, for lots drawn by clusters."""
    return wild_bootstrap_p(_fit(experiment, _strata(experiment)), [0], draws, seed, weights)


def _drawn(experiment: Experiment) -> tuple[Integers, Booleans, Integers]:
    """One entry for each cluster (or row) drawn: the first row of it, its treatment, its stratum."""
    _, first = np.unique(experiment.clusters, return_index=True)
    return first, experiment.treated[first], experiment.stratum[first]


def _strata(experiment: Experiment) -> Floats:
    """Centred stratum indicators without the first."""
    codes = np.arange(1, int(experiment.stratum.max()) + 1)
    means = None if experiment.shares is None else experiment.shares[codes]
    return _centred((experiment.stratum[:, None] == codes).astype(float), means)


def _centred(columns: Floats, means: Floats | None = None) -> Floats:
    if not columns.size:
        return columns
    return columns - (columns.mean(axis=0) if means is None else means)


def _fit(experiment: Experiment, columns: Floats) -> LinearFit:
    """Treated first, then the constant, the columns, and the columns interacted with treated."""
    treated = experiment.treated.astype(float)
    interacted = columns * treated[:, None]
    every = np.column_stack([treated, np.ones(len(treated)), columns, interacted])
    dependent = dependent_columns(every)
    if 0 in dependent:
        raise DesignRefused("collinear")
    return fit_linear(experiment.outcome, np.delete(every, dependent, axis=1), experiment.clusters)


def _estimate(experiment: Experiment, fit: LinearFit, method: str, kind: StandardErrors) -> Estimate:
    if experiment.cluster is None:
        rows = row_inference(fit, 0, kind)
        influence, df, suffix = rows.influence, rows.df, str(kind)
    else:
        clustered = cr2(fit, [0])
        influence, df, suffix = clustered.influence[:, 0], float(clustered.df[0]), "cr2"
    _, treated, _ = _drawn(experiment)
    value = float(fit.coefficients[0])
    return Estimate(
        estimate=value,
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=f"{method}_{suffix}",
        n=len(experiment.outcome),
        n_treated=int(experiment.treated.sum()),
        clusters=None if experiment.cluster is None else len(treated),
        clusters_treated=None if experiment.cluster is None else int(treated.sum()),
        df=df,
        level=experiment.level,
        baseline=float(experiment.outcome[experiment.treated].mean()) - value,
    )


def _p_of_rows(experiment: Experiment, chances: Assignments) -> float:
    """Every row drawn by itself: the difference over Neyman's error, stratum by stratum, at each assignment."""
    actual = experiment.treated.astype(float)[None, :]
    observed = _studentised(actual, experiment)[0]
    if np.isnan(observed):
        return float("nan")
    step = max(1, MOST_CELLS // len(experiment.outcome))
    parts = [chances.treated[start : start + step] for start in range(0, len(chances.treated), step)]
    drawn = np.concatenate([_studentised(part, experiment) for part in parts])
    exceeding = int((np.nan_to_num(drawn, nan=np.inf) >= observed * (1 - 1e-9)).sum())
    return exceeding / len(drawn) if chances.exhaustive else (1 + exceeding) / (len(drawn) + 1)


def _studentised(assigned: Floats, experiment: Experiment) -> Floats:
    """Squared statistic of each assignment: (sum of share x difference)^2 / (sum of share^2 x Neyman variance)."""
    effect, variance = np.zeros(len(assigned)), np.zeros(len(assigned))
    for code in range(int(experiment.stratum.max()) + 1):
        inside = experiment.stratum == code
        share = inside.mean()
        values = experiment.outcome[inside] - experiment.outcome[inside].mean()
        one = _moments(assigned[:, inside], values)
        other = _moments(1 - assigned[:, inside], values)
        effect += share * (one[0] - other[0])
        variance += share**2 * (one[1] + other[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return effect**2 / variance


def _moments(chosen: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Mean, and variance of the mean, of the chosen values of each assignment."""
    count, total = chosen.sum(axis=1), chosen @ values
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / count
        return mean, (chosen @ values**2 - count * mean**2) / (count - 1) / count
