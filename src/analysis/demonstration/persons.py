"""Fictitious persons: names and personal numbers that are invalid by construction.

A number has the form of a real one (birth date, order number, sex) but its check digit is the correct one plus five, so it
cannot belong to anybody; candidates that would pass as a valid number of the other kind (ЕГН or ЛНЧ) are passed over.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

from analysis.demonstration.schools import wording

CHECK_OFFSET = 5
EGN_WEIGHTS = np.array([2, 4, 8, 5, 10, 9, 7, 3, 6])
LNCH_WEIGHTS = np.array([21, 19, 17, 13, 11, 9, 7, 3, 1])
SLOTS = 365 * 500  # days times order numbers of one sex
STEP = 77_777  # shares no factor with SLOTS, so no slot comes twice
FOREIGN_SHARE = 0.006
COLUMNS = ["number", "id_type", "birth_date", "female", "first_name", "middle_name", "last_name"]


class People:
    """Everybody drawn so far; a person is known by the place in this register."""

    def __init__(self) -> None:
        self._chunks: list[pd.DataFrame] = []
        self._used: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._foreigners = 0
        self.count = 0

    def add(self, rng: np.random.Generator, birth_years: np.ndarray, female: np.ndarray) -> np.ndarray:
        """Draw one person for each birth year and sex; their places."""
        foreign = rng.random(len(birth_years)) < FOREIGN_SHARE
        numbers, born = self._egn(birth_years, female)
        numbers[foreign] = self._lnch(int(foreign.sum()))
        chunk = pd.DataFrame({"number": numbers, "id_type": np.where(foreign, "lnch", "egn"), "birth_date": born})
        chunk["female"] = female
        for column, names in _names(rng, female).items():
            chunk[column] = names
        self._chunks.append(chunk)
        places = np.arange(self.count, self.count + len(birth_years))
        self.count += len(birth_years)
        return places

    def table(self) -> pd.DataFrame:
        """One row a person: COLUMNS and ``person_id``, a stand-in for the pseudonym; indexed by place."""
        if len(self._chunks) > 1:
            self._chunks = [pd.concat(self._chunks, ignore_index=True)]
        table = self._chunks[0]
        return table.assign(person_id=person_ids(len(table)), birth_year=table["birth_date"].dt.year)

    def _egn(self, birth_years: np.ndarray, female: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        numbers = np.empty(len(birth_years), dtype=object)
        born = np.empty(len(birth_years), dtype="datetime64[ns]")
        for year in np.unique(birth_years):
            for sex in (0, 1):
                members = np.flatnonzero((birth_years == year) & (female == bool(sex)))
                if len(members):
                    numbers[members], born[members] = self._egn_of(int(year), sex, len(members))
        return numbers, born

    def _egn_of(self, year: int, sex: int, wanted: int) -> tuple[np.ndarray, np.ndarray]:
        taken = self._used[year, sex]
        places = np.arange(taken, taken + wanted + wanted // 6 + 12)
        slots = (places * STEP + year * 101) % SLOTS
        dates = np.datetime64(f"{year}-01-01", "D") + slots % 365
        numbers, digits = _with_check_digit(_nine_digits(dates, 2 * (slots // 365) + sex), EGN_WEIGHTS, 11)
        fit = np.flatnonzero(~_passes_as_lnch(digits))[:wanted]
        self._used[year, sex] = int(places[fit[-1]]) + 1
        return numbers[fit], dates[fit].astype("datetime64[ns]")

    def _lnch(self, wanted: int) -> np.ndarray:
        places = np.arange(self._foreigners, self._foreigners + wanted)
        self._foreigners += wanted
        base = 700_000_000 + places * 1_013 % 9_000_000
        digits = _digits(base, 9)
        digits[:, 2] = 7  # no month has such a number: never to be taken for an ЕГН
        return _with_check_digit(digits, LNCH_WEIGHTS, 10)[0]


def person_ids(count: int) -> pd.array:
    """Texts that stand for pseudonyms, one a person."""
    return pd.array(("p" + pd.Series(np.arange(count) + 10_000_000).astype("str")).to_numpy(), dtype="str")


def _nine_digits(dates: np.ndarray, order: np.ndarray) -> np.ndarray:
    days = pd.DatetimeIndex(dates)
    month = days.month + np.where(days.year >= 2000, 40, 0)
    base = ((days.year % 100) * 10_000 + month * 100 + days.day).to_numpy().astype(np.int64) * 1000 + order
    return _digits(base, 9)


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    return numbers[:, None] // 10 ** np.arange(width - 1, -1, -1)[None, :] % 10


def _with_check_digit(digits: np.ndarray, weights: np.ndarray, modulus: int) -> tuple[np.ndarray, np.ndarray]:
    check = ((digits @ weights) % modulus % 10 + CHECK_OFFSET) % 10
    complete = np.column_stack([digits, check])
    values = complete @ 10 ** np.arange(9, -1, -1)
    return np.array([f"{value:010d}" for value in values.tolist()], dtype=object), complete


def _passes_as_lnch(digits: np.ndarray) -> np.ndarray:
    return (digits[:, :9] @ LNCH_WEIGHTS) % 10 == digits[:, 9]


def _names(rng: np.random.Generator, female: np.ndarray) -> dict[str, np.ndarray]:
    words, count = wording(), len(female)
    first = {sex: np.array(words["first_names"][sex], dtype=object) for sex in ("female", "male")}
    families = np.array(words["family_names"], dtype=object)
    ending = np.where(female, "а", "").astype(object)
    picks = [families[rng.integers(len(families), size=count)] + ending for _ in range(2)]
    given = np.where(
        female,
        first["female"][rng.integers(len(first["female"]), size=count)],
        first["male"][rng.integers(len(first["male"]), size=count)],
    )
    return {"first_name": given, "middle_name": picks[0], "last_name": picks[1]}
