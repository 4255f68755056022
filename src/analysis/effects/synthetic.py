"""Synthetic control and synthetic difference-in-differences for a block: few treated units, one start.

Abadie, Diamond & Hainmueller (2010, JASA 105(490)), on the outcomes before the start alone; Arkhangelsky, Athey,
Hirshberg, Imbens & Wager (2021, AER 111(12)), algorithm 1, with exact weights instead of Frank-Wolfe steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import nnls

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused

Method = Literal["synthetic_did", "synthetic_control", "did"]
SMALL = 1e-6  # ridge of the weights that need none but to be unique, in units of the noise


@dataclass(frozen=True)
class Block:
    """``outcome`` units x times without gaps, the first ``before`` times untreated; ``treated`` units."""

    outcome: Floats
    treated: Booleans
    before: int


@dataclass(frozen=True)
class Synthetic:
    """``estimate``: mean gap after the start; ``weights`` of the untreated units, ``time_weights`` of the times before;
    ``path`` of the treated and of the ``synthetic`` one (brought to its level where the method allows it), by time."""

    estimate: float
    weights: Floats
    time_weights: Floats
    path: Floats
    synthetic: Floats
    before: int

    @property
    def gap_before(self) -> float:
        """Root of the mean squared gap before the start."""
        return float(np.sqrt(((self.path - self.synthetic)[: self.before] ** 2).mean()))

    @property
    def gap_after(self) -> float:
        return float(np.sqrt(((self.path - self.synthetic)[self.before :] ** 2).mean()))


def simplex_weights(columns: Floats, target: Floats, ridge: float = 0.0) -> Floats:
    """argmin over w >= 0, sum w = 1 of |columns w - target|^2 + ridge |w|^2, exactly.

    With C = columns - target 1' (and the ridge's rows below) the aim is |C w|; the nonnegative least squares of
    [C; 1'] x = [0; 1] has its minimum at a multiple of that w, for along w it is |C w|^2 / (1 + |C w|^2).
    """
    count = columns.shape[1]
    stacked = np.vstack([columns - target[:, None], np.sqrt(ridge) * np.eye(count)])
    scale = float(np.sqrt((stacked**2).sum(axis=0).mean()))
    if not scale > 0:
        return np.full(count, 1 / count)
    system = np.vstack([stacked / scale, np.ones(count)])
    try:
        found, _ = nnls(system, np.append(np.zeros(len(stacked)), 1.0), maxiter=50 * count + 500)
    except RuntimeError:
        raise DesignRefused("no_weights") from None
    if not found.sum() > 0:
        raise DesignRefused("no_weights")
    weights: Floats = found / found.sum()
    return weights


def fit(block: Block, method: Method) -> Synthetic:
    """The estimate by a method; needs two times before the start, one after and two untreated units."""
    own = block.outcome[block.treated].mean(axis=0)
    others = block.outcome[~block.treated]
    before, after = block.before, block.outcome.shape[1] - block.before
    noise = _noise(others[:, :before])
    if method == "synthetic_control":
        ridge = before * (SMALL * noise) ** 2
        weights = simplex_weights(others[:, :before].T, own[:before], ridge)
        times, level = np.zeros(before), 0.0
    elif method == "did":
        weights, times = np.full(len(others), 1 / len(others)), np.full(before, 1 / before)
        level = float((own[:before] - weights @ others[:, :before]) @ times)
    else:
        zeta = (block.treated.sum() * after) ** 0.25 * noise
        rows = others[:, :before].T
        weights = simplex_weights(rows - rows.mean(axis=0), own[:before] - own[:before].mean(), before * zeta**2)
        later = others[:, before:].mean(axis=1)
        columns = others[:, :before] - others[:, :before].mean(axis=0)
        times = simplex_weights(columns, later - later.mean(), len(others) * (SMALL * noise) ** 2)
        level = float((own[:before] - weights @ others[:, :before]) @ times)
    synthetic = weights @ others + level
    return Synthetic(float((own - synthetic)[before:].mean()), weights, times, own, synthetic, before)


def _noise(others: Floats) -> float:
    """Standard deviation of the changes from one time to the next among the untreated (equation 2.2)."""
    changes = np.diff(others, axis=1)
    return float(changes.std(ddof=1)) if changes.size > 1 else 0.0


def spread_between(block: Block) -> float:
    """How much the untreated units differ before the start: the unit in which a gap is judged."""
    others = block.outcome[~block.treated, : block.before]
    return float(np.sqrt(((others - others.mean(axis=0)) ** 2).mean()))
