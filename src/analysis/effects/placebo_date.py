"""The effect of a start that never was, in the time before the true one: it should be none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.effects import did
from analysis.effects.cell_subsets import subset
from analysis.effects.cells import Cells
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class PlaceboDate:
    """``moved``: by how many times at most a start was brought forward; ``cells``: those before the true starts."""

    moved: int
    cells: Cells

    def effect(self, level: float = 0.05) -> Estimate:
        return did.pooled_effect(self.cells, level)


def placebo_date(cells: Cells) -> PlaceboDate:
    """Each start moves into the middle of the times before it; treated cells from their true start on are left out, and
    comparison cells from the last true start on.

    Raises DesignRefused("no_trend_before") with fewer than two times before a start.
    """
    moved, steps = cells.cluster_start.copy(), 0
    for start in cells.cohorts:
        seen = cells.time[cells.treated & (cells.first == start)]
        before = sorted({time for time in seen.tolist() if time < start})
        if len(before) < 2:
            raise DesignRefused("no_trend_before")
        place = len(before) // 2
        moved[cells.cluster_treated & (cells.cluster_start == start)] = before[place]
        steps = max(steps, len(before) - place)
    earlier = np.where(cells.treated, ~cells.post, cells.time < max(cells.cohorts))
    first = int(moved[cells.cluster_treated].min())
    moved = np.where(cells.cluster_treated, moved, first)
    return PlaceboDate(steps, subset(replace(cells, cluster_start=moved, start=first), earlier))
