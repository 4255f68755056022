"""Many tests at once: p-values that allow for having looked more than once.

Holm (1979, Scandinavian J. Statistics 6(2)) holds the chance of any false finding whatever the dependence; Romano &
Wolf (2005, Econometrica 73(4), algorithm 4.1) hold it too and, drawing the tests jointly, find more when outcomes go
together; Benjamini & Hochberg (1995, JRSS B 57(1)) hold the expected share of false ones among the findings. A missing
p-value or statistic (NaN) stays missing and counts as no test.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.effects.estimate import Floats

NO_VARIATION = 1e-10
MOST_MULTIPLIERS = 4_000_000  # held at a time


def holm(p_values: Floats) -> Floats:
    """Holm's adjusted p-values, in the order given: max over j <= i of min(1, (m - j + 1) p_(j)), p_(1) smallest."""
    return _adjusted(p_values, lambda ordered: np.maximum.accumulate(ordered * np.arange(len(ordered), 0, -1)))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values of the false discovery rate: min over j >= i of m p_(j) / j."""

    def step_up(ordered: Floats) -> Floats:
        scaled = ordered * len(ordered) / np.arange(1, len(ordered) + 1)
        return np.minimum.accumulate(scaled[::-1])[::-1]

    return _adjusted(p_values, step_up)


def romano_wolf(statistics: Floats, draws: Floats) -> Floats:
    """Step-down adjusted p-values of m two-sided tests, in the order given.

    ``statistics``: m studentised statistics. ``draws``: B x m, the same statistics drawn jointly under their nulls
    (bootstrap statistics centred, or permutations). Romano & Wolf (2016, Statistics & Probability Letters 113,
    algorithm 4.2): with |t| sorted downwards, p_(i) = (1 + #{b: max over j >= i of |t*_bj| >= |t_i|}) / (1 + B), then
    made non-decreasing. Tests without a statistic, or with a draw that has none, are left out and stay NaN.
    """
    size = np.abs(np.asarray(statistics, dtype=float))
    drawn = np.abs(np.asarray(draws, dtype=float))
    adjusted = np.full(len(size), np.nan)
    tested = np.flatnonzero(~np.isnan(size) & ~np.isnan(drawn).any(axis=0))
    order = tested[np.argsort(-size[tested], kind="stable")]
    largest = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    # ties in exact arithmetic must not be lost to rounding: a draw equal to the statistic counts
    exceeding = (largest >= size[order] * (1 - 1e-12)).sum(axis=0)
    adjusted[order] = np.maximum.accumulate((1 + exceeding) / (1 + len(drawn)))
    return adjusted


def multiplier_draws(influence: Floats, seed: int, draws: int = 9999) -> Floats:
    """``draws`` x m studentised statistics under the nulls, for :func:`romano_wolf`.

    ``influence``: N x m, one row an independent unit, one column a test, scaled so that se^2 = sum(influence^2) (as in
    Estimate; zero where a unit takes no part in a test). Each draw turns the signs of the units' rows at random, the
    same for all tests, so that their dependence stays: t*_b = sum_i v_bi influence_i / se_b, v = +-1, and
    se_b^2 = sum (v_bi influence_i - their mean)^2, the error that this draw would itself have shown (Rademacher
    multipliers; Davidson & Flachaire 2008, J. Econometrics 146(1)). With few units these draws have tails like the t
    distribution's. Columns without variation, or with a NaN, are NaN.
    """
    units, tests = influence.shape
    length = np.sqrt((influence**2).sum(axis=0))
    moving = length > NO_VARIATION * max(float(np.nan_to_num(length).max(initial=0.0)), float(np.finfo(float).tiny))
    found = np.full((draws, tests), np.nan)
    standard = influence[:, moving] / length[moving]
    taking_part = (standard != 0).sum(axis=0)
    generator = np.random.default_rng(seed)
    step = max(1, MOST_MULTIPLIERS // max(units, 1))
    for start in range(0, draws, step):
        signs = 1.0 - 2.0 * generator.integers(0, 2, (min(step, draws - start), units))
        total = signs @ standard
        # the squares sum to one whatever the signs; only the mean moves
        spread = np.sqrt(np.maximum(1 - total**2 / taking_part, NO_VARIATION))
        found[start : start + len(signs), moving] = total / spread
    return found


def _adjusted(p_values: Floats, rule: Callable[[Floats], Floats]) -> Floats:
    """``rule`` applied to the known p-values in ascending order, put back in place, at most 1."""
    p_values = np.asarray(p_values, dtype=float)
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    adjusted[order] = np.minimum(rule(p_values[order]), 1.0)
    return adjusted
