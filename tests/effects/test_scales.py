"""Scales: printed values of alpha and of a factor, closed forms, known reliability, scoring, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.refusal import DesignRefused
from analysis.effects.scales import cronbach_alpha, omega, one_factor, reliability, turn

NAN = np.nan
# Two small examples of real-statistics.com (Cronbach's alpha), which pingouin's documentation works through:
# twelve people, eleven questions
WITH_GAPS = np.array(
    [
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0],
        [NAN, 0, 1, 1, NAN, 1, 1, 1, 1, 0, 0],
        [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0],
        [1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0],
        [0, 1, NAN, 0, 1, 1, 1, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0],
        [1, 0, 0, 1, 0, 1, 0, 0, NAN, 0, 0],
        [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ]
)
# fifteen people, ten questions from 1 to 7
LIKERT = np.array(
    [
        [3, 2, 2, 4, 1, 4, 5, 1, 4, 3],
        [5, 5, 4, 6, 3, 5, 1, 2, 5, 5],
        [7, 5, 3, 5, 5, 6, 4, 3, 3, 6],
        [2, 3, 4, 3, 3, 2, 2, 2, 6, 6],
        [6, 5, 5, 6, 5, 4, 4, 4, 6, 7],
        [1, 2, 2, 3, 4, 2, 5, 2, 3, 5],
        [4, 3, 3, 5, 3, 5, 2, 1, 2, 4],
        [2, 5, 4, 4, 3, 7, 2, 2, 4, 6],
        [6, 2, 5, 5, 5, 1, 6, 5, 2, 3],
        [5, 2, 4, 6, 4, 3, 5, 3, 1, 7],
        [4, 1, 3, 5, 2, 5, 3, 2, 3, 4],
        [4, 4, 2, 3, 2, 5, 3, 4, 2, 3],
        [5, 5, 5, 6, 2, 3, 3, 2, 4, 4],
        [6, 5, 5, 5, 4, 2, 2, 1, 4, 6],
        [4, 4, 3, 5, 5, 3, 1, 3, 2, 3],
    ]
)
# R's datasets::ability.cov (Bartholomew 1987): six tests of 112 people
ABILITY = np.array(
    [
        [24.641, 5.991, 33.520, 6.023, 20.755, 29.701],
        [5.991, 6.700, 18.137, 1.782, 4.936, 7.204],
        [33.520, 18.137, 149.831, 19.424, 31.430, 50.753],
        [6.023, 1.782, 19.424, 12.711, 4.757, 9.075],
        [20.755, 4.936, 31.430, 4.757, 52.604, 66.762],
        [29.701, 7.204, 50.753, 9.075, 66.762, 135.292],
    ]
)


def made(seed: int, loadings, rows: int, noise: float = 1.0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    loadings = np.asarray(loadings, dtype=float)
    return generator.normal(size=(rows, 1)) * loadings + noise * generator.normal(size=(rows, len(loadings)))


def test_alpha_and_its_interval_are_the_printed_ones():
    """pingouin's documentation of cronbach_alpha, checked there against R's psych: 0.59, from 0.195 to 0.84."""
    found = reliability(LIKERT)
    assert found.alpha == pytest.approx(0.5917188485995826, rel=1e-12)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.195, 0.84), abs=5e-4)


def test_only_full_rows_count():
    """The same documentation, nan_policy="listwise"; its interval still counts the three people left out, ours not."""
    found = reliability(WITH_GAPS)
    assert found.alpha == pytest.approx(0.8016949152542373, rel=1e-12)
    assert (found.n, found.items) == (9, 11)
    assert found.ci_low < 0.581
    assert found.ci_high > 0.933


def test_a_factor_is_the_printed_one():
    """R's example(ability.cov): factanal(factors = 1) prints these uniquenesses and loadings."""
    found = one_factor(ABILITY)
    scale = np.sqrt(np.diag(ABILITY))
    assert found.uniqueness / scale**2 == pytest.approx([0.535, 0.853, 0.748, 0.910, 0.232, 0.280], abs=5.1e-4)
    assert found.loadings / scale == pytest.approx([0.682, 0.384, 0.502, 0.300, 0.877, 0.849], abs=5.1e-4)
    assert not found.heywood


def test_three_items_by_hand():
    """Loadings 2, 1, 1 and uniqueness 1 fit exactly: omega = 16 / 19, alpha = 3/2 (1 - 9/19)."""
    covariance = np.outer([2.0, 1, 1], [2.0, 1, 1]) + np.eye(3)
    found = one_factor(covariance)
    assert found.loadings == pytest.approx([2, 1, 1], rel=1e-5)
    assert omega(found) == pytest.approx(16 / 19, rel=1e-5)
    assert cronbach_alpha(covariance) == pytest.approx(1.5 * 10 / 19)


@settings(max_examples=30, deadline=None)
@given(
    loadings=st.lists(st.floats(0.4, 2), min_size=3, max_size=7),
    units=st.integers(0, 1000),
)
def test_a_covariance_of_one_factor_gives_it_back_in_any_units(loadings, units):
    scale = np.random.default_rng(units).uniform(0.2, 5, len(loadings))
    covariance = (np.outer(loadings, loadings) + np.eye(len(loadings))) * np.outer(scale, scale)
    found = one_factor(covariance)
    assert found.loadings == pytest.approx(np.array(loadings) * scale, rel=1e-3)
    assert found.uniqueness == pytest.approx(scale**2, rel=1e-2)
    weight = np.array(loadings) @ scale
    assert omega(found) == pytest.approx(weight**2 / (weight**2 + (scale**2).sum()), rel=1e-3)


def test_alpha_never_exceeds_omega_where_one_factor_fits():
    covariance = np.outer([0.3, 0.9, 1.5], [0.3, 0.9, 1.5]) + np.eye(3)
    assert cronbach_alpha(covariance) < omega(one_factor(covariance))


def test_the_loadings_are_those_of_statsmodels():
    from statsmodels.multivariate.factor import Factor

    items = made(1, [0.8, 1.4, 1.0, 0.6, 0.5], 300)
    expected = np.abs(Factor(items, n_factor=1, method="ml").fit().loadings[:, 0])
    found = one_factor(np.cov(items, rowvar=False))
    assert found.loadings / items.std(axis=0, ddof=1) == pytest.approx(expected, abs=1e-4)


def test_known_reliability_is_found():
    """Four items of loading 1 and noise 1: the sum's reliability is 16 / 20."""
    found = reliability(made(2, [1, 1, 1, 1], 20_000))
    assert (found.alpha, found.omega) == pytest.approx((0.8, 0.8), abs=0.01)
    assert found.item_rest == pytest.approx([3 / np.sqrt(2 * 12)] * 4, abs=0.02)
    assert found.alpha_without == pytest.approx([9 / 12] * 4, abs=0.02)


def test_the_interval_covers_known_reliability():
    """1,000 samples of 40 answers to two items, reliability 2/3; exact for parallel normal items, so three binomial
    standard errors."""
    found = [reliability(made(seed, [1, 1], 40)) for seed in range(1000)]
    covered = np.mean([each.ci_low <= 2 / 3 <= each.ci_high for each in found])
    assert covered == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 1000))


def test_item_statistics_are_those_of_the_scale_without_the_item():
    items = made(3, [1.2, 0.8, 1.0, -0.2, 0.9], 80)
    found = reliability(items)
    for place in range(5):
        others = np.delete(items, place, axis=1)
        assert found.item_rest[place] == pytest.approx(np.corrcoef(items[:, place], others.sum(axis=1))[0, 1])
        assert found.alpha_without[place] == pytest.approx(reliability(others).alpha)
    assert found.alpha_without.argmax() == 3


def test_two_items_have_alpha_only():
    """Alpha of two items: 4 cov / var of the sum."""
    items = made(4, [1, 1], 50)
    found = reliability(items)
    assert found.alpha == pytest.approx(4 * np.cov(items.T)[0, 1] / items.sum(axis=1).var(ddof=1))
    assert np.isnan(found.omega)
    assert np.isnan(found.alpha_without).all()


def test_a_negative_uniqueness_leaves_omega_missing():
    """s12 s13 > s11 s23: the first item's communality would exceed its variance."""
    wanted = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.5], [0.8, 0.5, 1.0]])
    items = np.random.default_rng(5).normal(size=(100, 3))
    items = (items - items.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(items, rowvar=False))).T
    found = reliability(items @ np.linalg.cholesky(wanted).T)
    assert found.heywood
    assert np.isnan(found.omega)
    assert found.alpha > 0.8


def test_items_that_repeat_each_other_leave_omega_missing():
    items = made(6, [1, 1, 1], 60)
    found = reliability(np.column_stack([items, items[:, 0]]))
    assert np.isnan(found.omega)
    assert np.isfinite(found.alpha)


def test_items_that_cancel_have_no_alpha():
    item = np.arange(6.0)
    found = reliability(np.column_stack([item, -item]))
    assert np.isnan(found.alpha)
    assert np.isnan(found.ci_low)


@given(st.integers(0, 10_000))
def test_turning_twice_leaves_the_items(seed):
    generator = np.random.default_rng(seed)
    items = np.where(generator.random((20, 4)) < 0.2, NAN, generator.integers(1, 6, (20, 4)))
    turned = turn(items, [1], 1, 5)
    assert turned[:, 1] == pytest.approx(6 - items[:, 1], nan_ok=True)
    assert turn(turned, [1], 1, 5) == pytest.approx(items, nan_ok=True)


def test_a_reversed_item_left_as_it_is_shows():
    items = made(7, [1, 1, 1, -1], 200)
    found = reliability(items)
    assert found.item_rest[3] < 0
    assert found.alpha_without[3] > found.alpha


def test_an_answer_off_the_scale_is_refused():
    with pytest.raises(DesignRefused) as refused:
        turn(np.array([[1.0, 2], [3, 6]]), [], 1, 5)
    assert refused.value.rule == "scale_value_outside"
    assert (refused.value.params["item"], refused.value.params["value"]) == ("2", "6")


@pytest.mark.parametrize(
    ("rule", "items"),
    [
        ("scale_too_short", np.ones((5, 1))),
        ("scale_too_few_answers", np.array([[1, 2], [2, 1], [3, NAN]])),
        ("scale_item_constant", np.array([[1.0, 2], [2, 2], [3, 2]])),
    ],
)
def test_refusals(rule, items):
    with pytest.raises(DesignRefused) as refused:
        reliability(items)
    assert refused.value.rule == rule
