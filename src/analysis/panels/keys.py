"""Keys are tested before every join, so that no join can multiply rows unseen; and tables without a single row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


class KeyNotUnique(ValueError):
    """A table has several rows for one key; says which table, which key and how many, never whose."""

    def __init__(self, what: str, key: Sequence[str], repeated: int) -> None:
        super().__init__(f"{what}: {repeated} keys ({', '.join(key)}) have more than one row")
        self.what = what
        self.key = list(key)
        self.repeated = repeated


def require_unique(table: pd.DataFrame, key: Sequence[str], what: str) -> pd.DataFrame:
    """The table itself, when every row has a key of its own; KeyNotUnique otherwise."""
    repeats = table.duplicated(list(key))
    if repeats.any():
        raise KeyNotUnique(what, key, int(table.loc[repeats, list(key)].drop_duplicates().shape[0]))
    return table


def join(left: pd.DataFrame, right: pd.DataFrame, key: Sequence[str], what: str) -> pd.DataFrame:
    """Left rows, in their order, with the columns of ``right`` added where its (tested) key is met."""
    require_unique(right, key, what)
    return left.merge(right, on=list(key), how="left", validate="many_to_one", sort=False)


def without_rows(types: Mapping[str, str]) -> pd.DataFrame:
    """An empty table with typed columns: what a chapter that a study does not declare hands on."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
