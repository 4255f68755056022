"""What the figures of a synthetic control draw, as rows: two paths, and the gaps of mock treated groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.effects.columns import numbers
from analysis.effects.estimate import Booleans, Integers
from analysis.effects.placebo import Placebos
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject
from analysis.effects.synthetic import Synthetic
from analysis.study.synthetic_settings import SyntheticControl

LISTED_WEIGHT = 0.01
MOST_PLACEBOS = 50  # that a figure can show; more are thinned evenly by how large their gap is


def persons_behind(members: pd.DataFrame, design: SyntheticControl, wide: pd.DataFrame) -> Integers | None:
    """How many people stand behind each cell of ``wide`` (units x times); None where rows are aggregates."""
    if design.persons is None:
        return None
    found = numbers(members, design.persons)
    if np.isnan(found).any():
        raise DesignRefused("key_missing", column=design.persons, count=int(np.isnan(found).sum()))
    keys = {"unit": members[design.unit].astype("str").to_numpy(), "time": numbers(members, design.time)}
    cells = pd.DataFrame({**keys, "persons": found}).pivot(index="unit", columns="time", values="persons")
    return cells.reindex(index=wide.index, columns=wide.columns).to_numpy().astype(np.int64)


def path_rows(
    subject: Subject, found: Synthetic, times: pd.Index, treated: Booleans, persons: Integers | None
) -> Iterator[Row]:
    """``path`` (levels, term ``<time>/project`` and ``/comparison``); ``n``: the fewest people behind a unit in it."""
    leaned_on = np.flatnonzero(~treated)[found.weights >= LISTED_WEIGHT]
    units = {"project": np.flatnonzero(treated), "comparison": leaned_on}
    for group, path in (("project", found.path), ("comparison", found.synthetic)):
        for place, (time, value) in enumerate(zip(times, path, strict=True)):
            counts = {} if persons is None else {"n": int(persons[units[group], place].min())}
            yield subject.row("path", f"{named(time)}/{group}", estimate=float(value), **counts)


def placebo_rows(
    subject: Subject, tested: Placebos, times: pd.Index, treated: Booleans, persons: Integers | None
) -> Iterator[Row]:
    """``placebo_gap`` (term ``<time>/<number>``): outcome less synthetic of mock treated groups, which are numbered by
    how large their gap after the start is for that before, not named."""
    order = np.argsort(tested.ratios, kind="stable")
    if len(order) > MOST_PLACEBOS:
        order = order[np.linspace(0, len(order) - 1, MOST_PLACEBOS).round().astype(int)]
    counts = {} if persons is None else {"n": int(persons[~treated].min())}
    for number, place in enumerate(order, start=1):
        for time, gap in zip(times, tested.gaps[place], strict=True):
            yield subject.row("placebo_gap", f"{named(time)}/{number}", estimate=float(gap), **counts)


def named(name: object) -> str:
    """A unit or a time as part of a term."""
    return f"{name:g}" if isinstance(name, float) else str(name)
