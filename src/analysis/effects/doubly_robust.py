"""Difference-in-differences between two times when the change depends on covariates known before the start.

The comparison units' change is predicted from the covariates (outcome regression, Heckman, Ichimura & Todd 1997), or
they are weighted by the odds of treatment (Abadie 2005, REStud 72(1)), or both: right when either model is (Sant'Anna &
Zhao 2020, J. Econometrics 219(1)). On a panel each unit enters with its change, Y = Y_after - Y_before:

    effect = E[w1 (Y - m(X))] / E[w1] - E[w0 (Y - m(X))] / E[w0],   w1 = D,  w0 = (1 - D) p(X) / (1 - p(X))

with m = 0 under weighting alone and w0 out under regression alone. Influence functions count that m and p are estimated
(their section 3), except in the improved estimator, which is built so that it does not matter (section 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.propensity import CONVERGED, ITERATIONS, SEPARATED, fit_propensity
from analysis.effects.refusal import DesignRefused

Score = Literal["dripw", "drimp", "reg", "ipw", "stdipw"]
WEIGHTED = ("dripw", "ipw", "stdipw")  # those that weigh by the maximum likelihood odds of treatment


@dataclass(frozen=True)
class TwoTimes:
    """``influence`` has one value a row, scaled so that the error of ``estimate`` is its sum."""

    estimate: float
    influence: Floats

    @property
    def se(self) -> float:
        """The standard error with every row independent of the others."""
        return float(np.sqrt((self.influence**2).sum()))


@dataclass(frozen=True)
class Prediction:
    """``fitted`` n; ``influence`` n x k of its coefficients, scaled so that their error is the mean."""

    fitted: Floats
    influence: Floats


@dataclass(frozen=True)
class Odds:
    """``weights`` n: the odds of treatment for comparison units, else 0; ``influence`` as in Prediction."""

    weights: Floats
    influence: Floats


def effect_on_panel(
    change: Floats, treated: Booleans, matrix: Floats, score: Score = "dripw", odds: Odds | None = None
) -> TwoTimes:
    """The effect on the treated from each unit's ``change`` (n); ``matrix`` n x k holds the constant. ``odds`` are
    ``treatment_odds`` of the same units, where they are known already.

    Raises DesignRefused("separation") when the covariates tell treated and comparison units apart without fail.
    """
    count = len(change)
    if score == "drimp":
        tilted = tilted_odds(matrix, treated)
        plain = change - predict(change, matrix, tilted.weights).fitted
        kept = _ratio(plain, treated.astype(float)), _ratio(plain, tilted.weights)
        return TwoTimes(kept[0].estimate - kept[1].estimate, kept[0].influence - kept[1].influence)
    if odds is None and score in WEIGHTED:
        odds = treatment_odds(matrix, treated)
    line = predict(change, matrix, (~treated).astype(float)) if score in ("dripw", "reg") else None
    plain = change if line is None else change - line.fitted
    effect = _ratio(plain, treated.astype(float), matrix, line)
    if odds is None:
        return effect
    if score == "ipw":
        return _unstabilised(change, treated, matrix, odds, count)
    counterpart = _ratio(plain, odds.weights, matrix, line, odds)
    return TwoTimes(effect.estimate - counterpart.estimate, effect.influence - counterpart.influence)


def effect_on_cross_sections(
    outcome: Floats, after: Booleans, treated: Booleans, matrix: Floats, score: Score = "dripw"
) -> TwoTimes:
    """The effect on the treated when other people are seen at each time; rows are people.

    ``dripw`` is the locally efficient estimator (Sant'Anna & Zhao 2020, equation 3.4), which assumes as all of these do
    that the make-up of the groups does not change over time. ``drimp`` is not made for cross-sections here.
    """
    groups = {name: (treated == inside) & (after == late) for name, inside, late in GROUPS}
    if min(group.sum() for group in groups.values()) == 0:
        raise DesignRefused("no_unit_before_and_after", outcome="")
    if score in ("ipw", "drimp"):
        raise ValueError(f"{score} is not made for cross-sections")
    odds = treatment_odds(matrix, treated) if score != "reg" else None
    if score == "stdipw":
        assert odds is not None
        means = {name: _ratio(outcome, group.astype(float)) for name, group in groups.items() if name[0] == "t"}
        for late, name in ((True, "c_after"), (False, "c_before")):
            means[name] = _ratio(outcome, odds.weights * (after == late), matrix, None, odds)
        return _difference_in_differences(means)
    lines = {name: predict(outcome, matrix, groups[name].astype(float)) for name in ("c_after", "c_before")}
    return _regression_adjusted(outcome, after, treated, matrix, lines, odds)


GROUPS = (("t_after", True, True), ("t_before", True, False), ("c_after", False, True), ("c_before", False, False))


def _difference_in_differences(means: dict[str, TwoTimes]) -> TwoTimes:
    sign = {"t_after": 1.0, "t_before": -1.0, "c_after": -1.0, "c_before": 1.0}
    estimate = sum(sign[name] * mean.estimate for name, mean in means.items())
    return TwoTimes(estimate, np.sum([sign[name] * mean.influence for name, mean in means.items()], axis=0))


def _regression_adjusted(
    outcome: Floats,
    after: Booleans,
    treated: Booleans,
    matrix: Floats,
    lines: dict[str, Prediction],
    odds: Odds | None,
) -> TwoTimes:
    """Regression alone (``odds`` None), or the locally efficient doubly robust estimator."""
    everyone = treated.astype(float)
    late, early = lines["c_after"], lines["c_before"]
    if odds is None:
        means = {name: _ratio(outcome, everyone * (after == flag)) for name, _, flag in GROUPS[:2]}
        means["c_after"] = _mean_of_line(late, everyone, matrix)
        means["c_before"] = _mean_of_line(early, everyone, matrix)
        return _difference_in_differences(means)
    parts: list[tuple[float, TwoTimes]] = []
    for sign, flag, own in ((1.0, True, late), (-1.0, False, early)):
        now = (after == flag).astype(float)
        parts.append((-sign, _ratio(outcome - own.fitted, odds.weights * now, matrix, own, odds)))
        line = predict(outcome, matrix, everyone * now)
        # the treated's own line: on all treated, and what it leaves of them at this time
        parts.append((sign, _mean_of_line(line, everyone, matrix)))
        parts.append((-sign, _mean_of_line(own, everyone, matrix)))
        parts.append((sign, _ratio(outcome - line.fitted, everyone * now, matrix, line)))
    estimate = float(sum(sign * part.estimate for sign, part in parts))
    return TwoTimes(estimate, np.sum([sign * part.influence for sign, part in parts], axis=0))


def predict(outcome: Floats, matrix: Floats, weights: Floats) -> Prediction:
    """Least squares with ``weights`` (0: not used), predicted for every row."""
    information = (matrix * weights[:, None]).T @ matrix / len(outcome)
    try:
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        raise DesignRefused("collinear") from None
    fitted = matrix @ (inverse @ (matrix.T @ (weights * outcome) / len(outcome)))
    scores = matrix * (weights * (outcome - fitted))[:, None]
    return Prediction(fitted, scores @ inverse)


def treatment_odds(matrix: Floats, treated: Booleans) -> Odds:
    """By maximum likelihood (logit)."""
    fit = fit_propensity(matrix, treated)
    return Odds(np.where(treated, 0.0, fit.score / (1 - fit.score)), fit.influence)


def tilted_odds(matrix: Floats, treated: Booleans) -> Odds:
    """By inverse-probability tilting: the weighted comparison units match the treated's covariate means exactly
    (Graham, Pinto & Egel 2012, REStud 79(3)); Newton's method on mean(D X'g - (1 - D) exp(X'g)) with step halving."""
    coefficients = np.zeros(matrix.shape[1])
    coefficients[0] = np.log(treated.sum() / (~treated).sum())
    target, others = matrix[treated].sum(axis=0), matrix[~treated]

    def objective(at: Floats) -> float:
        return float(target @ at - np.exp(np.minimum(others @ at, 700.0)).sum())

    for _ in range(ITERATIONS):
        odds = np.exp(others @ coefficients)
        try:
            step = np.linalg.solve((others * odds[:, None]).T @ others, target - others.T @ odds)
        except np.linalg.LinAlgError:
            raise DesignRefused("separation") from None
        length = 1.0
        while objective(coefficients + length * step) < objective(coefficients) - 1e-9 and length > 1e-6:
            length /= 2
        coefficients = coefficients + length * step
        if not np.abs(others @ coefficients).max() < SEPARATED:
            raise DesignRefused("separation")
        if np.abs(length * step).max() < CONVERGED:
            break
    else:
        raise DesignRefused("separation")
    score = expit(matrix @ coefficients)
    return Odds(np.where(treated, 0.0, score / (1 - score)), np.zeros_like(matrix))


def _ratio(
    values: Floats,
    weights: Floats,
    matrix: Floats | None = None,
    line: Prediction | None = None,
    odds: Odds | None = None,
) -> TwoTimes:
    """The weighted mean of ``values``; with the errors of the line already taken from them and of the weights."""
    total = weights.sum()
    mean = float(weights @ values / total)
    influence = weights * (values - mean)
    if matrix is not None and odds is not None:
        influence = influence + odds.influence @ (matrix.T @ (weights * (values - mean))) / len(values)
    if matrix is not None and line is not None:
        influence = influence - line.influence @ (matrix.T @ weights) / len(values)
    return TwoTimes(mean, influence / total)


def _mean_of_line(line: Prediction, weights: Floats, matrix: Floats) -> TwoTimes:
    total = weights.sum()
    mean = float(weights @ line.fitted / total)
    error = line.influence @ (matrix.T @ weights) / len(weights)
    return TwoTimes(mean, (weights * (line.fitted - mean) + error) / total)


def _unstabilised(change: Floats, treated: Booleans, matrix: Floats, odds: Odds, count: int) -> TwoTimes:
    """Weights that need not add up to the number of treated (Abadie 2005)."""
    taken = odds.weights * change
    number = treated.sum()
    effect = float((change[treated].sum() - taken.sum()) / number)
    error = odds.influence @ (matrix.T @ taken) / count
    return TwoTimes(effect, (treated * change - taken - error - treated * effect) / number)
