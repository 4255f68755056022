"""Randomisation inference with several arms: the lots of all arms are dealt anew, together.

Within a stratum the arms' labels are permuted over what was drawn (rows, or clusters as a whole). Each deal gives every
arm the studentised difference to control, and all arms together Wald's distance; studentised, the tests hold their size
also where another arm has an effect (Wu & Ding 2021, JASA 116(536)). Over the arms as a family: the step-down largest
statistic of Westfall & Young (1993, algorithm 2.8), as Young (2019, QJE 134(2)) uses it for experiments.

A stratum's mean is its total over its rows, whose variance is that of the clusters' residual totals,
sum_g (Y_g - m N_g)^2 / N^2 times g / (g - 1); with rows drawn by themselves that is Neyman's.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimate import Floats, Integers
from analysis.effects.multiplicity import romano_wolf

MOST_CELLS = 4_000_000  # of the deals held at a time
TIE = 1e-9
Labels = NDArray[np.int8]


@dataclass(frozen=True)
class Units:
    """What was drawn, one entry each: its ``arm`` (0 control), ``stratum``, number of rows and their outcomes' total
    (measured from the stratum's mean)."""

    arm: Integers
    stratum: Integers
    rows: Floats
    total: Floats


@dataclass(frozen=True)
class LotTests:
    """By arm: ``p`` of no effect, ``adjusted`` for their number; ``joint`` p of no effect of any; ``smallest`` the
    smallest p that so many deals can give."""

    p: Floats
    adjusted: Floats
    joint: float
    smallest: float


def drawn_units(outcome: Floats, arm: Integers, stratum: Integers, cluster: Integers | None) -> Units:
    """The units of a lot from their rows; clusters lie in one arm and one stratum."""
    free = outcome - (np.bincount(stratum, outcome) / np.bincount(stratum))[stratum]
    of = np.arange(len(outcome)) if cluster is None else cluster
    names, first, which = np.unique(of, return_index=True, return_inverse=True)
    count = len(names)
    rows = np.bincount(which, minlength=count).astype(float)
    total = np.bincount(which, weights=free, minlength=count).astype(float)
    return Units(arm[first], stratum[first], rows, total)


def lot_tests(units: Units, draws: int, seed: int) -> LotTests:
    """The tests by dealing the lots ``draws`` times, or in every possible way when there are no more of them."""
    dealt, exhaustive = deals(tuple(units.arm.tolist()), tuple(units.stratum.tolist()), draws, seed)
    observed = _statistics(units.arm[None, :], units)[0]
    step = max(1, MOST_CELLS // len(units.arm))
    parts = [dealt[start : start + step] for start in range(0, len(dealt), step)]
    found = np.nan_to_num(np.concatenate([_statistics(part, units) for part in parts]), nan=np.inf)
    if exhaustive:  # the lots as they fell are one of the deals; the tests below count them in
        found = np.delete(found, int(np.flatnonzero((dealt == units.arm).all(axis=1))[0]), axis=0)
    with np.errstate(invalid="ignore"):
        p = (1 + (found >= observed * (1 - TIE)).sum(axis=0)) / (1 + len(found))
    p[np.isnan(observed)] = np.nan
    adjusted = romano_wolf(np.sqrt(observed[:-1]), np.sqrt(found[:, :-1]))
    return LotTests(p[:-1], adjusted, float(p[-1]), 1 / (1 + len(found)))


@lru_cache(maxsize=8)
def deals(arm: tuple[int, ...], stratum: tuple[int, ...], draws: int, seed: int) -> tuple[Labels, bool]:
    """Ways the lots could have fallen (one a row, as small integers), and whether they are all there are."""
    labels, strata = np.array(arm, dtype=np.int8), np.array(stratum)
    members = [np.flatnonzero(strata == code) for code in np.unique(strata)]
    ways: list[int] = [_ways(labels[rows]) for rows in members]
    if math.prod(ways) <= draws + 1:
        return _every_deal(labels, members), True
    generator = np.random.default_rng(seed)
    dealt = np.tile(labels, (draws, 1))
    for rows in members:
        dealt[:, rows] = generator.permuted(dealt[:, rows], axis=1)
    return dealt, False


def _ways(labels: Labels) -> int:
    return math.factorial(len(labels)) // math.prod(math.factorial(int(one)) for one in np.bincount(labels))


def _every_deal(labels: Labels, members: list[Integers]) -> Labels:
    table = [list(_arrangements(tuple(np.bincount(labels[rows]).tolist()))) for rows in members]
    chosen = list(itertools.product(*table))
    dealt = np.zeros((len(chosen), len(labels)), dtype=np.int8)
    for number, parts in enumerate(chosen):
        for rows, part in zip(members, parts, strict=True):
            dealt[number, rows] = part
    return dealt


def _arrangements(counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """All different orders of ``counts[0]`` zeros, ``counts[1]`` ones and so on."""
    if not any(counts):
        yield ()
        return
    for label, left in enumerate(counts):
        if left:
            fewer = (*counts[:label], left - 1, *counts[label + 1 :])
            yield from ((label, *rest) for rest in _arrangements(fewer))


def _statistics(dealt: NDArray[np.integer], units: Units) -> Floats:
    """Squared statistics of each deal, one an arm, and Wald's distance of all arms last: deals x (K + 1)."""
    arms = int(units.arm.max())
    mean, variance = (np.zeros((len(dealt), arms + 1)) for _ in range(2))
    for code in np.unique(units.stratum):
        inside = units.stratum == code
        share = units.rows[inside].sum() / units.rows.sum()
        for arm in range(arms + 1):
            found = _moments((dealt[:, inside] == arm).astype(float), units.rows[inside], units.total[inside])
            mean[:, arm] += share * found[0]
            variance[:, arm] += share**2 * found[1]
    effect, own, control = mean[:, 1:] - mean[:, :1], variance[:, 1:], variance[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        # the covariance is diagonal plus the control's: its inverse by Sherman and Morrison
        pull = (effect / own).sum(axis=1) ** 2 * control / (1 + control * (1 / own).sum(axis=1))
        wald = (effect**2 / own).sum(axis=1) - pull
        return np.column_stack([effect**2 / (own + control[:, None]), wald])


def _moments(chosen: Floats, rows: Floats, total: Floats) -> tuple[Floats, Floats]:
    """The mean of the chosen units' rows in each deal, and its variance."""
    count, size = chosen.sum(axis=1), chosen @ rows
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = chosen @ total / size
        squares = chosen @ total**2 - 2 * mean * (chosen @ (total * rows)) + mean**2 * (chosen @ rows**2)
        return mean, np.maximum(squares, 0.0) / size**2 * count / (count - 1)
