"""What goes with hidden rows because it would give them away: the rest of a path, and effects pooled from others."""

from __future__ import annotations

import pandas as pd

SUBJECT = ["chapter", "outcome", "population", "design"]
POOL = ["chapter", "outcome", "population"]
PARTS = ["pooled_part", "pooled_weight"]


def rest_of_paths(rows: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """The whole path of a unit of which one time is hidden: the mean over the times stands beside it."""
    return (rows["measure"] == "path") & _shares(rows, hidden & (rows["measure"] == "path"), SUBJECT)


def levels_beside_paths(rows: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Effects whose ``baseline`` is the mean of a hidden path."""
    return _shares(rows, hidden & (rows["measure"] == "path"), SUBJECT)


def pools_of_hidden(rows: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Everything on effects pooled from one that is hidden: less the others, the pool is the hidden one."""
    effects = rows.loc[hidden & (rows["measure"] == "effect")]
    closed = set(effects["outcome"] + "/" + effects["population"])
    parts = rows["measure"].isin(PARTS) & (rows["term"].isin(closed) | hidden)
    return _shares(rows, parts, POOL)


def _shares(rows: pd.DataFrame, some: pd.Series, keys: list[str]) -> pd.Series:
    """Rows that agree in ``keys`` with one of ``some``."""
    marked = rows[keys].merge(rows.loc[some, keys].drop_duplicates().assign(met=True), on=keys, how="left")
    return pd.Series(marked["met"].notna().to_numpy(), index=rows.index)
