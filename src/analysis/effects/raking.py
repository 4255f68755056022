"""Raking: weights that give a survey the population's shares of sex, age, place and whatever else is declared.

Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11(4)) of the base weights d:

    w_i = d_i * product over margins m of f_m(category of i in m),   so that   sum_{i in c} w_i = share_c * n

which is the calibration of d to the margins that changes it least in the sense of sum(w log(w / d) - w + d) (Deville &
Särndal 1992, JASA 87(418), case 2; Deville, Särndal & Sautory 1993, JASA 88(423)). Of all weights with these margins
they alone keep the odds ratios between the margins as they stand in d.

Who gave no answer in a margin (code -1) keeps the base there: the rows without an answer, taken together, keep the
share of the weight they have in d, and the declared shares hold among those who answered. Each margin is then a full
partition of the rows, so that the solution is one and does not depend on the order of margins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused

MISSING = -1
SHARES_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Raked:
    """``weights`` n, summing to n; ``largest_gap`` the largest distance of a weighted share from the declared one;
    ``design_effect`` = 1 + cv^2 of the weights (Kish 1965, section 11.7; 1992, J. Official Statistics 8(2)),
    ``effective_n`` = n / design effect; ``smallest`` and ``largest`` weight, in units of the mean weight.
    """

    weights: Floats
    iterations: int
    largest_gap: float
    design_effect: float
    effective_n: float
    smallest: float
    largest: float


def rake(
    categories: Mapping[str, Integers],
    shares: Mapping[str, Floats],
    base: Floats | None = None,
    tolerance: float = 1e-10,
    iterations: int = 1000,
) -> Raked:
    """Fit the weights of n rows to the margins.

    ``categories``: for each margin the rows' codes (n), 0..K-1, or -1 for no answer. ``shares``: for each margin the
    population's K shares, summing to 1. ``base``: weights before raking (n, positive, any scale), all equal if None.
    Stops when every weighted share is within ``tolerance`` of the declared one.

    Raises DesignRefused: ``raking_shares`` (negative, or not summing to one), ``raking_category_empty`` (a share for a
    category nobody is in), ``raking_category_without_share`` (people in a category without a share, or with share 0),
    ``raking_base`` (a base weight that is not a positive number), ``raking_not_converged`` (no weights have these
    margins, as when a combination that they need has nobody in it).
    """
    rows = len(next(iter(categories.values()))) if categories else len(base if base is not None else ())
    start = _base(base, rows)
    margins = [_margin(name, categories[name], shares[name], start) for name in categories]
    weights, rounds, gap = start.copy(), 0, _largest_gap(start, margins)
    while gap > tolerance:
        if rounds == iterations:
            raise DesignRefused("raking_not_converged", iterations=iterations, gap=gap)
        for codes, totals in margins:
            weights *= (totals / np.bincount(codes, weights, len(totals)))[codes]
        rounds, gap = rounds + 1, _largest_gap(weights, margins)
    weights *= rows / weights.sum()
    effect = design_effect(weights)
    return Raked(weights, rounds, gap, effect, rows / effect, float(weights.min()), float(weights.max()))


def design_effect(weights: Floats) -> float:
    """Kish's n * sum(w^2) / sum(w)^2 = 1 + cv^2: how much unequal weights alone widen the variance of a mean."""
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def linearised_residuals(values: Floats, weights: Floats, categories: Mapping[str, Integers]) -> Floats:
    """What of ``values`` (n) the margins do not explain: the residuals of their regression, weighted by the raked
    ``weights`` (n), on the indicators of all categories (Deville & Särndal 1992, eq. 3.4; for raking as for every
    calibration). The error of the raked total of values is that of the sum of weights x residuals, weights fixed.

    Where a margin has rows without an answer their number is the sample's own, not the population's: of such a margin
    only the part between categories is taken out, that between those who answered and the others stays in.
    Values that all rows share, and any sum of effects of fully answered margins, give zeros.
    """
    blocks = [_indicators(codes) for codes in categories.values()]
    design = np.column_stack([np.ones(len(values)), *blocks])
    root = np.sqrt(weights)
    coefficients = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
    residuals, place = values - np.average(values, weights=weights), 1
    for codes, block in zip(categories.values(), blocks, strict=True):
        part = block @ coefficients[place : place + block.shape[1]]
        residuals = residuals - _within(part, weights, codes == MISSING)
        place += block.shape[1]
    return residuals


def _within(part: Floats, weights: Floats, missing: Booleans) -> Floats:
    """``part`` less its weighted mean among those who answered, and among the others."""
    centred = part.copy()
    for rows in (missing, ~missing):
        if rows.any():
            centred[rows] -= np.average(part[rows], weights=weights[rows])
    return centred


def _indicators(codes: Integers) -> Floats:
    return (codes[:, None] == np.unique(codes)).astype(float)


def _base(base: Floats | None, rows: int) -> Floats:
    """The base weights, scaled to sum to the number of rows."""
    if base is None:
        return np.ones(rows)
    wrong = ~(np.isfinite(base) & (base > 0))
    if wrong.any():
        raise DesignRefused("raking_base", count=int(wrong.sum()), row=int(wrong.argmax()) + 1)
    return np.asarray(base * (len(base) / base.sum()), dtype=np.float64)


def _margin(name: str, codes: Integers, shares: Floats, base: Floats) -> tuple[Integers, Floats]:
    """Each row's place among the categories that have somebody, and the weight each of these is to have."""
    shares = np.asarray(shares, dtype=float)
    if not (shares >= 0).all() or abs(shares.sum() - 1) > SHARES_TOLERANCE:
        raise DesignRefused("raking_shares", margin=name, total=float(shares.sum()))
    counts = np.bincount(codes[codes != MISSING], minlength=len(shares))
    unknown = np.flatnonzero((counts > 0) & (np.pad(shares, (0, len(counts) - len(shares))) == 0))
    if unknown.size:
        raise DesignRefused(
            "raking_category_without_share", margin=name, category=unknown[0], count=int(counts[unknown[0]])
        )
    answered = float(base[codes != MISSING].sum())
    empty = np.flatnonzero((counts == 0) & (shares > 0))
    if answered and empty.size:
        raise DesignRefused("raking_category_empty", margin=name, category=empty[0], share=float(shares[empty[0]]))
    present, places = np.unique(codes, return_inverse=True)
    scaled = shares / shares.sum() * answered
    totals = np.where(present == MISSING, base.sum() - answered, scaled[present])
    return places.astype(np.int64), totals


def _largest_gap(weights: Floats, margins: list[tuple[Integers, Floats]]) -> float:
    gaps = [
        float(np.abs(np.bincount(codes, weights, len(totals)) - totals).max() / totals.sum())
        for codes, totals in margins
    ]
    return max(gaps, default=0.0)
