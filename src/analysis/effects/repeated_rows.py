"""Rows that stand twice in a table whose rows are units, or persons, at a time.

Several pupils of a school in a year are several rows of one unit and time, and right. A unit that is the row's own has
one row a time: a second one would count it twice, and make of a panel what looks like repeated cross-sections.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, require
from analysis.effects.refusal import DesignRefused
from analysis.study.design_settings import DifferenceInDifferences, Staggered

MOSTLY_ALONE = 0.9  # with so many of the units alone in their row, the unit is the row's own


def refuse_repeated(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> None:
    """DesignRefused("duplicate_unit_time") where a person (if the design names them), or a unit that is the row's own,
    has a second row at a time. Rows without a name or a time are left to other checks."""
    who = design.person or design.unit
    require(panel, [who, design.time])
    named = panel[panel[who].notna().to_numpy() & panel[design.time].notna().to_numpy()]
    if named.empty:
        return
    unit, (time, times) = codes(named, who)[0], codes(named, design.time)
    _, rows = np.unique(unit * len(times) + time, return_counts=True)
    twice = len(named) - len(rows)
    if twice and (design.person or (rows == 1).mean() >= MOSTLY_ALONE):
        raise DesignRefused("duplicate_unit_time", unit=who, time=design.time, count=twice)
