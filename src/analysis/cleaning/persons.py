"""The identifier of each row: checked, refused where a demonstration holds a real one, and what its number tells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cleaning import identifiers
from analysis.cleaning.cell import EMPTY, Column, Parsed, parse_column, tidy
from analysis.cleaning.faults import Faults
from analysis.cleaning.fields import tell_missing, text_of
from analysis.cleaning.masking import masked
from analysis.study import Register, RegisterField, Study


class Persons(NamedTuple):
    """Normalised numbers and their types (egn, lnch, other), NA where a row has none that can be used."""

    numbers: pd.Series
    id_types: pd.Series


def read_persons(faults: Faults, field: RegisterField, declared: pd.Series | None, study: Study) -> Persons:
    """Read an identifier column; ``declared`` holds each row's own type (NA where it names none)."""
    cells = text_of(faults.rows, field)
    types = declared.astype("str") if declared is not None else pd.Series(pd.NA, index=cells.index, dtype="str")
    if study.demonstration:
        _refuse_real_numbers(faults, cells, types)
    offset = study.identifiers.check_digit_offset
    column = by_type(cells, types, partial(identifiers.parse_identifier, offset=offset))
    faults.add_column(field.name, column, lambda position: masked(str(cells.iloc[position])))
    if field.required:
        tell_missing(faults, field, cells, column.values.isna().to_numpy() & (column.rules == ""))
    numbers = column.values.map(lambda value: value.number, na_action="ignore").astype("str")
    return Persons(numbers, column.values.map(lambda value: value.id_type, na_action="ignore").astype("str"))


def by_type(cells: pd.Series, types: pd.Series, parse: Callable[..., Parsed]) -> Column:
    """Read cells with a parser that also takes ``declared``, the type that their row names."""
    values = pd.Series(np.nan, index=cells.index, dtype=object)
    rules, levels = np.full(len(cells), "", dtype=object), np.full(len(cells), "", dtype=object)
    for kind in [None, *sorted(types.dropna().unique())]:
        here = (types.isna() if kind is None else types == kind).to_numpy(dtype=bool)
        part = parse_column(cells[here], partial(parse, declared=kind), "object")
        values[here], rules[here], levels[here] = part.values, part.rules, part.levels
    return Column(values, rules, levels)


def _refuse_real_numbers(faults: Faults, cells: pd.Series, types: pd.Series) -> None:
    pairs = pd.DataFrame({"cell": cells, "type": types, "file": faults.rows["file"]}).dropna(subset=["cell"])
    unique = pairs.drop_duplicates(["cell", "type"])
    real = [
        tidy(str(cell)) not in EMPTY and identifiers.is_real(tidy(str(cell)), None if pd.isna(kind) else str(kind))
        for cell, kind in zip(unique["cell"], unique["type"], strict=True)
    ]
    found = pairs.merge(unique.loc[real, ["cell", "type"]], on=["cell", "type"])
    for file, count in found.groupby("file", sort=True).size().items():
        faults.refuse_file(str(file), "real_number_in_demonstration", count=str(count))


def tell_contradictions(faults: Faults, persons: Persons, typed: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Compare sex, date of birth and age with the number; returns ``birth_year`` (Int64) and, where the register
    states an age, ``age_at_entry`` (Int64): whole years on the day of joining; the stated age where no birthday is
    known.

    The number goes first; where it carries no date (ЛНЧ) the date of birth of the file gives the year.
    """
    told: dict[str, pd.Series] = {}
    has_date = (persons.id_types == "egn").to_numpy(dtype=bool, na_value=False)
    known = {number: identifiers.birth_date(number) for number in persons.numbers[has_date].unique()}
    born = pd.to_datetime(persons.numbers.map(known).where(has_date), errors="coerce").astype("datetime64[ns]")
    for field in register.fields:
        if field.name not in typed:
            continue
        if field.kind == "birth_date":
            _tell(faults, born.notna() & typed[field.name].notna() & (born != typed[field.name]), field, "birth_date")
            born = born.fillna(typed[field.name])
        elif field.codes == "sex":
            expected = persons.numbers[has_date].map({number: identifiers.sex(number) for number in known})
            expected = expected.reindex(typed.index)
            _tell(faults, expected.notna() & typed[field.name].notna() & (expected != typed[field.name]), field, "sex")
        elif field.name == "age_stated" and "entry_date" in typed:
            age = (typed["entry_date"] - born).dt.days / 365.25
            _tell(faults, (typed[field.name].astype("float64") - age.astype(float)).abs() > 1.5, field, "age")
            told["age_at_entry"] = age_on(born, typed["entry_date"]).fillna(typed[field.name].astype("Int64"))
    return pd.DataFrame({"birth_year": born.dt.year.astype("Int64"), **told})


def age_on(born: pd.Series, when: pd.Series) -> pd.Series:
    """Completed years of age on a day (Int64); who was born on 29 February is a year older on 1 March."""
    before_birthday = (when.dt.month * 100 + when.dt.day) < (born.dt.month * 100 + born.dt.day)
    return (when.dt.year - born.dt.year - before_birthday.astype("float64")).astype("Int64")


def _tell(faults: Faults, differs: pd.Series, field: RegisterField, what: str) -> None:
    for position in differs.fillna(False).to_numpy(dtype=bool).nonzero()[0]:
        faults.add(int(position), f"{what}_contradicts_number", "noted", field.name)
