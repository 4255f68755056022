"""The pupil-year panel: a row for each pupil enrolled on 1 October in grades I-XII of a school of the study."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.panels.absences import chronic_absence, yearly_absences, yearly_marks
from analysis.panels.declared import with_populations
from analysis.panels.dropout import dropout_outcomes
from analysis.panels.enrolment import enrolled_on_counting_day, leaving_documents
from analysis.panels.keys import join, require_unique, without_rows
from analysis.panels.months_taking_part import months_of_school_year
from analysis.panels.register_tables import register_table
from analysis.panels.risk_signs import risk_signs
from analysis.panels.school_calendar import SCHOOL_STARTS, TEACHING_ENDS
from analysis.study import Study
from analysis.study.settings import Education

STAGES = {"primary": (1, 4), "lower_secondary": (5, 7), "upper_secondary_1": (8, 10), "upper_secondary_2": (11, 12)}
TYPES = {
    "person_id": "str", "school_year": "Int64", "school_code": "str", "project_school": "bool",
    "treated_from": "Int64", "stratum": "str",
    "grade": "Int64", "stage": "str", "is_female": "boolean", "is_repeater": "boolean",
    "parents_low_education": "boolean", "prior_absences": "float64", "prior_gpa": "float64", "signs": "Int64",
    "signs_observed": "Int64", "at_risk": "boolean", "participant": "bool", "months_taking_part": "float64",
    "dropout_a": "float64", "dropout_b": "float64", "dropout_c": "float64", "total_abs": "float64",
    "unexc_abs": "float64", "chronic_abs": "float64", "gpa": "float64",
}  # fmt: skip
COLUMNS = list(TYPES)


def pupil_years(study: Study, clean: Mapping[str, pd.DataFrame], schools: pd.DataFrame) -> pd.DataFrame:
    """The columns of COLUMNS and one for each declared population, sorted by person_id and school_year; hours are
    lesson hours per enrolled month.

    ``clean``: accepted tables by source name; ``schools``: as ``panels.schools`` gives it. Pupils of schools that the
    sheet does not name are not in the panel, but a pupil found there the next year did not drop out. Raises
    KeyNotUnique when a register repeats a key. Without rows when the study declares no education section.
    """
    settings = study.education
    if settings is None:
        return without_rows(TYPES)
    lists = register_table(study, clean, "neispuo_pupils")
    absences = register_table(study, clean, "absences_monthly")
    documents = leaving_documents(register_table(study, clean, "neispuo_movements"))
    hours = yearly_absences(absences)
    marks = yearly_marks(register_table(study, clean, "neispuo_marks"))

    rows = enrolled_on_counting_day(lists, documents, absences)
    rows = dropout_outcomes(rows, lists, documents)
    rows = _of_the_study(rows, schools, settings)
    rows = join(rows, hours, ["person_id", "school_year"], "yearly absences")
    rows = join(rows, marks, ["person_id", "school_year"], "yearly marks")
    rows = risk_signs(rows, hours, marks, settings.at_risk)
    participants = register_table(study, clean, "isun_participants", settings.contract)
    rows = rows.assign(
        chronic_abs=chronic_absence(rows["total_abs"], settings.hours_per_month, settings.chronic_absence_share),
        stage=stage_of(rows["grade"]),
        is_female=(rows["sex"] == "female").astype("boolean").mask(rows["sex"].isna()),
        participant=participated(rows, participants),
        months_taking_part=months_of_school_year(rows, participants),
    )
    require_unique(rows, ["person_id", "school_year"], "pupil years")
    rows = rows[COLUMNS].sort_values(["person_id", "school_year"], ignore_index=True)
    return with_populations(rows, settings.populations)


def stage_of(grade: pd.Series) -> pd.Series:
    """The stage of schooling of a grade."""
    stages = {number: stage for stage, (low, high) in STAGES.items() for number in range(low, high + 1)}
    return grade.astype("int64").map(stages).astype("str")


def participated(rows: pd.DataFrame, participants: pd.DataFrame) -> pd.Series:
    """The pupil took part in the project between 15 September and 30 June of the row's school year."""
    stays = participants.dropna(subset=["entry_date"])[["person_id", "entry_date", "exit_date"]]
    place = rows.reset_index(drop=True).reset_index(names="place")[["place", "person_id", "school_year"]]
    pairs = place.merge(stays, on="person_id", how="inner")
    begun = pairs["entry_date"] <= TEACHING_ENDS.of(pairs["school_year"] + 1)
    not_over = pairs["exit_date"].isna() | (pairs["exit_date"] >= SCHOOL_STARTS.of(pairs["school_year"]))
    taken = pairs.loc[begun & not_over, "place"].unique()
    return pd.Series(place["place"].isin(taken).to_numpy(), index=rows.index)


def _of_the_study(rows: pd.DataFrame, schools: pd.DataFrame, settings: Education) -> pd.DataFrame:
    years = rows["school_year"].between(settings.first_school_year, settings.last_school_year)
    sheet = schools.reindex(columns=["school_code", "treated", "treated_from", "stratum"])
    sheet = sheet.rename(columns={"treated": "project_school"}).astype({"treated_from": "Int64"})
    common = sheet["project_school"] & sheet["treated_from"].isna()
    sheet = sheet.assign(treated_from=sheet["treated_from"].mask(common, settings.treated_from))
    rows = join(rows[years], sheet, ["school_code"], "sheet of schools")
    rows = rows[rows["project_school"].notna()]
    return rows.assign(project_school=rows["project_school"].astype(bool))
