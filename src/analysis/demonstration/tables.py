"""Accepted tables as cleaning gives them: the columns a register keeps, in its order, in their types."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.study import load_register

LATER = ("birth_year", "other_disadvantaged", "age_at_entry")  # added below and by ``details``


def accepted(register: str, columns: Mapping[str, object], contract: str | None = None) -> pd.DataFrame:
    """The accepted table of a register from its columns; with ``birth_year`` and the provenance columns.

    ``columns`` must hold every kept, not personal field of the register; ``file``, ``sheet`` and ``row`` are
    stand-ins, because an accepted row of the generator has not been read from anywhere.
    """
    fields = load_register(register).accepted_types()
    given = {name: dtype for name, dtype in fields.items() if name not in LATER}
    frame = pd.DataFrame({name: typed(columns[name], dtype) for name, dtype in given.items()})
    if "id_type" not in fields:
        frame["id_type"] = typed(columns["id_type"], "str")
    frame["birth_year"] = typed(columns["birth_year"], "Int64")
    if contract is not None:
        frame["contract"] = texts([contract], np.zeros(len(frame), dtype=int))
    nowhere = texts([""], np.zeros(len(frame), dtype=int))
    return frame.assign(file=nowhere, sheet=nowhere, row=pd.array(np.arange(1, len(frame) + 1), dtype="Int64"))


def typed(values: object, dtype: str) -> pd.Series:
    """Values as a column of a clean table; a float NaN becomes a missing integer."""
    series = pd.Series(values)
    if str(series.dtype) == dtype:
        return series.reset_index(drop=True)
    if dtype == "str":
        return series.reset_index(drop=True).astype("str")
    return series.reset_index(drop=True).astype(dtype)


def texts(words: object, places: np.ndarray) -> pd.Series:
    """A text column: ``words[place]`` for every place; None or NaN among the words is missing."""
    return pd.Series(pd.array(np.asarray(words, dtype=object), dtype="str").take(places))
