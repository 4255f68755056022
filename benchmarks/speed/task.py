"""What is timed: data of a given size, our way to some numbers, and another library's way to the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ROWS = (50_000, 500_000, 2_000_000)
SMALLER = (20_000, 10_000, 5_000)  # where the other library cannot do the smallest of the sizes asked for
Numbers = dict[str, float]


@dataclass(frozen=True)
class Task:
    """``data`` makes the input from a number of rows and a seed; ``ours`` and ``peer`` turn it into numbers.

    Neither changes the data, and each imports its library itself: the two run in environments of their own. Numbers
    that both give are the same number when they lie within ``tolerance`` (relative, or absolute for those named in
    ``by_chance``: p-values and bands from different random draws, where it is four standard errors of the simulation).
    """

    name: str
    data: Callable[[int], Any]
    ours: Callable[[Any], Numbers]
    peer: Callable[[Any], Numbers]
    peer_package: str
    rows: tuple[int, ...] = ROWS
    smaller: tuple[int, ...] = SMALLER
    tolerance: float = 1e-6
    by_chance: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def differences(self, ours: Numbers, theirs: Numbers) -> Numbers:
        """How far apart the shared numbers are: relative, or absolute where chance is in them."""
        return {
            name: abs(ours[name] - theirs[name]) / (1.0 if name in self.by_chance else abs(theirs[name]))
            for name in ours
            if name in theirs
        }

    def agree(self, ours: Numbers, theirs: Numbers) -> bool:
        """Whether at least one number is shared, and all that are lie within their tolerance."""
        apart = self.differences(ours, theirs)
        return bool(apart) and all(gap <= self.by_chance.get(name, self.tolerance) for name, gap in apart.items())
