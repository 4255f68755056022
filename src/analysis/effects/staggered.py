"""Difference-in-differences when units start at different times: an effect for each cohort and time, then averages.

    y_igt = unit_g + time_t + sum over cohorts c and times t of effect_ct * [g in c, t] + error
                              (all times of c but the last before its start)

Every effect compares a cohort with the units never treated alone, against the last time before its own start; on a
balanced panel these are Callaway & Sant'Anna's (2021, J. Econometrics 225(2)) group-time effects without covariates,
and Sun & Abraham's (2021, same issue). No unit already treated serves as a comparison, which is what goes wrong in the
two-way fixed-effects regression (Goodman-Bacon 2021). Averages weigh each effect by its rows, and are coefficients of
the same regression in other coordinates, so that CR2 and the wild bootstrap apply to them as to any coefficient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.effects.cells import Cells
from analysis.effects.estimate import Floats, Integers
from analysis.effects.linear import LinearFit, fit_linear, scale_and_absorb
from analysis.effects.refusal import DesignRefused

MOST_DRAWS = 999  # each draw is a regression of its own
BATCH = 100
TIE = 1e-9
NEVER = np.iinfo(np.int64).max  # the start of what is never treated


@dataclass(frozen=True)
class CohortTime:
    """One effect: the cohort's start, the time, its 0/1 column over cells, and its rows."""

    start: int
    time: int
    column: Floats
    rows: float

    @property
    def since_start(self) -> int:
        return self.time - self.start


def cohort_times(cells: Cells) -> list[CohortTime]:
    """The effects to estimate, by cohort and time: all times of a cohort but the last before its start."""
    found = []
    for start in cells.cohorts:
        member = cells.treated & (cells.first == start)
        seen = sorted(set(cells.time[member].tolist()))
        before = [time for time in seen if time < start]
        if not before:
            raise DesignRefused("no_period_before", start=start)
        for time in seen:
            if time != before[-1]:
                inside = member & (cells.time == time)
                found.append(CohortTime(start, time, inside.astype(float), float(cells.size[inside].sum())))
    return found


def fit_average(cells: Cells) -> LinearFit:
    """The regression whose first coefficient is the average effect over all treated rows after their start."""
    after, before = _after_and_before(cells)
    return _fit(cells, [*averaged(after), *(effect.column for effect in before)])


def fit_without_leads(cells: Cells) -> LinearFit:
    """The same average, all times before a start taken for untreated ones (see ``extended_two_way``)."""
    after, _ = _after_and_before(cells)
    return _fit(cells, averaged(after))


def _after_and_before(cells: Cells) -> tuple[list[CohortTime], list[CohortTime]]:
    effects = cohort_times(cells)
    after = [effect for effect in effects if effect.since_start >= 0]
    if not after:
        raise DesignRefused("no_period_after", start=cells.start)
    return after, [effect for effect in effects if effect.since_start < 0]


def fit_by_time_since_start(cells: Cells) -> tuple[LinearFit, list[int]]:
    """The regression whose first coefficients are the averages at each time since the start, and these times."""
    effects = cohort_times(cells)
    times = sorted({effect.since_start for effect in effects})
    groups = [averaged([effect for effect in effects if effect.since_start == time]) for time in times]
    return _fit(cells, [group[0] for group in groups] + [column for group in groups for column in group[1:]]), times


def averaged(effects: list[CohortTime]) -> list[Floats]:
    """Columns in which the first coefficient is the rows-weighted average of the effects, the others how they differ.

    With weights w adding up to one and effects b_k = average + d_k, sum of w_k d_k = 0: the average belongs to the sum
    of the columns, d_k to column_k - (w_k / w_last) column_last.
    """
    total = sum(effect.rows for effect in effects)
    weights = [effect.rows / total for effect in effects]
    average = np.sum([effect.column for effect in effects], axis=0)
    last = effects[-1].column / weights[-1]
    return [average, *(one.column - weight * last for one, weight in zip(effects[:-1], weights, strict=False))]


def _fit(cells: Cells, columns: list[Floats]) -> LinearFit:
    codes = cells.time_code
    times = (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float)
    every = np.column_stack([*columns, times])
    return fit_linear(cells.mean, every, cells.cluster, weights=cells.size, groups=cells.unit, observations=cells.rows)


def possible_assignments(cells: Cells) -> int:
    """In how many ways the starts could have fallen on the clusters within their strata."""
    ways = 1
    for stratum in np.unique(cells.cluster_stratum):
        starts = _starts(cells)[cells.cluster_stratum == stratum]
        ways *= math.factorial(len(starts))
        for count in np.unique(starts, return_counts=True)[1]:
            ways //= math.factorial(int(count))
    return ways


def smallest_p(cells: Cells, draws: int) -> float:
    """The smallest p-value that randomisation inference can give here."""
    return max(1 / possible_assignments(cells), 1 / (min(draws, MOST_DRAWS) + 1))


def randomisation_p(cells: Cells, draws: int, seed: int) -> float:
    """Two-sided p of "no effect on any unit": the starts dealt anew to the clusters within strata, studentised (CR0).

    A draw in which the regression cannot be made counts against the finding.
    """
    generator, starts = np.random.default_rng(seed), _starts(cells)
    dealt = np.tile(starts, (min(draws, MOST_DRAWS), 1))
    for stratum in np.unique(cells.cluster_stratum):
        inside = np.flatnonzero(cells.cluster_stratum == stratum)
        dealt[:, inside] = generator.permuted(dealt[:, inside], axis=1)
    observed = _statistics(cells, starts[None, :])[0]
    if math.isnan(observed):
        return math.nan
    parts = [_statistics(cells, dealt[at : at + BATCH]) for at in range(0, len(dealt), BATCH)]
    drawn = np.nan_to_num(np.concatenate(parts), nan=np.inf)
    return (1 + int((drawn >= observed * (1 - TIE)).sum())) / (len(drawn) + 1)


def _starts(cells: Cells) -> Integers:
    """Each cluster's start; NEVER for those never treated."""
    return np.where(cells.cluster_treated, cells.cluster_start, NEVER)


def _statistics(cells: Cells, dealt: Integers) -> Floats:
    """The squared t statistic of the average effect under each deal of starts (draws x clusters)."""
    designs = np.stack([_design_of(cells, starts) for starts in dealt])
    outcome = scale_and_absorb(cells.mean[:, None], cells.size, cells.unit)[:, 0]
    inverse = np.linalg.pinv(np.einsum("bnk,bnl->bkl", designs, designs), hermitian=True)
    coefficients = np.einsum("bkl,bnl,n->bk", inverse, designs, outcome)
    residuals = outcome - np.einsum("bnk,bk->bn", designs, coefficients)
    loadings = np.einsum("bnk,bk->bn", designs, inverse[:, :, 0])
    member = np.eye(len(cells.cluster_treated))[cells.cluster]
    variance = (((loadings * residuals) @ member) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return coefficients[:, 0] ** 2 / variance


def _design_of(cells: Cells, starts: Integers) -> Floats:
    """The scaled columns of ``fit_average`` had the clusters started so; as many columns at every deal (zeros fill up).

    Which time is the last before a start is taken from the times seen at all, so that the number of columns is fixed.
    """
    first, times = starts[cells.cluster], sorted(set(cells.time.tolist()))
    after: list[CohortTime] = []
    before: list[CohortTime] = []
    for start in cells.cohorts:
        reference = max(time for time in times if time < start)
        for time in times:
            if time == reference:
                continue
            inside = (first == start) & (cells.time == time)
            effect = CohortTime(start, time, inside.astype(float), float(cells.size[inside].sum()) or 1e-9)
            (after if time >= start else before).append(effect)
    codes = cells.time_code
    calendar = (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float)
    columns = np.column_stack([*averaged(after), *(effect.column for effect in before), calendar])
    return scale_and_absorb(columns, cells.size, cells.unit)
