"""Uniform bands: intervals that hold for all points of a curve at once."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from analysis.effects.estimate import Floats

NO_VARIATION = 1e-10


def uniform_critical_value(
    influence: Floats, level: float = 0.05, df: float = math.inf, draws: int = 9999, seed: int = 1
) -> float:
    """The factor c with which ``estimate +- c * se`` covers every point of the curve with probability 1 - ``level``.

    Multiplier bootstrap of the largest t statistic (Montiel Olea & Plagborg-Møller 2019, JAE 34(1); Callaway &
    Sant'Anna 2021, algorithm 1). With standard normal multipliers the sum of multiplier x influence (n x m) has
    exactly the law N(0, influence' influence), which is what is drawn: the cost does not grow with n. A finite ``df``
    divides by the root of a chi-square over df, so that one point alone would give the t interval. Points without
    variation are left out.
    """
    lengths = np.sqrt((influence**2).sum(axis=0))
    moving = lengths > NO_VARIATION * max(float(lengths.max(initial=0.0)), np.finfo(float).tiny)
    if not moving.any() or df < 1:  # with less than one degree of freedom a draw of the root may be zero
        return math.nan
    standard = influence[:, moving] / lengths[moving]
    values, vectors = np.linalg.eigh(standard.T @ standard)
    root = vectors * np.sqrt(np.maximum(values, 0))
    generator = np.random.default_rng(seed)
    largest = np.abs(generator.standard_normal((draws, len(values))) @ root.T).max(axis=1)
    if math.isfinite(df):
        largest = largest / np.sqrt(generator.chisquare(df, draws) / df)
    pointwise = float(stats.t.ppf(1 - level / 2, df))
    return max(float(np.quantile(largest, 1 - level)), pointwise)
