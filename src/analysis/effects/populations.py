"""One outcome in each of its declared populations; what cannot be estimated in one of them leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, population_rows
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, unit_of
from analysis.study.design_settings import Design
from analysis.study.settings import Outcome

Estimator = Callable[[Subject, pd.DataFrame], Iterable[Row]]


def rows_by_population(panel: pd.DataFrame, name: str, outcome: Outcome, estimate: Estimator) -> list[Row]:
    """The rows that ``estimate`` gives for the members of each population of ``panel``; where it refuses, a row without
    numbers that says why."""
    rows: list[Row] = []
    for population in outcome.populations:
        subject = Subject(outcome.chapter, name, population, outcome.design, unit_of(outcome.unit))
        try:
            rows += list(estimate(subject, panel.loc[population_rows(panel, population)]))
        except DesignRefused as refusal:
            rows.append(subject.refused_row("effect", refusal))
    return rows


def people_of(table: pd.DataFrame, population: str, design: Design) -> np.ndarray:
    """Whom a population holds: once each, by the column that names them where there is one, else by row."""
    inside = population_rows(table, population)
    named = [getattr(design, part, None) for part in ("person", "unit")]
    unit = next((name for name in named if name and name in table.columns), None)
    if unit is None:
        return np.flatnonzero(inside)
    return np.unique(codes(table, unit)[0][inside])
