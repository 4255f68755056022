"""Persons and person months on registers small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.panels import person_months, persons, selection_of_persons
from analysis.panels.background import COVARIATES

NO_EMPLOYERS = pd.DataFrame({"employer_id": pd.Series(dtype="str")})


def spell(person_id, start, end=None, **more):
    return {"person_id": person_id, "start_date": start, "end_date": end, **more}


def stay(person_id, entry, leave=None, **more):
    return {"person_id": person_id, "entry_date": entry, "exit_date": leave, **more}


@pytest.fixture
def registers(table):
    def build(**sources):
        return {name: table(name, rows) for name, rows in sources.items()}

    return build


@pytest.fixture
def one_participant(registers):
    """Registered since 20 May 2021, at work in 2020 and in two later jobs, enters in March 2022 and leaves in May."""
    return registers(
        participants_ophrd=[
            stay("p", "2022-03-20", "2022-04-30"),
            stay("p", "2022-04-01", "2022-05-31", activity="subsidised_employment"),
        ],
        registrations=[
            spell("p", "2021-05-20", education="lower_secondary"),
            spell("p", "2022-04-01", education="none"),
        ],
        contracts=[
            spell("p", "2020-01-01", "2020-12-31", employer_id="old"),
            spell("p", "2021-12-10", "2022-02-15", employer_id="brief"),
            spell("p", "2022-04-01", "2023-12-31", employer_id="placed"),
        ],
        placements=[spell("p", "2022-04-01", "2022-06-30", employer_id="placed")],
    )


def test_covariates_are_what_the_registers_knew_before_entry(study, one_participant):
    row = persons(study, one_participant).iloc[0]
    assert row["treated"] and row["subsidised_arm"]
    assert (row["entry_month"], row["exit_month"]) == (pd.Timestamp("2022-03-01"), pd.Timestamp("2022-05-01"))
    assert row["months_taking_part"] == 3
    expected = {
        "age": 42, "age_squared": 17.64, "is_female": 0, "education_lower": 1, "education_upper": 0,
        "months_employed_12": 3, "months_employed_24": 13, "employed_lag_1": 1, "employed_lag_3": 1,
        "months_unemployed": 9, "long_term_unemployed": 0, "entry_quarter": "2022Q1",
    }  # fmt: skip
    assert row[COVARIATES].to_dict() == pytest.approx(expected)


@pytest.mark.parametrize(("asked", "counted"), [(None, None), (2, 0), (3, 1), (16, 12)])
def test_months_in_work_earlier_end_where_those_of_the_covariates_begin(study, one_participant, asked, counted):
    """At work in 2019; the covariates look back from February 2022 to March 2020."""
    contracts = one_participant["contracts"].copy()
    contracts.loc[contracts["employer_id"] == "old", ["start_date", "end_date"]] = pd.to_datetime(
        ["2019-01-01", "2019-12-31"]
    )
    settings = study.employment.model_copy(update={"earlier_months": asked})
    people = persons(study.model_copy(update={"employment": settings}), {**one_participant, "contracts": contracts})
    found = people["months_employed_earlier"].iloc[0]
    assert pd.isna(found) if counted is None else found == counted


def test_work_by_month_with_and_without_subsidy_and_after_the_cut_off(study, one_participant):
    people = persons(study, one_participant)
    months = person_months(study, one_participant, people, NO_EMPLOYERS).set_index("month")
    assert months.index.tolist() == list(range(-12, 25))
    at_work = [m for m in months.index if months.loc[m, "employed"] == 1]
    assert at_work == [-3, -2, -1, *range(1, 22)]  # 15.12.2021 to 15.02.2022, then 15.04.2022 to 15.12.2023
    kept = [m for m in months.index if months.loc[m, "unsubsidised"] == 1]
    assert kept == [-3, -2, -1, *range(4, 22)]  # the job went on after the placement ended in June
    assert months.loc[2, "month_after_exit"] == 0 and months.loc[-10, "registered"] == 0
    assert months.loc[-9, "registered"] == 1
    assert months.loc[24, "calendar_month"] == pd.Timestamp("2024-03-01")


def test_months_after_the_cut_off_are_missing(study, one_participant):
    early = study.model_copy(update={"data_cut_off": pd.Timestamp("2022-06-14").date()})
    people = persons(study, one_participant)
    months = person_months(early, one_participant, people, NO_EMPLOYERS).set_index("month")
    statuses = ["employed", "unsubsidised", "registered"]
    assert months.loc[2, "employed"] == 1 and months.loc[3:, statuses].isna().to_numpy().all()


def test_work_for_an_employer_of_the_project_is_never_unsubsidised(study, one_participant):
    paid = pd.DataFrame({"employer_id": ["placed"]})
    months = person_months(study, one_participant, persons(study, one_participant), paid)
    assert (
        months.loc[months["month"] > 0, "unsubsidised"].sum() == 0 < months.loc[months["month"] > 0, "employed"].sum()
    )


def test_participants_at_work_or_not_registered_are_counted_and_left_out(study, registers):
    clean = registers(
        participants_ophrd=[stay(p, "2022-03-20") for p in ("good", "works", "absent", "unknown")],
        participants_opsesg=[stay("parent", "2022-03-20")],
        registrations=[
            *(spell(p, "2022-01-10") for p in ("good", "works", "parent", "free")),
            spell("unknown", "2022-01-10", education=None),
            spell("absent", "2022-03-05"),
            spell("student", "2022-01-10", group="student"),
        ],
        contracts=[spell("works", "2022-02-01"), spell("never", "2018-01-01")],
    )
    people = persons(study, clean)
    assert people["person_id"].tolist() == ["good", "free"]
    counts = selection_of_persons(study, clean).set_index(["treated", "status"])["persons"].to_dict()
    assert counts == {
        (True, "kept"): 1, (True, "not_eligible"): 2, (True, "covariate_missing"): 1,
        (False, "kept"): 1, (False, "not_eligible"): 2,
    }  # fmt: skip  # the parent of the other contract is nobody's comparison


@pytest.fixture
def many(registers):
    """40 participants entering in three months, 300 others registered throughout or for one of those months only."""
    entries = ["2022-02-10"] * 20 + ["2022-03-10"] * 15 + ["2022-06-10"] * 5
    stays = [
        stay(f"p{i:02d}", day, pd.Timestamp(day) + pd.DateOffset(months=1 + i % 7)) for i, day in enumerate(entries)
    ]
    always = [spell(f"c{i:03d}", "2021-06-01") for i in range(240)]
    march = [spell(f"m{i:03d}", "2022-02-20", "2022-03-20") for i in range(60)]
    return registers(
        participants_ophrd=stays,
        registrations=[*always, *march, *(spell(f"p{i:02d}", "2021-06-01") for i in range(40))],
        contracts=[spell("c000", "2022-01-01", "2022-12-31"), spell("c001", "2022-01-01", "2022-05-31")],
    )


def test_pseudo_entries_follow_the_participants_and_eligibility(study, many):
    people = persons(study, many).set_index("person_id")
    others = people[~people["treated"]]
    assert "c000" not in others.index and others.loc["c001", "entry_month"] == pd.Timestamp("2022-06-01")
    assert (others.loc[others.index.str.startswith("m"), "entry_month"] == pd.Timestamp("2022-03-01")).all()
    drawn = others.loc[others.index.str.startswith("c"), "entry_month"].value_counts(normalize=True)
    expected = pd.Series({"2022-02-01": 20 / 40, "2022-03-01": 15 / 40, "2022-06-01": 5 / 40})
    assert set(drawn.index) == set(pd.to_datetime(expected.index))
    assert abs(drawn.to_numpy() - expected.to_numpy()).max() < 0.1
    durations = others["exit_month"].dt.to_period("M") - others["entry_month"].dt.to_period("M")
    assert {d.n for d in durations} == set(range(1, 8))


def test_the_draw_depends_on_the_seed_and_not_on_the_order_of_rows(study, many):
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in many.items()}
    pd.testing.assert_frame_equal(persons(study, many), persons(study, turned))
    employment = study.employment.model_copy(
        update={"pseudo_entry": study.employment.pseudo_entry.model_copy(update={"seed": 2})}
    )
    other = persons(study.model_copy(update={"employment": employment}), many)
    assert not other["entry_month"].equals(persons(study, many)["entry_month"])


def test_a_study_without_a_contract_register_knows_no_employment(study, one_participant):
    people = persons(study, one_participant)
    clean = {name: frame for name, frame in one_participant.items() if name != "contracts"}
    months = person_months(study, clean, people, NO_EMPLOYERS)
    assert months["employed"].isna().all() and months["registered"].notna().any()
    assert np.isnan(months["unsubsidised"]).all()
