"""How long people took part, in months: the dose that an effect may be held against."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.panels.school_calendar import first_of_month
from analysis.panels.spells import month_number

SCHOOL_MONTHS = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)
MIDDLE = pd.Timedelta(days=14)  # the 15th, as for work


def months_of_school_year(rows: pd.DataFrame, participants: pd.DataFrame) -> pd.Series:
    """For each row (person_id, school_year) in how many months, September to June, the pupil took part on the 15th;
    stays that overlap count once."""
    stays = participants.dropna(subset=["entry_date"])[["person_id", "entry_date", "exit_date"]]
    place = rows.reset_index(drop=True).reset_index(names="place")[["place", "person_id", "school_year"]]
    pairs = place.merge(stays, on="person_id", how="inner")
    months = np.zeros(len(place), dtype=float)
    for month in SCHOOL_MONTHS:
        day = first_of_month(pairs["school_year"], pd.Series(month, index=pairs.index)) + MIDDLE
        there = (pairs["entry_date"] <= day) & (pairs["exit_date"].isna() | (pairs["exit_date"] >= day))
        months[pairs.loc[there, "place"].unique()] += 1
    return pd.Series(months, index=rows.index)


def months_from_entry_to_exit(people: pd.DataFrame) -> pd.Series:
    """Calendar months from entry to exit, both counted; missing for those who are not treated, and while it goes on."""
    known = people["treated"].astype(bool) & people["exit_month"].notna()
    months = np.full(len(people), np.nan)
    ends = (month_number(people.loc[known, name]) for name in ("entry_month", "exit_month"))
    entry, left = ends
    months[known.to_numpy()] = np.asarray(left) - np.asarray(entry) + 1
    return pd.Series(months, index=people.index)
