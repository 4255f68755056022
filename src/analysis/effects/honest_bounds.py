"""What remains of an effect when trends were not quite parallel: bounds on relative magnitudes.

Rambachan & Roth (2023, REStud 90(5)), Delta^RM: after the start, differences in trend may change from one time to the
next by at most ``bar`` times the largest such change before it. The confidence set is the hybrid of Andrews, Roth &
Pakes (2023, REStud 90(6)): a least-favourable first step of a tenth of the level, then a test conditional on which
moment binds. Their dual linear programme has few vertices here, so they are listed once and the whole grid of values
is tested at once.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from analysis.effects.estimate import Booleans, Floats

GRID = 2000
DRAWS = 10_000
FIRST_STEP = 0.1
NOTHING = 1e-9


@dataclass(frozen=True)
class EventEstimates:
    """Event-study coefficients in order of time, the reference (zero) left out: ``before`` of them precede it.

    ``covariance`` K x K. ``weights`` (one a coefficient after the start) make the effect in question: a mean or one
    time.
    """

    coefficients: Floats
    covariance: Floats
    before: int
    weights: Floats

    @property
    def after(self) -> int:
        return len(self.coefficients) - self.before

    @property
    def effect(self) -> float:
        return float(self.weights @ self.coefficients[self.before :])

    @property
    def se(self) -> float:
        return math.sqrt(max(float(self.weights @ self.covariance[self.before :, self.before :] @ self.weights), 0.0))

    @property
    def has_error(self) -> bool:
        """Whether every change from one time to the next, and the effect, is uncertain: no test can be made of others.

        By how much is judged beside the coefficients, whose last digits are noise of their own.
        """
        variances = np.einsum("ij,jk,ik->i", self.changes, self.covariance, self.changes)
        least = min(self.se, float(np.sqrt(max(variances.min(), 0.0))))
        return least > 1e-9 * float(np.abs(self.coefficients).max(initial=np.finfo(float).tiny))

    @property
    def changes(self) -> Floats:
        """Differences between neighbouring times, the reference among them (K x K)."""
        count = len(self.coefficients)
        steps = np.zeros((count, count + 1))
        steps[np.arange(count), np.arange(count)], steps[np.arange(count), np.arange(1, count + 1)] = -1, 1
        return np.delete(steps, self.before, axis=1)  # the reference's own difference is zero


def relative_magnitudes(
    events: EventEstimates, bar: float, level: float = 0.05, grid: int = GRID, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """The confidence interval of the effect under Delta^RM(``bar``), given a coefficient before the start or more.

    (NaN, NaN) when the effect has no error, or no value on the grid survives. Computed in units of the effect's
    standard error, so that tolerances mean the same at any scale.
    """
    if not events.has_error:
        return math.nan, math.nan
    unit = events.se
    events = replace(events, coefficients=events.coefficients / unit, covariance=events.covariance / unit / unit)
    values = _grid(events, bar, grid)
    standard = np.random.default_rng(seed).standard_normal((draws, len(events.coefficients)))
    drawn = standard @ _root(events.covariance).T
    accepted = np.zeros(grid, dtype=bool)
    for moments in _restrictions(events, bar):
        accepted |= _accepted(events, moments, values, drawn, level)
    kept = values[accepted]
    return (float(kept.min()) * unit, float(kept.max()) * unit) if len(kept) else (math.nan, math.nan)


def breakdown(events: EventEstimates, level: float = 0.05, most: float = 5.0, step: float = 0.05) -> float:
    """The largest ``bar`` (on a grid of ``step``, at most ``most``) under which the interval leaves zero out; -1 when
    it does not even with exactly parallel trends assumed from the reference on (``bar`` 0)."""

    def leaves_out_zero(bar: float) -> bool:
        low, high = relative_magnitudes(events, bar, level)
        return not low <= 0 <= high

    if not leaves_out_zero(0.0):
        return -1.0
    low, high = 0, round(most / step)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if leaves_out_zero(middle * step) else (low, middle - 1)
    return round(low * step, 6)


def _grid(events: EventEstimates, bar: float, size: int) -> Floats:
    before = np.append(events.coefficients[: events.before], 0.0)
    largest = float(np.abs(np.diff(before)).max(initial=0.0))
    reach = float(np.arange(1, events.after + 1) @ np.abs(events.weights))
    half = bar * reach * largest + 20 * events.se
    return np.linspace(events.effect - half, events.effect + half, size)


def _root(covariance: Floats) -> Floats:
    """A square root that also serves a covariance of less than full rank (few clusters)."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def _restrictions(events: EventEstimates, bar: float) -> list[Floats]:
    """One matrix a change before the start and sign: its rows m say m @ differences-in-trend <= 0."""
    before, after = events.changes[: events.before], events.changes[events.before :]
    return [
        np.vstack([after - bar * sign * before[place], -after - bar * sign * before[place]])
        for place in range(events.before)
        for sign in (1.0, -1.0)
    ]


def _accepted(events: EventEstimates, moments: Floats, values: Floats, drawn: Floats, level: float) -> Booleans:
    """Which ``values`` of the effect the hybrid test does not reject."""
    first = level * FIRST_STEP
    spread = moments @ events.covariance @ moments.T
    vertices, slope = _vertices(events, moments, np.sqrt(np.diag(spread)))
    limit = float(np.quantile((drawn @ moments.T @ vertices.T).max(axis=1), 1 - first))
    slack = moments @ events.coefficients - values[:, None] * slope
    reached = slack @ vertices.T
    binding, largest = reached.argmax(axis=1), reached.max(axis=1)
    covariances = vertices @ spread @ vertices.T
    share = covariances[binding] / np.diag(covariances)[binding][:, None]
    low, high = _truncation(reached, share, largest)
    high = np.maximum(np.minimum(high, limit), low + 1e-12)
    quantile = 1 - (level - first) / (1 - first)
    critical = _truncated_quantile(quantile, np.sqrt(np.diag(covariances)[binding]), low, high)
    accepted: Booleans = ~((largest > limit) | (largest > np.maximum(critical, 0.0)))
    return accepted


def _vertices(events: EventEstimates, moments: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Vertices of {g >= 0, g @ scale = 1, g @ nuisance = 0} (v x m), and the moments' slope in the effect (m)."""
    leading = int(np.argmax(np.abs(events.weights)))
    basis = np.vstack([events.weights, np.delete(np.eye(events.after), leading, axis=0)])
    turned = moments[:, events.before :] @ np.linalg.inv(basis)
    conditions = np.vstack([scale, turned[:, 1:].T])
    right = np.append(1.0, np.zeros(len(conditions) - 1))
    chosen = np.array(list(itertools.combinations(range(len(scale)), len(right))))
    squares = conditions[:, chosen].transpose(1, 0, 2)
    regular = np.abs(np.linalg.det(squares)) >= 1e-14
    wanted = np.broadcast_to(right[:, None], (int(regular.sum()), len(right), 1))
    solutions = np.linalg.solve(squares[regular], wanted)[:, :, 0]
    feasible = (solutions >= -1e-10).all(axis=1)
    found = np.zeros((int(feasible.sum()), len(scale)))
    np.put_along_axis(found, chosen[regular][feasible], np.maximum(solutions[feasible], 0.0), axis=1)
    return np.unique(np.round(found, 12), axis=0), turned[:, 0]


def _truncation(reached: Floats, share: Floats, largest: Floats) -> tuple[Floats, Floats]:
    """Between which values the largest moment must lie for the same vertex to bind."""
    rest, free = reached - share * largest[:, None], 1 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = rest / free
    low = np.where(free > NOTHING, ratio, -np.inf).max(axis=1)
    return low, np.where(free < -NOTHING, ratio, np.inf).min(axis=1)


def _truncated_quantile(probability: float, scale: Floats, low: Floats, high: Floats) -> Floats:
    """Quantile of a centred normal with deviations ``scale`` cut off at ``low`` and ``high``, stable in the tails."""
    lower, upper = low / scale, high / scale
    above = lower > 0  # work in the left tail, where logarithms keep their digits
    left, right = np.where(above, -upper, lower), np.where(above, -lower, upper)
    wanted = np.where(above, 1 - probability, probability)
    below = np.log1p(-wanted) + special.log_ndtr(left)
    quantile = special.ndtri_exp(np.logaddexp(below, np.log(wanted) + special.log_ndtr(right)))
    return scale * np.where(above, -quantile, quantile)
