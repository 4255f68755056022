"""Some of the cells of a difference-in-differences, as cells of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.effects.cells import Cells
from analysis.effects.estimate import Booleans
from analysis.effects.refusal import DesignRefused


def subset(cells: Cells, kept: Booleans) -> Cells:
    """The ``kept`` cells, with codes of units and clusters anew; raises DesignRefused when only one group is left."""
    clusters, cluster = np.unique(cells.cluster[kept], return_inverse=True)
    treated, start = cells.cluster_treated[clusters], cells.cluster_start[clusters]
    if not treated.any() or treated.all():
        raise DesignRefused("no_comparison" if treated.any() else "no_treated")
    first = int(start[treated].min())
    participation, outcome = cells.participation, cells.participant_outcome
    return replace(
        cells,
        unit=np.unique(cells.unit[kept], return_inverse=True)[1],
        time=cells.time[kept],
        cluster=cluster,
        treated=cells.treated[kept],
        size=cells.size[kept],
        mean=cells.mean[kept],
        participation=None if participation is None else participation[kept],
        participant_outcome=None if outcome is None else outcome[kept],
        cluster_treated=treated,
        cluster_stratum=cells.cluster_stratum[clusters],
        cluster_start=np.where(treated, start, first),
        cluster_names=cells.cluster_names[clusters],
        start=first,
    )
