"""Costs by hand, the interval against Fieller's by simulation, and no figure where no effect is shown."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files import results_table
from analysis.indicators import cost_results, exposed_pupils
from analysis.study import load_study

EFFECT = "employment/unsubsidised/participants/participants_aipw/after_exit/6"


@pytest.fixture(scope="module")
def study():
    return load_study("haskovo-demo")


@pytest.fixture(scope="module")
def clean():
    """Two activities and management of one contract: 1,000, 3,000 and 400 leva; four and eight people on the lists."""
    sheet = pd.DataFrame(
        {
            "activity": ["R1", "R2", "R0"],
            "contract": "BG05M9OP001-2.056-0014-C01",
            "planned_bgn": [1200.0, 3000.0, None],
            "spent_bgn": [1000.0, 3000.0, 400.0],
        }
    )
    people = [("R1", f"p{n}", 5.0) for n in range(20)] + [("R2", f"p{n}", 10.0) for n in range(40)]
    lists = pd.DataFrame(people, columns=["activity", "person_id", "hours"]).assign(completed=True)
    participants = pd.DataFrame({"person_id": [f"p{n}" for n in range(44)]})
    return {"activity_spending": sheet, "attendance": lists, "participants_ophrd": participants}


def effects(estimate, low, high, verdict="shown"):
    chapter, outcome, population, design, measure, term = EFFECT.split("/")
    key = {"chapter": chapter, "outcome": outcome, "population": population, "design": design, "measure": measure}
    row = {**key, "term": term, "unit": "share", "estimate": estimate, "ci_low": low, "ci_high": high, "n": 400}
    return results_table([{**row, "n_treated": 40, "verdict": verdict}])


def costs_of(study, clean, *effect):
    return cost_results(study, clean, effects(*effect), {}).set_index("result_id")


def test_spending_and_cost_per_participant_by_hand(study, clean):
    found = costs_of(study, clean, 0.1, 0.05, 0.15)["estimate"]
    assert (
        found["costs/spending/OPHRD/-/total/total"] == 4400 and found["costs/spending/OPHRD/-/total/management"] == 400
    )
    assert found["costs/participant/OPHRD/-/ratio/direct"] == pytest.approx(4000 / 44)
    assert found["costs/participant/OPHRD/-/ratio/with_management"] == pytest.approx(100)
    assert found["costs/activity/R2/-/ratio/person"] == 75 and found["costs/activity/R2/-/ratio/hour"] == 7.5
    assert "costs/activity/R0/-/total/spent" not in found.index


def test_cost_per_person_in_work_by_hand(study, clean):
    row = costs_of(study, clean, 0.1, 0.05, 0.2).loc["costs/person_in_work_6/participants/participants_aipw/per_result"]
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx((1000, 500, 2000))


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        ((0.1, -0.02, 0.2, "not_shown"), "no_effect_shown"),
        ((0.1, 0.05, 0.2, "inconclusive"), "no_effect_shown"),
        ((0.1, 0.05, 0.2, "design_failed"), "no_effect_shown"),
        ((0.1, -0.02, 0.2, "shown"), "no_effect_shown"),
        ((-0.1, -0.2, -0.05, "shown"), "worse"),
        ((math.nan, math.nan, math.nan, ""), "no_estimate"),
    ],
)
def test_no_figure_without_an_effect_that_is_shown(study, clean, effect, reason):
    row = costs_of(study, clean, *effect).loc["costs/person_in_work_6/participants/participants_aipw/per_result"]
    assert math.isnan(row["estimate"]) and math.isnan(row["ci_low"]) and f"reason={reason}" in row["note"]


@given(estimate=st.floats(0.01, 0.9), share=st.floats(0.01, 0.95))
def test_the_interval_holds_the_figure_and_covers_as_the_effects_does(study, clean, estimate, share):
    half = share * estimate
    row = costs_of(study, clean, estimate, estimate - half, estimate + half).loc[
        "costs/person_in_work_6/participants/participants_aipw/per_result"
    ]
    assert 0 < row["ci_low"] < row["estimate"] < row["ci_high"]


def test_the_inverted_interval_is_fiellers_and_covers():
    """Fieller's set {c : (spent - c e)^2 <= t^2 c^2 se^2} by brute force, and its coverage over 4,000 draws."""
    spent, estimate, se, t = 100.0, 0.1, 0.03, 1.96
    grid = np.linspace(1, 10_000, 2_000_000)
    inside = grid[(spent - grid * estimate) ** 2 <= (t * grid * se) ** 2]
    assert inside.min() == pytest.approx(spent / (estimate + t * se), rel=1e-4)
    assert inside.max() == pytest.approx(spent / (estimate - t * se), rel=1e-4)
    draws = np.random.default_rng(2).normal(estimate, se, 4000)
    shown = draws - t * se > 0
    covered = (spent / (draws + t * se) <= spent / estimate) & (spent / estimate <= spent / (draws - t * se))
    assert 0.94 <= (covered | ~shown).mean() <= 0.985  # where nothing is shown, nothing false is said


def test_without_the_sheet_there_are_no_costs(study, clean):
    assert cost_results(study, {"attendance": clean["attendance"]}, effects(0.1, 0.05, 0.2), {}).empty


def test_exposed_pupils_are_those_in_project_schools_since_their_start(study):
    panel = pd.DataFrame(
        {
            "school_year": [2020, 2021, 2022, 2022, 2021],
            "project_school": [True, True, True, False, True],
            "treated_from": pd.array([2021, 2021, 2021, None, 2022], dtype="Int64"),
            "at_risk": pd.array([True, True, None, True, True], dtype="boolean"),
        }
    )
    assert exposed_pupils(study, panel) == {"all": 2, "at_risk": 1}
