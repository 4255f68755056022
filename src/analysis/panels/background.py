"""What the registers knew of a person before entry: the covariates, from records of earlier days only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.panels.keys import join
from analysis.panels.labour_status import employed, unemployment_spells
from analysis.panels.spells import Window, month_number

COVARIATES = [
    "age", "age_squared", "is_female", "education_lower", "education_upper", "months_employed_12", "months_employed_24",
    "employed_lag_1", "employed_lag_3", "months_unemployed", "long_term_unemployed", "entry_quarter",
]  # fmt: skip
EARLIER = "months_employed_earlier"
LOOK_BACK = 24
LONGEST_UNEMPLOYED = 36
LONG_TERM = 12
# Both files' education in three levels that both can tell apart: without, ISCED 1-2, ISCED 3 and above.
EDUCATION_LEVEL = {
    "none": 0,
    "primary": 1,
    "lower_secondary": 1,
    "primary_or_lower_secondary": 1,
    "upper_secondary": 2,
    "post_secondary": 2,
    "tertiary": 2,
}


def add_background(
    entries: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame, participants: pd.DataFrame
) -> pd.DataFrame:
    """``entries`` (each with an entry_month) with the COVARIATES; NaN where the registers do not say.

    age in years at entry, age_squared in hundreds; past work in months on the 15th; months_unemployed in full months
    of the registration in force, at most 36; education_lower is ISCED 1-2, education_upper ISCED 3 and above, base:
    without.
    """
    rows = _with_characteristics(entries, registrations, contracts, participants)
    age = rows["entry_month"].dt.year - rows.pop("birth_year").astype("float64")
    level = rows.pop("education_level")
    months = _months_unemployed(rows, registrations)
    sex = rows.pop("sex")
    return rows.assign(
        age=age,
        age_squared=age**2 / 100,
        is_female=(sex == "female").astype("float64").mask(sex.isna()),
        education_lower=(level == 1).astype("float64").mask(level.isna()),
        education_upper=(level == 2).astype("float64").mask(level.isna()),
        **_past_work(rows, contracts),
        months_unemployed=months.clip(upper=LONGEST_UNEMPLOYED),
        long_term_unemployed=(months >= LONG_TERM).astype("float64").mask(months.isna()),
        entry_quarter=rows["entry_month"].dt.year.astype("str") + "Q" + rows["entry_month"].dt.quarter.astype("str"),
    )


def months_employed_earlier(entries: pd.DataFrame, contracts: pd.DataFrame, months: int | None) -> np.ndarray:
    """Months in work, of so many ``months`` just before those that the covariates use; NaN when none are asked for."""
    if months is None:
        return np.full(len(entries), np.nan)
    return _worked(entries, contracts, LOOK_BACK + months)[:, :months].sum(axis=1)


def _past_work(rows: pd.DataFrame, contracts: pd.DataFrame) -> dict[str, np.ndarray]:
    past = _worked(rows, contracts, LOOK_BACK)
    return {
        "months_employed_12": past[:, -12:].sum(axis=1),
        "months_employed_24": past.sum(axis=1),
        "employed_lag_1": past[:, -1],
        "employed_lag_3": past[:, -3],
    }


def _worked(rows: pd.DataFrame, contracts: pd.DataFrame, months: int) -> np.ndarray:
    """Rows x months, 1.0 when in work: the ``months`` before each entry, the earliest first."""
    entry = month_number(rows["entry_month"])
    window = Window(int(entry.min()) - months, int(entry.max()))
    worked = employed(contracts, pd.Index(rows["person_id"]), window)
    before = window.place(entry)[:, None] + np.arange(-months, 0)
    return worked[np.arange(len(rows))[:, None], before].astype("float64")


def _months_unemployed(rows: pd.DataFrame, registrations: pd.DataFrame) -> pd.Series:
    """Full months, on the day of entry, since the earliest start of the registrations in force; NaN without one."""
    spells = unemployment_spells(registrations)[["person_id", "start_date", "end_date"]]
    pairs = rows[["person_id", "entry_month"]].merge(spells, on="person_id", how="inner")
    in_force = (pairs["start_date"] <= pairs["entry_month"]) & ~(pairs["end_date"] < pairs["entry_month"])
    since = pairs[in_force].groupby("person_id")["start_date"].min()
    start = rows["person_id"].map(since)
    known = start.notna().to_numpy()
    months = np.full(len(rows), np.nan)
    begun = start[known]
    months[known] = month_number(rows["entry_month"][known]) - month_number(begun) - (begun.dt.day.to_numpy() > 1)
    return pd.Series(months, index=rows.index)


def _with_characteristics(
    entries: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame, participants: pd.DataFrame
) -> pd.DataFrame:
    """Sex and year of birth as the labour registers have them, then the participant file; education as of entry."""
    rows = entries
    for column in ["sex", "birth_year"]:
        tables = [table for table in (registrations, contracts, participants) if column in table]
        stated = pd.concat([table[["person_id", column]] for table in tables]).dropna()
        rows = join(rows, stated.drop_duplicates("person_id"), ["person_id"], column)
    registered_before = registrations.rename(columns={"start_date": "known_since"})
    stated_at_entry = participants.rename(columns={"entry_date": "known_since"})
    level = _level_at_entry(rows, registered_before).fillna(_level_at_entry(rows, stated_at_entry))
    return rows.assign(education_level=level)


def _level_at_entry(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.Series:
    """The level of education in the latest record from no later than the month of entry."""
    levels = stated.assign(level=stated["education"].map(EDUCATION_LEVEL).astype("float64"))
    levels = levels.dropna(subset=["level", "known_since"])[["person_id", "known_since", "level"]]
    pairs = rows[["person_id", "entry_month"]].merge(levels, on="person_id", how="inner")
    pairs = pairs[pairs["known_since"] < pairs["entry_month"] + pd.offsets.MonthBegin(1)]
    latest = pairs.sort_values(["person_id", "known_since", "level"], kind="stable").drop_duplicates(
        "person_id", keep="last"
    )
    return rows["person_id"].map(latest.set_index("person_id")["level"])
