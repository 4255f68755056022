"""From when each row's unit is treated, under a design with starts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, numbers, require, yes_no
from analysis.effects.estimate import Floats
from analysis.effects.refusal import DesignRefused
from analysis.study.design_settings import Design, Staggered
from analysis.study.settings import Outcome


def deciding_column(design: Staggered) -> str:
    """The column that the starts come from."""
    return design.treated_from or str(design.treated_when)


def first_treated(panel: pd.DataFrame, design: Staggered) -> Floats:
    """The first treated time of each row's unit; NaN: never treated.

    With ``treated_when`` it is the first time at which a row of the unit says yes, whatever later rows say. Look at the
    whole panel: rows left out for want of an outcome may hold the start.
    """
    if design.treated_from is not None:
        return numbers(panel, design.treated_from)
    now, time = yes_no(panel, str(design.treated_when)), numbers(panel, design.time)
    unit, units = codes(panel, design.unit)
    first = np.full(len(units), np.inf)
    np.minimum.at(first, unit[now], time[now])
    return np.where(np.isinf(first), np.nan, first)[unit]


def with_starts(
    tables: Mapping[str, pd.DataFrame], outcomes: Mapping[str, Outcome], designs: Mapping[str, Design]
) -> tuple[dict[str, pd.DataFrame], dict[str, Design]]:
    """The tables with a column of starts for each design that declares ``treated_when``, and the designs naming it.

    A population may leave out the very rows in which treatment begins, so starts are found before it is chosen. What
    cannot be found here is refused where the outcome is estimated.
    """
    made, named = dict(tables), dict(designs)
    for outcome in outcomes.values():
        design = designs[outcome.design]
        if not isinstance(design, Staggered) or design.treated_when is None or outcome.table not in made:
            continue
        column = f"first time of {design.treated_when} ({outcome.design})"
        with suppress(DesignRefused):
            require(made[outcome.table], [design.treated_when, design.unit, design.time])
            starts = pd.Series(first_treated(made[outcome.table], design), index=made[outcome.table].index)
            made[outcome.table] = made[outcome.table].assign(**{column: starts})
            named[outcome.design] = design.model_copy(update={"treated_from": column, "treated_when": None})
    return made, named
