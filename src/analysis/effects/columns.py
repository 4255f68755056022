"""Columns of a panel as checked arrays: what cannot be used is refused by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused

WHOLE_PANEL = ("all", "everybody", "participants")
LARGEST, SMALLEST = 1e60, 1e-60  # beyond them a product of four numbers, which variances need, cannot be written down
ROUNDING = 1e-10  # differences below this share of a value are those of arithmetic


def require(panel: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse a panel that is empty, or lacks a column, or has two of one name."""
    columns = [str(column) for column in panel.columns]
    for name in names:
        if name not in columns:
            closest = difflib.get_close_matches(name, columns, n=1, cutoff=0.0)
            raise DesignRefused("column_missing", column=name, closest=closest[0] if closest else "–")
        if columns.count(name) > 1:
            raise DesignRefused("column_twice", column=name)
    if panel.empty:
        raise DesignRefused("no_rows")


def yes_no(panel: pd.DataFrame, name: str) -> Booleans:
    """A column of true/false or 0/1 without gaps, as booleans."""
    values = numbers(panel, name)
    if np.isnan(values).any():
        raise DesignRefused("key_missing", column=name, count=int(np.isnan(values).sum()))
    if not np.isin(values, (0.0, 1.0)).all():
        raise DesignRefused("not_binary", column=name)
    return values == 1.0


def numbers(panel: pd.DataFrame, name: str) -> Floats:
    """A numeric column as floats, missing as NaN; text, complex, infinite and unwieldy values are refused."""
    require(panel, [name])
    column = panel[name]
    if not _is_numeric(column) and not column.isna().all():
        raise DesignRefused("not_numeric", column=name)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        raise DesignRefused("infinite_values", column=name, count=int(np.isinf(values).sum()))
    if (too_large := np.abs(values) > LARGEST).any():
        raise DesignRefused("values_too_large", column=name, count=int(too_large.sum()), largest=f"{LARGEST:g}")
    return values


def _is_numeric(column: pd.Series) -> bool:
    """Whole or real numbers, or yes and no, in any of the ways that pandas keeps them."""
    kind = pd.api.types
    if kind.is_bool_dtype(column.dtype):
        return True
    return kind.is_numeric_dtype(column.dtype) and not kind.is_complex_dtype(column.dtype)


def whole_numbers(panel: pd.DataFrame, name: str) -> Integers:
    """A column of whole numbers without gaps (years, months, waves)."""
    values = numbers(panel, name)
    if np.isnan(values).any():
        raise DesignRefused("key_missing", column=name, count=int(np.isnan(values).sum()))
    if not (values == np.round(values)).all() or (np.abs(values) > 2**53).any():
        raise DesignRefused("not_whole", column=name)
    return values.astype(np.int64)


def outcome_values(panel: pd.DataFrame, name: str) -> Floats:
    """An outcome: numeric, observed somewhere, and not the same for everybody (but for rounding)."""
    values = numbers(panel, name)
    observed = values[~np.isnan(values)]
    if len(observed) == 0:
        raise DesignRefused("outcome_missing", column=name)
    if is_constant(observed):
        raise DesignRefused("outcome_constant", column=name)
    return values


def is_constant(values: Floats) -> bool:
    """Whether the values (n > 0, no gaps) differ by no more than rounding does."""
    return bool(np.ptp(values) <= max(ROUNDING * float(np.abs(values).max()), SMALLEST))


def codes(panel: pd.DataFrame, name: str) -> tuple[Integers, pd.Index]:
    """Codes 0.. in the sorted order of the labels, and the labels; gaps are refused."""
    _refuse_gaps(panel, name)
    positions, labels = pd.factorize(panel[name], sort=False)
    order = _order(pd.Index(labels))
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels))
    return rank[positions], pd.Index(labels)[order]


def _order(labels: pd.Index) -> Sequence[int] | Integers:
    """Where the labels stand when sorted by ``sort_key``; numbers alone at once, since a large panel has many units."""
    if isinstance(labels.dtype, np.dtype) and labels.dtype.kind in "iuf":
        return np.argsort(labels.to_numpy(dtype=float), kind="stable")
    keys = [sort_key(label) for label in labels]
    return sorted(range(len(keys)), key=keys.__getitem__)


def sort_key(label: object) -> tuple[int, object]:
    """Numbers in their order, then everything else by how it is written: labels of any kinds have an order."""
    if isinstance(label, int | float | np.number):
        return 0, float(label)
    return 1, str(label)


def each_once(panel: pd.DataFrame, name: str) -> None:
    """Refuse a column of units with gaps, or in which a unit occurs twice."""
    _refuse_gaps(panel, name)
    if panel[name].duplicated().any():
        raise DesignRefused("duplicate_unit", unit=name)


def each_once_a_time(panel: pd.DataFrame, unit: str, time: str) -> None:
    """Refuse units or times with gaps, or a unit with two rows at a time."""
    for name in (unit, time):
        _refuse_gaps(panel, name)
    if count := int(panel.duplicated([unit, time]).sum()):
        raise DesignRefused("duplicate_unit_time", unit=unit, time=time, count=count)


def _refuse_gaps(panel: pd.DataFrame, name: str) -> None:
    """Refuse a column that must name something in every row and does not, or holds what cannot be a name (a list)."""
    require(panel, [name])
    column = panel[name]
    if count := int(column.isna().sum()):
        raise DesignRefused("key_missing", column=name, count=count)
    if column.dtype == object and not all(map(pd.api.types.is_hashable, column)):
        raise DesignRefused("not_a_name", column=name)


def population_rows(panel: pd.DataFrame, population: str) -> Booleans:
    """The rows of a population: all of them, or those where the column of that name is true (a gap is not)."""
    if population in WHOLE_PANEL and population not in panel.columns:
        return np.ones(len(panel), dtype=bool)
    if population not in panel.columns:
        raise DesignRefused("population_unknown", population=population)
    values = numbers(panel, population)
    if not np.isin(values[~np.isnan(values)], (0.0, 1.0)).all():
        raise DesignRefused("not_binary", column=population)
    return values == 1.0


def chosen_rows(panel: pd.DataFrame, population: str, leave_out: Sequence[str]) -> Booleans:
    """The rows of a population without those where one of the yes-or-no columns ``leave_out`` is true."""
    require(panel, leave_out)
    kept = population_rows(panel, population)
    for name in leave_out:
        kept = kept & ~population_rows(panel, name)
    return kept
