"""Checks with their thresholds, and what may be said."""

import numpy as np
import pytest

from analysis.effects import checks
from analysis.effects.balance import balance
from analysis.effects.checks import Check
from analysis.effects.covariates import Covariates
from analysis.effects.overlap import overlap, treated_odds
from analysis.effects.verdict import verdict


@pytest.mark.parametrize(
    ("tests", "outcome"),
    [
        ([True, True, True], "shown"),
        ([False, False, False], "not_shown"),
        ([True, False, True], "inconclusive"),
        ([True, True, None], "inconclusive"),
        ([False, None, False], "not_shown"),
        ([None], "inconclusive"),
    ],
)
def test_all_required_tests_must_agree(tests, outcome):
    assert verdict(tests, [Check("pretrend", "pass"), Check("clusters", "doubt")]) == outcome
    assert verdict(tests, [Check("pretrend", "fail")]) == "design_failed"


@pytest.mark.parametrize(
    ("p", "outcome"), [(0.5, "pass"), (0.1, "pass"), (0.05, "doubt"), (0.009, "fail"), (np.nan, "doubt")]
)
def test_pretrend(p, outcome):
    assert checks.pretrend(p).outcome == outcome


def test_clusters_sample_and_first_stage():
    assert checks.clusters(4, 18).outcome == "pass" and checks.clusters(3, 18).outcome == "doubt"
    assert checks.sample_size(29, 500).outcome == "fail" and checks.sample_size(30, 30).outcome == "pass"
    assert checks.first_stage(0.3, 0.1).outcome == "doubt" and checks.first_stage(0.4, 0.1).outcome == "pass"
    assert checks.randomisation(0.1, 0.05).outcome == "doubt"
    assert checks.written([Check("a", "pass"), Check("b", "fail")]) == "a:pass;b:fail"


def test_balance_and_overlap_by_hand():
    treated = np.array([True, True, False, False, False])
    covariates = Covariates(["x"], np.array([[2.0], [4.0], [1.0], [3.0], [5.0]]), ())
    weights = np.array([9.0, 9.0, 1.0, 1.0, 0.0])
    result = balance(covariates, treated, weights)
    unit = np.sqrt((2 + 4) / 2)
    assert result.difference_before[0] == pytest.approx(0)
    assert result.difference_after[0] == pytest.approx((3 - 2) / unit)
    assert result.ratio_before[0] == pytest.approx(2 / 4)
    score = np.array([0.5, 0.95, 0.5, 0.5, 0.8])
    state = overlap(score, treated)
    assert state.outside == 0.5
    np.testing.assert_allclose(treated_odds(score, treated), [1, 1, 1, 1, 4])
    assert state.effective == pytest.approx(36 / 18)
    outcomes = {check.name: check.outcome for check in checks.weighting_checks(state, result)}
    assert outcomes == {"sample": "fail", "overlap": "fail", "effective_sample": "fail", "balance": "fail"}
