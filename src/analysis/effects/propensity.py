"""The propensity score by maximum likelihood, with its influence function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, log_ndtr, ndtr

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused

Link = Literal["logit", "probit"]
ITERATIONS = 60
CONVERGED = 1e-10
SEPARATED = 30.0


@dataclass(frozen=True)
class Propensity:
    """``score`` n; ``slope`` n, its derivative by the linear index; ``influence`` n x k of the coefficients, scaled so
    that the coefficients' error is its mean."""

    score: Floats
    slope: Floats
    influence: Floats


def fit_propensity(matrix: Floats, treated: Booleans, link: Link = "logit") -> Propensity:
    """Fit by Newton's method; ``matrix`` n x k holds the constant. No score is clipped.

    Raises DesignRefused("separation") when covariates predict treatment perfectly, so that no maximum exists.
    """
    coefficients = np.zeros(matrix.shape[1])
    for _ in range(ITERATIONS):
        residual, curvature = _derivatives(matrix @ coefficients, treated, link)
        try:
            step = np.linalg.solve((matrix * curvature[:, None]).T @ matrix, matrix.T @ residual)
        except np.linalg.LinAlgError:
            raise DesignRefused("separation") from None
        coefficients = coefficients + step
        if not np.abs(matrix @ coefficients).max() < SEPARATED:
            raise DesignRefused("separation")
        if np.abs(step).max() < CONVERGED:
            break
    else:
        raise DesignRefused("separation")
    index = matrix @ coefficients
    residual, curvature = _derivatives(index, treated, link)
    information = (matrix * curvature[:, None]).T @ matrix / len(treated)
    score = expit(index) if link == "logit" else ndtr(index)
    slope = score * (1 - score) if link == "logit" else _normal_density(index)
    influence: Floats = np.linalg.solve(information, (matrix * residual[:, None]).T).T.astype(np.float64)
    return Propensity(score, slope, influence)


def _derivatives(index: Floats, treated: Booleans, link: Link) -> tuple[Floats, Floats]:
    """First and minus second derivative of each unit's log-likelihood by its linear index."""
    if link == "logit":
        score = expit(index)
        return treated - score, score * (1 - score)
    sign = np.where(treated, 1.0, -1.0)
    residual = sign * np.exp(-0.5 * index**2 - log_ndtr(sign * index)) / np.sqrt(2 * np.pi)
    return residual, residual * (residual + index)


def _normal_density(index: Floats) -> Floats:
    return np.exp(-0.5 * index**2) / np.sqrt(2 * np.pi)
