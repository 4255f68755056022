"""What a rule says of one draw, in the form the simulation counts.

A draw gives rule -> (estimate, low, high, whether it rejects "no effect", the effect that was realised).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.effects.estimate import Estimate

LEVEL, DRAWS = 0.05, 999
Draws = dict[str, list[float]]


def limits(found: Estimate) -> list[float]:
    return [found.estimate, found.ci_low, found.ci_high]


def rejects(found: Estimate) -> bool:
    return not found.ci_low <= 0 <= found.ci_high


def told(found: Estimate, truth: float) -> list[float]:
    return [*limits(found), rejects(found), truth]


@dataclass(frozen=True)
class Situation:
    """Where somebody may be; ``effect`` is the one to be looked for (beside none)."""

    name: str
    draw: Callable[..., Draws]
    effect: float
    given: dict[str, float] = field(default_factory=dict)
