"""Bounds on an effect when treatment may also decide whose outcome is seen.

Lee (2009, REStud 76(3)): if treatment moves response in one direction only, the group that responds more holds, beside
those who respond either way, a share p of others; trimming that share from one end of its outcomes and then from the
other bounds the effect on those who respond either way. Standard errors: proposition 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class Bounds:
    """``low`` and ``high`` bound the effect, with standard errors; ``trimmed`` is the share left out of one group.

    ``ci_low``, ``ci_high``: interval that covers the effect, not the whole set (Imbens & Manski 2004, Econometrica
    72(6)).
    """

    low: float
    high: float
    se_low: float
    se_high: float
    trimmed: float
    ci_low: float
    ci_high: float


def lee_bounds(outcome: Floats, observed: Booleans, treated: Booleans, level: float = 0.05) -> Bounds:
    """Bounds for ``outcome`` (n; ignored where not ``observed``). Raises DesignRefused when a group shows nobody."""
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    more = treated if observed[treated].mean() >= observed[~treated].mean() else ~treated
    share_more, share_less = float(observed[more].mean()), float(observed[~more].mean())
    if share_less == 0:
        raise DesignRefused("outcome_missing", column="outcome")
    trimmed = (share_more - share_less) / share_more
    values, others = np.sort(outcome[more & observed]), outcome[~more & observed]
    ends = []
    for keeps_high in (False, True):
        mean, spread, edge = _trimmed(values[::-1] if keeps_high else values, trimmed)
        variance = _variance(spread, edge - mean, trimmed, share_more, share_less, int(more.sum()), int((~more).sum()))
        ends.append((mean - float(others.mean()), math.sqrt(variance + others.var() / len(others))))
    (low, se_low), (high, se_high) = ends
    if more is not treated:
        low, se_low, high, se_high = -high, se_high, -low, se_low
    factor = imbens_manski(high - low, max(se_low, se_high), level)
    return Bounds(low, high, se_low, se_high, trimmed, low - factor * se_low, high + factor * se_high)


def bounds_alone(outcome: Floats, observed: Booleans, treated: Booleans) -> tuple[float, float, float, float]:
    """``low``, ``high``, the trimmed share, and the share seen in the group that shows fewer; NaN where a group shows
    nobody."""
    shares = [float(observed[group].mean()) if group.any() else 0.0 for group in (treated, ~treated)]
    if min(shares) == 0:
        return math.nan, math.nan, math.nan, 0.0
    sign = 1.0 if shares[0] >= shares[1] else -1.0
    more = treated if sign > 0 else ~treated
    trimmed = 1 - min(shares) / max(shares)
    values, others = np.sort(outcome[more & observed]), float(outcome[~more & observed].mean())
    ends = sorted(sign * (_trimmed(side, trimmed)[0] - others) for side in (values, values[::-1]))
    return ends[0], ends[1], trimmed, min(shares)


def _trimmed(values: Floats, share: float) -> tuple[float, float, float]:
    """Mean and variance of sorted ``values`` without the last ``share`` (of one value a part, if need be), and the
    value at the cut."""
    left = len(values) * (1 - share)
    weights = np.clip(left - np.arange(len(values)), 0.0, 1.0)
    mean = float(weights @ values / left)
    edge = float(values[min(int(np.ceil(left - 1e-9)), len(values)) - 1])
    return mean, float(weights @ (values - mean) ** 2 / left), edge


def _variance(
    spread: float, gap: float, trimmed: float, share_more: float, share_less: float, more: int, less: int
) -> float:
    """Of the trimmed mean: its own spread, that of the cut's place, that of the trimmed share (Lee 2009, prop. 3)."""
    seen, left = share_more * more, 1 - trimmed
    shares = (1 - share_more) / (share_more * more) + (1 - share_less) / (share_less * less)
    return spread / (seen * left) + gap**2 * trimmed / (seen * left) + gap**2 * shares


def imbens_manski(width: float, se: float, level: float) -> float:
    """The interval's factor c with Phi(c + width/se) - Phi(-c) = 1 - level."""
    if not se > 0:
        return 0.0

    def excess(factor: float) -> float:
        return float(stats.norm.cdf(factor + width / se) - stats.norm.cdf(-factor) - (1 - level))

    return float(optimize.brentq(excess, 0.0, 10.0))
