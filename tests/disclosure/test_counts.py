"""Two-way tables: what is hidden stays hidden from somebody who can add and subtract."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.disclosure import feasible_ranges, protect_counts
from analysis.study.settings import Disclosure

FIVE = Disclosure(threshold=5)
SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))
CELLS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 40])
TABLES = SIZES.flatmap(lambda size: st.lists(CELLS, min_size=size[0] * size[1], max_size=size[0] * size[1]).map(
    lambda values: np.array(values).reshape(size)))  # fmt: skip


def attack(shown):
    """Written apart from the package: the inner cells are the unknowns, what is shown are sums of them."""
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    parts = []
    for i, j in itertools.product(range(rows + 1), range(columns + 1)):
        inside = np.zeros((rows, columns))
        inside[slice(None) if i == rows else i, slice(None) if j == columns else j] = 1
        parts.append(inside.ravel())
    known = shown.to_numpy(dtype="float64", na_value=np.nan).ravel()
    fixed = ~np.isnan(known)
    sums = np.array(parts)
    widths = []
    for place in np.flatnonzero(~fixed):
        ends = [
            linprog(
                s * sums[place], A_eq=sums[fixed] if fixed.any() else None, b_eq=known[fixed] if fixed.any() else None
            )
            for s in (1, -1)
        ]
        widths.append(np.inf if ends[1].status == 3 else -ends[1].fun - ends[0].fun)
    return widths


@settings(max_examples=30, derandomize=True, deadline=None)
@given(TABLES)
def test_no_hidden_cell_can_be_pinned_down(counts):
    shown = protect_counts(pd.DataFrame(counts), FIVE)
    full = pd.DataFrame(counts)
    full["total"] = full.sum(axis=1)
    full.loc["total"] = full.sum()
    hidden = shown.isna().to_numpy()
    assert hidden[(full.to_numpy() > 0) & (full.to_numpy() < 5)].all()
    assert (shown.to_numpy()[~hidden] == full.to_numpy()[~hidden]).all()
    assert all(width >= 5 - 1e-6 for width in attack(shown))
    if not ((full.to_numpy() > 0) & (full.to_numpy() < 5)).any():
        assert not hidden.any()


@settings(max_examples=15, derandomize=True, deadline=None)
@given(TABLES)
def test_no_added_cell_could_be_shown_alone(counts):
    shown = protect_counts(pd.DataFrame(counts), FIVE)
    full = shown.copy()
    full.iloc[:-1, :-1] = counts
    full.iloc[:-1, -1], full.iloc[-1, :-1], full.iloc[-1, -1] = counts.sum(1), counts.sum(0), counts.sum()
    if 0 < counts.sum() < 5:
        assert shown.isna().all(axis=None)
        return
    for row, column in np.argwhere(shown.isna().to_numpy()):
        value = full.iloc[row, column]
        if 0 < value < 5:
            continue
        opened = shown.copy()
        opened.iloc[row, column] = value
        assert any(width < 5 for width in attack(opened))


def test_a_lone_small_cell_takes_the_cheapest_rectangle_with_it():
    table = pd.DataFrame([[3, 20, 40], [30, 25, 60], [50, 70, 80]], index=list("abc"), columns=list("xyz"))
    shown = protect_counts(table, FIVE)
    assert np.argwhere(shown.isna().to_numpy()).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert shown.loc["total", "total"] == 378


def test_the_attacker_sees_through_a_single_hidden_cell():
    cells = np.array([[3.0, 20, 23], [30, 25, 55], [33, 45, 78]])
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[0, 0] = True
    low, high = feasible_ranges(cells, hidden)
    assert low[0, 0] == high[0, 0] == 3
    hidden[:2, :2] = True
    low, high = feasible_ranges(cells, hidden)
    assert (low[0, 0], high[0, 0]) == (0, 23) and (low[1, 1], high[1, 1]) == (22, 45)


def test_shown_numbers_are_rounded_when_declared():
    shown = protect_counts(pd.DataFrame([[12, 13], [17, 0]]), Disclosure(threshold=3, rounding=5))
    assert shown.to_numpy().tolist() == [[10, 15, 25], [15, 0, 15], [30, 15, 40]]


def test_the_pattern_is_the_same_every_time():
    table = pd.DataFrame(np.random.default_rng(3).integers(0, 15, (5, 4)))
    first = protect_counts(table, FIVE)
    assert first.isna().any(axis=None)
    pd.testing.assert_frame_equal(first, protect_counts(table, FIVE))


@pytest.mark.parametrize("cells", [[[-1, 5]], [[1.5, 5]], []])
def test_what_is_no_table_of_counts_is_refused(cells):
    with pytest.raises(ValueError, match="whole numbers"):
        protect_counts(pd.DataFrame(cells), FIVE)
