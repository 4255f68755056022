"""Effects of each cohort (those who start together) at each time, given covariates, with any comparison declared.

    ATT(g, t) = effect at time t on the units that start at g, from the two times t and the base, the last before g,
                against units never treated, or not treated yet at either time

(Callaway & Sant'Anna 2021, J. Econometrics 225(2), theorem 1), each by the doubly robust score of
``doubly_robust``. One row a unit and time makes a panel, and covariates are those of the base time; several make
repeated cross-sections, in which each row brings its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.effects.covariates import Covariates, model_matrix
from analysis.effects.doubly_robust import (
    WEIGHTED,
    Odds,
    Score,
    TwoTimes,
    effect_on_cross_sections,
    effect_on_panel,
    treatment_odds,
)
from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused
from analysis.effects.staggered import NEVER
from analysis.effects.units_over_time import Observed, UnitsOverTime

Comparison = Literal["never_treated", "not_yet_treated"]
Base = Literal["universal", "varying"]


@dataclass(frozen=True)
class GroupTime:
    """ATT(g, t) in the order of ``cohort`` and ``time``; ``influence`` one row a cluster and one column an effect.

    ``share`` is each cohort's share of the units (of the rows, in cross-sections), with ``share_influence`` (clusters x
    cohorts); ``skipped`` the cohorts and times without comparison units.
    """

    cohort: Integers
    time: Integers
    estimate: Floats
    influence: Floats
    share: dict[int, float]
    share_influence: dict[int, Floats]
    skipped: list[tuple[int, int]]

    @property
    def se(self) -> Floats:
        return np.sqrt((self.influence**2).sum(axis=0))


def group_time_effects(
    rows: Observed, comparison: Comparison = "never_treated", base: Base = "universal", score: Score = "dripw"
) -> GroupTime:
    """All effects; ``base`` says what a time before the start is compared with: the last before the start, or the time
    just before it (as R's ``did`` does by default). After the start both are the same.

    Raises DesignRefused when a cohort has no time before its start, when nothing can be compared, or when the
    covariates leave an effect without counterpart.
    """
    units = UnitsOverTime(rows) if rows.is_panel else None
    models = _Models(rows.covariates, score)
    found: list[tuple[int, int, float, Floats]] = []
    skipped: list[tuple[int, int]] = []
    for cohort, time, against in _pairs(rows, base):
        free = rows.starts == NEVER
        if comparison == "not_yet_treated":
            free = (free | (rows.starts > max(time, against))) & (rows.starts != cohort)
        if not rows.seen[free, rows.times == time].any():
            skipped.append((cohort, time))
            continue
        two = _effect(rows, units, models, cohort, time, against, free)
        found.append((cohort, time, two.estimate, two.influence))
    if not any(time >= cohort for cohort, time, *_ in found):
        raise DesignRefused("no_comparison")
    cohorts, times = (np.array([one[at] for one in found], dtype=np.int64) for at in (0, 1))
    estimates, columns = np.array([one[2] for one in found]), np.column_stack([one[3] for one in found])
    share, error = _shares(rows, sorted(set(cohorts.tolist())))
    return GroupTime(cohorts, times, estimates, columns, share, error, skipped)


def _pairs(rows: Observed, base: Base) -> Iterator[tuple[int, int, int]]:
    """Cohort, time and the time it is compared with."""
    for place, cohort in enumerate(rows.starts.tolist()):
        if cohort == NEVER:
            continue
        seen = rows.times[rows.seen[place]].tolist()
        before = [time for time in seen if time < cohort]
        if not before:
            raise DesignRefused("no_period_before", start=cohort)
        for position, time in enumerate(seen):
            if time >= cohort or base == "universal":
                if time != before[-1]:
                    yield cohort, time, before[-1]
            elif position:
                yield cohort, time, seen[position - 1]


class _Models:
    """The covariates' matrix and the odds of treatment, kept from one effect to the next: the times of a cohort share
    them when they compare the same units by the same covariates."""

    def __init__(self, covariates: Covariates, score: Score) -> None:
        self.covariates, self.score = covariates, score
        self.given: tuple[Integers, Booleans] | None = None

    def of(self, rows: Integers, treated: Booleans) -> tuple[Floats, Odds | None]:
        if not self._same(rows, treated):
            matrix = _matrix(self.covariates, rows, treated)
            odds = treatment_odds(matrix, treated) if self.score in WEIGHTED else None
            self.found = matrix, odds
        self.given = rows, treated
        return self.found

    def _same(self, rows: Integers, treated: Booleans) -> bool:
        if self.given is None or not np.array_equal(self.given[1], treated):
            return False
        values = self.covariates.values
        return np.array_equal(self.given[0], rows) or np.array_equal(values[self.given[0]], values[rows])


def _effect(
    rows: Observed, units: UnitsOverTime | None, models: _Models, cohort: int, time: int, against: int, free: Booleans
) -> TwoTimes:
    """One effect, its influence summed by cluster (all clusters of ``rows``); ``free`` says which starts serve."""
    inside = free | (rows.starts == cohort)
    if units:
        late, early = np.searchsorted(rows.times, (time, against)).tolist()
        now, then, change = units.changes(late, early, inside)
        treated = rows.start[now] == cohort
        matrix, odds = models.of(then, treated)
        two = effect_on_panel(change, treated, matrix, models.score, odds)
    else:
        now = np.flatnonzero(inside[rows.start_place] & ((rows.time == time) | (rows.time == against)))
        treated, after = rows.start[now] == cohort, rows.time[now] == time
        matrix = _matrix(rows.covariates, now, treated)
        two = effect_on_cross_sections(rows.outcome[now], after, treated, matrix, models.score)
    by_cluster = np.bincount(rows.cluster[now], two.influence, minlength=int(rows.cluster.max()) + 1)
    return TwoTimes(two.estimate, by_cluster.astype(float))


def _matrix(covariates: Covariates, rows: Integers, treated: Booleans) -> Floats:
    if not treated.any() or treated.all():
        raise DesignRefused("no_unit_before_and_after", outcome="")
    here = Covariates(covariates.names, covariates.values[rows], covariates.warnings)
    return model_matrix(here, treated)[0]


def _shares(rows: Observed, cohorts: list[int]) -> tuple[dict[int, float], dict[int, Floats]]:
    """Each cohort's share of the units with, by cluster, the error in it."""
    who = ~pd.Series(rows.unit).duplicated().to_numpy() if rows.is_panel else np.ones(len(rows.unit), dtype=bool)
    start, cluster, width = rows.start[who], rows.cluster[who], int(rows.cluster.max()) + 1
    share = {cohort: float((start == cohort).mean()) for cohort in cohorts}
    error = {
        cohort: np.bincount(cluster, ((start == cohort) - share[cohort]) / len(start), minlength=width).astype(float)
        for cohort in cohorts
    }
    return share, error
