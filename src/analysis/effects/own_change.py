"""Participants followed from the year before they join: the figure projects publish, and the one that misleads most.

Who is chosen because last year went badly does better next year in any case (regression to the mean; Ashenfelter 1978,
REStat 60(1)). It stands beside the effect to show how far a reader without a comparison group would be misled.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.columns import require
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused

METHOD = "participants_own_change"


def participants_own_change(
    panel: pd.DataFrame, members: pd.DataFrame, outcome: str, participation: str, person: str, time: str, level: float
) -> Estimate:
    """Mean change of ``outcome`` from the time before to the first time of taking part; plain standard error.

    ``members`` (rows of ``panel``) are those whose joining counts; the time before is looked up in the whole panel.
    Raises DesignRefused("outcome_missing") with fewer than two persons, or where nobody can have had the outcome the
    time before (a pupil on the list cannot have dropped out before): such a change says nothing.
    """
    require(panel, [person, time, outcome, participation])
    named = panel[panel[person].notna() & panel[time].notna()]
    if twice := int(named.duplicated([person, time]).sum()):
        raise DesignRefused("duplicate_unit_time", unit=person, time=time, count=twice)
    joined = members[members[participation].fillna(False).astype(bool)].sort_values([person, time])
    joined = joined.drop_duplicates(person)[[person, time, outcome]]
    before = panel[[person, time, outcome]].assign(**{time: panel[time] + 1})
    both = joined.merge(before, on=[person, time], suffixes=("", "_before"), validate="one_to_one").dropna()
    if len(both) < 2 or both[f"{outcome}_before"].nunique() < 2:
        raise DesignRefused("outcome_missing")
    earlier = both[f"{outcome}_before"].to_numpy(dtype=float)
    change = both[outcome].to_numpy(dtype=float) - earlier
    count = len(change)
    influence = (change - change.mean()) / np.sqrt(count * (count - 1))
    return Estimate(
        estimate=float(change.mean()),
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=count,
        n_treated=count,
        df=float(count - 1),
        level=level,
        baseline=float(earlier.mean()),
    )
