"""The school registers of one school year as cleaning would accept them: pupils, movements, marks, absences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration.absences import MONTHS
from analysis.demonstration.fates import OUTSIDE, SUMMER, discharge_date
from analysis.demonstration.participants import identified
from analysis.demonstration.persons import People
from analysis.demonstration.pupils import PARENTS
from analysis.demonstration.school_years import SchoolYear
from analysis.demonstration.schools import plan
from analysis.demonstration.streams import stream
from analysis.demonstration.tables import accepted, texts

SECTIONS = ["А", "Б"]
TWO_SECTIONS_FROM = 16  # pupils a grade
FORMS = ["individual", "combined", "evening", "part_time", "independent"]


def school_tables(seed: int, lived: SchoolYear, people: People, last: bool) -> dict[str, pd.DataFrame]:
    """``pupils, movements, marks, absences`` of a school year; of the last one only the pupils."""
    table = people.table().loc[lived.stock["person"].to_numpy()].reset_index(drop=True)
    who = identified(table)
    tables = {"pupils": _pupils(lived, who, table)}
    if not last:
        leaving = discharge_date(
            stream(seed, "discharge", lived.year), lived.year, lived.fates["leave_month"].to_numpy()
        )
        tables["movements"] = _movements(seed, lived, who, leaving)
        tables["marks"] = _marks(lived, who)
        tables["absences"] = _absences(lived, who, leaving)
    return tables


def _pupils(lived: SchoolYear, who: dict, table: pd.DataFrame) -> pd.DataFrame:
    stock = lived.stock
    form = np.where(stock["form"], np.array(FORMS, dtype=object)[stock["person"] % len(FORMS)], "day")
    parents = np.array(PARENTS, dtype=object)
    columns = {
        "school_year": np.full(len(stock), lived.year),
        "school_code": _codes(stock["school"]),
        "sex": np.where(table["female"], "female", "male"),
        "grade": stock["grade"],
        "section": _sections(stock),
        "education_form": form,
        "is_commuter": stock["commuter"],
        "repeater": stock["repeater"].astype(object),
        "has_sen": stock["sen"],
        "has_resource_support": stock["sen"],
        "mother_education": texts(parents, stock["mother"].to_numpy()),
        "father_education": texts(parents, stock["father"].to_numpy()),
    }
    return accepted("neispuo_pupils", {**who, **columns})


def _marks(lived: SchoolYear, who: dict) -> pd.DataFrame:
    stock, gpa = lived.stock, lived.gpa
    moved = lived.fates["new_school"].where(lived.fates["leave_month"] < 5, -1)
    rows = gpa["first_term"].notna().to_numpy()
    columns = {
        "school_year": np.full(len(stock), lived.year),
        "school_code": _codes(stock["school"].where(moved < 0, moved)),
        "grade": stock["grade"],
        "gpa_first_term": gpa["first_term"],
        "gpa_second_term": gpa["second_term"],
        "gpa": gpa["gpa"],
    }
    return accepted("neispuo_marks", _only(rows, {**who, **columns}))


def _absences(lived: SchoolYear, who: dict, leaving: np.ndarray) -> pd.DataFrame:
    pupil, month = np.nonzero(lived.recorded)
    stock, fates = lived.stock, lived.fates
    leaves = fates["leave_month"].to_numpy()[pupil]
    documented = ((fates["document"] != "") & (fates["leave_month"] < SUMMER)).to_numpy()[pupil]
    moved = (fates["fate"] == "moved_within").to_numpy()[pupil]
    new_school = fates["new_school"].to_numpy()[pupil]
    in_new = moved & (new_school >= 0) & (month > leaves)
    last_month = documented & (month == leaves) & ~(moved & (new_school < 0))
    gone = last_month & ~moved
    order = np.lexsort((pupil, month))
    columns = {
        "school_code": _codes(np.where(in_new, new_school, stock["school"].to_numpy()[pupil])),
        "school_year": np.full(len(pupil), lived.year),
        "month": MONTHS[month],
        **{name: pd.Series(values).reset_index(drop=True).take(pupil) for name, values in who.items()},
        "grade": stock["grade"].to_numpy()[pupil],
        "section": _sections(stock).take(pupil),
        "attends": ~gone,
        "discharge_date": pd.Series(leaving[pupil]).where(last_month),
        "excused_hours": lived.excused[pupil, month],
        "unexcused_hours": lived.unexcused[pupil, month],
    }
    return accepted(
        "absences_monthly",
        {name: pd.Series(values).reset_index(drop=True).take(order) for name, values in columns.items()},
    )


def _movements(seed: int, lived: SchoolYear, who: dict, leaving: np.ndarray) -> pd.DataFrame:
    """Transfer and discharge documents of the year; a few drafts that came to nothing."""
    rng = stream(seed, "documents", lived.year)
    fates, ways = lived.fates, lived.ways
    document = fates["document"].to_numpy().copy()
    document[(fates["fate"] == "moved_within").to_numpy() & (fates["new_school"] < 0).to_numpy()] = ""
    draft = (document == "") & (fates["fate"] == "").to_numpy() & (rng.random(len(fates)) < 0.006)
    changes = ((document == "") & ~draft & (ways["leaves_to"] != -1)).to_numpy()
    completes = ((document == "") & ~draft & ways["completes"]).to_numpy()
    reason = np.select(
        [document != "", completes, changes, draft], [document, "completed", "moved_school", "dropout"], ""
    ).astype(object)
    june = np.datetime64(f"{lived.year + 1}-06-16") + rng.integers(0, 14, size=len(fates))
    dates = np.where(completes | changes, june.astype("datetime64[ns]"), leaving)
    dates = np.where(draft, np.datetime64(f"{lived.year + 1}-02-10", "ns"), dates)
    target = np.where(changes, ways["leaves_to"], fates["new_school"])
    outside = (target == -2) | (fates["fate"] == "moved_school").to_numpy()
    transfer = reason == "moved_school"
    receiving = pd.Series(_codes(np.maximum(target, 0))).mask(outside, OUTSIDE).where(transfer)
    columns = {
        "school_year": np.full(len(fates), lived.year),
        "school_code": _codes(lived.stock["school"]),
        "document": np.where(transfer, "transfer", "discharge"),
        "document_status": np.where(draft, "draft", "confirmed"),
        "discharge_date": dates,
        "reason": reason,
        "receiving_school": receiving,
    }
    return accepted("neispuo_movements", _only(reason != "", {**who, **columns}))


def _only(rows: np.ndarray, columns: dict) -> dict:
    return {name: pd.Series(values).reset_index(drop=True)[rows] for name, values in columns.items()}


def _codes(schools: object) -> pd.Series:
    return texts(plan()["school_code"].to_numpy(dtype=object), np.asarray(schools))


def _sections(stock: pd.DataFrame) -> pd.Series:
    two = plan()["size"].to_numpy()[stock["school"]] >= TWO_SECTIONS_FROM
    return texts(SECTIONS, np.where(two, stock["section"], 0))
