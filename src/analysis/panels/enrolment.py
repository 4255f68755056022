"""Who was enrolled where: the pupil lists, less those whom a document took off before the day that counts."""

from __future__ import annotations

import pandas as pd

from analysis.panels.keys import join, require_unique
from analysis.panels.school_calendar import COUNTING_DAY, DOCUMENTS_TURN, Day, month_of_school_year

GRADES = range(1, 13)
LIST_KEY = ["person_id", "school_year", "school_code"]


def leaving_documents(movements: pd.DataFrame) -> pd.DataFrame:
    """Confirmed documents by which a pupil leaves a school; drafts and enrolment documents do not count.

    A transfer without a stated ground is a move to another school, any other document without one is ``other``.
    """
    leaves = movements[(movements["document_status"] == "confirmed") & (movements["document"] != "enrolment")]
    leaves = leaves.dropna(subset=["discharge_date"])
    unstated = leaves["document"].map({"transfer": "moved_school"}).fillna("other")
    return leaves.assign(reason=leaves["reason"].fillna(unstated))


def still_enrolled(lists: pd.DataFrame, documents: pd.DataFrame, day: Day) -> pd.DataFrame:
    """List rows of pupils whom no document of the new school year had taken off this school's list before ``day``."""
    require_unique(lists, LIST_KEY, "pupil lists")
    years = documents["discharge_date"].dt.year.astype("Int64")
    early = (documents["discharge_date"] >= DOCUMENTS_TURN.of(years)) & (documents["discharge_date"] < day.of(years))
    left = documents.loc[early, ["person_id", "school_code"]].assign(school_year=years[early], left=True)
    marked = join(lists, left.drop_duplicates(LIST_KEY), LIST_KEY, "documents of the first weeks")
    return lists[marked["left"].isna().to_numpy()]


def enrolled_on_counting_day(lists: pd.DataFrame, documents: pd.DataFrame, absences: pd.DataFrame) -> pd.DataFrame:
    """One row a pupil and school year in grades I-XII: the school where the pupil was on 1 October.

    A pupil on the lists of two schools in one year moved during it. The school on 1 October is the one with the
    earliest absence record of the year; without one, the school that was left first by a document; then the lower
    school code.
    """
    rows = still_enrolled(lists, documents, COUNTING_DAY)
    rows = rows[rows["grade"].isin(GRADES)]
    twice = rows.duplicated(["person_id", "school_year"], keep=False)
    if not twice.any():
        return rows.sort_values(["person_id", "school_year"], ignore_index=True)
    moved = _first_school(rows[twice], documents, absences)
    one_each = pd.concat([rows[~twice], moved])
    require_unique(one_each, ["person_id", "school_year"], "pupils on 1 October")
    return one_each.sort_values(["person_id", "school_year"], ignore_index=True)


def _first_school(rows: pd.DataFrame, documents: pd.DataFrame, absences: pd.DataFrame) -> pd.DataFrame:
    recorded = absences[absences["person_id"].isin(rows["person_id"])]
    recorded = recorded.assign(first_record=month_of_school_year(recorded["month"]))
    first_record = recorded.groupby(LIST_KEY, as_index=False)["first_record"].min()
    left = documents[documents["person_id"].isin(rows["person_id"])]
    turned = left["discharge_date"].dt.month >= DOCUMENTS_TURN.month
    left = left.assign(school_year=(left["discharge_date"].dt.year - ~turned).astype("Int64"))
    first_left = left.groupby(LIST_KEY, as_index=False).agg(first_left=("discharge_date", "min"))
    ranked = join(rows, first_record, LIST_KEY, "first absence records")
    ranked = join(ranked, first_left, LIST_KEY, "first documents")
    order = ["person_id", "school_year", "first_record", "first_left", "school_code"]
    ranked = ranked.sort_values(order, na_position="last", kind="stable")
    return ranked.drop_duplicates(["person_id", "school_year"]).drop(columns=["first_record", "first_left"])
