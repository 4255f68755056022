"""The people of a panel who could have taken part: those seen once the treatment had begun.

Who takes part later must still be there later. To compare such people, or those who never do, with everybody else would
compare those who stayed with those who left; so both sides are held to people seen after the start. An outcome that
itself ends presence (dropping out) leaves nothing to compare before the start and is refused.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, numbers, outcome_values, require, yes_no
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused
from analysis.study.design_settings import DifferenceInDifferences, Staggered

ENDS_PRESENCE = 0.5  # of those with the outcome, seen again this many times as often as those without, or less


def treated_rows(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> Booleans:
    """Rows of units that are treated at some time of the panel."""
    if isinstance(design, DifferenceInDifferences):
        return yes_no(panel, design.treated)
    treated: Booleans = numbers(panel, design.treated_from) <= numbers(panel, design.time).max()
    return treated


def begun(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> Booleans:
    """Rows at or after the start: the unit's own where it is treated, else the first of all."""
    time = numbers(panel, design.time)
    if isinstance(design, DifferenceInDifferences):
        return time >= design.start
    start = numbers(panel, design.treated_from)
    treated = treated_rows(panel, design)
    if not treated.any():
        raise DesignRefused("no_treated")
    return time >= np.where(treated, start, start[treated].min())


def seen_once_begun(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> Booleans:
    """Rows of people whom the panel sees at or after the start."""
    return of_whom_any(panel, design, begun(panel, design))


def of_whom_any(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered, rows: Booleans) -> Booleans:
    """Rows of people of whom at least one row is among ``rows``."""
    person, labels = codes(panel, person_of(panel, design))
    return (np.bincount(person, rows, minlength=len(labels)) > 0)[person]


def largest(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered, values: Floats) -> Floats:
    """For each row the largest of its person's values, 0 where none is known."""
    person, labels = codes(panel, person_of(panel, design))
    most = np.zeros(len(labels))
    np.maximum.at(most, person, np.nan_to_num(values))
    return most[person]


def person_of(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> str:
    """The column that names the person."""
    if design.person is None:
        raise DesignRefused("person_not_named")
    require(panel, [design.person])
    return design.person


def refuse_ending_presence(panel: pd.DataFrame, outcome: str, design: DifferenceInDifferences | Staggered) -> None:
    """Refuse a yes-or-no outcome after which people are hardly seen again."""
    values, time = outcome_values(panel, outcome), numbers(panel, design.time)
    if not np.isin(values[~np.isnan(values)], (0.0, 1.0)).all():
        return
    person, labels = codes(panel, person_of(panel, design))
    last = np.full(len(labels), -np.inf)
    np.maximum.at(last, person, time)
    again = last[person] > time
    before = ~begun(panel, design)
    with_it, without = before & (values == 1), before & (values == 0)
    if not with_it.any() or not without.any():
        return
    if again[with_it].mean() < ENDS_PRESENCE * again[without].mean():
        raise DesignRefused("outcome_ends_presence", outcome=outcome)
