"""Entropy balancing: comparison weights nearest to equal under which covariate means equal those of the treated.

Hainmueller (2012, Political Analysis 20(1)): the dual is smooth and convex, solved here by Newton's method until the
means agree to BALANCED, so that the answer does not depend on a stopping rule.
"""

from __future__ import annotations

import numpy as np

from analysis.effects.covariates import Covariates, model_matrix
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.refusal import DesignRefused

METHOD = "entropy_balancing"
BALANCED = 1e-10
ITERATIONS = 200
SMALLEST_STEP = 1e-8


def balancing_weights(matrix: Floats, target: Floats) -> Floats:
    """Weights (n, summing to one) with ``weights @ matrix == target``; ``matrix`` n x k without a constant.

    Raises DesignRefused("no_overlap") when the target lies outside what the rows can reach.
    """
    centred = matrix - target
    slopes = np.zeros(matrix.shape[1])
    weights, value = _tilted(centred, slopes)
    for _ in range(ITERATIONS):
        gradient = weights @ centred
        if np.abs(gradient).max(initial=0.0) < BALANCED:
            return weights
        spread = (centred * weights[:, None]).T @ centred - np.outer(gradient, gradient)
        step = np.linalg.lstsq(spread, gradient, rcond=None)[0]
        length = 1.0
        while length > SMALLEST_STEP:
            trial, trial_value = _tilted(centred, slopes - length * step)
            if trial_value < value - 1e-4 * length * float(gradient @ step):
                break
            length /= 2
        else:
            break
        slopes, weights, value = slopes - length * step, trial, trial_value
    if np.abs(weights @ centred).max(initial=0.0) < 1e3 * BALANCED:
        return weights
    raise DesignRefused("no_overlap")


def _tilted(centred: Floats, slopes: Floats) -> tuple[Floats, float]:
    """Exponentially tilted weights and the dual objective, the log of their sum."""
    index = centred @ slopes
    top = float(index.max())
    raised = np.exp(index - top)
    total = float(raised.sum())
    return raised / total, top + float(np.log(total))


def balanced_effect(outcome: Floats, treated: Booleans, covariates: Covariates, level: float = 0.05) -> Estimate:
    """Effect on the treated: their mean minus the balanced mean of the comparison units.

    The weights are estimated; entropy balancing being doubly robust (Zhao & Percival 2017, J. Causal Inference 5(1)),
    the influence function is that of a weighted regression of the outcome on the balanced covariates.
    """
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    matrix, _ = model_matrix(covariates, treated)
    inside = matrix[~treated]
    weights = balancing_weights(inside[:, 1:], matrix[treated, 1:].mean(axis=0))
    own, other = outcome[treated], outcome[~treated]
    baseline = float(weights @ other)
    scaled = inside * weights[:, None]
    coefficients = np.linalg.lstsq(scaled.T @ inside, scaled.T @ other, rcond=None)[0]
    predicted = matrix[treated] @ coefficients
    influence = np.empty(len(outcome))
    influence[treated] = (own - predicted - (float(own.mean()) - baseline)) / len(own)
    influence[~treated] = -weights * (other - inside @ coefficients)
    return Estimate(
        estimate=float(own.mean()) - baseline,
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=len(outcome),
        n_treated=int(treated.sum()),
        level=level,
        baseline=baseline,
    )
