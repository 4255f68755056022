"""What the report may say: the results of a study, looked up by id or by what they are about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.files import Workspace, read_table, results_table

SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Result:
    """One row of the results table. A number that is not there is NaN, a count that is not there ``None``."""

    result_id: str
    chapter: str
    outcome: str
    population: str
    design: str
    measure: str
    term: str
    unit: str
    estimate: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    band_low: float
    band_high: float
    p_wild: float
    p_randomisation: float
    baseline: float
    mde: float
    n: int | None
    n_treated: int | None
    clusters: int | None
    clusters_treated: int | None
    verdict: str
    checks: str
    method: str
    note: str

    @property
    def is_suppressed(self) -> bool:
        return self.note == SUPPRESSED

    @property
    def check_states(self) -> dict[str, str]:
        """Check name -> ``pass``, ``doubt`` or ``fail``, in the order the estimator gave."""
        pairs = (part.split(":", 1) for part in self.checks.split(";") if ":" in part)
        return {name.strip(): state.strip() for name, state in pairs}

    def has(self, field: str) -> bool:
        """Whether the field holds something that can be printed."""
        value = getattr(self, field)
        return not (value is None or value == "" or (isinstance(value, float) and math.isnan(value)))


class Results:
    """All results of one study.

    ``table`` is in the form of ``analysis.files.results``; rows keep their order.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table.reset_index(drop=True)
        self._indexes: dict[str, dict[Any, list[int]]] = {}

    @classmethod
    def load(cls, workspace: Workspace) -> Results:
        """Read ``results/*.parquet``, the description of the data first; what is not there is left out."""
        tables = [read_table(path) for path in sorted((workspace.processed / "results").glob("*.parquet"))]
        return cls(pd.concat(tables, ignore_index=True) if tables else results_table([]))

    @cached_property
    def _by_id(self) -> dict[str, Result]:
        names = [field.name for field in fields(Result)]
        records = self.table[names].to_dict("records")
        return {record["result_id"]: Result(**{k: _plain(v) for k, v in record.items()}) for record in records}

    @cached_property
    def _rows(self) -> list[Result]:
        return list(self._by_id.values())

    def __iter__(self) -> Iterator[Result]:
        return iter(self._rows)

    def get(self, result_id: str) -> Result | None:
        return self._by_id.get(result_id)

    def all(self, **parts: str | tuple[str, ...]) -> list[Result]:
        """The results whose named parts have the given value, or one of the given values, in table order."""
        wanted = {name: value if isinstance(value, tuple) else (value,) for name, value in parts.items()}
        fewest = min((self._places(name, values) for name, values in wanted.items()), key=len, default=None)
        rows = self._rows if fewest is None else [self._rows[place] for place in fewest]
        return [row for row in rows if all(getattr(row, name) in values for name, values in wanted.items())]

    def _places(self, name: str, values: tuple[str, ...]) -> list[int]:
        """Where the rows with one of the values stand: a report asks some hundred times, of some thousand rows."""
        if name not in self._indexes:
            index = self._indexes[name] = {}
            for place, row in enumerate(self._rows):
                index.setdefault(getattr(row, name), []).append(place)
        return sorted(place for value in set(values) for place in self._indexes[name].get(value, ()))

    def find(self, outcome: str, population: str, measure: str, term: str = "") -> Result | None:
        """The one result on an outcome and population; the first when several designs give one."""
        return next(iter(self.all(outcome=outcome, population=population, measure=measure, term=term)), None)

    def moment(self, row: Result) -> tuple[str, int] | None:
        """When a result holds: (``after_exit``, months), (``monthly``, months since entry) or, for others, ``None``.

        A pooled effect among monthly ones is the effect of one month: the month whose estimate it is.
        """
        if row.measure in ("after_exit", "monthly") and row.term.lstrip("-").isdigit():
            return row.measure, int(row.term)
        if row.measure != "effect" or not row.has("estimate"):
            return None
        months = self.all(outcome=row.outcome, population=row.population, measure="monthly")
        same = [int(month.term) for month in months if month.estimate == row.estimate and int(month.term) > 0]
        return ("monthly", same[-1]) if same else None


def _plain(value: Any) -> Any:
    """Counts as int or None; everything else as it is."""
    if value is pd.NA:
        return None
    return int(value) if isinstance(value, int) else value
