"""Different starts by a second estimator: every time before a start counts as "untreated", not the last one alone.

    y_igt = unit_g + time_t + sum over cohorts c and times t >= start_c of effect_ct * [g in c, t] + error

Wooldridge (2021), "Two-Way Fixed Effects, the Two-Way Mundlak Regression, and Difference-in-Differences Estimators".
With cells of one size its average is that of imputing what treated cells would have had from unit and time effects
among untreated ones (Borusyak, Jaravel & Spiess 2024, REStud 91(6), theorem 2). More exact than the headline where
trends were parallel all along, and further off where they were not: the two apart speak of trends before the start.
"""

from __future__ import annotations

import math
from dataclasses import replace

from analysis.effects import did
from analysis.effects.cells import Cells
from analysis.effects.cluster import cr2
from analysis.effects.estimate import Estimate
from analysis.effects.staggered import fit_without_leads


def extended_two_way(cells: Cells, level: float = 0.05) -> Estimate:
    """The average effect over all treated rows after their start, CR2 with Satterthwaite's degrees of freedom."""
    fit = fit_without_leads(cells)
    inference = cr2(fit, [0])
    return replace(
        did.pooled_effect(cells, level),
        estimate=float(fit.coefficients[0]),
        se=float(inference.se[0]),
        influence=inference.influence[:, 0],
        df=float(inference.df[0]),
        method="extended_two_way_cr2",
        baseline=math.nan,
    )
