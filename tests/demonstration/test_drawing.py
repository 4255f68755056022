"""A drawn study has the shape of cleaned registers and the sizes and rates it is calibrated to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.demonstration import draw
from analysis.demonstration.schools import plan
from analysis.study import load_study, register_of

PERSONAL = ("personal", "birth_date")


@pytest.fixture(scope="module")
def study(root):
    return load_study("haskovo-demo", root)


@pytest.fixture(scope="module")
def years(shipped):
    return shipped.truth["pupil_years"]


def test_every_source_of_the_study_is_there_with_its_registers_columns(shipped, study):
    assert set(shipped.clean) == set(study.sources)
    for name in study.sources:
        table = shipped.clean[name]
        register = register_of(study, name)
        fields = [f for f in register.fields if f.use == "keep" and f.kind not in PERSONAL]
        of_persons = {"birth_year", "id_type"} if any(f.kind == "identifier" for f in register.fields) else set()
        assert {field.name for field in fields} | of_persons <= set(table.columns), name
        for field in fields:
            if field.kind == "date":
                assert str(table[field.name].dtype) == "datetime64[ns]", (name, field.name)
            if field.required:
                assert table[field.name].notna().all(), (name, field.name)


def test_codes_are_those_of_the_code_lists(shipped, study):
    from analysis.study import load_codes

    for name in study.sources:
        for field in register_of(study, name).fields:
            if field.codes and field.use == "keep":
                unknown = set(shipped.clean[name][field.name].dropna()) - set(load_codes()[field.codes])
                assert not unknown - ({"other"} if field.other else set()), (name, field.name)


def test_keys_are_unique(shipped, study):
    for name in study.sources:
        key = [column for column in register_of(study, name).key if column in shipped.clean[name]]
        assert not shipped.clean[name].duplicated(key).any(), name


def test_schools_are_24_with_treated_and_others_in_each_stratum(shipped):
    counts = shipped.schools.groupby(["stratum", "treated"]).size()
    assert len(shipped.schools) == 24 and shipped.schools["treated"].sum() == 6
    assert counts.min() >= 2 and len(counts) == 4
    assert shipped.schools["school_code"].str.fullmatch("2699[0-9]{3}").all()


def test_sizes(shipped):
    pupils = shipped.clean["pupils"].groupby("school_year").size()
    assert pupils.between(2700, 3300).all() and list(pupils.index) == list(range(2016, 2024))
    assert 400 <= shipped.clean["participants_opsesg"]["person_id"].nunique() <= 480
    labour = shipped.clean["participants_ophrd"]
    assert labour["person_id"].nunique() == 320
    assert labour["activity"].value_counts().to_dict() == {
        "motivation_training": 180, "vocational_training": 90, "subsidised_employment": 45, "self_employment": 12
    }  # fmt: skip
    assert shipped.truth["person_months"].groupby("treated")["person_id"].nunique().to_dict() == {
        False: 1600,
        True: 320,
    }


def test_some_people_are_in_both_programmes(shipped):
    both = set(shipped.clean["participants_ophrd"]["person_id"]) & set(
        shipped.clean["participants_opsesg"]["person_id"]
    )
    assert len(both) == 12


def test_shares_at_risk_and_dropout_rates(years):
    others = years[~years["project_school"]]
    assert 0.12 <= years["at_risk"].mean() <= 0.185
    assert 0.058 <= others.loc[others["at_risk"], "dropout_a_without"].mean() <= 0.082
    assert 0.012 <= others.loc[~others["at_risk"], "dropout_a_without"].mean() <= 0.021


def test_absences_heap_below_the_benefit_limit_and_fall_in_the_pandemic(shipped):
    absences = shipped.clean["absences"]
    hours = absences["unexcused_hours"].to_numpy()
    assert (hours == 4).sum() > 3 * (hours == 5).sum()
    total = (absences["excused_hours"] + absences["unexcused_hours"]).groupby(absences["school_year"]).mean()
    assert total[[2019, 2020]].max() < total[[2016, 2017, 2018, 2021, 2022]].min() - 0.3


def test_pupils_who_take_part_had_a_bad_year_before(shipped, years):
    """Selection on recorded absences: the year before, participants missed more than the year before that."""
    person = years.set_index(["person_id", "school_year"])["total_abs_without"]
    joined = years[years["participant"] & (years["school_year"] == 2021)]["person_id"]
    before = person.reindex([(p, 2020) for p in joined]).to_numpy()
    two_before = person.reindex([(p, 2018) for p in joined]).to_numpy()
    others = years[years["project_school"] & (years["school_year"] == 2020)]["total_abs_without"].mean()
    assert np.nanmean(before) > others + 1.5
    assert np.isfinite(two_before).mean() > 0.5


def test_dropped_out_pupils_are_not_on_the_next_list(shipped, years):
    lists = shipped.clean["pupils"][["person_id", "school_year"]]
    listed = set(zip(lists["person_id"], lists["school_year"], strict=True))
    gone = years[years["dropout_a_with"] == 1]
    assert not any((p, y + 1) in listed for p, y in zip(gone["person_id"], gone["school_year"], strict=True))
    back = shipped.clean["pupils"]["repeater"] == "returned_after_dropout"
    assert 20 <= back.sum() <= 150


def test_pupils_of_village_schools_go_on_elsewhere_in_grade_eight(shipped):
    pupils = shipped.clean["pupils"].merge(shipped.schools, on="school_code")
    assert pupils.loc[pupils["stratum"] == "village", "grade"].max() == 7
    assert pupils.loc[pupils["grade"] >= 8].groupby("school_year").size().min() > 700


def test_employment_dips_before_entry(shipped):
    months = shipped.truth["person_months"]
    rows = months[months["treated"]]
    since = (rows["calendar_month"].dt.year - rows["entry_month"].dt.year) * 12
    since = since + rows["calendar_month"].dt.month - rows["entry_month"].dt.month
    profile = rows.groupby(since)["employed_without"].mean()
    assert profile[-12] - profile[-1] > 0.15 and profile[0] < 0.10
    assert 0.22 <= profile[12] <= 0.38


def test_open_spells_have_no_end(shipped):
    contracts, registrations = shipped.clean["contracts"], shipped.clean["registrations"]
    cut_off = pd.Timestamp("2024-06-30")
    assert (contracts["end_date"].dropna() <= cut_off).all() and contracts["end_date"].isna().mean() > 0.05
    assert (registrations["end_date"].isna() == (registrations["status"] == "active")).all()


def test_project_schools_alone_have_participants(years):
    assert years.loc[years["participant"], "project_school"].all()
    assert set(years.loc[years["participant"], "school_year"]) == {2021, 2022}
    spill = years[~years["project_school"] & (years["school_year"] >= 2021)]["spillover"].mean()
    assert 0.08 <= spill <= 0.12


def test_another_seed_is_another_study_of_the_same_kind():
    other = draw(2, 0.05)
    again = draw(2, 0.05)
    for name, table in other.clean.items():
        pd.testing.assert_frame_equal(table, again.clean[name])
    assert not other.clean["absences"].equals(draw(3, 0.05).clean["absences"])


def test_switches_move_what_they_name():
    plain, moved = draw(5, 0.06), draw(5, 0.06, differential_trend=0.2)

    def gap(demonstration, year):
        rows = demonstration.truth["pupil_years"]
        rows = rows[rows["school_year"] == year]
        return rows.groupby("project_school")["total_abs_without"].mean().diff().iloc[-1]

    rise = {name: gap(study, 2022) - gap(study, 2017) for name, study in [("plain", plain), ("moved", moved)]}
    assert rise["moved"] - rise["plain"] > 2.0
    motivated = draw(5, 0.06, unobserved_motivation=1.0)
    assert not motivated.clean["contracts"].equals(plain.clean["contracts"])


def test_plan_is_not_told_by_the_code():
    treated = plan()["treated"].to_numpy()
    assert 0 < treated[:12].sum() < 6
