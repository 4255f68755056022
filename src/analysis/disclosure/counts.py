"""Two-way tables of persons: small cells are hidden, and enough others that no hidden cell can be worked out.

A pattern is safe when the range that the shown cells leave open for any hidden cell (``attack``) is at least as wide
as the threshold. Cells are added by the cheapest rectangle (fewest persons hidden) until the pattern is safe; then
every added cell that is not needed is shown again. So the pattern is the smallest in the sense that no added cell can
be shown, and it is the same on every run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.attack import Floats, Mask, range_of
from analysis.study.settings import Disclosure

TOTAL = "total"


def protect_counts(table: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """The table with its totals (row and column ``total``) as ``Int64``; a hidden cell is missing.

    ``table``: whole, non-negative numbers of persons without totals. Counts of 1 to threshold - 1 are hidden, totals
    included; zeros are shown unless they are needed to hide others. With ``rounding`` every shown number is rounded
    to that base. Raises ValueError when the table is not one of counts.
    """
    counts = table.to_numpy(dtype="float64")
    if counts.size == 0 or (counts < 0).any() or not (counts == np.round(counts)).all():
        raise ValueError("a table of counts holds whole numbers that are not negative")
    cells = np.block([[counts, counts.sum(axis=1, keepdims=True)], [counts.sum(axis=0, keepdims=True), counts.sum()]])
    hidden = safe_pattern(cells, settings.threshold)
    rows, columns = [*table.index, TOTAL], [*table.columns, TOTAL]
    shown = pd.DataFrame(cells, index=rows, columns=columns).astype("Int64")
    return rounded(shown, settings.rounding).mask(hidden)


def safe_pattern(cells: Floats, threshold: int) -> Mask:
    """Which cells of a table with totals to hide."""
    small = (cells > 0) & (cells < threshold)
    if small[-1, -1]:
        return np.ones(cells.shape, dtype=bool)
    hidden = small.copy()
    while (exposed := _most_exposed(cells, hidden, threshold)) is not None:
        hidden = _add_rectangle(cells, hidden, exposed, threshold)
    return _show_needless(cells, hidden, small, threshold)


def rounded(table: pd.DataFrame, base: int) -> pd.DataFrame:
    """Whole numbers rounded to the nearest multiple of ``base`` (halves up); 0 and 1 leave them as they are."""
    return table if base < 2 else (table + base // 2) // base * base


def _most_exposed(cells: Floats, hidden: Mask, threshold: int) -> tuple[int, int] | None:
    widths = {place: _width(cells, hidden, place) for place in _places(hidden)}
    exposed = [(width, place) for place, width in widths.items() if width < threshold]
    return min(exposed)[1] if exposed else None


def _width(cells: Floats, hidden: Mask, place: tuple[int, int]) -> float:
    low, high = range_of(cells, hidden, place)
    return high - low


def _add_rectangle(cells: Floats, hidden: Mask, place: tuple[int, int], threshold: int) -> Mask:
    """Hide the cheapest rectangle through ``place`` that makes it safe; if none does alone, the cheapest."""
    candidates = sorted(_rectangles(cells, hidden, place), key=lambda candidate: candidate[0])
    for _, corners in candidates:
        tried = _with_corners(hidden, corners)
        if _width(cells, tried, place) >= threshold:
            return tried
    return _with_corners(hidden, candidates[0][1])


def _rectangles(
    cells: Floats, hidden: Mask, place: tuple[int, int]
) -> Iterator[tuple[tuple[float, int, int, int], list[tuple[int, int]]]]:
    """Cost and corners of every rectangle that hides at least one cell more; the grand total costs most."""
    last = (cells.shape[0] - 1, cells.shape[1] - 1)
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            if row == place[0] or column == place[1]:
                continue
            corners = [(place[0], column), (row, place[1]), (row, column)]
            new = [corner for corner in corners if not hidden[corner]]
            if new:
                cost = sum(float(cells[corner]) for corner in new) + (4 * float(cells[last]) + 1) * (last in new)
                yield (cost, len(new), row, column), corners


def _with_corners(hidden: Mask, corners: list[tuple[int, int]]) -> Mask:
    tried = hidden.copy()
    for corner in corners:
        tried[corner] = True
    return tried


def _show_needless(cells: Floats, hidden: Mask, small: Mask, threshold: int) -> Mask:
    """Show again, the largest first, each cell that was hidden for others' sake and is not needed for it."""
    for place in sorted(_places(hidden & ~small), key=lambda place: (-cells[place], place)):
        tried = hidden.copy()
        tried[place] = False
        if _most_exposed(cells, tried, threshold) is None:
            hidden = tried
    return hidden


def _places(mask: Mask) -> list[tuple[int, int]]:
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]
