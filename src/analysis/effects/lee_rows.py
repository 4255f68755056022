"""Lee's bounds on the effect of something drawn by lot, as rows: they stand where outcomes are missing.

Drawn within strata, the bounds are made in each stratum (the direction in which treatment moves response may differ
between them: Semenova 2025, J. Econometrics 251) and put together by how many would be seen either way, n_s times the
lesser share. With strata or clusters the standard errors are the bootstrap's, drawing what was drawn: rows or whole
clusters, within strata and arms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.effects.checks import FEWEST_CLUSTERS
from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.lee_bounds import Bounds, bounds_alone, imbens_manski, lee_bounds
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted

DRAWS = 399
FEWEST_DRAWS = 0.9  # share of the bootstrap's draws that must give bounds
METHOD = "lee_bounds"


@dataclass(frozen=True)
class Answered:
    """Who was drawn and whose outcome is known; ``outcome`` n, NaN where it is not; ``stratum`` and ``cluster`` codes,
    ``cluster`` None when every row was drawn by itself."""

    outcome: Floats
    treated: Booleans
    stratum: Integers
    cluster: Integers | None

    @property
    def seen(self) -> Booleans:
        return ~np.isnan(self.outcome)

    def of(self, rows: Integers) -> Answered:
        return Answered(self.outcome[rows], self.treated[rows], self.stratum[rows], None)


def lee_rows(subject: Subject, answered: Answered, level: float, seed: int) -> Iterator[Row]:
    """``lee_bounds`` with term ``low`` and ``high``, each with the interval of Imbens and Manski; none where every
    outcome is known."""
    seen = answered.seen
    if seen.all():
        return
    counts = {"n": int(seen.sum()), "n_treated": int((seen & answered.treated).sum())}
    try:
        found = bounds_as_drawn(answered, level, seed)
    except DesignRefused as refusal:
        yield subject.refused_row("lee_bounds", refusal)
        return
    note = noted([("trimmed", found.trimmed)])
    interval = {"ci_low": found.ci_low, "ci_high": found.ci_high}
    for term, value, se in (("low", found.low, found.se_low), ("high", found.high, found.se_high)):
        yield subject.row("lee_bounds", term, estimate=value, se=se, method=METHOD, note=note, **interval, **counts)


def bounds_as_drawn(answered: Answered, level: float, seed: int) -> Bounds:
    """Lee's own formulas for rows drawn without strata, else bounds by stratum with the bootstrap's errors; with fewer
    than FEWEST_CLUSTERS clusters on a side no errors (NaN). Refused where a group of a stratum shows nobody."""
    if answered.cluster is None and len(np.unique(answered.stratum)) == 1:
        return lee_bounds(answered.outcome, answered.seen, answered.treated, level)
    low, high, trimmed = _by_stratum(answered)
    if math.isnan(low):
        raise DesignRefused("stratum_unseen")
    errors = _bootstrap(answered, seed)
    if math.isnan(max(errors)):
        return Bounds(low, high, *errors, trimmed, math.nan, math.nan)
    factor = imbens_manski(high - low, max(errors), level)
    return Bounds(low, high, *errors, trimmed, low - factor * errors[0], high + factor * errors[1])


def _by_stratum(answered: Answered) -> tuple[float, float, float]:
    """Low, high and trimmed share, strata weighted by how many would be seen either way."""
    sums, weight = np.zeros(3), 0.0
    for code in np.unique(answered.stratum):
        inside = answered.stratum == code
        *found, share = bounds_alone(answered.outcome[inside], answered.seen[inside], answered.treated[inside])
        sums += share * inside.sum() * np.array(found)
        weight += share * inside.sum()
    low, high, trimmed = sums / weight if weight else np.full(3, math.nan)
    return float(low), float(high), float(trimmed)


def _bootstrap(answered: Answered, seed: int) -> tuple[float, float]:
    """Standard errors of both bounds."""
    cells = list(_cells(answered))
    if answered.cluster is not None and min(_clusters_by_group(answered)) < FEWEST_CLUSTERS:
        return math.nan, math.nan
    generator = np.random.default_rng(seed)
    drawn = np.empty((DRAWS, 2))
    for place in range(DRAWS):
        picked = [cell[one] for cell in cells for one in generator.integers(0, len(cell), len(cell))]
        drawn[place] = _by_stratum(answered.of(np.concatenate(picked)))[:2]
    kept = drawn[~np.isnan(drawn).any(axis=1)]
    if len(kept) < FEWEST_DRAWS * DRAWS:
        return math.nan, math.nan
    low, high = kept.std(axis=0, ddof=1)
    return float(low), float(high)


def _cells(answered: Answered) -> Iterator[list[Integers]]:
    """For each stratum and group the rows of every unit that was drawn."""
    of = np.arange(len(answered.outcome)) if answered.cluster is None else answered.cluster
    for code in np.unique(answered.stratum):
        for group in (answered.treated, ~answered.treated):
            rows = np.flatnonzero(group & (answered.stratum == code))
            if len(rows):
                order = rows[np.argsort(of[rows], kind="stable")]
                yield np.split(order, np.flatnonzero(np.diff(of[order])) + 1)


def _clusters_by_group(answered: Answered) -> list[int]:
    assert answered.cluster is not None
    return [len(np.unique(answered.cluster[group])) for group in (answered.treated, ~answered.treated)]
