"""Absences of a pupil in a school year: hours per enrolled month, over all the pupil's schools of that year."""

from __future__ import annotations

import pandas as pd

from analysis.panels.keys import require_unique
from analysis.panels.school_calendar import first_of_month

RECORD_KEY = ["person_id", "school_year", "month", "school_code"]


def yearly_absences(absences: pd.DataFrame) -> pd.DataFrame:
    """``person_id, school_year, total_abs, unexc_abs``: lesson hours a month, excused and unexcused, and unexcused
    alone.

    A month counts once however many schools reported it. A month that began after the pupil's discharge is not an
    enrolled month; „does not attend regularly“ alone does not end enrolment, the hours missed are what is measured.
    """
    require_unique(absences, RECORD_KEY, "monthly absences")
    began = first_of_month(absences["school_year"], absences["month"])
    rows = absences[~(absences["discharge_date"] < began)]
    rows = rows.assign(total_hours=rows["excused_hours"] + rows["unexcused_hours"])
    yearly = rows.groupby(["person_id", "school_year"], as_index=False, sort=False).agg(
        total_hours=("total_hours", "sum"), unexcused_hours=("unexcused_hours", "sum"), months=("month", "nunique")
    )
    return pd.DataFrame(
        {
            "person_id": yearly["person_id"],
            "school_year": yearly["school_year"],
            "total_abs": yearly["total_hours"] / yearly["months"],
            "unexc_abs": yearly["unexcused_hours"] / yearly["months"],
        }
    )


def chronic_absence(total_abs: pd.Series, hours_per_month: float, share: float) -> pd.Series:
    """1.0 where at least ``share`` of the lesson hours of an average month were missed, NaN where nothing is known."""
    missed = total_abs.astype("float64") / hours_per_month
    return (missed >= share).astype("float64").mask(missed.isna())


def yearly_marks(marks: pd.DataFrame) -> pd.DataFrame:
    """``person_id, school_year, gpa``: the yearly mark (2-6); the mean where two schools gave one."""
    require_unique(marks, ["person_id", "school_year", "school_code"], "yearly marks")
    return marks.groupby(["person_id", "school_year"], as_index=False, sort=False)["gpa"].mean()
