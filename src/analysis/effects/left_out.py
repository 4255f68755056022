"""How far a difference-in-differences hangs on one treated cluster: the effect without each of them in turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.effects import did
from analysis.effects.cell_subsets import subset
from analysis.effects.cells import Cells
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.verdict import interval_rejects

MOST_LEFT_OUT = 30  # of more treated clusters, those with the most influence on the effect


def leave_one_out(cells: Cells, effect: Estimate) -> list[Estimate]:
    """The ``effect`` without each treated cluster, in ascending order (so that a place in it names no cluster); of more
    than MOST_LEFT_OUT, those whose influence on it is largest.

    A cluster without which there is nothing to estimate is passed over.
    """
    treated = np.flatnonzero(cells.cluster_treated)
    strongest = treated[np.argsort(-np.abs(effect.influence[treated]), kind="stable")[:MOST_LEFT_OUT]]
    found, level = [], effect.level
    for left_out in strongest:
        try:
            found.append(did.pooled_effect(subset(cells, cells.cluster != left_out), level))
        except DesignRefused:
            continue
    return sorted(found, key=lambda estimate: estimate.estimate)


def hangs_on_one(shown: Estimate, others: Sequence[Estimate]) -> bool:
    """Whether one of ``others`` turns the sign of a ``shown`` effect, or does not tell it from none."""
    return any(one.estimate * shown.estimate < 0 or not interval_rejects(one) for one in others)
