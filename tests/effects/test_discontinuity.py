"""A threshold as a declared design: the authors' numbers, recovery of a planted jump, checks that notice, refusals."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import rdrobust
import statsmodels.api as sm

from analysis.effects.discontinuity import jump_at
from analysis.effects.run_discontinuity import estimate_discontinuity
from analysis.study.design_settings import Discontinuity
from analysis.study.settings import Inference, Outcome

DESIGN = Discontinuity(kind="discontinuity", running="score", cutoff=50, covariates=["age"])
OUTCOME = Outcome(
    chapter="other", design="d", populations=["everybody"], better="higher", unit="points", panel="p", role="primary"
)


def scores(seed: int = 1, people: int = 1500, jump: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    score = rng.uniform(0, 100, people)
    y = 0.03 * score + 0.0004 * (score - 50) ** 2 + jump * (score >= 50) + rng.normal(0, 0.7, people)
    return pd.DataFrame({"case": range(people), "score": score, "age": rng.normal(40, 10, people), "y": y})


def rows_of(table: pd.DataFrame, design: Discontinuity = DESIGN) -> dict[tuple[str, str], dict]:
    found = estimate_discontinuity(table, "y", OUTCOME, design, Inference())
    return {(str(row["measure"]), str(row["term"])): row for row in found}


def test_the_authors_own_example_to_its_printed_digits(in_print):
    """Senate data: 7.414 (1.459), robust interval [4.094, 10.919] (Stata Journal 17(2), 2017)."""
    senate = rdrobust.rdrobust_RDsenate() if hasattr(rdrobust, "rdrobust_RDsenate") else None
    if senate is None:
        from importlib.resources import files

        senate = pd.read_csv(str(files("rdrobust") / "data" / "rdrobust_RDsenate.csv"))
    known = senate.dropna(subset=["vote", "margin"])
    found = jump_at(known["vote"].to_numpy(), known["margin"].to_numpy(), 0.0)
    said = ("discontinuity", "Calonico, Cattaneo, Farrell & Titiunik (2017), Senate (by their package)")
    for what, printed, ours in (
        ("estimate", 7.414, found.estimate), ("SE", 1.459, found.se),
        ("robust interval, from", 4.094, found.ci_low), ("robust interval, to", 10.919, found.ci_high),
    ):  # fmt: skip
        in_print(*said, what, printed, ours, 3)


def test_the_jump_is_that_of_two_weighted_lines(second):
    """The conventional estimate by plain least squares: triangular weights within the window, a line on each side."""
    table = scores(3)
    found = jump_at(table["y"].to_numpy(), table["score"].to_numpy(), 50.0)
    distance = table["score"] - 50.0
    weight = (1 - distance.abs() / found.bandwidth).clip(lower=0)
    above = (distance >= 0).astype(float)
    matrix = np.column_stack([np.ones(len(table)), above, distance, above * distance])
    plain = sm.WLS(table["y"], matrix, weights=weight).fit()
    second("discontinuity", "statsmodels", "jump by two weighted lines", plain.params.iloc[1], found.estimate, 1e-8)


@pytest.mark.slow
def test_a_planted_jump_is_found_and_none_is_not():
    held, shown = 0, 0
    for seed in range(40):
        there, absent = (rows_of(scores(seed, 1000, jump))["effect", ""] for jump in (1.0, 0.0))
        held += there["ci_low"] <= 1.0 <= there["ci_high"]
        shown += absent["verdict"] == "shown"
    assert held >= 34 and shown <= 6  # 99.9 % binomial limits of 95 % and 5 % in 40


def test_treated_below_turns_the_jump_round():
    table = scores(2)
    turned = rows_of(table.assign(score=100 - table["score"]), DESIGN.model_copy(update={"treated_below": True}))
    usual = rows_of(table)["effect", ""]
    assert turned["effect", ""]["estimate"] == pytest.approx(usual["estimate"], abs=1e-6)


def test_where_not_all_take_it_the_jump_is_divided_by_that_of_the_take_up():
    table = scores(3, 4000)
    rng = np.random.default_rng(9)
    took = (rng.random(len(table)) < np.where(table["score"] >= 50, 0.8, 0.2)).astype(float)
    table = table.assign(took=took, y=0.03 * table["score"] + 1.0 * took + rng.normal(0, 0.5, len(table)))
    row = rows_of(table, DESIGN.model_copy(update={"treatment": "took"}))["effect", ""]
    assert row["ci_low"] < 1.0 < row["ci_high"] and row["estimate"] > 0.6


@pytest.mark.parametrize(("taken", "outcome"), [((0.2, 0.8), "pass"), ((0.48, 0.52), "doubt")])
def test_a_take_up_that_hardly_jumps_leaves_doubt(taken, outcome):
    table = scores(3, 2000)
    rng = np.random.default_rng(9)
    took = (rng.random(len(table)) < np.where(table["score"] >= 50, taken[1], taken[0])).astype(float)
    rows = rows_of(table.assign(took=took), DESIGN.model_copy(update={"treatment": "took"}))
    assert f"first_stage:{outcome}" in rows["effect", ""]["checks"]
    jump = rows["take_up_jump", ""]
    assert jump["ci_low"] < taken[1] - taken[0] < jump["ci_high"]
    assert jump["note"].split(";")[0] == rows["effect", ""]["note"].split(";")[0]  # the same window
    assert "take_up_jump" not in {measure for measure, _ in rows_of(table)}


def test_those_without_an_outcome_are_counted():
    table = scores(3)
    table.loc[table.index[:7], "y"] = np.nan
    assert "persons_without_outcome=7" in rows_of(table)["effect", ""]["note"]


def test_bunching_and_jumps_of_covariates_change_the_verdict():
    table = scores(4, 3000)
    near = table["score"].between(44, 50)
    bunched = table.assign(score=table["score"].where(~near | (table.index % 4 == 0), 50 + (50 - table["score"])))
    row = rows_of(bunched)["effect", ""]
    assert "density:fail" in row["checks"] and row["verdict"] == "design_failed"
    older = rows_of(table.assign(age=table["age"] + 30 * (table["score"] >= 50)))["effect", ""]
    assert "covariate_jumps:fail" in older["checks"] and older["verdict"] == "design_failed"


def test_other_windows_and_placebos_stand_beside_it():
    rows = rows_of(scores(5))
    assert {("bandwidth", "half"), ("bandwidth", "double"), ("placebo", "below"), ("placebo", "above")} <= set(rows)
    assert rows["bandwidth", "half"]["n"] < rows["effect", ""]["n"] < rows["bandwidth", "double"]["n"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t.assign(score=t["score"] + 1000), "cutoff_outside"),
        (lambda t: t[t["score"] < 51].head(300), "too_few_near"),
        (lambda t: t.assign(y=np.nan), "outcome_missing"),
        (lambda t: t.assign(y=3.0), "outcome_constant"),
        (lambda t: t.assign(score="a"), "not_numeric"),
        (lambda t: t.assign(score=t["score"].where(t.index > 0, np.inf)), "infinite_values"),
        (lambda t: t.drop(columns="age"), "column_missing"),
    ],
)
def test_bad_data_get_a_reason_and_no_number(change, rule):
    (row,) = estimate_discontinuity(change(scores()), "y", OUTCOME, DESIGN, Inference())
    assert row["note"].startswith(f"refused={rule}") and "estimate" not in row


def test_without_the_package_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rdrobust", None)
    (row,) = estimate_discontinuity(scores(), "y", OUTCOME, DESIGN, Inference())
    assert row["note"] == "refused=package_missing;package=rdrobust"
