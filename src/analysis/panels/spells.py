"""Spells counted on one day of each month, for everybody at once: +1 where a spell begins, -1 after it ends, summed up.

Months are whole numbers since January 1970, as numpy's ``datetime64[M]`` counts them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Integers = npt.NDArray[np.int64]


def month_number(dates: pd.Series | pd.DatetimeIndex) -> Integers:
    """Months since January 1970; no date may be missing."""
    return np.asarray(dates, dtype="datetime64[M]").astype(np.int64)


def month_start(months: npt.ArrayLike) -> pd.DatetimeIndex:
    """The first days of months given as numbers."""
    return pd.DatetimeIndex(np.asarray(months, dtype=np.int64).astype("datetime64[M]").astype("datetime64[ns]"))


@dataclass(frozen=True)
class Window:
    """The calendar months from ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def place(self, months: npt.ArrayLike) -> Integers:
        """The column of each month in a table of this window."""
        return np.asarray(months, dtype=np.int64) - self.first


def spells_in_force(owners: pd.Index, spells: pd.DataFrame, window: Window, day: int) -> Integers:
    """How many spells of each owner are in force on the given day of each month: owners x months.

    ``spells``: ``owner``, ``start_date``, ``end_date`` (included in the spell; missing: still running). Spells
    without a start or of somebody else are passed over. ``owners`` must be unique.
    """
    row = owners.get_indexer(spells["owner"])
    known = (row >= 0) & spells["start_date"].notna().to_numpy()
    row, spells = row[known], spells[known]
    begin, after = _reach(spells, window, day)
    real = begin < after
    steps = np.zeros((len(owners), window.length + 1), dtype=np.int64)
    np.add.at(steps, (row[real], begin[real]), 1)
    np.add.at(steps, (row[real], after[real]), -1)
    return np.cumsum(steps[:, :-1], axis=1)


def _reach(spells: pd.DataFrame, window: Window, day: int) -> tuple[Integers, Integers]:
    """First column in which the spell holds on the day, and the first column after that in which it no longer does."""
    start, end = spells["start_date"], spells["end_date"]
    begin = month_number(start) + (start.dt.day.to_numpy() > day)
    running = end.isna().to_numpy()
    closed = end.fillna(pd.Timestamp("1970-01-01"))
    after = month_number(closed) + (closed.dt.day.to_numpy() >= day)
    after = np.where(running, window.last + 1, after)
    return np.clip(window.place(begin), 0, window.length), np.clip(window.place(after), 0, window.length)
