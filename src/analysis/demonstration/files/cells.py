"""From an accepted table back to the cells of a file: our codes become the register's words, pseudonyms become
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.demonstration.schools import wording
from analysis.study import load_register
from analysis.study.registers import RegisterField

NAMES = ("first_name", "middle_name", "last_name")


def captioned(
    register: str, table: pd.DataFrame, people: pd.DataFrame, extra: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """The columns of a register by our names, in its order, as objects (None: empty); ``extra`` gives what no table
    holds.

    ``people``: the register of persons indexed by ``person_id``. Dates stay datetimes, numbers floats: the writer
    says how they look.
    """
    persons = people.loc[table["person_id"]] if "person_id" in table else people.iloc[:0]
    columns = {}
    for field in load_register(register).fields:
        if not field.from_file_name:
            columns[field.name] = _cells(field, table, persons, extra or {})
    return pd.DataFrame(columns, index=range(len(table)), dtype=object)


def captions(register: str) -> dict[str, str]:
    """Our column name -> caption, of the columns that have one."""
    return {field.name: field.header for field in load_register(register).fields if field.header is not None}


def dates(values: pd.Series, form: str = "%d.%m.%Y") -> np.ndarray:
    """Dates as text in one form, None where missing."""
    stamps = pd.to_datetime(values.astype("datetime64[ns]"))
    text = stamps.dt.strftime(form)
    return optional(stamps.notna().to_numpy(), text.to_numpy(dtype=object))


def optional(present: np.ndarray, values: object) -> np.ndarray:
    """The values where present, None elsewhere."""
    cells = np.full(len(present), None, dtype=object)
    cells[present] = np.broadcast_to(np.asarray(values, dtype=object), len(present))[present]
    return cells


def decimal_comma(values: pd.Series, digits: int = 2) -> np.ndarray:
    """Numbers as text with a decimal comma, None where missing."""
    return np.array(
        [None if pd.isna(value) else f"{value:.{digits}f}".replace(".", ",") for value in values], dtype=object
    )


def rows_of(frame: pd.DataFrame) -> list[list[object]]:
    """The rows of a frame of objects, missing values as None."""
    columns = [frame[name].to_numpy(dtype=object) for name in frame]
    clean = [np.where(pd.isna(column), None, column) for column in columns]
    return [list(row) for row in zip(*clean, strict=True)]


def _cells(
    field: RegisterField, table: pd.DataFrame, persons: pd.DataFrame, extra: Mapping[str, object]
) -> np.ndarray | object:
    if field.name in extra:
        value = extra[field.name]
        return value if isinstance(value, np.ndarray) else np.full(len(table), value, dtype=object)
    if field.name in NAMES and field.name not in extra:
        return persons[field.name].to_numpy(dtype=object)
    if field.kind == "identifier":
        return persons["number"].to_numpy(dtype=object)
    if field.kind == "birth_date":
        return persons["birth_date"].to_numpy(dtype="datetime64[ns]").astype(object)
    if field.name not in table:
        return np.full(len(table), None, dtype=object)
    values = table[field.name]
    words = wording()["texts"].get(field.codes or field.kind)
    if words is None:
        return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)
    return values.astype("str").map(words).astype(object).where(values.notna(), None).to_numpy(dtype=object)
