"""The headline by difference-in-differences alone, without the tests that resample: quick enough for many runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.columns import chosen_rows, numbers, require
from analysis.effects.estimate import Estimate
from analysis.effects.run_group_time import adjusted_effect, needs_group_time
from analysis.study.design_settings import DifferenceInDifferences, Staggered


@dataclass(frozen=True)
class PanelEffect:
    """The effect on ``outcome`` in ``population``, as declared or under other choices."""

    panel: pd.DataFrame
    outcome: str
    population: str
    design: DifferenceInDifferences | Staggered
    level: float

    @property
    def declared(self) -> dict[str, Any]:
        """The value of each choice as the study declares it."""
        return {
            "population": self.population,
            "leave_out": [],
            "covariates": self.design.covariates,
            "excluded_times": [],
            "first_time": None,
            "last_time": None,
        }

    def under(self, chosen: Mapping[str, Any]) -> Estimate:
        """The effect under other choices; what is not chosen is as declared."""
        choice = {**self.declared, **chosen}
        members = self.panel.loc[chosen_rows(self.panel, choice["population"], choice["leave_out"])]
        require(members, [self.design.time])
        first, last = choice["first_time"], choice["last_time"]
        if first is not None:
            members = members.loc[members[self.design.time] >= first]
        if last is not None:
            members = members.loc[members[self.design.time] <= last]
        design = self.design.model_copy(update={"covariates": choice["covariates"]})
        return panel_effect(members, self.outcome, design, self.level, choice["excluded_times"])


def panel_effect(
    members: pd.DataFrame,
    outcome: str,
    design: DifferenceInDifferences | Staggered,
    level: float,
    excluded_times: Sequence[int] = (),
) -> Estimate:
    """The effect on the rows ``members`` with its CR2 interval; given covariates, by their influence functions."""
    if needs_group_time(design):
        return adjusted_effect(members, outcome, design, level, excluded_times)
    return did.pooled_effect(collapse(members, outcome, design, excluded_times=excluded_times), level)


def clusters_behind(members: pd.DataFrame, outcome: str, design: DifferenceInDifferences | Staggered) -> pd.Index:
    """The clusters whose influence the effect on ``members`` holds, in its order: those with an outcome that are not
    treated at every time."""
    counted = members.loc[members[outcome].notna()]
    if isinstance(design, Staggered):
        counted = counted.loc[~(numbers(counted, design.treated_from) <= numbers(counted, design.time).min())]
    return pd.Index(counted[design.cluster].drop_duplicates().sort_values())
