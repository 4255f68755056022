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
    the squared standard errors."""

    estimate: Floats
    baseline: Floats
    influence: Floats

    @property
    def se(self) -> Floats:
        return np.sqrt((self.influence**2).sum(axis=0))


@dataclass(frozen=True)
class _ArmWeights:
    """Weights of one arm's units, their derivative by the propensity index, and the sum they are divided by."""

    weight: Floats
    slope: Floats
    total: float


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
    means, influences = [], []
    for arm in (False, True):
        mean, influence = _arm_mean(
            outcomes, treated, arm, outcome_matrix, score_matrix, propensity, method, target, normalised
        )
        means.append(mean)
        influences.append(influence)
    return Effects(means[1] - means[0], means[0], (influences[1] - influences[0]) / len(treated))


def _arm_mean(
    outcomes: Floats,
    treated: Booleans,
    arm: bool,
    outcome_matrix: Floats | None,
    score_matrix: Floats | None,
    propensity: Propensity | None,
    method: Method,
    target: Target,
    normalised: bool,
) -> tuple[Floats, Floats]:
    """Mean outcome of the target group had it been in ``arm`` (m), and its influence function (n x m).

    mean = average of predictions m(x) over the target + weighted average of residuals r in the arm, with weights w/W:
    influence = h (m - mean(h m)) + w/W (r - rbar) + terms for the estimated models, h the target's own weights.
    """
    count = len(treated)
    member = (treated == arm).astype(float)
    group = treated.astype(float) if target == "treated" else np.ones(count)
    own = group / group.mean()
    weights = _weights(treated, arm, propensity, method, target, normalised, group)
    predictions = np.zeros_like(outcomes)
    model_influence = np.zeros_like(outcomes)
    if method != "ipw":
        assert outcome_matrix is not None
        shift = (outcome_matrix * (own - weights.weight / weights.total)[:, None]).mean(axis=0)
        predictions, model_influence = _outcome_model(outcomes, outcome_matrix, member, shift)
    residuals = outcomes - predictions
    predicted = (own[:, None] * predictions).mean(axis=0)
    remainder = (weights.weight[:, None] * residuals).mean(axis=0) / weights.total
    share = weights.weight / weights.total
    influence = own[:, None] * (predictions - predicted) + share[:, None] * residuals + model_influence
    centre = remainder if method == "ipw" or normalised else np.zeros_like(remainder)
    influence -= np.outer(share if method == "ipw" or normalised else own, remainder)
    if propensity is not None and method != "ra":
        assert score_matrix is not None
        pull = (score_matrix * weights.slope[:, None]).T @ (residuals - centre) / count / weights.total
        influence += propensity.influence @ pull
    return predicted + remainder, influence


def _weights(
    treated: Booleans,
    arm: bool,
    propensity: Propensity | None,
    method: Method,
    target: Target,
    normalised: bool,
    group: Floats,
) -> _ArmWeights:
    count = len(treated)
    if method == "ra":
        return _ArmWeights(np.zeros(count), np.zeros(count), 1.0)
    assert propensity is not None
    member = (treated == arm).astype(float)
    chance = propensity.score if arm else 1 - propensity.score
    slope = propensity.slope if arm else -propensity.slope
    if target == "all":
        weight, change = member / chance, -member * slope / chance**2
    elif arm:
        weight, change = member, np.zeros(count)
    else:
        weight, change = member * propensity.score / chance, member * propensity.slope / chance**2
    return _ArmWeights(weight, change, float(weight.mean() if method == "ipw" or normalised else group.mean()))


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
