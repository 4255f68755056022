"""What stands beside a weighted headline: second estimators, unrecorded causes, trimming, calibration."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import checks, estimate_outcomes
from analysis.effects.benchmark import regress
from analysis.effects.unrecorded import paired_differences
from analysis.study.design_settings import Weighting
from analysis.study.settings import Inference, Outcome


def persons(seed=3, effect=0.25, hidden=0.0, count=1500):
    """Treatment depends on x and on a cause u that nobody records; ``hidden`` is what u does to the outcome."""
    generator = np.random.default_rng(seed)
    x, u = generator.normal(size=count), generator.normal(size=count)
    treated = generator.random(count) < 1 / (1 + np.exp(1 - 0.5 * x - 1.2 * u * (hidden != 0)))
    outcome = effect * treated + 0.4 * x + hidden * u + generator.normal(size=count)
    return pd.DataFrame({"id": range(count), "treated": treated, "x": x, "score": outcome})


def rows_of(table, **settings):
    design = Weighting(kind="weighting", unit="id", treated="treated", covariates=["x"], draws=99, **settings)
    outcome = Outcome(chapter="other", design="d", populations=["all"], better="higher", unit="points")
    found = estimate_outcomes(table, {"score": outcome}, {"d": design}, Inference())
    return found.set_index(["measure", "term"])


def test_second_estimators_stand_beside_the_headline_and_near_the_truth():
    found = rows_of(persons())
    others = found.loc["alternative"]
    assert list(others.index) == ["ipw", "regression", "matching", "entropy_balancing"]
    assert (abs(others["estimate"] - 0.25) < 4 * others["se"]).all()
    assert "second_estimators:pass" in found.loc[("effect", ""), "checks"]


def test_effect_on_everybody_has_no_matching_and_another_name():
    found = rows_of(persons(), estimand="ate")
    assert found.loc[("effect", ""), "method"] == "aipw_ate_normalised"
    assert list(found.loc["alternative"].index) == ["ipw", "regression"]


def test_trimming_counts_whom_it_drops():
    table = persons()
    whole, found = rows_of(table), rows_of(table, trim=0.15)
    dropped = found.loc[("overlap", "trimmed"), "estimate"]
    assert 0 < dropped == whole.loc[("effect", ""), "n"] - found.loc[("effect", ""), "n"]
    assert ("overlap", "trimmed") not in whole.index


def test_calibration_in_fifths_and_its_check_when_the_score_is_wrong():
    table = persons()
    found = rows_of(table).loc["calibration"]
    assert list(found.index) == ["1", "2", "3", "4", "5"] and found["n"].sum() == len(table)
    assert found["n_treated"].sum() == table["treated"].sum()
    wrong = table.assign(treated=np.random.default_rng(1).random(len(table)) < 0.1 + 0.5 * (abs(table["x"]) > 1.2))
    assert "calibration:doubt" in rows_of(wrong).loc[("effect", ""), "checks"]


def test_a_weak_effect_raises_doubt_and_a_strong_one_passes():
    weak = rows_of(persons(effect=0.16)).loc[("effect", ""), "checks"]
    strong = rows_of(persons(effect=1.5)).loc[("effect", ""), "checks"]
    assert "unrecorded_causes:pass" in strong
    assert "unrecorded_causes:pass" not in weak


def test_an_effect_that_is_not_there_is_not_asked_whether_it_stands():
    assert "unrecorded_causes" not in rows_of(persons(effect=0.0)).loc[("effect", ""), "checks"]


@pytest.mark.parametrize(
    ("measures", "benchmark", "outcome"),
    [
        ({"e_value": 1.5, "rosenbaum": 1.3, "oster": 1.2}, True, "pass"),
        ({"e_value": 1.1, "rosenbaum": 1.3, "oster": 1.2}, True, "doubt"),
        ({"e_value": 1.1, "rosenbaum": 1.0, "oster": 0.4}, False, "fail"),
        ({"e_value": float("nan")}, None, "doubt"),
    ],
)
def test_thresholds_of_unrecorded_causes(measures, benchmark, outcome):
    assert checks.unrecorded_causes(measures, benchmark).outcome == outcome


def test_pairs_use_nobody_twice_and_keep_within_the_caliper():
    score = np.array([0.50, 0.51, 0.501, 0.9, 0.1])
    treated = np.array([True, True, False, False, False])
    assert list(paired_differences(np.array([5.0, 7.0, 1.0, 0.0, 0.0]), treated, score)) == [6.0]


def test_an_unrecorded_cause_as_strong_as_a_recorded_one_moves_the_estimate_to_where_recording_it_would():
    """Cinelli & Hazlett (2020), section 4.4, where two causes are alike and only one is recorded: no published table
    is at hand, but the truth is known."""
    rng = np.random.default_rng(5)
    recorded, unrecorded = rng.normal(size=(2, 200_000))
    treated = 0.5 * recorded + 0.5 * unrecorded + rng.normal(size=200_000) > 0
    outcome = 0.4 * treated + recorded + unrecorded + rng.normal(size=200_000)
    matrix = np.column_stack([np.ones(200_000), recorded])
    found = regress(outcome, treated, matrix, ["recorded"], 0.05)
    (benchmark,) = found.benchmarks
    assert abs(benchmark.adjusted - 0.4) < 0.1 and found.estimate > 0.9


def test_three_treated_clusters_leave_no_test_and_so_no_verdict():
    table = persons(effect=0.8)
    table["cluster"] = np.where(table["treated"], table["id"] % 3, 3 + table["id"] % 12)
    effect = rows_of(table, cluster="cluster").loc[("effect", "")]
    assert effect["verdict"] == "inconclusive" and "clusters:doubt" in effect["checks"]
    assert effect[["ci_low", "p", "mde"]].isna().all()
    enough = table.assign(cluster=np.where(table["treated"], table["id"] % 12, 12 + table["id"] % 12))
    assert rows_of(enough, cluster="cluster").loc[("effect", ""), "verdict"] == "shown"
