"""An offer that not everybody takes, as a declared design: what it gives, against two-stage least squares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.run_offer import estimate_offer
from analysis.study.design_settings import Offer
from analysis.study.settings import Inference, Outcome

DESIGN = Offer(kind="offer", offered="offered", treatment="took", by_lot=True, covariates=["x"])
OUTCOME = Outcome(
    chapter="other", design="d", populations=["everybody"], better="higher", unit="points", panel="p", role="primary"
)


def offers(seed: int = 1, people: int = 800, effect: float = 0.6) -> pd.DataFrame:
    """Takers are a third of those offered, and those who would do better anyway."""
    rng = np.random.default_rng(seed)
    x, hidden, offered = rng.normal(size=people), rng.normal(size=people), rng.random(people) < 0.5
    took = offered & (hidden + rng.normal(size=people) > 0.3)
    y = 0.5 * x + hidden + effect * took + rng.normal(size=people)
    return pd.DataFrame({"case": range(people), "x": x, "offered": offered, "took": took.astype(float), "y": y})


def rows_of(table: pd.DataFrame, design: Offer = DESIGN) -> dict[str, dict]:
    return {str(row["measure"]): row for row in estimate_offer(table, "y", OUTCOME, design, Inference())}


def test_it_is_two_stage_least_squares_with_the_same_sandwich(second):
    table = offers()
    rows = rows_of(table)
    z = np.column_stack([np.ones(len(table)), table["x"], table["offered"]])
    d = np.column_stack([np.ones(len(table)), table["x"], table["took"]])
    projected = z @ np.linalg.lstsq(z, d, rcond=None)[0]
    beta = np.linalg.solve(projected.T @ d, projected.T @ table["y"])
    residual = table["y"].to_numpy() - d @ beta
    bread = np.linalg.inv(projected.T @ projected)
    meat = (projected * residual[:, None]).T @ (projected * residual[:, None])
    se = np.sqrt((bread @ meat @ bread)[2, 2] * len(table) / (len(table) - 3))
    second("offer", "two stages in numpy", "effect on takers", beta[2], rows["effect_participants"]["estimate"], 1e-9)
    second("offer", "two stages in numpy", "effect on takers, SE", se, rows["effect_participants"]["se"], 1e-9)
    itt = sm.OLS(table["y"], z.astype(float)).fit(cov_type="HC1")
    second("offer", "statsmodels", "intention to treat", itt.params.iloc[2], rows["effect"]["estimate"], 1e-9)
    second("offer", "statsmodels", "intention to treat, SE", itt.bse.iloc[2], rows["effect"]["se"], 1e-9)
    assert rows["effect_participants"]["estimate"] == pytest.approx(
        rows["effect"]["estimate"] / rows["first_stage"]["estimate"]
    )


def test_takers_who_would_do_better_anyway_do_not_mislead_it():
    found = [rows_of(offers(seed))["effect_participants"] for seed in range(150)]
    error = np.array([row["estimate"] - 0.6 for row in found])
    held = np.mean([row["ci_low"] <= 0.6 <= row["ci_high"] for row in found])
    table = offers(1, 20_000)
    naive = table.groupby("took")["y"].mean().diff().iloc[1]
    assert abs(error.mean()) < 3 * error.std() / np.sqrt(150) and held >= 0.89 and naive > 1.0


def test_an_offer_that_nobody_drew_leaves_a_doubt_and_a_weak_one_another():
    assert (
        "as_good_as_drawn:doubt" in rows_of(offers(), DESIGN.model_copy(update={"by_lot": False}))["effect"]["checks"]
    )
    assert "as_good_as_drawn" not in rows_of(offers())["effect"]["checks"]
    table = offers(3, 120)
    table["took"] = (np.random.default_rng(0).random(120) < 0.4 + 0.02 * table["offered"]).astype(float)
    assert "first_stage:doubt" in rows_of(table)["effect_participants"]["checks"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t.assign(offered=True), "no_comparison"),
        (lambda t: t.assign(took=1.0), "no_participation"),
        (lambda t: t.assign(y=np.nan), "outcome_missing"),
        (lambda t: t.assign(y="a"), "not_numeric"),
        (lambda t: t.assign(case=0), "duplicate_unit"),
        (lambda t: t.drop(columns="x"), "column_missing"),
        (lambda t: t.assign(y=t["y"].where(t.index > 0, np.inf)), "infinite_values"),
    ],
)
def test_bad_data_get_a_reason_and_no_number(change, rule):
    (row,) = estimate_offer(change(offers()), "y", OUTCOME, DESIGN, Inference())
    assert row["note"].startswith(f"refused={rule}") and "estimate" not in row and row["verdict"] == "design_failed"


def offered_schools(seed: int, offered: int, schools: int = 12, effect: float = 1.5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), 20)
    invited, able = school < offered, rng.normal(size=len(school))
    took = (rng.random(len(school)) < 0.1 + 0.6 * invited).astype(float)
    y = able + rng.normal(0, 0.2, schools)[school] + effect * took
    table = {"case": range(len(school)), "school": school, "x": able, "offered": invited, "took": took, "y": y}
    return pd.DataFrame(table)


BY_SCHOOL = DESIGN.model_copy(update={"cluster": "school", "covariates": []})


def test_offers_to_whole_schools_are_tested_by_schools():
    rows = rows_of(offered_schools(1, 5), BY_SCHOOL)
    effect, participants = rows["effect"], rows["effect_participants"]
    assert effect["clusters"] == 12 and effect["clusters_treated"] == 5 and effect["df"] < 11
    assert effect["p_wild"] < 0.05 and effect["p_randomisation"] < 0.05 and effect["verdict"] == "shown"
    assert (participants["p_wild"], participants["p_randomisation"]) == (effect["p_wild"], effect["p_randomisation"])
    not_drawn = rows_of(offered_schools(1, 5), BY_SCHOOL.model_copy(update={"by_lot": False}))["effect"]
    assert "p_randomisation" not in not_drawn and "p_wild" in not_drawn


def test_an_offer_to_three_schools_has_no_interval_and_speaks_by_the_lots_alone():
    effect = rows_of(offered_schools(1, 3), BY_SCHOOL)["effect"]
    assert "ci_low" not in effect and "p_wild" not in effect and effect["p_randomisation"] < 0.05
    assert "clusters:doubt" in effect["checks"]
    nobody_drew = BY_SCHOOL.model_copy(update={"by_lot": False})
    assert rows_of(offered_schools(1, 3), nobody_drew)["effect"]["verdict"] == "inconclusive"
