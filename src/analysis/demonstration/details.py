"""What the participant workbook says of people beside the drawn facts: age, disadvantage in words, telephone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration.schools import wording
from analysis.demonstration.streams import stream
from analysis.demonstration.tables import typed


@dataclass(frozen=True)
class Details:
    """One entry a row of the workbook; ``rng`` is where its dirt goes on."""

    age: pd.Series
    phone: np.ndarray
    has_phone: np.ndarray
    has_email: np.ndarray
    disadvantage: np.ndarray
    rng: np.random.Generator


def details(seed: int, contract: str, table: pd.DataFrame, people: pd.DataFrame) -> Details:
    """``people``: the register of persons indexed by ``person_id``."""
    rng = stream(seed, f"dirt isun {contract}")
    born = people.loc[table["person_id"], "birth_date"].reset_index(drop=True)
    entry = table["entry_date"]
    before_birthday = (entry.dt.month * 100 + entry.dt.day) < (born.dt.month * 100 + born.dt.day)
    phone = np.array([f"0888 99{number:04d}" for number in rng.integers(0, 10_000, size=len(table))], dtype=object)
    has_phone, has_email = rng.random(len(table)) < 0.7, rng.random(len(table)) < 0.1
    words = rng.choice(np.array(wording()["disadvantage"], dtype=object), size=len(table))
    return Details(entry.dt.year - born.dt.year - before_birthday, phone, has_phone, has_email, words, rng)


def with_details(seed: int, contract: str, table: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Accepted participants with ``other_disadvantaged`` (a code) and ``age_at_entry`` as the workbook tells them."""
    told = details(seed, contract, table, people)
    codes = np.where(told.disadvantage == "няма", "none", "other")
    return table.assign(other_disadvantaged=typed(codes.astype(object), "str"), age_at_entry=typed(told.age, "Int64"))
