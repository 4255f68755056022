"""Which constant effects placebos in space do not reject, and which they would find.

The test that gives the p-value, turned round: an effect t is taken off the treated units' gaps after the start, and is
in the set as long as enough mock groups show a gap after the start, measured by the gap before, as large (Firpo &
Possebom 2018, J. Causal Inference 6(2), section 4, with a constant effect). The weights rest on the time before the
start and on untreated units alone, so that no effect changes them; the set is then an interval in closed form.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.effects.estimate import Floats


def critical_ratio(ratios: Floats, level: float) -> float:
    """The ratio of the gaps that a group must exceed to be told from none; missing when so few groups tell nothing.

    With N mock groups p = (1 + #{ratio as large}) / (1 + N) is at most ``level`` when fewer than m = floor(level (1 +
    N)) are as large.
    """
    least = math.floor(level * (1 + len(ratios)) + 1e-9)
    return float(np.sort(ratios)[-least]) if least >= 1 else math.nan


def effects_not_rejected(gap: Floats, before: int, ratios: Floats, level: float, floor: float) -> tuple[float, float]:
    """The ends of the interval; ``gap``: the treated units' gap by time, ``floor``: the least gap before that counts.

    Missing when too few groups speak, and when the gaps after the start differ too much for any constant effect.
    """
    critical = critical_ratio(ratios, level)
    reached = (critical * max(_root_mean_square(gap[:before]), floor)) ** 2 - float(gap[before:].var())
    if not reached >= 0:
        return math.nan, math.nan
    middle, half = float(gap[before:].mean()), math.sqrt(reached)
    return middle - half, middle + half


def detectable_effect(gaps: Floats, before: int, ratios: Floats, level: float, power: float, floor: float) -> float:
    """The constant effect that would be found in a share ``power`` of the mock groups (groups x times), were it theirs.

    Of each group the effect, up or down, from which on its ratio exceeds the critical one; then their quantile.
    """
    critical = critical_ratio(ratios, level)
    if math.isnan(critical):
        return math.nan
    needed = []
    for gap in gaps:
        reached = (critical * max(_root_mean_square(gap[:before]), floor)) ** 2 - float(gap[before:].var())
        half, middle = math.sqrt(max(reached, 0.0)), float(gap[before:].mean())
        needed += [max(half - middle, 0.0), max(half + middle, 0.0)]
    return float(np.quantile(needed, power, method="higher"))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt((values**2).mean()))
