"""p-values of several outcomes corrected for their number: what one outcome among many may show by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.estimate import Estimate, Floats
from analysis.effects.multiplicity import holm, multiplier_draws, romano_wolf


@dataclass(frozen=True)
class Member:
    """One outcome of a family: its estimate, and the names of the units in the order of its influence."""

    estimate: Estimate
    units: pd.Index


def adjusted_p(family: Sequence[Member], draws: int, seed: int) -> dict[str, Floats]:
    """``holm`` (1979, Scand. J. Statistics 6(2)) and ``romano_wolf`` (2005, Econometrica 73(4)), in the family's order.

    Romano and Wolf's takes the dependence of the outcomes into account: the statistics are drawn together from the
    influences of the same units.
    """
    estimates = [member.estimate for member in family]
    statistics = np.array([abs(one.estimate) / one.se if one.se > 0 else np.nan for one in estimates])
    together = multiplier_draws(stacked(family), seed, draws)
    p = np.array([one.p for one in estimates])
    return {"holm": holm(p), "romano_wolf": romano_wolf(statistics, np.abs(together))}


def stacked(family: Sequence[Member]) -> Floats:
    """Influences over all units of the family (N x m); a unit without the outcome has none on it."""
    units = family[0].units.sort_values()
    for member in family[1:]:
        units = units.union(member.units, sort=True)
    columns = [pd.Series(one.estimate.influence, index=one.units).reindex(units, fill_value=0.0) for one in family]
    return np.column_stack([column.to_numpy() for column in columns])
