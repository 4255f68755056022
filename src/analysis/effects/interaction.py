"""Whether the effects in two populations differ: the difference of effects with its own interval.

Two separate verdicts ("shown" here, "not shown" there) do not say that the effects differ (Gelman & Stern 2006, The
American Statistician 60(4)); the difference does.
"""

from __future__ import annotations

import numpy as np

from analysis.effects import did, staggered
from analysis.effects.cell_subsets import subset
from analysis.effects.cells import Cells
from analysis.effects.cluster import cr2
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.linear import fit_linear


def interaction(cells: Cells, second: Booleans, level: float = 0.05) -> Estimate:
    """The effect among the ``second`` cells minus that among the others, in one regression with everything apart.

    Units of the two populations are different units; clusters are the same, so that what they share is counted.
    """
    halves = [_columns(cells, ~second), _columns(cells, second)]
    common = halves[0][:, 0] + halves[1][:, 0]
    columns = np.column_stack([halves[1][:, 0], common, halves[0][:, 1:], halves[1][:, 1:]])
    fit = fit_linear(cells.mean, columns, cells.cluster, cells.size, cells.unit, cells.rows)
    inference = cr2(fit, [0])
    return Estimate(
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        method="interaction_cr2",
        n=cells.rows,
        n_treated=cells.treated_rows,
        clusters=len(cells.cluster_treated),
        clusters_treated=int(cells.cluster_treated.sum()),
        df=float(inference.df[0]),
        level=level,
    )


def _columns(cells: Cells, inside: Booleans) -> Floats:
    """The regressors of the effect (the effect first, then the rest and the times) in some cells, zero elsewhere."""
    part = subset(cells, inside)
    if part.is_staggered:
        effects = staggered.cohort_times(part)
        after = [effect for effect in effects if effect.since_start >= 0]
        columns = [*staggered.averaged(after), *(one.column for one in effects if one.since_start < 0)]
    else:
        columns = [(part.treated & part.post).astype(float)]
    found = np.column_stack([*columns, did.time_columns(part)])
    whole = np.zeros((len(cells.time), found.shape[1]))
    whole[inside] = found
    return whole
