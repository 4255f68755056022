"""What an attacker can work out: the range of every hidden cell that the shown cells and the totals allow.

The attacker knows that counts are not negative and that rows and columns add up. The ranges are the optima of two
linear programmes a cell; the constraints of a two-way table are those of a transportation problem, so the optima are
whole numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def feasible_ranges(cells: Floats, hidden: Mask) -> tuple[Floats, Floats]:
    """Lowest and highest possible value of each cell; a shown cell is its own range.

    ``cells``: counts with the totals in the last row and the last column; values under ``hidden`` are not looked at.
    The highest value is infinite where nothing bounds it.
    """
    low, high = np.where(hidden, 0.0, cells), np.where(hidden, np.inf, cells)
    for place in zip(*np.nonzero(hidden), strict=True):
        low[place], high[place] = range_of(cells, hidden, (int(place[0]), int(place[1])))
    return low, high


def range_of(cells: Floats, hidden: Mask, place: tuple[int, int]) -> tuple[float, float]:
    """Lowest and highest possible value of one hidden cell."""
    coefficients, constants = _sums(cells, hidden)
    goal = (np.flatnonzero(hidden.ravel()) == np.ravel_multi_index(place, hidden.shape)).astype(float)
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=coefficients, b_eq=constants, bounds=(0, None), method="highs")
        ends.append(sign * float(round(found.fun, 6)) if found.status == 0 else sign * -np.inf)
    return max(ends[0], 0.0), ends[1]


def _sums(cells: Floats, hidden: Mask) -> tuple[Floats, Floats]:
    """Every row and every column: its parts less its total are nothing. Hidden cells are the unknowns."""
    rows, columns = cells.shape
    lines = np.zeros((rows + columns, rows, columns))
    for row in range(rows):
        lines[row, row] = [1.0] * (columns - 1) + [-1.0]
    for column in range(columns):
        lines[rows + column, :, column] = [1.0] * (rows - 1) + [-1.0]
    coefficients = lines[:, hidden]
    constants = -(lines * np.where(hidden, 0.0, cells)).sum(axis=(1, 2))
    used = coefficients.any(axis=1)
    return coefficients[used], constants[used]
