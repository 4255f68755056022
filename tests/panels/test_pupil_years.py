"""The pupil-year panel on registers small enough to work out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panels import KeyNotUnique, pupil_years
from analysis.panels.dropout import last_reasons

A, B, C = "2699001", "2699002", "2699003"
STAYERS = [{"person_id": f"stays_{s}", "school_year": y, "school_code": s} for s in (A, B) for y in range(2017, 2024)]


def pupil(person_id, year, school=A, **more):
    return {"person_id": person_id, "school_year": year, "school_code": school, **more}


def document(person_id, date, reason="dropout", school=A, **more):
    return {"person_id": person_id, "discharge_date": date, "reason": reason, "school_code": school, **more}


@pytest.fixture
def panel_of(study, table, schools):
    def build(pupils, **sources):
        clean = {"pupils": table("pupils", [*STAYERS, *pupils])}
        clean |= {name: table(name, rows) for name, rows in sources.items()}
        panel = pupil_years(study, clean, schools)
        return panel[~panel["person_id"].str.startswith("stays")].set_index(["person_id", "school_year"])

    return build


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("dropout", (1, 1, 1)),
        ("abroad", (0, 1, 0)),
        ("moved_school", (0, 0, 0)),
        ("not_compulsory", (1, 1, 0)),
        ("other", (1, 1, 0)),
        ("death", (None, None, None)),
        ("completed", (1, 1, 0)),  # in grade 5 nothing can be completed
    ],
)
def test_the_last_reason_decides_what_counts_as_dropout(panel_of, reason, expected):
    panel = panel_of([pupil("x", 2021)], movements=[document("x", "2022-02-01", reason)])
    found = panel.loc[("x", 2021), ["dropout_a", "dropout_b", "dropout_c"]]
    assert [None if pd.isna(v) else v for v in found] == list(expected)


def test_a_pupil_who_vanishes_without_a_document_counts_in_a_and_b(panel_of):
    panel = panel_of([pupil("x", 2021)])
    assert panel.loc[("x", 2021), ["dropout_a", "dropout_b", "dropout_c"]].tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("grade", "documents", "expected"),
    [
        (12, [], 0),
        (12, [document("x", "2022-06-30", "completed")], 0),
        (12, [document("x", "2021-12-01", "dropout")], 1),
        (7, [document("x", "2022-06-30", "completed")], 0),
        (7, [], 1),
    ],
)
def test_who_completed_a_stage_did_not_drop_out(panel_of, grade, documents, expected):
    sources = {"movements": documents} if documents else {}
    assert panel_of([pupil("x", 2021, grade=grade)], **sources).loc[("x", 2021), "dropout_a"] == expected


def test_a_draft_and_an_enrolment_document_do_not_count(panel_of):
    drafts = [document("x", "2022-02-01", "abroad", document_status="draft")]
    drafts += [document("x", "2022-03-01", "abroad", document="enrolment")]
    assert panel_of([pupil("x", 2021)], movements=drafts).loc[("x", 2021), "dropout_a"] == 1


def test_the_last_of_several_documents_decides(panel_of):
    moves = [document("x", "2021-11-01", "moved_school"), document("x", "2022-03-01", "dropout", school=B)]
    assert panel_of([pupil("x", 2021)], movements=moves).loc[("x", 2021), "dropout_a"] == 1


def test_a_document_of_an_earlier_year_explains_nothing(panel_of):
    moves = [document("x", "2019-03-01", "moved_school", school=B)]
    assert panel_of([pupil("x", 2021)], movements=moves).loc[("x", 2021), "dropout_a"] == 1


def test_of_two_documents_of_one_day_the_more_final_one_decides(table):
    rows = [document("x", "2022-03-01", r, school=s) for r, s in [("dropout", A), ("moved_school", B)]]
    assert last_reasons(table("movements", rows))["last_reason"].tolist() == ["dropout"]


def test_a_return_after_a_year_leaves_the_dropout_standing(panel_of):
    panel = panel_of([pupil("x", 2020), pupil("x", 2022, repeater="returned_after_dropout"), pupil("x", 2023)])
    assert panel["dropout_a"].to_dict() == {("x", 2020): 1.0, ("x", 2022): 0.0}


def test_a_pupil_found_in_a_school_outside_the_sheet_did_not_drop_out(panel_of):
    panel = panel_of([pupil("x", 2020), pupil("x", 2021, school="2699999")])
    assert panel["dropout_a"].to_dict() == {("x", 2020): 0.0}


def test_without_the_next_list_of_the_school_there_is_no_outcome(panel_of):
    panel = panel_of([pupil("x", 2020, school=C), pupil("y", 2020, school=C), pupil("y", 2021, school=B)])
    assert panel.loc[("x", 2020), "dropout_a"] != panel.loc[("x", 2020), "dropout_a"]  # NaN
    assert panel["dropout_a"].isna().sum() == 2
    assert panel.loc[("y", 2021), "dropout_a"] == 1


def test_the_autumn_after_the_last_year_only_tells_who_came_back(panel_of):
    panel = panel_of([pupil("x", 2022), pupil("x", 2023), pupil("y", 2022)])
    assert panel["dropout_a"].to_dict() == {("x", 2022): 0.0, ("y", 2022): 1.0}


def test_discharge_before_1_october_takes_a_pupil_off_the_list(panel_of):
    listed = [pupil("early", 2020), pupil("early", 2021), pupil("late", 2020), pupil("late", 2021)]
    moves = [document("early", "2021-09-10"), document("late", "2021-09-25")]
    panel = panel_of(listed, movements=moves)
    assert ("early", 2021) not in panel.index and ("late", 2021) not in panel.index
    assert panel.loc[("early", 2020), "dropout_a"] == 1  # not enrolled on 15 September
    assert panel.loc[("late", 2020), "dropout_a"] == 0  # was enrolled on 15 September


def test_a_pupil_on_two_lists_is_where_the_first_absences_are(panel_of):
    listed = [pupil("x", 2021, B), pupil("x", 2021, A), pupil("x", 2022, A)]
    record = {"person_id": "x", "school_year": 2021}
    absences = [
        {**record, "school_code": A, "month": 2, "excused_hours": 10.0, "unexcused_hours": 6.0},
        {**record, "school_code": B, "month": 2, "excused_hours": 2.0},
        {**record, "school_code": B, "month": 9, "excused_hours": 2.0},
    ]
    panel = panel_of(listed, absences=absences)
    row = panel.loc[("x", 2021)]
    assert row["school_code"] == B and not row["project_school"]
    assert row["total_abs"] == 10.0 and row["unexc_abs"] == 3.0  # 20 hours over the two months, February counted once
    assert row["dropout_a"] == 0


def test_without_absences_the_school_left_first_is_the_one_of_october(panel_of):
    listed = [pupil("x", 2021, A), pupil("x", 2021, B), pupil("x", 2022, A)]
    moves = [document("x", "2022-02-01", "moved_school", school=B)]
    assert panel_of(listed, movements=moves).loc[("x", 2021), "school_code"] == B
    assert panel_of(listed).loc[("x", 2021), "school_code"] == A  # nothing known: the lower code


def test_months_after_discharge_are_not_enrolled_months(panel_of):
    record = {"person_id": "x", "school_year": 2021, "school_code": A, "discharge_date": "2021-10-20"}
    absences = [
        {**record, "month": 9, "unexcused_hours": 30.0, "discharge_date": None},
        {**record, "month": 10, "unexcused_hours": 10.0, "attends": False},
        {**record, "month": 11, "attends": False},
    ]
    row = panel_of([pupil("x", 2021)], absences=absences).loc[("x", 2021)]
    assert row["total_abs"] == 20.0 and row["chronic_abs"] == 1.0  # 20 of 110 hours


def test_signs_of_risk_come_from_before_the_year(panel_of):
    parents = {"mother_education": "primary", "father_education": None}
    listed = [pupil("x", y, **parents) for y in (2018, 2019)] + [pupil("new", 2019, grade=1, **parents)]
    hours = {"school_code": A, "month": 10, "excused_hours": 12.0}
    absences = [{**hours, "person_id": "x", "school_year": 2018}, {**hours, "person_id": "new", "school_year": 2019}]
    marks = [pupil("x", 2018, gpa=4.0)]
    panel = panel_of(listed, absences=absences, marks=marks)
    x, new = panel.loc[("x", 2019)], panel.loc[("new", 2019)]
    assert (x["signs"], x["signs_observed"], x["at_risk"]) == (2, 4, True)  # 12 hours and parents; the mark is good
    assert (x["prior_absences"], x["prior_gpa"]) == (12.0, 4.0)
    assert (new["signs"], new["signs_observed"], new["at_risk"]) == (1, 2, False)
    assert panel.loc[("x", 2018), "at_risk"] is pd.NA  # no record of 2017 exists for anybody


def test_the_better_educated_parent_counts(panel_of):
    listed = [
        pupil("both", 2021, mother_education="none", father_education="primary"),
        pupil("one", 2021, mother_education="primary", father_education="upper_secondary"),
        pupil("none", 2021, mother_education=None, father_education=None),
    ]
    found = panel_of(listed)["parents_low_education"].droplevel("school_year").to_dict()
    assert found["both"] is True and found["one"] is False and pd.isna(found["none"])


def test_participants_are_those_there_in_the_year(panel_of):
    listed = [pupil(p, y) for p in ("x", "y", "z") for y in (2020, 2021, 2022)]
    stays = [
        {"person_id": "x", "entry_date": "2021-11-01", "exit_date": "2022-05-31"},
        {"person_id": "y", "entry_date": "2022-05-01"},
        {"person_id": "z", "entry_date": "2022-08-01", "exit_date": "2022-09-01"},
    ]
    panel = panel_of(listed, participants_opsesg=stays)
    assert panel.index[panel["participant"]].tolist() == [("x", 2021), ("y", 2021), ("y", 2022)]
    months = panel.loc[panel["participant"], "months_taking_part"].tolist()
    assert months == [7, 2, 10]  # November to May; May and June; the whole next year
    assert panel.loc[~panel["participant"], "months_taking_part"].eq(0).all()


def test_a_month_of_two_stays_counts_once_and_one_without_its_15th_does_not(panel_of):
    stays = [
        {"person_id": "x", "entry_date": "2021-10-16", "exit_date": "2021-12-31"},
        {"person_id": "x", "entry_date": "2021-12-01", "exit_date": "2022-01-14", "activity": "tutoring"},
    ]
    panel = panel_of([pupil("x", 2021)], participants_opsesg=stays)
    assert panel.loc[("x", 2021), "months_taking_part"] == 2  # November and December


def test_kindergarten_groups_are_not_in_the_panel_and_rows_are_unique(panel_of):
    panel = panel_of([pupil("small", 2021, grade=-1), pupil("x", 2021, grade=1)])
    assert panel.index.tolist() == [("x", 2021)] and panel.loc[("x", 2021), "stage"] == "primary"


def test_a_repeated_key_is_refused(panel_of):
    with pytest.raises(KeyNotUnique, match=r"pupil lists: 1 keys \(person_id, school_year, school_code\)"):
        panel_of([pupil("x", 2021), pupil("x", 2021)])


def test_the_order_of_rows_does_not_matter(study, table, schools):
    rows = [pupil(f"p{i}", y, [A, B, C][i % 3], grade=1 + i % 12) for i in range(12) for y in range(2016, 2024 - i % 3)]
    rows += [pupil("p1", 2020, C)]
    straight = pupil_years(study, {"pupils": table("pupils", rows)}, schools)
    turned = pupil_years(study, {"pupils": table("pupils", rows[::-1])}, schools)
    pd.testing.assert_frame_equal(straight, turned)
