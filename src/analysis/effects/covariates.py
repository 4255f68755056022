"""Covariates as numbers: categories expanded, gaps marked, collinear columns set aside, always in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.effects.columns import is_constant, numbers, require
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.linear import dependent_columns
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class Covariates:
    """``values`` n x k with their ``names``; ``warnings`` say what was filled in."""

    names: list[str]
    values: Floats
    warnings: tuple[str, ...]


Reference = Literal["first", "commonest"]


def expand(persons: pd.DataFrame, covariates: Sequence[str], reference: Reference = "first") -> Covariates:
    """Numeric columns as they are; others as one 0/1 column a category (``name=category``), without ``reference``.

    A gap in a numeric column gets the mean of the others and a 0/1 column ``name=missing``; in a categorical one it
    is a category of its own (missing-pattern propensity score, Rosenbaum & Rubin 1984, JASA 79(387), appendix B).
    """
    require(persons, covariates)
    names: list[str] = []
    columns: list[Floats] = []
    warnings: list[str] = []
    for name in dict.fromkeys(covariates):
        numeric = pd.api.types.is_numeric_dtype(persons[name].dtype)
        expanded = _numeric(persons, name) if numeric else _categories(persons[name], name, reference)
        if persons[name].isna().any():
            warnings.append(f"filled:{name}={int(persons[name].isna().sum())}")
        names += expanded.keys()
        columns += expanded.values()
    values = np.column_stack(columns) if columns else np.empty((len(persons), 0))
    return Covariates(names, values, tuple(warnings))


def _numeric(persons: pd.DataFrame, name: str) -> dict[str, Floats]:
    values = numbers(persons, name)
    gaps = np.isnan(values)
    if gaps.all():
        raise DesignRefused("covariate_missing", column=name)
    if is_constant(values[~gaps]):  # what rounding left of it would look like a difference
        values = np.where(gaps, np.nan, values[~gaps][0])
    if not gaps.any():
        return {name: values}
    return {name: np.where(gaps, values[~gaps].mean(), values), f"{name}=missing": gaps.astype(float)}


def _categories(column: pd.Series, name: str, reference: Reference) -> dict[str, Floats]:
    labels = column.astype("str").where(column.notna(), "missing")
    names = sorted(set(labels))
    left_out = names[0] if reference == "first" else max(names, key=lambda label: int((labels == label).sum()))
    return {f"{name}={label}": (labels == label).to_numpy(dtype=float) for label in names if label != left_out}


def model_matrix(covariates: Covariates, treated: Booleans) -> tuple[Floats, list[str]]:
    """A constant and the standardised covariates (estimates do not depend on the scale, numerical accuracy does).

    Columns that others explain, in the sample or among the comparison units, are left out and named. A column that
    varies in the sample but in one of the two groups only shows that part of one group has no counterpart in the
    other: DesignRefused("no_counterpart"). A group no larger than the number of columns: "too_few_units".
    """
    centred = covariates.values - covariates.values.mean(axis=0)
    scale = centred.std(axis=0)
    scale[scale <= 1e-12 * (1 + np.abs(covariates.values).max(axis=0, initial=0.0))] = 0.0
    standard = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0)
    matrix = np.column_stack([np.ones(len(treated)), standard])
    dropped = dependent_columns(matrix)
    kept = [position for position in range(matrix.shape[1]) if position not in dropped]
    if min(treated.sum(), (~treated).sum()) <= len(kept):
        raise DesignRefused("too_few_units", treated=int(treated.sum()), comparison=int((~treated).sum()))
    for position in kept[1:]:
        if min(np.ptp(matrix[treated, position]), np.ptp(matrix[~treated, position])) < 1e-9:
            raise DesignRefused("no_counterpart", covariate=covariates.names[position - 1])
    thin = [kept[position] for position in dependent_columns(matrix[~treated][:, kept])]
    kept = [position for position in kept if position not in thin]
    return matrix[:, kept], [covariates.names[position - 1] for position in sorted([*dropped, *thin])]
