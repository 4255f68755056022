"""Would a unit that nobody treated look like the treated one? Inference for synthetic controls by placebos in space.

Abadie, Diamond & Hainmueller (2010, JASA 105(490), section 3.4); the placebo variance of Arkhangelsky et al. (2021,
AER 111(12), algorithm 4)."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Floats
from analysis.effects.refusal import DesignRefused
from analysis.effects.synthetic import Block, Method, Synthetic, fit

TIE = 1e-9
ZERO = 1e-9  # a gap before the start below this share of the spread counts as this large


@dataclass(frozen=True)
class Placebos:
    """``estimates`` of the mock groups, their ``gaps`` (groups x times) to their own synthetic ones, and the ``ratios``
    of the gap after the start to that before; ``p``: the share of groups (the treated one among them) whose ratio is as
    large; ``smallest_p`` that so many groups can give; ``se`` missing where no mock group of the same size leaves
    anybody to compare with."""

    estimates: Floats
    p: float
    smallest_p: float
    se: float
    gaps: Floats
    ratios: Floats


def placebos(
    block: Block, method: Method, found: Synthetic, spread: float, draws: int = 999, seed: int = 1
) -> Placebos:
    """Take every group of untreated units as large as the treated one (or ``draws`` of them) for the treated one."""
    others = block.outcome[~block.treated]
    size, count = int(block.treated.sum()), int((~block.treated).sum())
    if count - size < 2:
        return _none(block)
    floor = least_gap(spread)
    observed = _ratio(found, floor)
    estimates, ratios, gaps = [], [], []
    for group in _groups(count, size, draws, seed):
        treated = np.zeros(count, dtype=bool)
        treated[list(group)] = True
        try:
            mock = fit(Block(others, treated, block.before), method)
        except DesignRefused:
            continue
        estimates.append(mock.estimate)
        ratios.append(_ratio(mock, floor))
        gaps.append(mock.path - mock.synthetic)
    if not ratios:
        return _none(block)
    values = np.array(estimates)
    exceeding = int((np.array(ratios) >= observed * (1 - TIE)).sum())
    se = float(values.std()) if len(values) > 1 else math.nan
    p, smallest = (1 + exceeding) / (1 + len(ratios)), 1 / (1 + len(ratios))
    return Placebos(values, p, smallest, se, np.array(gaps), np.array(ratios))


def least_gap(spread: float) -> float:
    """A gap before the start below this counts as this large: a perfect fit tells nothing of the noise after it."""
    return float(max(ZERO * spread, np.finfo(float).tiny))


def _none(block: Block) -> Placebos:
    return Placebos(np.empty(0), math.nan, math.nan, math.nan, np.empty((0, block.outcome.shape[1])), np.empty(0))


def _groups(count: int, size: int, draws: int, seed: int) -> list[tuple[int, ...]]:
    if math.comb(count, size) <= draws:
        return list(itertools.combinations(range(count), size))
    generator = np.random.default_rng(seed)
    return [tuple(generator.choice(count, size, replace=False).tolist()) for _ in range(draws)]


def _ratio(found: Synthetic, floor: float) -> float:
    return found.gap_after / max(found.gap_before, floor)
