"""Response weights and attrition: weighting classes by hand, statsmodels, a printed interval, recovery, refusals."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.effects.refusal import DesignRefused
from analysis.effects.response import attrition, differential_attrition, response_weights


def asked(seed: int, rows: int = 400):
    generator = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(rows), generator.normal(size=(rows, 2))])
    responded = generator.random(rows) < 1 / (1 + np.exp(-(0.6 + matrix[:, 1] - 0.5 * matrix[:, 2])))
    return matrix, responded, generator.uniform(0.5, 2, rows)


def test_two_classes_are_weighted_by_the_inverse_of_their_response():
    """Of class A two of four answered, of class B one of four: weights 1 : 2."""
    in_b = np.array([0, 0, 0, 0, 1, 1, 1, 1.0])
    responded = np.array([1, 1, 0, 0, 1, 0, 0, 0], dtype=bool)
    found = response_weights(np.column_stack([np.ones(8), in_b]), responded)
    assert found.score == pytest.approx([0.5] * 4 + [0.25] * 4)
    assert found.weights == pytest.approx([0.75, 0.75, 1.5])
    assert found.effective_n == pytest.approx(9 / (2 * 0.75**2 + 1.5**2))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_score_is_that_of_statsmodels(weighted):
    matrix, responded, base = asked(1)
    found = response_weights(matrix, responded, base if weighted else None)
    weights = base if weighted else np.ones(len(base))
    fitted = sm.GLM(responded.astype(float), matrix, family=sm.families.Binomial(), freq_weights=weights).fit(tol=1e-12)
    assert found.score == pytest.approx(fitted.fittedvalues, rel=1e-8)
    expected = weights[responded] / fitted.fittedvalues[responded]
    assert found.weights == pytest.approx(expected / expected.mean(), rel=1e-8)


def test_equal_base_weights_are_no_base_weights():
    matrix, responded, base = asked(2)
    plain, scaled = response_weights(matrix, responded), response_weights(matrix, responded, np.full(len(base), 7.0))
    assert scaled.weights == pytest.approx(plain.weights, rel=1e-9)
    assert scaled.influence == pytest.approx(plain.influence, rel=1e-7, abs=1e-9)


def test_the_influence_squared_is_the_sandwich_variance():
    matrix, responded, _ = asked(3)
    influence = response_weights(matrix, responded).influence
    expected = sm.Logit(responded.astype(float), matrix).fit(disp=0, cov_type="HC0").cov_params()
    assert influence.T @ influence / len(matrix) ** 2 == pytest.approx(np.asarray(expected), rel=1e-6)


def test_the_weighted_influence_is_the_derivative_by_a_row_s_weight():
    matrix, responded, base = asked(4)
    base = base / base.mean()
    influence = response_weights(matrix, responded, base).influence
    for row in (0, 17, 200):
        ends = []
        for step in (-1e-4, 1e-4):
            moved = base.copy()
            moved[row] *= 1 + step
            score = response_weights(matrix, responded, moved).score
            ends.append(np.linalg.lstsq(matrix, np.log(score / (1 - score)), rcond=None)[0])
        assert (ends[1] - ends[0]) / 2e-4 == pytest.approx(influence[row] / len(base), rel=1e-4, abs=1e-9)


def test_weights_bring_back_the_mean_of_all_asked():
    """Who answers depends on x, so does the outcome; unweighted the mean is off by a quarter of a deviation."""
    plain, weighted = [], []
    for seed in range(200):
        matrix, responded, _ = asked(seed)
        outcome = matrix[:, 1] + np.random.default_rng(seed + 1000).normal(size=len(matrix))
        found = response_weights(matrix, responded)
        plain.append(outcome[responded].mean())
        weighted.append(np.average(outcome[responded], weights=found.weights))
    assert np.mean(plain) > 0.2
    assert abs(np.mean(weighted)) < 3.5 * np.std(weighted) / np.sqrt(200)


def test_a_column_that_others_explain_changes_nothing():
    matrix, responded, base = asked(5)
    doubled = np.column_stack([matrix, matrix[:, 1] * 2 + 1])
    found = response_weights(doubled, responded, base)
    assert found.weights == pytest.approx(response_weights(matrix, responded, base).weights)
    assert (found.influence[:, 3] == 0).all()


def test_when_all_answered_the_base_remains():
    found = response_weights(np.ones((3, 1)), np.ones(3, dtype=bool), np.array([1.0, 1.0, 2.0]))
    assert found.weights == pytest.approx([0.75, 0.75, 1.5])
    assert (found.influence == 0).all()


@pytest.mark.parametrize("base", [None, np.ones(6)])
def test_what_tells_perfectly_who_answers_is_refused(base):
    matrix = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    with pytest.raises(DesignRefused) as refused:
        response_weights(matrix, matrix[:, 1] == 1, base)
    assert refused.value.rule == "response_separation"


@pytest.mark.parametrize(
    ("rule", "responded", "base"),
    [
        ("nobody_responded", [False, False], None),
        ("raking_base", [True, False], [1.0, -1.0]),
        ("raking_base", [True, False], [np.nan, 1.0]),
    ],
)
def test_refusals(rule, responded, base):
    with pytest.raises(DesignRefused) as refused:
        response_weights(np.ones((2, 1)), np.array(responded), None if base is None else np.array(base))
    assert refused.value.rule == rule


def test_attrition_is_tested_as_statsmodels_does():
    matrix, stayed, _ = asked(6)
    found = attrition(matrix[:, 1:], stayed)
    fitted = sm.Logit(stayed.astype(float), matrix).fit(disp=0)
    expected = fitted.wald_test(np.eye(3)[1:], scalar=True)
    assert (found.wald, found.df) == (pytest.approx(float(expected.statistic), rel=1e-6), 2)
    assert found.p == pytest.approx(float(expected.pvalue), rel=1e-5)
    assert (found.n, found.lost, found.rate) == (400, (~stayed).sum(), pytest.approx(1 - stayed.mean()))
    first = matrix[:, 1]
    spread = (first[stayed].var(ddof=1) + first[~stayed].var(ddof=1)) / 2
    assert found.difference[0] == pytest.approx((first[stayed].mean() - first[~stayed].mean()) / np.sqrt(spread))


def test_the_test_of_attrition_keeps_its_level():
    rejected = 0
    for seed in range(400):
        generator = np.random.default_rng(seed)
        rejected += attrition(generator.normal(size=(150, 3)), generator.random(150) < 0.7).p < 0.05
    assert 0.02 <= rejected / 400 <= 0.08


def test_gaps_leave_other_columns_their_rows():
    matrix, stayed, _ = asked(7)
    covariates = matrix[:, 1:].copy()
    covariates[:100, 1] = np.nan
    found = attrition(covariates, stayed)
    assert found.difference[0] == attrition(matrix[:, 1:], stayed).difference[0]
    assert found.complete == 300
    assert found.wald == pytest.approx(attrition(covariates[100:], stayed[100:]).wald)


@pytest.mark.parametrize("stayed", [[True] * 4, [False] * 4, [True, True, False, False]])
def test_nothing_to_test_is_missing_not_an_error(stayed):
    found = attrition(np.array([[0.0, 1], [0, 1], [1, 1], [1, 1]]), np.array(stayed))
    assert np.isnan(found.wald)
    assert np.isnan(found.p)


def test_a_printed_interval():
    """Newcombe (1998, table II): 56/70 less 48/80, method 10: 0.0524 to 0.3339."""
    stayed = np.repeat([False, True, False, True], [56, 14, 48, 32])
    treated = np.repeat([True, False], [70, 80])
    found = differential_attrition(stayed, treated)
    assert (found.rate, found.rate_other, found.difference) == pytest.approx((0.8, 0.6, 0.2))
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert attrition(np.ones((150, 1)), stayed, treated).differential == found


def test_the_interval_is_that_of_statsmodels_where_nobody_is_lost():
    stayed = np.repeat([True, False, True], [40, 4, 46])
    treated = np.repeat([True, False], [40, 50])
    found = differential_attrition(stayed, treated, level=0.1)
    expected = confint_proportions_2indep(0, 40, 4, 50, method="newcomb", alpha=0.1)
    assert (found.ci_low, found.ci_high) == pytest.approx(expected)


def test_one_group_only_is_refused():
    with pytest.raises(DesignRefused):
        differential_attrition(np.ones(3, dtype=bool), np.ones(3, dtype=bool))
