"""The annex for ИСУН, opened as the team opens it: its sheets, its arithmetic, and counts made again by hand."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from analysis.demonstration import draw
from analysis.files import project_root
from analysis.indicators import count_indicators, describe_participants, isun_annex
from analysis.indicators.records import REQUIRED
from analysis.study import load_study

SHEETS = ["Указание", "Дейности", "Индикатори", "Участници", "Непълни записи"]
CONTRACT = {"OPHRD": "BG05M9OP001-2.056-0014-C01", "OPSESG": "BG05M9OP001-2.056-0014-2014BG05M2OP001-C01"}
SEX = ["мъже", "жени", "общо"]


@pytest.fixture(scope="module")
def study():
    return load_study("haskovo-demo", project_root())


@pytest.fixture(scope="module")
def clean(study):
    """A drawn study, some of whose records lack something."""
    tables = draw(7, 0.1).clean
    people = tables["participants_ophrd"].copy()
    people.loc[3, "education"] = None
    people.loc[5, "labour_status"] = None
    people.loc[5, "sex"] = None
    return {**tables, "participants_ophrd": people}


@pytest.fixture(scope="module")
def book(study, clean):
    content = isun_annex(study, clean, count_indicators(study, clean))
    assert content == isun_annex(study, clean, count_indicators(study, clean))
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book, sheet: str) -> list[tuple]:
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def records(clean, contract: str) -> pd.DataFrame:
    """One row a person with what was said at the first joining; sex is the first that is stated."""
    table = clean[f"participants_{contract.lower()}"].sort_values(
        ["person_id", "entry_date", "file", "row"], kind="stable"
    )
    first = table.drop_duplicates("person_id").set_index("person_id")
    return first.assign(sex=table.groupby("person_id")["sex"].first())


def complete(clean, contract: str) -> pd.DataFrame:
    people = records(clean, contract)
    return people[people[["sex", "labour_status", "age_at_entry", "education"]].notna().all(axis=1)]


def test_every_sheet_is_marked_for_official_use_on_screen_and_on_paper(book):
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert sheet["A1"].value.startswith("За служебно ползване") and "ДЕМОНСТРАЦИОННИ" in sheet["A1"].value
        assert (
            "За служебно ползване" in sheet.oddHeader.center.text
            and "За служебно ползване" in sheet.oddFooter.left.text
        )


def test_the_activities_are_those_declared_with_the_people_on_the_lists(book, study, clean):
    head, *lines = [row for row in rows(book, "Дейности") if row[0] and row[1]]
    assert head[:3] == ("Код", "Дейност", "Договор") and head[-3] == "Участници по присъствени списъци"
    told = {row[0]: row for row in lines}
    assert set(study.indicators.activities) <= set(told)
    attended = clean["attendance"].groupby("activity")
    people = attended["person_id"].nunique()
    assert {code: told[code][-3] for code in people.index} == people.to_dict()
    assert {code: told[code][-1] for code in people.index} == {
        code: int(group.loc[group["completed"].fillna(False).astype(bool), "person_id"].nunique())
        for code, group in attended
    }
    assert told["R2"][2] == CONTRACT["OPHRD"] and told["N1"][2] == CONTRACT["OPSESG"]


def test_men_and_women_are_all_in_every_part_of_every_indicator(book):
    over, under, *lines = rows(book, "Индикатори")[3:]
    assert [cell for cell in over if cell][:3] == ["Договор", "Код", "Наименование"]
    firsts = [place for place, word in enumerate(under) if str(word).casefold() == SEX[0]]
    assert len(firsts) == 6 and len(lines) > 40
    counted = 0
    for row in lines:
        for place in firsts:
            male, female, total = row[place : place + 3]
            if male is not None and female is not None:
                assert male + female == total, row[:3]
                counted += 1
    assert counted > 60


def test_counts_are_those_of_the_records_counted_by_hand(book, clean):
    _, under, *lines = rows(book, "Индикатори")[3:]
    period = [place for place, word in enumerate(under) if str(word).casefold() == SEX[0]][2]
    told = {(row[0], row[1]): row[period : period + 3] for row in lines}
    for contract, number in CONTRACT.items():
        people = complete(clean, contract)
        age = people["age_at_entry"].astype(float)
        masks = {
            "CO01": people["labour_status"].isin(["unemployed_0_6", "unemployed_6_12", "unemployed_12_plus"]),
            "CO05": people["labour_status"].isin(["employed", "self_employed"]),
            "CO06": age < 25,
            "CO07": age > 54,
            "CO11": people["education"] == "tertiary",
        }
        for code, mask in masks.items():
            by_sex = [int((mask & (people["sex"] == sex)).sum()) for sex in ("male", "female")]
            assert told[number, code] == (*by_sex, sum(by_sex)), (contract, code)


def test_incomplete_records_are_named_by_row_and_nobody_by_name(book, clean):
    _, *lines = [row for row in rows(book, "Непълни записи")[3:] if row[0]]
    people = records(clean, "OPHRD")
    lacking = people[people[["sex", "labour_status", "age_at_entry", "education"]].isna().any(axis=1)]
    told = {row[3]: row[4] for row in lines if row[0] == CONTRACT["OPHRD"]}
    assert set(told) == set(lacking["row"].astype(int)) and len(told) >= 1
    text = str([rows(book, name) for name in SHEETS])
    assert not any(person in text for person in clean["participants_ophrd"]["person_id"].head(50))


def test_the_totals_of_records_add_up(book, clean):
    lines = [row for row in rows(book, "Участници") if row[0] in CONTRACT.values() and row[1] is None]
    for row in lines:
        contract = next(code for code, number in CONTRACT.items() if number == row[0])
        whole, full = len(records(clean, contract)), len(complete(clean, contract))
        assert row[3:6] == (full, whole - full, whole)
    assert len(lines) == 2


def test_the_reports_table_of_participants_counts_the_same_records(study, clean):
    told = describe_participants(study, clean)
    for contract in CONTRACT:
        here = told[told["population"] == contract].set_index(["design", "term"])["estimate"]
        people = records(clean, contract)
        assert here["", "total"] == len(people)
        by_dimension = here.drop(("", "total")).groupby("design").sum()
        assert (by_dimension == people[REQUIRED].notna().all(axis=1).sum()).all() and len(by_dimension) == 5
