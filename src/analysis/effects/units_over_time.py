"""Units seen at several times: their rows, and a panel laid out so that two times are read side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.effects.covariates import Covariates
from analysis.effects.estimate import Booleans, Floats, Integers


@dataclass(frozen=True)
class Observed:
    """Rows: ``unit`` and ``cluster`` as codes 0.., ``time``, ``start`` (NEVER: never treated), ``outcome``."""

    unit: Integers
    cluster: Integers
    time: Integers
    start: Integers
    outcome: Floats
    covariates: Covariates

    @cached_property
    def is_panel(self) -> bool:
        """Whether no unit is seen twice at a time."""
        keys = self.unit * len(self.times) + self.time_place
        if not (keys[1:] > keys[:-1]).all():
            keys = np.sort(keys)
        return bool((keys[1:] != keys[:-1]).all())

    @cached_property
    def times(self) -> Integers:
        """The times, in order."""
        return np.sort(pd.unique(self.time))

    @cached_property
    def time_place(self) -> Integers:
        """Where each row's time stands among ``times``."""
        return np.searchsorted(self.times, self.time)

    @cached_property
    def starts(self) -> Integers:
        """The starts, in order; NEVER comes last."""
        return np.sort(pd.unique(self.start))

    @cached_property
    def start_place(self) -> Integers:
        """Where each row's start stands among ``starts``."""
        return np.searchsorted(self.starts, self.start)

    @cached_property
    def seen(self) -> Booleans:
        """Whether any row has a start at a time: starts x times."""
        place = self.start_place * len(self.times) + self.time_place
        cells = len(self.starts), len(self.times)
        return np.bincount(place, minlength=cells[0] * cells[1]).reshape(cells) > 0


class UnitsOverTime:
    """``row``, ``start`` (its place) and ``outcome`` are times x units; -1, -1 and 0 where a unit is not seen."""

    def __init__(self, rows: Observed) -> None:
        shape = len(rows.times), int(rows.unit.max()) + 1
        cell = rows.time_place, rows.unit
        self.row, self.start, self.outcome = np.full(shape, -1), np.full(shape, -1), np.zeros(shape)
        self.row[cell] = np.arange(len(rows.unit))
        self.start[cell] = rows.start_place
        self.outcome[cell] = rows.outcome

    def changes(self, now: int, then: int, inside: Booleans) -> tuple[Integers, Integers, Floats]:
        """Of the units seen at both times (places) with a start that is ``inside`` (one value a start): their rows now
        and then, and by how much their outcome changed."""
        kept = np.append(inside, False)  # the last is for -1
        both = np.flatnonzero(kept[self.start[now]] & kept[self.start[then]])
        change = self.outcome[now][both] - self.outcome[then][both]
        return self.row[now][both], self.row[then][both], change
