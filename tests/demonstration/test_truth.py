"""The answer key counts what was realised, in the population that is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.demonstration import answer_key, draw
from analysis.demonstration.labour_study import draw_labour

ANSWERS = Path(__file__).resolve().parents[1] / "answers" / "haskovo-demo-seed-1.csv"
KEYS = ["chapter", "outcome", "population", "measure", "term"]


@pytest.fixture(scope="module")
def key(shipped):
    return answer_key(shipped.truth).set_index(KEYS)["effect"]


def test_the_shipped_answers_are_those_of_seed_1(shipped):
    stored = pd.read_csv(ANSWERS, dtype={"term": "str"}, keep_default_na=False)
    fresh = answer_key(shipped.truth)
    assert stored[KEYS].equals(fresh[KEYS].astype(stored[KEYS].dtypes))
    np.testing.assert_allclose(stored["effect"], fresh["effect"], rtol=0, atol=1e-12)


def test_effects_have_sign_and_size(key):
    assert -0.06 < key["education", "dropout_a", "at_risk", "effect", ""] < 0
    assert -3.0 < key["education", "total_abs", "at_risk", "effect", ""] < -1.0
    assert key["education", "dropout_a", "all", "effect", ""] > key["education", "dropout_a", "at_risk", "effect", ""]
    assert 0.03 < key["employment", "employed", "participants", "after_exit", "6"] < 0.16
    assert 0.0 < key["employment", "employed", "participants", "after_exit", "12"] < 0.12
    for month in "234":
        assert -0.09 < key["employment", "unsubsidised", "participants", "monthly", month] < 0


def test_effects_on_work_are_the_calibrated_ones_on_average():
    """Eight labour studies: some 4 points less search at first, 8 more in work half a year after leaving, then 6."""
    found = {"locked": [], "six": [], "twelve": []}
    for seed in range(11, 19):
        study = draw_labour(seed, 1.0, 0.0)
        people = np.flatnonzero(study.treated)
        change = (study.realised.employed | study.job).astype(float) - study.without.employed
        search = study.realised.employed.astype(float) - study.without.employed
        found["locked"].append(search[study.entry[people] + 3, people].mean())
        for name, months in [("six", 6), ("twelve", 12)]:
            at = study.leave[people] + months
            known = at < len(change)
            found[name].append(change[at[known], people[known]].mean())
    mean = {name: float(np.mean(values)) for name, values in found.items()}
    assert -0.06 < mean["locked"] < -0.03
    assert 0.06 < mean["six"] < 0.12
    assert 0.04 < mean["twelve"] < 0.09


@pytest.mark.slow
def test_effects_at_school_are_the_calibrated_ones_on_average():
    keys = [answer_key(draw(seed).truth).set_index(KEYS)["effect"] for seed in range(11, 31)]
    mean = pd.concat(keys, axis=1).mean(axis=1)
    assert -0.033 < mean["education", "dropout_a", "at_risk", "mean_effect_participants", ""] < -0.022
    assert -2.8 < mean["education", "total_abs", "at_risk", "mean_effect_participants", ""] < -2.0


def test_nobody_is_harmed_at_school_and_nobody_outside_is_touched(shipped):
    years = shipped.truth["pupil_years"]
    touched = years["participant"] | years["spillover"]
    for outcome in ("dropout_a", "dropout_b", "dropout_c", "total_abs"):
        change = years[f"{outcome}_with"] - years[f"{outcome}_without"]
        assert (change[~touched] == 0).all()
        if outcome != "total_abs":
            assert (change <= 0).all() and change[touched].min() == -1


def test_the_project_does_not_choose_who_is_at_risk_next_year(shipped):
    """Hours with and without the measure lie on the same side of the rule's threshold for whoever stays."""
    years = shipped.truth["pupil_years"]
    stays = years[(years["dropout_a_without"] == 0) & years["participant"]]
    assert ((stays["total_abs_with"] >= 12) == (stays["total_abs_without"] >= 12)).all()


def test_spill_over_is_taken_off(shipped):
    years = shipped.truth["pupil_years"]
    rows = years[years["school_year"].isin([2021, 2022])]
    change = rows["total_abs_with"] - rows["total_abs_without"]
    by_hand = change[rows["project_school"]].mean() - change[~rows["project_school"]].mean()
    assert change[~rows["project_school"]].mean() < 0
    key = answer_key(shipped.truth).set_index(KEYS)["effect"]
    assert key["education", "total_abs", "all", "effect", ""] == pytest.approx(by_hand, abs=1e-15)


def test_a_panel_says_who_counts(shipped):
    years = shipped.truth["pupil_years"]
    half = years[years["person_id"].str[-1].isin(list("02468"))].assign(dropout_a=0.0)
    half.loc[half.index[::3], "dropout_a"] = np.nan
    found = answer_key(shipped.truth, half).set_index(KEYS)
    rows = half[half["school_year"].isin([2021, 2022]) & half["dropout_a"].notna()]
    change = rows["dropout_a_with"] - rows["dropout_a_without"]
    by_hand = change[rows["project_school"]].mean() - change[~rows["project_school"]].mean()
    assert found["effect"]["education", "dropout_a", "all", "effect", ""] == pytest.approx(by_hand, abs=1e-15)
    assert found["n"]["education", "total_abs", "all", "effect", ""] > len(rows[rows["project_school"]])


def test_the_panels_find_the_truth(shipped, root):
    """The panels built from the drawn tables agree with the generator on every outcome of every pupil-year."""
    panels = pytest.importorskip("analysis.panels")
    from analysis.study import load_study

    study = load_study("haskovo-demo", root)
    panel = panels.pupil_years(study, shipped.clean, shipped.schools)
    both = panel.merge(shipped.truth["pupil_years"], on=["person_id", "school_year"], suffixes=("", "_own"))
    assert len(both) == len(panel) == len(shipped.truth["pupil_years"])
    for outcome in ("dropout_a", "dropout_b", "dropout_c", "total_abs", "unexc_abs", "chronic_abs"):
        known = both[outcome].notna()
        assert known.mean() > 0.999
        np.testing.assert_allclose(both.loc[known, outcome], both.loc[known, f"{outcome}_with"], atol=1e-9)
    judged = both[both["school_year"] > 2016]
    assert (judged["at_risk"].astype(bool) == judged["at_risk_own"]).all()
    assert (both["participant"].astype(bool) == both["participant_own"]).all()
