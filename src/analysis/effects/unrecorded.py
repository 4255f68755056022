"""How strong unrecorded causes would have to be to explain a weighted headline away, in four measures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.effects.benchmark import Regression, regress
from analysis.effects.covariates import Covariates, model_matrix
from analysis.effects.curve import Sample, weighted_effects
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.linear import sum_by_group
from analysis.effects.propensity import fit_propensity
from analysis.effects.sensitivity import e_value, e_value_of_limit, oster_delta, rosenbaum_limit

CALIPER = 0.2  # standard deviations of the score's logit (Austin 2011, Pharmaceutical Statistics 10(2))
R2_FACTOR = 1.3  # Oster (2019): the R2 that all causes together would reach


@dataclass(frozen=True)
class Unrecorded:
    """``e_point``, ``e_limit``: E-values of the estimate and of its limit nearest to no effect; ``regression`` with
    robustness values and benchmark; ``gamma`` the largest Rosenbaum bound, on ``pairs``; ``delta`` Oster's."""

    e_point: float
    e_limit: float
    regression: Regression
    gamma: float
    pairs: int
    delta: float


def unrecorded_causes(sample: Sample, outcome: Floats, is_share: bool) -> Unrecorded:
    """``outcome`` n (NaN: left out); ``is_share``: E-values from the risk ratio, else from the standardised difference.

    Raises DesignRefused where the effect itself would.
    """
    rows = ~np.isnan(outcome)
    values, treated = outcome[rows], sample.treated[rows]
    inside = Covariates(sample.covariates.names, sample.covariates.values[rows], ())
    matrix, dropped = model_matrix(inside, treated)
    kept = [name for name in inside.names if name not in dropped]
    groups = [name.partition("=")[0] for name in kept][: matrix.shape[1] - 1]
    regression = regress(values, treated, matrix, groups, sample.level)
    gaps = paired_differences(values, treated, fit_propensity(matrix, treated, sample.link).score)
    towards = gaps * math.copysign(1, regression.estimate)
    gamma = rosenbaum_limit(towards, sample.level / 2) if len(towards) else math.nan
    point, limit = _e_values(sample, values, rows, is_share)
    return Unrecorded(point, limit, regression, gamma, len(gaps), _delta(values, treated, matrix, regression))


def paired_differences(outcome: Floats, treated: Booleans, score: Floats) -> Floats:
    """Outcome of each treated unit minus that of its own comparison unit: nearest in the logit of ``score``, none used
    twice, none farther than the caliper; the treated hardest to match choose first."""
    logit = np.log(score / (1 - score))
    free = np.flatnonzero(~treated)
    open_places = logit[free].copy()
    caliper = CALIPER * float(logit.std(ddof=1))
    gaps = []
    for unit in sorted(np.flatnonzero(treated), key=lambda place: (-logit[place], place)):
        distance = np.abs(open_places - logit[unit])
        nearest = int(distance.argmin())
        if distance[nearest] <= caliper:
            gaps.append(outcome[unit] - outcome[free[nearest]])
            open_places[nearest] = np.inf
    return np.array(gaps, dtype=float)


def _e_values(sample: Sample, values: Floats, rows: Booleans, is_share: bool) -> tuple[float, float]:
    """By the risk ratio with its interval (delta method on the log); else by exp(0.91 d) and its interval
    exp(0.91 d -+ 1.78 SE of d) (VanderWeele & Ding 2017, table 2)."""
    effects, _ = weighted_effects(sample, rows, values[:, None])
    effect, without = float(effects.estimate[0]), float(effects.baseline[0])
    factor = float(stats.norm.ppf(1 - sample.level / 2))
    if is_share:
        having = without + effect
        if not (having > 0 and without > 0):
            return math.nan, math.nan
        influence = (effects.influence + effects.baseline_influence) / having - effects.baseline_influence / without
        log, error = math.log(having / without), float(np.sqrt((_by_cluster(sample, rows, influence) ** 2).sum()))
    else:
        spread = float(values.std(ddof=1))
        error = 0.91 * float(np.sqrt((_by_cluster(sample, rows, effects.influence) ** 2).sum())) / spread
        log = 0.91 * effect / spread
    ratio, low, high = (math.exp(log + sign * factor * error) for sign in (0, -1, 1))
    return e_value(ratio), e_value_of_limit(ratio, low, high)


def _by_cluster(sample: Sample, rows: Booleans, influence: Floats) -> Floats:
    if sample.clusters is None:
        return influence
    return sum_by_group(influence, sample.clusters[rows])


def _delta(values: Floats, treated: Booleans, matrix: Floats, regression: Regression) -> float:
    arm = treated.astype(float)
    short = float(values[treated].mean() - values[~treated].mean())
    short_r2 = (short**2 * arm.var()) / values.var()
    free = arm - matrix @ np.linalg.lstsq(matrix, arm, rcond=None)[0]
    most = min(1.0, R2_FACTOR * regression.r2)
    variances = (arm.var(ddof=1), free.var(ddof=1), values.var(ddof=1))
    return oster_delta(short, short_r2, regression.estimate, regression.r2, *variances, most)
