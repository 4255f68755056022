"""Least squares with absorbed group effects (Frisch-Waugh-Lovell), optionally weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused

RANK_TOLERANCE = 1e-9
BLOCK = 256  # rows that stay in the processor's cache while a factorisation passes over them


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
    design = scale_and_absorb(columns, weights, groups)
    scaled_outcome = scale_and_absorb(outcome[:, None], weights, groups)
    factor = triangle(design, scaled_outcome)
    corner, projected = factor[:-1, :-1], factor[:-1, -1]
    if _explained(corner, _lengths(columns, weights)).any():
        raise DesignRefused("collinear")
    coefficients: Floats = np.linalg.solve(corner, projected).astype(np.float64)
    inverse = np.linalg.inv(corner)
    return LinearFit(
        coefficients=coefficients,
        design=design,
        outcome=scaled_outcome[:, 0],
        residuals=scaled_outcome[:, 0] - design @ coefficients,
        bread=inverse @ inverse.T,
        clusters=clusters,
        observations=len(outcome) if observations is None else observations,
        absorbed=groups is not None,
    )


def scale_and_absorb(columns: Floats, weights: Floats | None, groups: Integers | None) -> Floats:
    """Take weighted group means out of each column, then scale every row by the square root of its weight."""
    if groups is not None:
        means = group_means(columns, weights, groups)[groups]
        columns = np.subtract(columns, means, out=means)
    return columns if weights is None else columns * np.sqrt(weights)[:, None]


def group_means(columns: Floats, weights: Floats | None, groups: Integers) -> Floats:
    """Weighted mean of each column in each group: groups x k."""
    return sum_by_group(columns, groups, weights) / np.bincount(groups, weights)[:, None]


def sum_by_group(columns: Floats, groups: Integers, weights: Floats | None = None) -> Floats:
    """Weighted sum of each column (n x k) in each group: groups x k, in one pass over the rows."""
    count = len(groups)
    weights = np.ones(count) if weights is None else weights
    width = int(groups.max()) + 1
    sums: Floats = csc_array((weights, groups, np.arange(count + 1)), shape=(width, count)) @ columns
    return sums


def triangle(*columns: Floats) -> Floats:
    """R of the QR factorisation of the ``columns`` side by side (n x k in all), k x k, from blocks of rows (Demmel et
    al. 2012, SIAM J. Sci. Comput. 34(1)): as exact as at once, without the n x k orthogonal factor. Fewer rows than
    columns are filled with zeros."""
    rows, width = len(columns[0]), sum(part.shape[1] for part in columns)
    size = max(BLOCK, 4 * width)
    blocks = [np.column_stack([part[at : at + size] for part in columns]) for at in range(0, rows, size)]
    while len(blocks) > 1:
        stacked = np.vstack([np.linalg.qr(block, mode="r") for block in blocks])
        blocks = [stacked[at : at + size] for at in range(0, len(stacked), size)]
    found = np.linalg.qr(blocks[0], mode="r")
    return np.vstack([found, np.zeros((width - len(found), width))])


def partial_out(columns: Floats, others: Floats) -> Floats:
    """The part of each column that ``others`` do not explain (residuals of least squares)."""
    width = others.shape[1]
    if width == 0:
        return columns
    factor = triangle(others, columns)
    coefficients = np.linalg.lstsq(factor[:width, :width], factor[:width, width:], rcond=None)[0]
    return columns - others @ coefficients


def dependent_columns(columns: Floats, reference: Floats | None = None) -> list[int]:
    """Positions of columns that earlier columns explain wholly (the first of a dependent set is kept).

    A column counts as explained when less than RANK_TOLERANCE of its length in ``reference`` (default: itself) is left.
    """
    lengths = _lengths(columns if reference is None else reference)
    if not _explained(triangle(columns), lengths).any():
        return []
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


def _explained(corner: Floats, lengths: Floats) -> Booleans:
    """Whether each column's part that earlier columns do not explain, the diagonal of R, is nothing beside its length.

    Behind the first such column the answer is not to be relied on: the factor then has a direction of its own making.
    """
    return (np.abs(np.diag(corner)) <= RANK_TOLERANCE * lengths) | (lengths == 0)


def _lengths(columns: Floats, weights: Floats | None = None) -> Floats:
    """The (weighted) length of each column."""
    if weights is None:
        return np.sqrt(np.einsum("ij,ij->j", columns, columns))
    return np.sqrt(np.einsum("i,ij,ij->j", weights, columns, columns))
