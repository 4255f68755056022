"""Dropping out of school in three versions, by the definition that the report prints.

A pupil enrolled in grades I-XII on 1 October of year t is gone when no list of year t+1 has the pupil on 15
September, in any grade of any institution in the extract. The last confirmed document between 1 October t and the
next 1 October says why:

- version A (main): gone, and neither abroad nor moved to another school nor with a stage completed;
- version B (as the statistical institute counts): as A, but those who left for abroad count too;
- version C: gone, and the document says dropped out.

Who comes back in t+2 was still gone in t+1: the dropout of t stands. A pupil who died has no outcome. No outcome
either where the lists of t+1 are not there: in the last list year, and for a school that is missing from the lists of
t+1.
"""

from __future__ import annotations

import pandas as pd

from analysis.panels.enrolment import still_enrolled
from analysis.panels.keys import join
from analysis.panels.school_calendar import SCHOOL_STARTS, counted_year

LAST_GRADE = 12
STAGE_ENDS = [7, 10, LAST_GRADE]
# Of two documents of one day the later in this list decides: the one that leaves the least open.
REASONS = ["moved_school", "other", "not_compulsory", "dropout", "abroad", "completed", "death"]


def dropout_outcomes(enrolled: pd.DataFrame, lists: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """``enrolled`` with ``dropout_a``, ``dropout_b``, ``dropout_c`` (1.0, 0.0, NaN) added."""
    rows = join(enrolled, last_reasons(documents), ["person_id", "school_year"], "last documents")
    rows = join(rows, _came_back(lists, documents), ["person_id", "school_year"], "pupils of the next year")
    rows = join(rows, _schools_heard_of(lists), ["school_code", "school_year"], "schools of the next year")
    reason = rows["last_reason"].fillna("")
    gone = rows["came_back"].isna() & ~_completed(rows["grade"], reason)
    unknown = rows["heard_of"].isna() | (reason == "death")
    versions = {
        "dropout_a": gone & ~reason.isin(["abroad", "moved_school"]),
        "dropout_b": gone & (reason != "moved_school"),
        "dropout_c": gone & (reason == "dropout"),
    }
    outcomes = {name: version.astype("float64").mask(unknown) for name, version in versions.items()}
    return rows.drop(columns=["last_reason", "came_back", "heard_of"]).assign(**outcomes)


def last_reasons(documents: pd.DataFrame) -> pd.DataFrame:
    """``person_id, school_year, last_reason``: the ground of the last document between 1 October and the next."""
    rank = documents["reason"].map({reason: place for place, reason in enumerate(REASONS)}).fillna(1)
    dated = documents.assign(school_year=counted_year(documents["discharge_date"]), rank=rank)
    dated = dated.sort_values(["person_id", "school_year", "discharge_date", "rank", "school_code"], kind="stable")
    last = dated.drop_duplicates(["person_id", "school_year"], keep="last")
    return last[["person_id", "school_year", "reason"]].rename(columns={"reason": "last_reason"})


def _completed(grade: pd.Series, reason: pd.Series) -> pd.Series:
    """A stage was completed: the document says so at the end of a stage, or grade XII was left without any document.

    „Completed“ in the middle of a stage contradicts itself and counts for nothing.
    """
    by_document = (reason == "completed") & grade.isin(STAGE_ENDS)
    return by_document | ((reason == "") & (grade == LAST_GRADE))


def _came_back(lists: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    present = still_enrolled(lists, documents, SCHOOL_STARTS)[["person_id", "school_year"]].drop_duplicates()
    return present.assign(school_year=present["school_year"] - 1, came_back=True)


def _schools_heard_of(lists: pd.DataFrame) -> pd.DataFrame:
    listed = lists[["school_code", "school_year"]].drop_duplicates()
    return listed.assign(school_year=listed["school_year"] - 1, heard_of=True)
