"""Least squares with absorbed group effects (Frisch-Waugh-Lovell), optionally weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Floats, Integers
from analysis.effects.refusal import DesignRefused

RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
class LinearFit:
    """A fitted regression, with rows scaled by the square root of their weight and group means taken out.

    ``design`` n x k, ``outcome`` and ``residuals`` n; ``bread`` = (X'X)^-1, k x k; ``clusters`` codes 0..G-1, n;
    ``observations`` the number of underlying rows (the sum of weights when rows are cell means); ``absorbed`` whether
    group effects were taken out.
    """

    coefficients: Floats
    design: Floats
    outcome: Floats
    residuals: Floats
    bread: Floats
    clusters: Integers
    observations: int
    absorbed: bool

    @property
    def cluster_count(self) -> int:
        return int(self.clusters.max()) + 1


def fit_linear(
    outcome: Floats,
    columns: Floats,
    clusters: Integers,
    weights: Floats | None = None,
    groups: Integers | None = None,
    observations: int | None = None,
) -> LinearFit:
    """Regress ``outcome`` (n) on ``columns`` (n x k), with an effect for each of ``groups`` (n codes) absorbed.

    Without ``groups`` the columns must hold the constant. Raises DesignRefused("collinear") when the columns are
    linearly dependent (after absorbing).
    """
    weights = np.ones(len(outcome)) if weights is None else weights
    design = scale_and_absorb(columns, weights, groups)
    scaled_outcome = scale_and_absorb(outcome[:, None], weights, groups)[:, 0]
    if dependent_columns(design, reference=columns * np.sqrt(weights)[:, None]):
        raise DesignRefused("collinear")
    orthogonal, triangle = np.linalg.qr(design)
    coefficients = np.linalg.solve(triangle, orthogonal.T @ scaled_outcome)
    inverse = np.linalg.inv(triangle)
    return LinearFit(
        coefficients=coefficients,
        design=design,
        outcome=scaled_outcome,
        residuals=scaled_outcome - design @ coefficients,
        bread=inverse @ inverse.T,
        clusters=clusters,
        observations=len(outcome) if observations is None else observations,
        absorbed=groups is not None,
    )


def scale_and_absorb(columns: Floats, weights: Floats, groups: Integers | None) -> Floats:
    """Take weighted group means out of each column, then scale every row by the square root of its weight."""
    if groups is not None:
        columns = columns - group_means(columns, weights, groups)[groups]
    return columns * np.sqrt(weights)[:, None]


def group_means(columns: Floats, weights: Floats, groups: Integers) -> Floats:
    """Weighted mean of each column in each group: groups x k."""
    totals = np.bincount(groups, weights)
    sums = np.stack([np.bincount(groups, weights * column) for column in columns.T], axis=1)
    return sums / totals[:, None]


def partial_out(columns: Floats, others: Floats) -> Floats:
    """The part of each column that ``others`` do not explain (residuals of least squares)."""
    if others.shape[1] == 0:
        return columns
    orthogonal, _ = np.linalg.qr(others)
    return columns - orthogonal @ (orthogonal.T @ columns)


def dependent_columns(columns: Floats, reference: Floats | None = None) -> list[int]:
    """Positions of columns that earlier columns explain wholly (the first of a dependent set is kept).

    A column counts as explained when less than RANK_TOLERANCE of its length in ``reference`` (default: itself) is left.
    """
    lengths = np.linalg.norm(columns if reference is None else reference, axis=0)
    kept = np.empty((len(columns), 0))
    dependent = []
    for position, column in enumerate(columns.T):
        rest = column - kept @ (kept.T @ column)
        rest = rest - kept @ (kept.T @ rest)
        length = np.linalg.norm(rest)
        if length <= RANK_TOLERANCE * lengths[position] or lengths[position] == 0:
            dependent.append(position)
        else:
            kept = np.column_stack([kept, rest / length])
    return dependent
