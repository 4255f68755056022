"""The rows of a panel as group-time effects need them, under a difference-in-differences design."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, numbers, outcome_values, require, whole_numbers, yes_no
from analysis.effects.covariates import expand
from analysis.effects.estimate import Booleans, Integers
from analysis.effects.refusal import DesignRefused
from analysis.effects.staggered import NEVER
from analysis.effects.starts import first_treated
from analysis.effects.units_over_time import Observed
from analysis.study.design_settings import DifferenceInDifferences, Staggered


def observed(
    panel: pd.DataFrame, outcome: str, design: DifferenceInDifferences | Staggered, excluded_times: Sequence[int] = ()
) -> Observed:
    """The rows with ``outcome``, without ``excluded_times`` and without units treated at every time.

    Raises DesignRefused when a column is missing or cannot be used.
    """
    require(panel, [outcome, design.unit, design.time, design.cluster, *design.covariates])
    values = outcome_values(panel, outcome)
    kept = ~np.isnan(values) & ~panel[design.time].isin(list(excluded_times)).to_numpy(dtype=bool)
    members, values = panel.loc[kept], values[kept]
    if members.empty:
        raise DesignRefused("no_rows")
    time = whole_numbers(members, design.time)
    start = _starts(members, design)
    usable: Booleans = start > time.min()
    members, values, time, start = members.loc[usable], values[usable], time[usable], start[usable]
    return Observed(
        unit=codes(members, design.unit)[0],
        cluster=codes(members, design.cluster)[0],
        time=time,
        start=start,
        outcome=values,
        covariates=expand(members, design.covariates),
    )


def _starts(members: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> Integers:
    """Each row's first treated time; one that the rows do not reach is never."""
    if isinstance(design, DifferenceInDifferences):
        return np.where(yes_no(members, design.treated), design.start, NEVER)
    start, last = first_treated(members, design), numbers(members, design.time).max()
    reached = start <= last
    return np.where(reached, np.where(reached, start, 0).astype(np.int64), NEVER)
