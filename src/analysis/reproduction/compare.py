"""Which numbers moved between two runs, by how much, and what lies behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.files.results import COUNTS, FLOATS, WORDS
from analysis.reproduction.causes import Cause, causes
from analysis.reproduction.reach import Place
from analysis.reproduction.runs import Run

TOLERANCE = 1e-8
LED_BY = ["estimate", "ci_low", "ci_high", "p", "p_wild", "p_randomisation", "n"]
COLUMNS = ["result_id", "what", "before", "after", "change", "verdict_before", "verdict_after", "causes"]


@dataclass(frozen=True)
class Moved:
    """One result that is not what it was. ``field`` is the first of LED_BY that moved (or ``row``, ``verdict``)."""

    result_id: str
    field: str
    before: float
    after: float
    verdict_before: str
    verdict_after: str
    causes: tuple[Cause, ...]

    @property
    def verdict_changed(self) -> bool:
        return self.verdict_before != self.verdict_after

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    causes: list[Cause]
    moved: list[Moved]
    compared: int

    @property
    def unexplained(self) -> list[Moved]:
        """Results that moved although nothing is on record that could have moved them."""
        return [one for one in self.moved if not one.causes]

    def table(self) -> pd.DataFrame:
        """COLUMNS, one row a result that moved."""
        rows = [
            (one.result_id, one.field, one.before, one.after, one.change, one.verdict_before, one.verdict_after,
             "; ".join(f"{cause.kind}:{cause.what}" for cause in one.causes))
            for one in self.moved
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=COLUMNS)


def compare(before: Run, after: Run) -> Comparison:
    """Every result of either run; those whose verdict changed first, then the largest moves against their error."""
    found = causes(before, after)
    ids = before.results.index.union(after.results.index, sort=False)
    moved = [one for result_id in ids if (one := _moved(str(result_id), before, after, found)) is not None]
    moved.sort(key=lambda one: (not one.verdict_changed, *_importance(one), -_size(one, before), one.result_id))
    return Comparison(found, moved, len(ids))


def differs(one: float, other: float) -> bool:
    """Whether two numbers differ by more than TOLERANCE, relative for numbers above one; a gap equals a gap alone."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return abs(one - other) > TOLERANCE * max(1.0, abs(one), abs(other))


def _moved(result_id: str, before: Run, after: Run, found: list[Cause]) -> Moved | None:
    there = [run.results.loc[result_id] for run in (before, after) if result_id in run.results.index]
    place = Place(*(str(there[0][name]) for name in ("chapter", "outcome", "design")))
    settings = [run.manifest["resolved"] for run in (before, after)]
    behind = tuple(cause for cause in found if any(cause.may_lie_behind(place, one) for one in settings))
    if len(there) == 1:
        value, verdict = float(there[0]["estimate"]), str(there[0]["verdict"])
        is_new = result_id in after.results.index
        values, verdicts = (
            (math.nan, value) if is_new else (value, math.nan),
            ("", verdict) if is_new else (verdict, ""),
        )
        return Moved(result_id, "row", *values, *verdicts, behind)
    one, other = there
    fields = [*LED_BY, *(name for name in [*FLOATS, *COUNTS] if name not in LED_BY)]
    field = next((name for name in fields if differs(float(one[name]), float(other[name]))), "")
    if not field and not any(_words_differ(str(one[name]), str(other[name])) for name in WORDS):
        return None
    numbers = (float(one[field]), float(other[field])) if field else (math.nan, math.nan)
    return Moved(result_id, field or "verdict", *numbers, str(one["verdict"]), str(other["verdict"]), behind)


def _words_differ(one: str, other: str) -> bool:
    """Whether two words columns differ; numbers in a note (``name=value;...``) as numbers do."""
    parts = [[part.partition("=") for part in text.split(";")] for text in (one, other)]
    if len(parts[0]) != len(parts[1]):
        return True
    return any(a[0] != b[0] or _values_differ(a[2], b[2]) for a, b in zip(*parts, strict=True))


def _values_differ(one: str, other: str) -> bool:
    try:
        return differs(float(one), float(other))
    except ValueError:
        return one != other


def _importance(one: Moved) -> tuple[bool, bool]:
    """Effects before what stands beside them, estimates before their limits."""
    return one.result_id.split("/")[4] != "effect", one.field != "estimate"


def _size(one: Moved, before: Run) -> float:
    """The move in standard errors; by itself where there is none."""
    change = abs(one.change)
    if one.result_id not in before.results.index or math.isnan(change):
        return 0.0
    se = float(before.results.loc[one.result_id, "se"])
    return change / se if se > 0 else change
