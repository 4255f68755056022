"""Results on leaving and six months later: known answers for one person at a time, and the days at the borders."""

import pandas as pd
import pytest

from analysis.indicators.common import output_masks, result_measures
from analysis.indicators.counting import count_indicators, count_records
from analysis.indicators.leaving import with_results
from analysis.indicators.programme import programme_measures
from analysis.indicators.records import participant_records
from analysis.study import load_study

FLAGS = ["is_migrant", "is_foreign_background", "is_minority", "is_roma", "is_disabled", "is_homeless"]
HOUSEHOLD = ["household_jobless", "household_jobless_children", "household_single_children"]
SOURCE = "participants_ophrd"


@pytest.fixture(scope="module")
def study():
    return load_study("haskovo-demo")


def participant(person="a", **changed):
    """A man of 40, unemployed for up to six months, not disadvantaged, who left on 31.08.2022 without an offer."""
    row = {
        "person_id": person, "contract": "OPHRD", "sex": "male", "age_at_entry": 40, "education": "upper_secondary",
        "labour_status": "unemployed_0_6", "other_disadvantaged": None, "activity": "services",
        "participation_status": "stayed", "exit_status": "no_offer", "entry_date": "2022-01-10",
        "exit_date": "2022-08-31", "file": "f.xlsx", "sheet": "tablica", "row": 3,
    }  # fmt: skip
    return {**row, **dict.fromkeys([*FLAGS, *HOUSEHOLD]), **changed}


def frame(*rows):
    table = pd.DataFrame(rows)
    for name in table.columns:
        if name.endswith("_date"):
            table[name] = pd.to_datetime(table[name])
        elif name.startswith(("is_", "household_")):
            table[name] = table[name].astype("boolean")
    return table.astype({name: "Int64" for name in ("age_at_entry", "row") if name in table})


def clean(*people, registrations=(), certificates=(), contracts=()):
    """Accepted tables of the sources; a stranger keeps each register from being empty."""
    registrations = [("z", "2015-01-01", "2015-02-01"), *registrations]
    contracts = [("z", "2015-01-01", "2015-02-01"), *contracts]
    certificates = [("z", "2015-01-01"), *certificates]
    spells = ["person_id", "start_date", "end_date"]
    issued = [
        {"person_id": person, "kind": "professional_qualification", "issue_date": day} for person, day in certificates
    ]
    return {
        SOURCE: frame(*people),
        "registrations": frame(*[dict(zip(spells, row, strict=True), group="unemployed") for row in registrations]),
        "contracts": frame(*[dict(zip(spells, row, strict=True)) for row in contracts]),
        "certificates": frame(*issued),
    }


def measures(study, tables):
    people = participant_records(study, tables, "OPHRD")
    return result_measures(with_results(study, tables, people, study.indicators))


def counted(study, tables):
    return {code for code, one in measures(study, tables).items() if one.counted.any()}


def test_nobody_is_counted_without_a_result(study):
    assert counted(study, clean(participant())) == set()


@pytest.mark.parametrize(("start", "is_in_time"), [("2022-09-28", True), ("2022-09-29", False)])
def test_search_counts_to_the_twenty_eighth_day(study, start, is_in_time):
    inactive = participant(labour_status="inactive_not_in_education")
    found = counted(study, clean(inactive, registrations=[("a", start, None)]))
    assert found == ({"CR01"} if is_in_time else set())


def test_an_unemployed_person_who_stays_registered_has_not_begun_to_search(study):
    assert counted(study, clean(participant(), registrations=[("a", "2021-01-01", None)])) == set()


@pytest.mark.parametrize(
    ("day", "is_in_time"), [("2022-01-09", False), ("2022-01-10", True), ("2022-09-28", True), ("2022-09-29", False)]
)
def test_a_certificate_counts_from_joining_to_the_twenty_eighth_day(study, day, is_in_time):
    assert counted(study, clean(participant(), certificates=[("a", day)])) == ({"CR03"} if is_in_time else set())


@pytest.mark.parametrize(
    ("start", "end", "works"),
    [
        ("2023-02-28", None, True),  # six months after 31 August: the last day of February
        ("2023-03-01", None, False),
        ("2022-09-01", "2023-02-28", True),
        ("2022-09-01", "2023-02-27", False),
    ],
)
def test_work_six_months_later_is_that_of_the_very_day(study, start, end, works):
    assert counted(study, clean(participant(), contracts=[("a", start, end)])) == ({"CR06"} if works else set())


def test_work_and_learning_on_leaving_count_as_a_change_alone(study):
    works = {"exit_status": "employed_other"}
    assert counted(study, clean(participant(**works))) == {"CR04"}
    assert counted(study, clean(participant(labour_status="employed", **works))) == set()
    learns = {"exit_status": "in_education"}
    assert counted(study, clean(participant(**learns))) == {"CR02"}
    assert counted(study, clean(participant(labour_status="inactive_in_education", **learns))) == set()


def test_the_disadvantaged_and_the_older_are_counted_besides(study):
    old = participant(is_roma=True, is_minority=True, age_at_entry=55, exit_status="employed_same")
    assert counted(study, clean(old, contracts=[("a", "2022-09-01", None)])) == {"CR04", "CR05", "CR06", "CR08", "CR09"}


def test_who_left_too_near_the_cut_off_is_neither_success_nor_failure(study):
    """The data end on 30.06.2024: a window that ends on that day was seen, one that ends a day later was not."""
    near = participant("a", exit_date="2024-06-02", labour_status="inactive")
    later = participant("b", exit_date="2024-06-03", labour_status="inactive")
    found = measures(study, clean(near, later, contracts=[("a", "2022-01-01", None), ("b", "2022-01-01", None)]))
    assert found["CR01"].censored.tolist() == [False, True]
    assert found["CR06"].censored.tolist() == [True, True]
    assert not found["CR06"].counted.any()


def test_a_register_without_rows_says_nothing(study):
    tables = clean(participant())
    tables["contracts"] = tables["contracts"].iloc[:0]
    assert measures(study, tables)["CR06"].note == "no_data"
    assert measures(study, tables)["CR07"].note == "not_measurable"


def test_somebody_who_joins_again_counts_once_by_first_entry_and_last_exit(study):
    first = participant(exit_status="employed_same", exit_date="2022-03-01")
    again = participant(labour_status="employed", entry_date="2022-04-01", row=4)
    tables = clean(first, again)
    (record,) = participant_records(study, tables, "OPHRD").to_dict("records")
    assert (record["labour_status"], record["exit_status"]) == ("unemployed_0_6", "no_offer")
    assert record["exit_date"] == pd.Timestamp("2022-08-31")
    assert counted(study, tables) == set()
    going_on = participant(entry_date="2022-09-01", exit_date=None, exit_status=None, row=5)
    people = participant_records(study, clean(first, again, going_on), "OPHRD")
    assert people["exit_date"].isna().all()


@pytest.mark.parametrize(
    ("status", "age", "codes"),
    [
        ("unemployed_6_12", 24, {"CO01", "CO02", "CO06"}),
        ("unemployed_6_12", 25, {"CO01"}),
        ("unemployed_12_plus", 25, {"CO01", "CO02"}),
        ("inactive_not_in_education", 55, {"CO03", "CO04", "CO07", "CO08"}),
        ("inactive", 54, {"CO03"}),
        ("self_employed", 60, {"CO05", "CO07"}),
    ],
)
def test_status_and_age_on_joining(study, status, age, codes):
    masks = output_masks(frame(participant(labour_status=status, age_at_entry=age)))
    assert {code for code, mask in masks.items() if mask.any()} == codes | {"CO10"}


def test_statuses_sum_to_the_complete_records_and_both_sexes_to_all(study):
    people = [
        participant("a"),
        participant("b", sex="female", labour_status="inactive"),
        participant("c", sex="female", labour_status="employed"),
        participant("d", education=None),
    ]
    tables = clean(*people)
    table = count_indicators(study, tables).query("contract == 'OPHRD'").set_index("code")
    by_sex = table.loc[["CO01", "CO03", "CO05"], ["counted_male", "counted_female"]].to_numpy()
    records = count_records(study, tables).set_index("contract").loc["OPHRD"]
    assert by_sex.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert (records["complete"], records["incomplete"]) == (3, 1)
    assert by_sex.sum() == records["complete"]


def test_one_limb_is_enough_for_the_official_reading_but_search_is_not_for_the_strict_one(study):
    roma = participant(is_roma=True, labour_status="inactive")
    tables = clean(roma, registrations=[("a", "2022-09-10", None)])
    people = with_results(study, tables, participant_records(study, tables, "OPHRD"), study.indicators)
    versions = programme_measures(people, study.indicators, study.indicators.programme["RCHR_R1"])
    assert {name for name, one in versions.items() if one.counted.any()} == {"any", "searching"}
