"""Scales made of several items: how far the items measure one thing (``panels.survey`` gives the score).

Cronbach's alpha (1951, Psychometrika 16(3)) with the interval of Feldt, Woodruff & Salih (1987, Applied Psychological
Measurement 11(1), eq. 6 and 7); McDonald's omega (1999, Test Theory, eq. 6.20) from one factor by maximum likelihood
(Jöreskog 1967, Psychometrika 32(4)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused

FEWEST_ROWS = 3
FEWEST_FOR_FACTOR = 3  # items; with two the loadings are not identified
SMALLEST_UNIQUENESS = 0.005  # share of an item's variance; a solution there is a Heywood case
SINGULAR = 1e-8


@dataclass(frozen=True)
class Reliability:
    """Of k items answered in full by ``n`` persons.

    ``alpha`` with its interval (exact for parallel normal items, else approximate); ``omega``: share of the sum's
    variance due to the one factor, missing (NaN) with fewer than three items, with linearly dependent items, or where
    the fit ends at a negative uniqueness (``heywood``); ``item_rest`` k: correlation of each item with the sum of the
    others (a negative one is an item to be reversed); ``alpha_without`` k: alpha if the item is dropped, missing with
    two items. Both coefficients take one factor for granted and do not prove it.
    """

    alpha: float
    ci_low: float
    ci_high: float
    omega: float
    heywood: bool
    item_rest: Floats
    alpha_without: Floats
    n: int
    items: int


@dataclass(frozen=True)
class OneFactor:
    """``loadings`` and ``uniqueness`` (k each) in the items' units; ``heywood``: an item's uniqueness is at its
    lower limit."""

    loadings: Floats
    uniqueness: Floats
    heywood: bool


def turn(items: Floats, reversed_columns: Sequence[int], low: float, high: float) -> Floats:
    """The items (n x k) with the reversed ones turned round, so that all point one way; for :func:`reliability` too.

    Raises DesignRefused ``scale_value_outside``, with the item's position (from 1), the value and how many.
    """
    outside = (items < low) | (items > high)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise DesignRefused(
            "scale_value_outside",
            item=column + 1,
            value=f"{items[row, column]:g}",
            count=int(outside.sum()),
            low=f"{low:g}",
            high=f"{high:g}",
        )
    turned = np.array(items, dtype=np.float64)
    positions = list(reversed_columns)
    turned[:, positions] = low + high - turned[:, positions]
    return turned


def reliability(items: Floats, level: float = 0.05) -> Reliability:
    """Reliability of the sum (or mean) of ``items``, n x k with NaN, reversed items already turned.

    Only rows that answered every item count. Raises DesignRefused: ``scale_too_short`` (fewer than two items),
    ``scale_too_few_answers`` (fewer than three full rows), ``scale_item_constant`` (all gave the same answer, with the
    item's position from 1).
    """
    count = items.shape[1]
    if count < 2:
        raise DesignRefused("scale_too_short", items=count)
    complete = items[np.isfinite(items).all(axis=1)]
    if len(complete) < FEWEST_ROWS:
        raise DesignRefused("scale_too_few_answers", count=len(complete), fewest=FEWEST_ROWS)
    constant = np.ptp(complete, axis=0) == 0
    if constant.any():
        raise DesignRefused("scale_item_constant", item=int(constant.argmax()) + 1, count=int(constant.sum()))
    covariance = np.cov(complete, rowvar=False)
    alpha = cronbach_alpha(covariance)
    low, high = _feldt(alpha, len(complete), count, level)
    value, heywood = _omega(covariance)
    return Reliability(
        alpha=alpha,
        ci_low=low,
        ci_high=high,
        omega=value,
        heywood=heywood,
        item_rest=_item_rest(covariance),
        alpha_without=np.array([_without(covariance, place) for place in range(count)]),
        n=len(complete),
        items=count,
    )


def cronbach_alpha(covariance: Floats) -> float:
    """k / (k - 1) * (1 - sum of variances / variance of the sum) of a k x k ``covariance``; missing when the sum does
    not vary."""
    count, total = len(covariance), float(covariance.sum())
    if not total > SINGULAR * float(np.trace(covariance)):
        return math.nan
    return count / (count - 1) * (1 - float(np.trace(covariance)) / total)


def omega(factor: OneFactor) -> float:
    """(sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses) (McDonald 1999, eq. 6.20)."""
    common = float(factor.loadings.sum()) ** 2
    return common / (common + float(factor.uniqueness.sum()))


def one_factor(covariance: Floats) -> OneFactor:
    """One common factor of k >= 3 items by maximum likelihood, from their ``covariance`` (k x k, positive definite).

    The likelihood is maximised over the uniquenesses alone, the loadings being known given them (Jöreskog 1967; Lawley
    & Maxwell 1971, chapter 4): with theta the eigenvalues of P^-1/2 R P^-1/2, downwards, P the uniquenesses, minimise
    sum over j > 1 of (theta_j - log theta_j - 1). On correlations: the method does not depend on units.
    """
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    start = np.clip(0.5 / np.diag(np.linalg.inv(correlation)), SMALLEST_UNIQUENESS, 1.0)
    found = optimize.minimize(
        _unlikelihood,
        np.log(start),
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(math.log(SMALLEST_UNIQUENESS), 0.0)] * len(scale),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    uniqueness = np.exp(found.x)
    values, vectors = np.linalg.eigh(correlation / np.sqrt(np.outer(uniqueness, uniqueness)))
    loadings = np.sqrt(uniqueness) * vectors[:, -1] * math.sqrt(max(float(values[-1]) - 1, 0.0))
    loadings = loadings * (-1.0 if loadings.sum() < 0 else 1.0)
    heywood = bool((uniqueness <= SMALLEST_UNIQUENESS * (1 + 1e-6)).any())
    return OneFactor(loadings * scale, uniqueness * scale**2, heywood)


def _unlikelihood(log_uniqueness: Floats, correlation: Floats) -> tuple[float, Floats]:
    """What is minimised, and its gradient by the logarithms of the uniquenesses: sum_j>1 (1 - theta_j) v_ij^2."""
    root = np.exp(log_uniqueness / 2)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    rest = np.maximum(values[:-1], np.finfo(float).tiny)
    gradient = (vectors[:, :-1] ** 2 * (1 - rest)).sum(axis=1)
    return float((rest - np.log(rest) - 1).sum()), gradient


def _omega(covariance: Floats) -> tuple[float, bool]:
    """Omega where it can be had, and whether the fit was a Heywood case."""
    scale = np.sqrt(np.diag(covariance))
    smallest = float(np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0])
    if len(covariance) < FEWEST_FOR_FACTOR or smallest < SINGULAR:
        return math.nan, False
    factor = one_factor(covariance)
    return (math.nan, True) if factor.heywood else (omega(factor), False)


def _feldt(alpha: float, rows: int, items: int, level: float) -> tuple[float, float]:
    """1 - (1 - alpha) F, F the quantiles of F(n - 1, (n - 1)(k - 1))."""
    quantiles = stats.f.ppf([1 - level / 2, level / 2], rows - 1, (rows - 1) * (items - 1))
    return 1 - (1 - alpha) * float(quantiles[0]), 1 - (1 - alpha) * float(quantiles[1])


def _item_rest(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    with_rest = covariance.sum(axis=1) - own
    rest = covariance.sum() - 2 * covariance.sum(axis=1) + own
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation: Floats = np.where(rest > SINGULAR * own, with_rest / np.sqrt(own * rest), np.nan)
    return correlation


def _without(covariance: Floats, place: int) -> float:
    if len(covariance) < 3:
        return math.nan
    kept: Booleans = np.arange(len(covariance)) != place
    return cronbach_alpha(covariance[np.ix_(kept, kept)])
