"""Work and registration of adults month by month, without the project and with it.

A month is read on the 15th. Between two 15ths, in this order: jobs end; on the last days of the month people
register or are struck off; on the 1st it is seen who is *eligible* (registered as unemployed and without a
contract); from the 2nd to the 14th jobs begin. All chances depend on what the registers record (time in work or out
of it, education, age, sex, month) and on nothing else, unless unobserved motivation is switched on. Both worlds use
the same random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration.streams import logistic, stream

FIRST_MONTH, LAST_MONTH = np.datetime64("2015-01", "M"), np.datetime64("2024-06", "M")
MONTHS = int((LAST_MONTH - FIRST_MONTH).astype(int)) + 1
SEASON = np.array([-0.25, -0.1, 0.1, 0.25, 0.25, 0.2, 0.1, 0.05, 0.1, 0.0, -0.15, -0.3])
PANDEMIC = {"2020-03": -0.6, "2020-04": -1.0, "2020-05": -0.5, "2020-11": -0.3, "2021-01": -0.3}
EDUCATION = ["none", "primary", "lower_secondary", "upper_secondary", "tertiary"]
LOCK_IN, AFTER_EXIT, AFTER_SUBSIDY = 0.62, 1.85, 1.15  # by what taking part multiplies the chance of finding a job
LOCK_IN_MONTHS, AFTER_EXIT_MONTHS = 3, 7
SUBSIDY_MONTHS, RETAINED = 12, 0.18


@dataclass(frozen=True)
class Adults:
    """A population of working age; arrays with one entry a person. ``education`` is a place in EDUCATION."""

    birth_year: np.ndarray
    female: np.ndarray
    education: np.ndarray
    motivation: np.ndarray

    def some(self, places: np.ndarray) -> Adults:
        return Adults(self.birth_year[places], self.female[places], self.education[places], self.motivation[places])


@dataclass(frozen=True)
class Luck:
    """The random numbers that decide, months x persons: losing a job, finding one, registering, being struck off."""

    lose: np.ndarray
    find: np.ndarray
    register: np.ndarray

    def of(self, places: np.ndarray) -> Luck:
        return Luck(self.lose[:, places], self.find[:, places], self.register[:, places])


@dataclass(frozen=True)
class Paths:
    """Months x persons. ``employed``: on the 15th; ``registered`` and ``eligible``: on the 1st; ``waited``: months
    registered.

    ``began``: a new job began, even where the person also worked the month before.
    """

    employed: np.ndarray
    began: np.ndarray
    registered: np.ndarray
    eligible: np.ndarray
    waited: np.ndarray


def draw_adults(seed: int, count: int, motivation: float) -> Adults:
    rng = stream(seed, "adults")
    age = np.clip(20 + 42 * rng.beta(1.3, 1.5, size=count), 19, 62)
    education = rng.choice(len(EDUCATION), size=count, p=[0.14, 0.22, 0.34, 0.25, 0.05])
    return Adults(
        (2021 - age).astype(int), rng.random(count) < 0.55, education, motivation * rng.standard_normal(count)
    )


def draw_luck(seed: int, count: int) -> Luck:
    rng = stream(seed, "labour luck")
    return Luck(*(rng.random((MONTHS, count), dtype=np.float32) for _ in range(3)))


def month_place(month: str) -> int:
    """The place of a calendar month, such as 2021-11, in the months drawn."""
    return int((np.datetime64(month, "M") - FIRST_MONTH).astype(int))


def live(adults: Adults, luck: Luck, effect: Effect | None = None) -> Paths:
    """The paths of all months; with an ``effect``, those who take part live under it from the month after entry."""
    count = len(adults.birth_year)
    employed, began, registered, eligible = (np.zeros((MONTHS, count), dtype=bool) for _ in range(4))
    waited = np.zeros((MONTHS, count), dtype=np.int16)
    working = luck.find[0] < 0.45
    since = np.full(count, 6)
    listed, listed_for = np.zeros(count, dtype=bool), np.zeros(count, dtype=int)
    find_index, lose_index = _indices(adults)
    for month in range(MONTHS):
        lost = working & (luck.lose[month] < _chance_to_lose(lose_index, since, month))
        out = ~working | lost
        since = np.where(lost, 0, since)
        free = out if effect is None else out & ~(effect.in_job(month) & effect.in_job(month - 1))
        listed, listed_for = _on_the_list(luck.register[month], free, lost, listed, listed_for)
        eligible[month], registered[month], waited[month] = listed & out, listed, listed_for
        chance = _chance_to_find(find_index, since, month)
        if effect is not None:
            chance = chance * effect.multiplier(month)
        found = out & (luck.find[month] < chance)
        working = found | ~out
        since = np.where(found, 0, since + 1)
        if effect is not None:
            working, since = effect.subsidy(month, working, since)
            listed = listed & ~effect.in_job(month)
        listed = listed & ~working
        employed[month], began[month] = working, found & working
    return Paths(employed, began, registered, eligible, waited)


@dataclass(frozen=True)
class Effect:
    """What taking part does: less search at first, more after leaving; a subsidised job in which nobody searches.

    ``entry`` and ``leave`` are places of months, one a participant; ``without``: employed without the project
    (months x participants), to which the unsubsidised work of the subsidised returns when the subsidy ends;
    ``retained``: kept by the project employer after the subsidy.
    """

    entry: np.ndarray
    leave: np.ndarray
    subsidised: np.ndarray
    retained: np.ndarray
    without: np.ndarray

    def multiplier(self, month: int) -> np.ndarray:
        since, after = month - self.entry, month - self.leave
        locked = (since >= 1) & ((since <= LOCK_IN_MONTHS) | (after <= 0))
        helped = (since > LOCK_IN_MONTHS) & (after >= 1) & (after <= AFTER_EXIT_MONTHS)
        boost = np.where(self.subsidised, AFTER_SUBSIDY, AFTER_EXIT)
        factor = np.select([since < 1, locked, helped], [1.0, LOCK_IN, boost], 1.0)
        return np.where(self.subsidised & (since >= 1) & (since <= SUBSIDY_MONTHS), 0.0, factor)

    def subsidy(self, month: int, working: np.ndarray, since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first month after the subsidy the subsidised do what they would have done, and are helped from then
        on.
        """
        returns = self.subsidised & (month == self.entry + SUBSIDY_MONTHS + 1)
        return np.where(returns, self.without[month], working), np.where(returns, 2, since)

    def in_job(self, month: int | np.ndarray) -> np.ndarray:
        """In a job with a project employer, paid by the project or, after the subsidy, by the employer."""
        since = month - self.entry
        return self.subsidised & ((since >= 1) & (self.retained | (since <= SUBSIDY_MONTHS)))


def covariates(adults: Adults, paths: Paths, month: int) -> dict[str, np.ndarray]:
    """What the registers know of everybody on the 1st of a month, by the names and units of the study's covariates."""
    worked = paths.employed[month - 24 : month]
    age = (FIRST_MONTH + month).astype("datetime64[Y]").astype(int) + 1970 - adults.birth_year
    return {
        "age": age,
        "age_squared": age**2 / 100,
        "is_female": adults.female,
        "education_lower": np.isin(adults.education, (1, 2)),
        "education_upper": adults.education >= 3,
        "months_employed_12": worked[-12:].sum(axis=0),
        "months_employed_24": worked.sum(axis=0),
        "employed_lag_1": worked[-1],
        "employed_lag_3": worked[-3],
        "months_unemployed": np.minimum(paths.waited[month], 36),
        "long_term_unemployed": paths.waited[month] >= 12,
    }


def _on_the_list(
    luck: np.ndarray, out: np.ndarray, lost: np.ndarray, listed: np.ndarray, listed_for: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Who is registered on the 1st, and for how many full months."""
    joins = out & ~listed & (luck < np.where(lost, 0.65, 0.13))
    struck_off = listed & (luck > 0.975)
    now = (listed & out & ~struck_off) | joins
    return now, np.where(now & ~joins, listed_for + 1, 0)


def _indices(adults: Adults) -> tuple[np.ndarray, np.ndarray]:
    age = 2021 - adults.birth_year
    education = np.array([-0.45, -0.2, 0.0, 0.35, 0.8])[adults.education]
    find = -2.22 + education - 0.018 * (age - 40) - 0.0009 * (age - 40) ** 2 - 0.15 * adults.female
    lose = -2.05 - 0.6 * education - 0.008 * (age - 40)
    return find + adults.motivation, lose - 0.3 * adults.motivation


def _chance_to_lose(index: np.ndarray, since: np.ndarray, month: int) -> np.ndarray:
    return logistic(index - 0.45 * np.log1p(since) - 0.5 * _pandemic(month))


def _chance_to_find(index: np.ndarray, since: np.ndarray, month: int) -> np.ndarray:
    return logistic(index - 0.22 * np.log1p(since) + SEASON[month % 12] + _pandemic(month))


def _pandemic(month: int) -> float:
    return PANDEMIC.get(str(FIRST_MONTH + month), 0.0)


def random_population(seed: int, count: int, motivation: float) -> tuple[Adults, Luck, Paths]:
    """Adults, what decides their luck, and how they live without the project."""
    adults, luck = draw_adults(seed, count, motivation), draw_luck(seed, count)
    return adults, luck, live(adults, luck)


def as_dates(months: np.ndarray) -> pd.DatetimeIndex:
    """First days of months given as places."""
    return pd.DatetimeIndex((FIRST_MONTH + np.asarray(months)).astype("datetime64[ns]"))
