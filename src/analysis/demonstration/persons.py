"""Fictitious persons: names and personal numbers that are invalid by construction.

A number has the form of a real one (birth date, order number, sex) but its check digit is the correct one plus five,
so it cannot belong to anybody; candidates that would pass as a valid number of the other kind (ЕГН or ЛНЧ) are
passed over.
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
        self._used: defaultdict[int, int] = defaultdict(int)
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
        """The next unused numbers of each birth year and sex, and the birth dates in them."""
        kinds, kind = np.unique(birth_years.astype(int) * 2 + female, return_inverse=True)
        wanted = np.bincount(kind)
        tried = wanted + wanted // 6 + 12
        order = np.repeat(np.arange(len(kinds)), tried)
        taken = np.array([self._used[int(key)] for key in kinds])
        places = np.arange(tried.sum()) - np.repeat(np.cumsum(tried) - tried, tried) + taken[order]
        years, sexes = kinds[order] // 2, kinds[order] % 2
        slots = (places * STEP + years * 101) % SLOTS
        dates = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]") + slots % 365
        digits = _with_check_digit(_nine_digits(dates, 2 * (slots // 365) + sexes), EGN_WEIGHTS, 11)
        fit = np.flatnonzero(~_passes_as_lnch(digits))
        rank = np.arange(len(fit)) - np.searchsorted(order[fit], np.arange(len(kinds)))[order[fit]]
        fit = fit[rank < wanted[order[fit]]]
        last = fit[np.cumsum(wanted) - 1]
        self._used.update(zip(kinds.tolist(), (places[last] + 1).tolist(), strict=True))
        members = np.argsort(kind, kind="stable")
        numbers, born = np.empty(len(kind), dtype=object), np.empty(len(kind), dtype="datetime64[ns]")
        numbers[members], born[members] = _as_text(digits[fit]), dates[fit].astype("datetime64[ns]")
        return numbers, born

    def _lnch(self, wanted: int) -> np.ndarray:
        places = np.arange(self._foreigners, self._foreigners + wanted)
        self._foreigners += wanted
        base = 700_000_000 + places * 1_013 % 9_000_000
        digits = _digits(base, 9)
        digits[:, 2] = 7  # no month has such a number: never to be taken for an ЕГН
        return _as_text(_with_check_digit(digits, LNCH_WEIGHTS, 10))


def person_ids(count: int) -> pd.array:
    """Texts that stand for pseudonyms, one a person."""
    return pd.array(("p" + pd.Series(np.arange(count) + 10_000_000).astype("str")).to_numpy(), dtype="str")


def _nine_digits(dates: np.ndarray, order: np.ndarray) -> np.ndarray:
    years, months = dates.astype("datetime64[Y]"), dates.astype("datetime64[M]")
    year, month = years.astype(int) + 1970, (months - years).astype(int) + 1
    day = (dates - months).astype(int) + 1
    month = month + np.where(year >= 2000, 40, 0)
    return _digits(((year % 100) * 10_000 + month * 100 + day) * 1000 + order, 9)


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    return numbers[:, None] // 10 ** np.arange(width - 1, -1, -1)[None, :] % 10


def _with_check_digit(digits: np.ndarray, weights: np.ndarray, modulus: int) -> np.ndarray:
    check = ((digits @ weights) % modulus % 10 + CHECK_OFFSET) % 10
    return np.column_stack([digits, check])


def _as_text(digits: np.ndarray) -> np.ndarray:
    values = digits @ 10 ** np.arange(9, -1, -1)
    return np.array([f"{value:010d}" for value in values.tolist()], dtype=object)


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
