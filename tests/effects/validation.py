"""Numbers in print, and those of other programs, beside ours: asserted where they are made, and kept for
docs/validation.md (``make validation``).
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "EVALUATION_VALIDATION"  # a file to which every comparison is added, one a line


@dataclass(frozen=True)
class Comparison:
    """``tolerance``: by how much ours may differ from the printed number, half of its last digit unless said."""

    design: str
    source: str
    what: str
    printed: float
    ours: float
    tolerance: float
    test: str


class InPrint:
    """Called by a test for every number that somebody has printed: fails when ours is another, and records it."""

    def __init__(self, test: str) -> None:
        self.test = test

    def __call__(
        self,
        design: str,
        source: str,
        what: str,
        printed: float,
        ours: float,
        digits: int,
        tolerance: float | None = None,
    ) -> None:
        allowed = 0.5 * 10**-digits * (1 + 1e-6) if tolerance is None else tolerance
        one = Comparison(design, source, what, float(printed), float(ours), allowed, self.test)
        assert abs(one.ours - one.printed) <= allowed, one
        _keep(asdict(one))


class Second:
    """Called by a test for a number that another program gives for the same data: fails when ours is farther from it
    than ``within``, as a share of it, and records both."""

    def __init__(self, test: str) -> None:
        self.test = test

    def __call__(self, design: str, program: str, what: str, theirs: float, ours: float, within: float) -> None:
        one = {"design": design, "program": program, "what": what, "theirs": float(theirs), "ours": float(ours)}
        assert abs(one["ours"] - one["theirs"]) <= within * abs(one["theirs"]), one  # type: ignore[operator,arg-type]
        _keep({**one, "within": within, "test": self.test})


def _keep(comparison: dict[str, object]) -> None:
    if place := os.environ.get(VARIABLE):
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(comparison, ensure_ascii=False) + "\n")
