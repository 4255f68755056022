"""Regression adjustment, inverse-probability weighting and their doubly robust union (AIPW), for many outcomes at once.

Means under treatment and under no treatment, for everybody (ATE) or for the treated (ATT), with exact influence
functions that count the estimation of the nuisance models: stacked M-estimation as in Stata's teffects (Cattaneo
2010, J. Econometrics 155(2); Wooldridge 2010, section 21.3). Weights are normalised to sum to one (Hájek), as they
must be when few are treated (Busso, DiNardo & McCrary 2014, REStat 96(5)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.propensity import Propensity
from analysis.effects.refusal import DesignRefused

Method = Literal["ra", "ipw", "aipw"]
Target = Literal["treated", "all"]


@dataclass(frozen=True)
class Effects:
    """For m outcomes: ``estimate`` m, ``baseline`` m (mean without treatment), ``influence`` n x m whose squares sum to
    the squared standard errors, and ``baseline_influence`` n x m, that of the baseline."""

    estimate: Floats
    baseline: Floats
    influence: Floats
    baseline_influence: Floats

    @property
    def se(self) -> Floats:
        return np.sqrt((self.influence**2).sum(axis=0))


@dataclass(frozen=True)
class _Question:
    """What is asked of which data; the arguments of ``treatment_effects``."""

    outcomes: Floats
    treated: Booleans
    outcome_matrix: Floats | None
    score_matrix: Floats | None
    propensity: Propensity | None
    method: Method
    target: Target
    normalised: bool

    @property
    def group(self) -> Floats:
        """1 for members of the target group, else 0."""
        return self.treated.astype(float) if self.target == "treated" else np.ones(len(self.treated))


@dataclass(frozen=True)
class _ArmWeights:
    """``share`` n: weights of one arm's units over their sum (mean 1); ``slope`` n: their derivative by the index."""

    share: Floats
    slope: Floats


def treatment_effects(
    outcomes: Floats,
    treated: Booleans,
    outcome_matrix: Floats | None,
    score_matrix: Floats | None,
    propensity: Propensity | None,
    method: Method = "aipw",
    target: Target = "treated",
    normalised: bool = True,
) -> Effects:
    """Effects on ``outcomes`` (n x m, no gaps); the matrices (n x k, with constant) belong to the outcome models and
    the propensity score. ``normalised=False`` gives Stata's AIPW, for comparison with published values.
    """
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    normalised = normalised or method == "ipw"
    question = _Question(outcomes, treated, outcome_matrix, score_matrix, propensity, method, target, normalised)
    without, influence_without = _arm_mean(question, arm=False)
    with_treatment, influence_with = _arm_mean(question, arm=True)
    difference = (influence_with - influence_without) / len(treated)
    return Effects(with_treatment - without, without, difference, influence_without / len(treated))


def _arm_mean(question: _Question, arm: bool) -> tuple[Floats, Floats]:
    """Mean outcome of the target group had it been in ``arm`` (m), and its influence function (n x m).

    mean = average of predictions m(x) over the target + weighted average rbar of residuals r in the arm, weights w/W:
    influence = h (m - mean(h m)) + w/W (r - rbar) + terms for the estimated models, h the target's own weights.
    Without normalisation W is the size of the target group and the term in rbar is h rbar.
    """
    own = question.group / question.group.mean()
    weights = _weights(question, arm)
    predictions, influence = np.zeros_like(question.outcomes), np.zeros_like(question.outcomes)
    if question.method != "ipw":
        assert question.outcome_matrix is not None
        shift = (question.outcome_matrix * (own - weights.share)[:, None]).mean(axis=0)
        member = (question.treated == arm).astype(float)
        predictions, influence = _outcome_model(question.outcomes, question.outcome_matrix, member, shift)
    residuals = question.outcomes - predictions
    predicted = (own[:, None] * predictions).mean(axis=0)
    remainder = (weights.share[:, None] * residuals).mean(axis=0)
    influence += own[:, None] * (predictions - predicted) + weights.share[:, None] * residuals
    influence -= np.outer(weights.share if question.normalised else own, remainder)
    if question.method != "ra":
        assert question.score_matrix is not None and question.propensity is not None
        centred = residuals - remainder if question.normalised else residuals
        pull = (question.score_matrix * weights.slope[:, None]).T @ centred / len(own)
        influence += question.propensity.influence @ pull
    return predicted + remainder, influence


def _weights(question: _Question, arm: bool) -> _ArmWeights:
    """Inverse-probability weights of one arm: 1/p for everybody as target, p/(1 - p) for the treated as target."""
    count = len(question.treated)
    if question.method == "ra":
        return _ArmWeights(np.zeros(count), np.zeros(count))
    assert question.propensity is not None
    member = (question.treated == arm).astype(float)
    score, slope = question.propensity.score, question.propensity.slope
    chance, change = (score, slope) if arm else (1 - score, -slope)
    if question.target == "all":
        weight, derivative = member / chance, -member * change / chance**2
    elif arm:
        weight, derivative = member, np.zeros(count)
    else:
        weight, derivative = member * score / chance, member * slope / chance**2
    total = weight.mean() if question.normalised else question.group.mean()
    return _ArmWeights(weight / total, derivative / total)


def _outcome_model(outcomes: Floats, matrix: Floats, member: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Least squares in one arm: predictions for everybody (n x m), and the influence on ``shift`` @ coefficients."""
    rows = member > 0
    inside = matrix[rows]
    try:
        inverse = np.linalg.inv(inside.T @ inside / len(matrix))
    except np.linalg.LinAlgError:
        raise DesignRefused("collinear") from None
    predictions = matrix @ (inverse @ (inside.T @ outcomes[rows] / len(matrix)))
    leverage = member * (matrix @ (inverse @ shift))
    return predictions, leverage[:, None] * (outcomes - predictions)
