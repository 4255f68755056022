"""Rows that add up the rows above them: no case of their own, and a chance to see whether the sum is right."""

from __future__ import annotations

import pandas as pd

from analysis.cleaning.cell import tidy
from analysis.cleaning.faults import WHERE, Faults
from analysis.cleaning.look_alikes import comparable
from analysis.cleaning.numbers import as_float
from analysis.study import Register
from analysis.texts import number

WORDS = frozenset(comparable(word) for word in ("общо", "всичко", "сума", "сбор", "общо:", "всичко:", "total"))
SMALLEST = 0.005  # half a stotinka


def set_aside_totals(faults: Faults, register: Register) -> None:
    """Set aside the rows whose key, or first column, holds „Общо“ alone; nothing more is said of them.

    Where the register names columns to be summed (``sums``), a total that is not the sum of the rows above it, since
    the last total of its file and sheet, is told with both amounts.
    """
    named = [field.name for field in register.fields if field.name in faults.rows]
    looked_at = list(dict.fromkeys([*named[:2], *(name for name in register.key if name in named)]))
    if not looked_at:
        return
    is_total = pd.concat([_are_totals(faults.rows[name]) for name in looked_at], axis=1).any(axis=1).to_numpy()
    for position in is_total.nonzero()[0].tolist():
        wrong = _wrong_sums(faults, register, is_total, position)
        if not wrong:
            faults.add(position, "total_row", "quarantined")
        for name, (written, summed) in wrong.items():
            amounts = {"written": number(written, "bg", 2), "summed": number(summed, "bg", 2)}
            faults.add(position, "total_row_differs", "quarantined", name, **amounts)
        faults.silent[position] = True


def _are_totals(cells: pd.Series) -> pd.Series:
    """Each different text is looked at once: a column of a register repeats itself."""
    return cells.isin([cell for cell in cells.unique() if _is_total(cell)])


def _is_total(cell: object) -> bool:
    return isinstance(cell, str) and comparable(tidy(cell)).rstrip(":") in WORDS


def _wrong_sums(faults: Faults, register: Register, is_total: object, position: int) -> dict[str, tuple[float, float]]:
    """Column -> (written, sum of the rows above) where the two differ."""
    above = _rows_above(faults, is_total, position)
    found = {}
    for name in register.sums:
        if name not in faults.rows:
            continue
        written = _number(faults.rows[name].iloc[position])
        summed = sum(value for row in above if (value := _number(faults.rows[name].iloc[row])) is not None)
        if written is not None and abs(written - summed) > SMALLEST:
            found[name] = (written, float(summed))
    return found


def _rows_above(faults: Faults, is_total: object, position: int) -> list[int]:
    place = faults.rows[WHERE[:2]].fillna("").agg(tuple, axis=1)
    above: list[int] = []
    for row in range(position - 1, -1, -1):
        if place.iloc[row] != place.iloc[position] or is_total[row]:  # type: ignore[index]
            break
        above.append(row)
    return above


def _number(cell: object) -> float | None:
    return as_float(tidy(cell)) if isinstance(cell, str) else None
