"""Matching: the published value with its standard error, ties, and what matching cannot do."""

import numpy as np
import pytest

from analysis.effects.matching import matched_effect, nearest_neighbours
from analysis.effects.refusal import DesignRefused

COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "u74", "u75"]


def test_lalonde_with_five_neighbours_and_bias_correction(in_print, lalonde):
    """1729.12 (815.38): Imbens & Xu (2024), table B1, by R Matching."""
    sample = lalonde[(lalonde["source"] == "cps") | (lalonde["treat"] == 1)]
    effect = matched_effect(
        sample["re78"].to_numpy(dtype=float),
        sample["treat"].to_numpy() == 1,
        sample[COVARIATES].to_numpy(dtype=float),
    )
    said = ("weighting", "Imbens & Xu (2024), table B1, by R Matching (LDW-CPS)")
    in_print(*said, "5 nearest neighbours, bias-corrected", 1729.12, effect.estimate, 2)
    in_print(*said, "SE, Abadie-Imbens", 815.38, effect.se, 2)


def test_tied_neighbours_share_one_match():
    covariates = np.array([[0.0], [1.0], [-1.0], [5.0]])
    matches = nearest_neighbours(covariates, np.array([True, False, False, False]), 1)
    assert matches.comparison.tolist() == [0, 1]
    assert matches.weight.tolist() == [0.5, 0.5]


def test_exact_matches_give_the_mean_of_differences():
    covariates = np.array([[1.0], [2.0], [1.0], [2.0]])
    treated = np.array([True, True, False, False])
    effect = matched_effect(np.array([5.0, 9.0, 3.0, 4.0]), treated, covariates, neighbours=1, bias_corrected=False)
    assert effect.estimate == pytest.approx(3.5)
    assert effect.baseline == pytest.approx(3.5)


def test_bias_correction_removes_what_a_line_explains():
    generator = np.random.default_rng(3)
    covariates = generator.normal(size=(300, 1))
    treated = covariates[:, 0] + generator.normal(size=300) > 1
    outcome = 4 * covariates[:, 0] + 2.0 * treated
    effect = matched_effect(outcome, treated, covariates, neighbours=3)
    assert effect.estimate == pytest.approx(2.0, abs=1e-9)


@pytest.mark.parametrize(
    ("treated", "neighbours", "rule"),
    [([True] * 4, 1, "no_comparison"), ([False] * 4, 1, "no_treated"), ([True, True, True, False], 2, "too_few_units")],
)
def test_impossible_matches_are_refused(treated, neighbours, rule):
    covariates = np.array([[1.0], [2.0], [3.0], [4.0]])
    with pytest.raises(DesignRefused) as refused:
        matched_effect(np.arange(4.0), np.array(treated), covariates, neighbours)
    assert refused.value.rule == rule


def test_a_covariate_that_never_varies_is_refused():
    with pytest.raises(DesignRefused):
        nearest_neighbours(np.ones((4, 1)), np.array([True, False, False, False]), 1)
