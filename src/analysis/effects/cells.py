"""A unit-level panel collapsed to unit-and-time cells.

When every regressor is constant within a cell, as in difference-in-differences by school and year, least squares on the
rows equals least squares on the cell means weighted by cell size: same coefficients, same cluster scores, same CR2 (the
adjustment acts on the space of the regressors alone), same wild bootstrap. So inference works on some hundred cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, numbers, outcome_values, require, whole_numbers, yes_no
from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused
from analysis.effects.repeated_rows import refuse_repeated
from analysis.effects.starts import deciding_column, first_treated
from analysis.study.design_settings import DifferenceInDifferences, Staggered


@dataclass(frozen=True)
class Cells:
    """One entry a unit and time with rows: ``unit``, ``time_code``, ``cluster`` are codes 0.., ``time`` the labels;
    ``size`` counts rows, ``mean`` is the outcome's mean, ``participation`` the share taking part and
    ``participant_outcome`` the mean of outcome times participation. Per cluster: ``cluster_treated``,
    ``cluster_stratum``, ``cluster_names``, ``cluster_start`` (the first treated time; for comparison clusters the
    earliest of all). ``dropped`` counts rows left out because the outcome (or participation) was missing.
    """

    unit: Integers
    time: Integers
    cluster: Integers
    treated: Booleans
    size: Floats
    mean: Floats
    participation: Floats | None
    participant_outcome: Floats | None
    cluster_treated: Booleans
    cluster_stratum: Integers
    cluster_start: Integers
    cluster_names: pd.Index
    start: int
    dropped: int
    is_staggered: bool = False

    @property
    def first(self) -> Integers:
        """The first treated time of each cell's cluster; for comparison clusters the earliest of all."""
        return self.cluster_start[self.cluster]

    @property
    def post(self) -> Booleans:
        return self.time >= self.first

    @property
    def cohorts(self) -> list[int]:
        """The starts that occur, earliest first."""
        return sorted(set(self.cluster_start[self.cluster_treated].tolist()))

    @property
    def time_code(self) -> Integers:
        return np.unique(self.time, return_inverse=True)[1]

    @property
    def rows(self) -> int:
        return int(self.size.sum())

    @property
    def treated_rows(self) -> int:
        return int(self.size[self.treated].sum())

    def with_outcome(self, mean: Floats) -> Cells:
        return replace(self, mean=mean)


def collapse(
    panel: pd.DataFrame,
    outcome: str,
    design: DifferenceInDifferences | Staggered,
    participation: str | None = None,
    excluded_times: Sequence[int] = (),
) -> Cells:
    """Cells of the rows where ``outcome`` (and ``participation``) is observed, without ``excluded_times``.

    Raises DesignRefused when the rows cannot carry the design.
    """
    deciding = deciding_column(design) if isinstance(design, Staggered) else design.treated
    names = [outcome, design.unit, design.time, design.cluster, deciding]
    require(panel, [*names, *(name for name in (design.stratum, participation) if name)])
    refuse_repeated(panel, design)
    values = outcome_values(panel, outcome)
    taking_part = numbers(panel, participation) if participation else np.zeros(len(panel))
    in_scope = ~panel[design.time].isin(list(excluded_times)).to_numpy(dtype=bool)
    observed = ~(np.isnan(values) | np.isnan(taking_part))
    kept = in_scope & observed
    if not kept.any():
        raise DesignRefused("no_rows")
    usable, treated, start = _exposure(panel.loc[kept], design)
    members = panel.loc[kept].loc[usable]
    cells = _collapse_complete(_Rows(members, values[kept][usable], taking_part[kept][usable], treated, start), design)
    _refuse_impossible(cells, outcome)
    dropped = int((in_scope & ~observed).sum())
    cells = replace(cells, dropped=dropped)
    return cells if participation else replace(cells, participation=None, participant_outcome=None)


@dataclass(frozen=True)
class _Rows:
    """Rows of the panel that count, and of each its outcome, participation, treatment and first treated time."""

    panel: pd.DataFrame
    values: Floats
    taking_part: Floats
    treated: Booleans
    start: Integers


def _exposure(panel: pd.DataFrame, design: DifferenceInDifferences | Staggered) -> tuple[Booleans, Booleans, Integers]:
    """Which rows can be used, and of these whether the unit is ever treated, and from when.

    With starts of their own, units treated at every time have no time before and are left out; a start not yet reached
    makes a comparison unit.
    """
    if isinstance(design, DifferenceInDifferences):
        return np.ones(len(panel), dtype=bool), yes_no(panel, design.treated), np.full(len(panel), design.start)
    start, time = first_treated(panel, design), numbers(panel, design.time)
    treated = start <= time.max()
    if not treated.any():
        raise DesignRefused("no_treated")
    usable = ~(start <= time.min())
    treated, start = treated[usable], start[usable]
    if not treated.any():
        raise DesignRefused("no_period_before", start=int(time.min()))
    return usable, treated, np.where(treated, start, start[treated].min()).astype(np.int64)


def _collapse_complete(rows: _Rows, design: DifferenceInDifferences | Staggered) -> Cells:
    panel, values, taking_part, treated = rows.panel, rows.values, rows.taking_part, rows.treated
    unit, _ = codes(panel, design.unit)
    time, times = codes(panel, design.time)
    cell = unit * len(times) + time
    size = np.bincount(cell)
    filled = np.flatnonzero(size)
    first = _first_rows(cell, filled)
    cluster, names = codes(panel, design.cluster)
    stratum = codes(panel, design.stratum)[0] if design.stratum else np.zeros(len(panel), dtype=np.int64)
    deciding = deciding_column(design) if isinstance(design, Staggered) else design.treated
    _refuse_changing(unit, treated, design.unit, deciding)
    _refuse_changing(unit, cluster, design.unit, design.cluster)
    _refuse_changing(cluster, treated, design.cluster, deciding)
    _refuse_changing(cluster, rows.start, design.cluster, deciding)
    _refuse_changing(cluster, stratum, design.cluster, design.stratum or "")
    _, first_of_cluster = np.unique(cluster, return_index=True)
    return Cells(
        unit=unit[first],
        time=whole_numbers(panel, design.time)[first],
        cluster=cluster[first],
        treated=treated[first],
        size=size[filled].astype(float),
        mean=np.bincount(cell, values)[filled] / size[filled],
        participation=np.bincount(cell, taking_part)[filled] / size[filled],
        participant_outcome=np.bincount(cell, taking_part * values)[filled] / size[filled],
        cluster_treated=treated[first_of_cluster],
        cluster_stratum=stratum[first_of_cluster],
        cluster_start=rows.start[first_of_cluster],
        cluster_names=names,
        start=int(rows.start.min()),
        dropped=0,
        is_staggered=isinstance(design, Staggered),
    )


def _first_rows(cell: Integers, filled: Integers) -> Integers:
    """A row of each filled cell."""
    row = np.zeros(int(cell.max()) + 1, dtype=np.int64)
    row[cell] = np.arange(len(cell))
    return row[filled]


def _refuse_changing(group: Integers, value: Integers | Booleans, group_name: str, value_name: str) -> None:
    """Refuse a ``value`` that differs within a ``group``."""
    reference = np.zeros(int(group.max()) + 1, dtype=value.dtype)
    reference[group] = value
    if (reference[group] != value).any():
        raise DesignRefused("changes_within", column=value_name, group=group_name)


def _refuse_impossible(cells: Cells, outcome: str) -> None:
    if not cells.treated.any():
        raise DesignRefused("no_treated")
    if cells.treated.all():
        raise DesignRefused("no_comparison")
    if not (~cells.post).any():
        raise DesignRefused("no_period_before", start=cells.start)
    if not cells.post.any():
        raise DesignRefused("no_period_after", start=cells.start)
    if not (_seen_before_and_after(cells, cells.treated) and _seen_before_and_after(cells, ~cells.treated)):
        raise DesignRefused("no_unit_before_and_after", outcome=outcome)


def _seen_before_and_after(cells: Cells, group: Booleans) -> bool:
    before = set(cells.unit[group & ~cells.post].tolist())
    return not before.isdisjoint(cells.unit[group & cells.post].tolist())
