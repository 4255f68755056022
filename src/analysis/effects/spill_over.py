"""Whether those who never take part change too: the assumption behind an effect per participant.

People of treated units who never take part, against comparison units; people who ever take part are left out at all
times. Only people seen once the treatment had begun count (``followed_persons``). Who takes part is chosen, so what is
found may be spill-over or the difference between those who are chosen and those who are not: it leaves doubt, no more.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.effects import checks
from analysis.effects.columns import numbers, population_rows, require
from analysis.effects.estimate import Estimate
from analysis.effects.followed_persons import (
    begun,
    of_whom_any,
    refuse_ending_presence,
    seen_once_begun,
    treated_rows,
)
from analysis.effects.panel_effect import PanelEffect, panel_effect
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, too_few_clusters
from analysis.effects.verdict import interval_rejects


def spill_over(effect: PanelEffect, participation: str) -> Estimate:
    """The effect on those who never take part.

    Raises DesignRefused when nobody takes part, or everybody does, or people cannot be followed.
    """
    members = never_participants(effect, participation)
    return panel_effect(members, effect.outcome, effect.design, effect.level)


def never_participants(effect: PanelEffect, participation: str) -> pd.DataFrame:
    """Rows of the population's people who never take part in the whole panel and are seen once it had begun."""
    panel, design = effect.panel, effect.design
    require(panel, [participation, design.time])
    ever = of_whom_any(panel, design, numbers(panel, participation) > 0)
    if not (ever & treated_rows(panel, design)).any():
        raise DesignRefused("no_participation")
    refuse_ending_presence(panel, effect.outcome, design)
    kept = population_rows(panel, effect.population) & seen_once_begun(panel, design) & ~ever
    if not (kept & treated_rows(panel, design) & begun(panel, design)).any():
        raise DesignRefused("everybody_takes_part")
    return panel.loc[kept]


def spill_over_rows(
    subject: Subject, effect: PanelEffect, participation: str, power: float
) -> tuple[Iterator[Row], checks.Check]:
    """The row, and the check of the effect per participant."""
    try:
        found = spill_over(effect, participation)
    except DesignRefused as refusal:
        return iter([subject.refused_row("spill_over", refusal)]), checks.spill_over(None)
    if too_few_clusters(found):
        return iter([subject.estimate_row("spill_over", found)]), checks.spill_over(None)
    seen = minimum_detectable_effect(found.se, found.df, effect.level, power)
    check = checks.spill_over(interval_rejects(found))
    return iter([subject.estimate_row("spill_over", found, mde=seen, checks=checks.written([check]))]), check
