"""Descriptive rows against counts and means made by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.demonstration import draw
from analysis.indicators import (
    count_indicators,
    describe_data,
    describe_education,
    describe_employment,
    describe_participants,
)
from analysis.indicators.counting import count_records
from analysis.panels.declared import with_populations
from analysis.study import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("haskovo-demo", Path(__file__).parents[2])


def by_id(table):
    return table.set_index("result_id")


@pytest.fixture(scope="module")
def education(study):
    rows = [
        (2020, "s1", True, True, False, 1.0, 10.0),
        (2021, "s1", True, True, True, 0.0, 20.0),
        (2021, "s1", True, False, False, 0.0, 4.0),
        (2021, "s2", False, None, False, None, 6.0),
        (2021, "s2", False, True, False, 1.0, None),
    ]
    names = ["school_year", "school_code", "project_school", "at_risk", "participant", "dropout_a", "total_abs"]
    panel = pd.DataFrame(rows, columns=names).astype({"at_risk": "boolean", "dropout_a": float, "total_abs": float})
    others = dict.fromkeys(("dropout_b", "dropout_c", "chronic_abs"), panel["dropout_a"])
    panel = panel.assign(unexc_abs=panel["total_abs"], is_female=True, parents_low_education=0.0, **others)
    panel["is_female"] = panel["is_female"].astype("boolean")
    return by_id(describe_education(study, with_populations(panel, study.education.populations)))


def test_pupils_and_schools_add_up(education):
    counts = education["estimate"]
    assert counts["education/pupils/all/-/count/2021/project"] == 2
    assert counts["education/pupils/all/-/count/2021/total"] == 4
    assert counts["education/pupils/at_risk/-/count/2021/total"] == 2
    assert counts["education/schools/all/-/count/total"] == 2


def test_means_are_of_those_known(education):
    hours = education.loc["education/total_abs/all/-/mean/2021/project"]
    assert (hours["estimate"], hours["n"], hours["unit"]) == (12.0, 2, "hours")
    dropout = education.loc["education/dropout_a/all/-/mean/2021/comparison"]
    assert (dropout["estimate"], dropout["n"], dropout["unit"]) == (1.0, 1, "share")
    assert education.loc["education/at_risk/all/-/rate/2021/project", "estimate"] == 0.5
    assert education.loc["education/at_risk/all/-/rate/2021/comparison", "n"] == 1


def test_participation_is_told_of_the_project_years_only(education):
    assert education.loc["education/participation/at_risk/-/rate/2021/project", "estimate"] == 1.0
    assert not any(key.startswith("education/participation") and "/2020/" in key for key in education.index)


@pytest.fixture(scope="module")
def employment(study):
    persons = pd.DataFrame({"treated": [True, True, False], "subsidised_arm": [True, False, False]})
    months = pd.DataFrame(
        {
            "treated": [True, True, False, True],
            "month": [0, 0, 0, 8],
            "employed": [1.0, 0.0, 1.0, 1.0],
            "unsubsidised": [0.0, 0.0, float("nan"), 1.0],
            "registered": [1.0, 1.0, 1.0, 0.0],
            "month_after_exit": pd.array([pd.NA, -2, 1, 6], dtype="Int64"),
        }
    )
    selection = pd.DataFrame({"treated": [True, True], "status": ["kept", "not_eligible"], "persons": [2, 7]})
    return by_id(describe_employment(study, persons, months, selection))


def test_persons_and_their_selection(employment):
    counts = employment["estimate"]
    assert counts["employment/persons/all/-/count/project"] == 2
    assert counts["employment/persons/all/-/count/arm/subsidised"] == 1
    assert counts["employment/persons/all/-/count/arm/total"] == 2
    assert counts["employment/selection/all/-/count/project/total"] == 9


def test_work_by_month_and_after_exit(employment):
    assert employment.loc["employment/employed/participants/-/mean/0/project", "estimate"] == 0.5
    assert employment.loc["employment/employed/participants/-/mean/after_exit/6/project", "n"] == 1
    assert "employment/unsubsidised/participants/-/mean/0/comparison" not in employment.index
    assert employment.loc["employment/registered/participants/-/mean/8/project", "estimate"] == 0.0


def test_participants_count_once_and_every_dimension_adds_up(study):
    rows = [
        ("p", "2022-01-10", "female", 1990, "none", "unemployed_0_6", "left_early"),
        ("p", "2022-05-10", "female", 1990, "none", "employed", "completed"),
        ("q", "2022-02-10", "male", 2003, None, "inactive", None),
        ("r", "2022-02-10", None, 1960, "tertiary", None, "completed"),
    ]
    names = ["person_id", "entry_date", "sex", "birth_year", "education", "labour_status", "participation_status"]
    table = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(set(names) - {"entry_date", "birth_year"}, "str"))
    table = table.assign(entry_date=pd.to_datetime(table["entry_date"]), birth_year=table["birth_year"].astype("Int64"))
    table = table.assign(age_at_entry=table["entry_date"].dt.year - table["birth_year"])
    found = describe_participants(study, {"participants_ophrd": table})
    counts = by_id(found)["estimate"]
    assert counts["data/participants/OPHRD/-/count/total"] == 3
    assert counts["data/participants/OPHRD/status/count/unemployed"] == 1  # as at the first entry
    assert counts["data/participants/OPHRD/leaving/count/completed"] == 1  # as at the last one
    assert not [place for place in counts.index if "unknown" in place or "under_25" in place]  # incomplete records
    assert found[found["design"] != ""].groupby("design")["estimate"].sum().unique().tolist() == [1]
    assert found["term"].is_unique


def test_the_participants_told_are_the_records_that_the_indicators_count(study):
    """Sex stated at the second joining only, or never; education and status not stated; ages by the day."""
    tables = draw(7, 0.1).clean
    people = tables["participants_ophrd"].copy()
    first = people.sort_values(["person_id", "entry_date", "file", "row"]).drop_duplicates("person_id").index
    people.loc[first[0], "sex"] = None  # and nowhere else stated
    people.loc[people["person_id"] == people.at[first[0], "person_id"], "sex"] = None
    again = people.loc[[first[1]]].assign(entry_date=people.at[first[1], "entry_date"] + pd.Timedelta(days=9))
    people.loc[first[1], "sex"] = None
    people.loc[first[2], ["education", "labour_status"]] = None
    clean = {**tables, "participants_ophrd": pd.concat([people, again], ignore_index=True)}
    told = by_id(describe_participants(study, clean))["estimate"]
    records = count_records(study, clean).set_index("contract")
    counts = count_indicators(study, clean).set_index(["contract", "code", "version"])
    for contract in ("OPHRD", "OPSESG"):
        base = f"data/participants/{contract}"
        assert told[f"{base}/-/count/total"] == records.loc[contract, ["complete", "incomplete"]].sum()
    assert "data/participants/OPHRD/sex/count/sex_unknown" not in told
    young = told["data/participants/OPHRD/age/count/under_25"]
    assert young == counts.loc[("OPHRD", "CO06", ""), ["counted_male", "counted_female"]].sum()


def test_data_rows_tell_files_and_links():
    conservation = pd.DataFrame(
        [("pupils", "a.xlsx", "1", 10, 8, 2), ("pupils", "b.xlsx", "1", 5, 5, 0)],
        columns=["source", "file", "sheet", "rows_read", "accepted", "quarantined"],
    )
    findings = pd.DataFrame(
        [
            ("pupils", "quarantined", "bad_number", "a.xlsx", "{}"),
            ("pupils", "quarantined", "bad_number", "a.xlsx", '{"count": "7"}'),
        ],
        columns=["source", "level", "rule", "file", "params"],
    )
    matches = pd.DataFrame(
        [("pupils", "marks", 8, 6, 0.75)], columns=["source", "reference", "rows", "matched", "share"]
    )
    table = by_id(describe_data(findings, conservation, matches))
    numbers = table["estimate"]
    assert [numbers[f"data/rows/pupils/-/count/{t}"] for t in ("files", "read", "accepted", "quarantined")] == [
        2, 15, 13, 2,
    ]  # fmt: skip
    assert numbers["data/findings/pupils/-/count/quarantined:bad_number"] == 8
    assert table.loc["data/findings/pupils/-/count/quarantined:bad_number", "n"] == 1
    assert table.loc["data/match/pupils/-/rate/marks", ["estimate", "n"]].tolist() == [0.75, 8]


def test_nothing_to_tell_is_an_empty_table():
    empty = pd.DataFrame(columns=["source", "file", "rows_read", "accepted", "quarantined", "level", "rule"])
    assert describe_data(empty, empty, pd.DataFrame(columns=["source", "reference", "rows", "share"])).empty
