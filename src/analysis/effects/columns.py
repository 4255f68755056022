"""Columns of a panel as checked arrays: what cannot be used is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.refusal import DesignRefused

WHOLE_PANEL = ("all", "everybody", "participants")


def require(panel: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse a panel that is empty or lacks a column."""
    for name in names:
        if name not in panel.columns:
            raise DesignRefused("column_missing", column=name)
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
    """A numeric column as floats, missing as NaN; text and infinite values are refused."""
    column = panel[name]
    if not pd.api.types.is_numeric_dtype(column.dtype) and not column.isna().all():
        raise DesignRefused("not_numeric", column=name)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        raise DesignRefused("infinite_values", column=name, count=int(np.isinf(values).sum()))
    return values


def outcome_values(panel: pd.DataFrame, name: str) -> Floats:
    """An outcome: numeric, observed somewhere, and not the same for everybody."""
    values = numbers(panel, name)
    observed = values[~np.isnan(values)]
    if len(observed) == 0:
        raise DesignRefused("outcome_missing", column=name)
    if np.ptp(observed) == 0:
        raise DesignRefused("outcome_constant", column=name)
    return values


def codes(panel: pd.DataFrame, name: str) -> tuple[Integers, pd.Index]:
    """Codes 0.. in the sorted order of the labels, and the labels; gaps are refused."""
    positions, labels = pd.factorize(panel[name], sort=True)
    if (positions < 0).any():
        raise DesignRefused("key_missing", column=name, count=int((positions < 0).sum()))
    return positions.astype(np.int64), pd.Index(labels)


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
