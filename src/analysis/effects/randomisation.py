"""Randomisation inference: how often would chance assignment of treatment to clusters have looked like this?

Fisher (1935); studentised as in MacKinnon & Webb (2020, J. Econometrics 218(2)) and Young (2019, QJE 134(2)). It
assumes that within a stratum every cluster could have been the treated one.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from analysis.effects.estimate import Booleans, Floats, Integers

Statistic = Literal["t", "coefficient"]
TIE = 1e-9
CHUNK = 1024


@dataclass(frozen=True)
class Assignments:
    """Alternative assignments (draws x G, 0/1). ``exhaustive``: every possible one, once, the actual one among them."""

    treated: Floats
    exhaustive: bool
    possible: int

    @property
    def smallest_p(self) -> float:
        """The smallest p-value that this many assignments can give."""
        return 1 / len(self.treated) if self.exhaustive else 1 / (len(self.treated) + 1)


def assignments(treated: Booleans, strata: Integers, draws: int = 9999, seed: int = 1) -> Assignments:
    """Permute treatment over clusters within strata; enumerate when there are at most ``draws`` + 1 assignments.

    A pure function of its arguments, drawn once and kept for all outcomes with the same clusters.
    """
    return _assignments(tuple(bool(x) for x in treated), tuple(int(x) for x in strata), draws, seed)


@lru_cache(maxsize=32)
def _assignments(treated: tuple[bool, ...], strata: tuple[int, ...], draws: int, seed: int) -> Assignments:
    status, stratum = np.array(treated), np.array(strata)
    members = [np.flatnonzero(stratum == code) for code in np.unique(stratum)]
    possible = math.prod(math.comb(len(rows), int(status[rows].sum())) for rows in members)
    if possible <= draws + 1:
        return Assignments(_every_assignment(status, members), True, possible)
    generator = np.random.default_rng(seed)
    drawn = np.tile(status.astype(float), (draws, 1))
    for rows in members:
        drawn[:, rows] = generator.permuted(drawn[:, rows], axis=1)
    return Assignments(drawn, False, possible)


def _every_assignment(status: Booleans, members: list[Integers]) -> Floats:
    choices = [itertools.combinations(rows.tolist(), int(status[rows].sum())) for rows in members]
    chosen = list(itertools.product(*choices))
    table = np.zeros((len(chosen), len(status)))
    for number, selection in enumerate(chosen):
        table[number, [row for part in selection for row in part]] = 1
    return table


def randomisation_p(
    outcome: Floats,
    exposure: Floats,
    clusters: Integers,
    treated: Booleans,
    alternatives: Assignments,
    statistic: Statistic = "t",
) -> float:
    """Two-sided p-value of "no effect on any cluster" by the cluster-robust t statistic of each assignment, or by its
    ``coefficient`` as other libraries do.

    ``outcome`` (n): free of all fixed effects. ``exposure`` (n x G): column g is what treating cluster g alone would
    have put into the treatment regressor, free of the fixed effects; the regressor of an assignment is the sum of the
    columns of its treated clusters. Both scaled by the square root of the weights. Drawn: (1 + #) / (draws + 1);
    enumerated: the share.
    """
    observed = _statistics(treated[None, :].astype(float), outcome, exposure, clusters, statistic)[0]
    if math.isnan(observed) or alternatives.possible < 2:
        return math.nan
    parts = [alternatives.treated[start : start + CHUNK] for start in range(0, len(alternatives.treated), CHUNK)]
    drawn = np.concatenate([_statistics(part, outcome, exposure, clusters, statistic) for part in parts])
    exceeding = int((np.nan_to_num(drawn, nan=np.inf) >= observed * (1 - TIE)).sum())
    return exceeding / len(drawn) if alternatives.exhaustive else (1 + exceeding) / (len(drawn) + 1)


def _statistics(
    assigned: Floats, outcome: Floats, exposure: Floats, clusters: Integers, statistic: Statistic
) -> Floats:
    """Squared t statistics, one an assignment: (d'y)^2 / sum_g (d_g' u_g)^2 with u = y - d (d'y / d'd); or squared
    coefficients (d'y / d'd)^2."""
    regressor = assigned @ exposure.T
    member = np.eye(int(clusters.max()) + 1)[clusters]
    squares = (regressor**2) @ member
    products = (regressor * outcome) @ member
    numerator = products.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient = numerator / squares.sum(axis=1)
        if statistic == "coefficient":
            return coefficient**2
        return numerator**2 / ((products - coefficient[:, None] * squares) ** 2).sum(axis=1)
