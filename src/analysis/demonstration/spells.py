"""From monthly paths to spells with days: jobs begin between the 2nd and the 14th, end from the 16th on (see
``labour``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration.labour import FIRST_MONTH, MONTHS

EARLIEST = np.datetime64("2018-07", "M")  # spells that ended before are not asked for


def runs(states: np.ndarray, begins: np.ndarray) -> pd.DataFrame:
    """``person, first, last``: every run of True in months x persons, broken where a new spell ``begins`` without a
    gap.

    ``last`` is MONTHS - 1 when it goes on. Runs that ended before EARLIEST are left out.
    """
    starts, ends = states.copy(), states.copy()
    starts[1:] &= ~states[:-1] | begins[1:]
    ends[:-1] &= ~states[1:] | begins[1:]
    person, first = np.nonzero(starts.T)
    _, last = np.nonzero(ends.T)
    recent = FIRST_MONTH + last >= EARLIEST
    return pd.DataFrame({"person": person, "first": first, "last": last})[recent].reset_index(drop=True)


def day(months: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Dates from places of months and days of the month; a day past the end of the month is its last."""
    start = (FIRST_MONTH + np.asarray(months)).astype("datetime64[M]")
    last = (start + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    dates = np.minimum(start.astype("datetime64[D]") + (np.asarray(days) - 1), last)
    return dates.astype("datetime64[ns]")


def open_at_cut_off(last: np.ndarray) -> np.ndarray:
    return np.asarray(last) >= MONTHS - 1


def split_at_change(rng: np.random.Generator, spells: pd.DataFrame) -> pd.DataFrame:
    """Some long spells of work are two jobs without a day between: ``changes`` is the month of the change, -1
    without.
    """
    length = spells["last"] - spells["first"]
    changes = (length > 8) & (rng.random(len(spells)) < 0.35)
    at = spells["first"] + 3 + (rng.random(len(spells)) * (length - 5)).clip(lower=0).astype(int)
    return spells.assign(changes=np.where(changes, at, -1))
