"""What the two-way fixed-effects regression says when units start at different times, and with what weights.

    y_igt = unit_g + time_t + effect * treated_now_gt + error

The coefficient is a weighted sum of the effects in the treated cells, with weights size x (residual of "treated now" on
the unit and time effects) over their sum. They can be negative: effects that are all positive may then add up to a
negative number (de Chaisemartin & D'Haultfoeuille 2020, AER 110(9), theorem 1). It stands in the report only beside the
estimate that has no such weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from analysis.effects import did
from analysis.effects.cells import Cells
from analysis.effects.cluster import cr2
from analysis.effects.estimate import Estimate
from analysis.effects.linear import fit_linear, partial_out, scale_and_absorb
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class TwoWay:
    """The coefficient; ``negative``: the sum of its negative weights, as a positive number."""

    estimate: Estimate
    negative: float


def two_way(cells: Cells, level: float = 0.05) -> TwoWay:
    """The regression on cells, with CR2 and Satterthwaite's degrees of freedom."""
    now = (cells.treated & cells.post).astype(float)
    columns = np.column_stack([now, did.time_columns(cells)])
    fit = fit_linear(cells.mean, columns, cells.cluster, cells.size, cells.unit, cells.rows)
    scaled = scale_and_absorb(columns, cells.size, cells.unit)
    residual = partial_out(scaled[:, :1], scaled[:, 1:])[:, 0] * np.sqrt(cells.size)
    weights = residual[now == 1] / residual[now == 1].sum()
    inference = cr2(fit, [0])
    estimate = replace(
        did.pooled_effect(cells, level),
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        df=float(inference.df[0]),
        method="two_way_cr2",
        baseline=math.nan,
    )
    return TwoWay(estimate, float(-weights[weights < 0].sum()))


def two_way_by_time(cells: Cells, since_start: int, level: float = 0.05) -> Estimate:
    """The coefficient ``since_start`` times after the start when each such time has one and earlier times have none.

    As in textbooks: the same for all cohorts, with the standard error of least squares. Cells must be single rows.
    Raises DesignRefused when no treated unit is seen so long after its start.
    """
    since = np.where(cells.treated, cells.time - cells.first, -1)
    times = sorted(set(since[since >= 0].tolist()))
    if since_start not in times:
        raise DesignRefused("time_missing", time=since_start)
    columns = np.column_stack([*((since == time).astype(float) for time in times), did.time_columns(cells)])
    fit = fit_linear(cells.mean, columns, cells.cluster, cells.size, cells.unit, cells.rows)
    place = times.index(since_start)
    spare = len(cells.mean) - len(np.unique(cells.unit)) - columns.shape[1]
    variance = float(fit.residuals @ fit.residuals) / spare
    return replace(
        two_way(cells, level).estimate,
        estimate=float(fit.coefficients[place]),
        se=float(np.sqrt(variance * fit.bread[place, place])),
        influence=np.empty(0),
        df=float(spare),
        method="two_way_ols",
    )
