"""Counts and means by group: the rows that every description is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

Row = dict[str, Any]
TOTAL = "total"
UNITS = {"pp": "share", "hours": "hours", "bgn": "bgn", "points": "points", "months": "months"}


def group_names(treated: pd.Series) -> pd.Series:
    """``project`` or ``comparison``, for a column that says whether a unit is treated."""
    return treated.astype(bool).map({True: "project", False: "comparison"}).astype("str")


def count_rows(table: pd.DataFrame, by: list[str], base: Row) -> Iterator[Row]:
    """Rows of ``table`` counted by the last column of ``by`` within the others, and their total.

    Terms are the values joined by ``/``: ``2019/project``, ``2019/total``.
    """
    for outer, part in _within(table, by[:-1]):
        sizes = part.groupby(by[-1], sort=True).size()
        for category, size in [*sizes.items(), (TOTAL, len(part))]:
            yield {**base, "measure": "count", "unit": "count", "term": _term(outer, category), "estimate": float(size)}


def mean_rows(table: pd.DataFrame, by: list[str], value: str, base: Row) -> Iterator[Row]:
    """The mean of ``value`` where it is known, its standard error and the number of units, for each group of ``by``."""
    known = table[table[value].notna()]
    stated = known[value].astype("float64").groupby([known[column] for column in by], sort=True)
    for group, values in stated:
        term = _term(group[:-1], group[-1])
        numbers = {"estimate": float(values.mean()), "se": float(values.sem()), "n": len(values)}
        yield {**base, "term": term, **numbers}


def _within(table: pd.DataFrame, outer: list[str]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    if not outer:
        yield (), table
    else:
        yield from table.groupby(outer, sort=True)


def _term(outer: tuple[Any, ...], category: Any) -> str:
    return "/".join(str(part) for part in (*outer, category))
