"""The days of the Bulgarian school year that the definitions hang on; a year is named by its first calendar year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Day:
    """A day of the year, given as month and day."""

    month: int
    day: int

    def of(self, years: pd.Series) -> pd.Series:
        """That day in each of the years, as dates."""
        parts = {"year": years.astype("int64"), "month": self.month, "day": self.day}
        return pd.to_datetime(pd.DataFrame(parts, index=years.index))


DOCUMENTS_TURN = Day(9, 1)  # from here НЕИСПУО counts a date to the new school year
SCHOOL_STARTS = Day(9, 15)
COUNTING_DAY = Day(10, 1)
TEACHING_ENDS = Day(6, 30)


def counted_year(dates: pd.Series) -> pd.Series:
    """The school year a document falls into when a year runs from one counting day to the day before the next."""
    before = dates.dt.month < COUNTING_DAY.month
    return (dates.dt.year - before).astype("Int64")


def month_of_school_year(months: pd.Series) -> pd.Series:
    """Position of a calendar month within the school year: September 0, August 11."""
    return (months - DOCUMENTS_TURN.month) % 12


def first_of_month(school_years: pd.Series, months: pd.Series) -> pd.Series:
    """The first day of a calendar month within a school year, as a date."""
    calendar_year = school_years.astype("int64") + (months.astype("int64") < DOCUMENTS_TURN.month)
    index = (calendar_year - 1970) * 12 + months.astype("int64") - 1
    return pd.Series(index.to_numpy().astype("datetime64[M]").astype("datetime64[ns]"), index=months.index)


def year_of(date: np.datetime64) -> int:
    """The calendar year of a day."""
    return int(date.astype("datetime64[Y]").astype(int)) + 1970
