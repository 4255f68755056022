"""Many tests: statsmodels, a printed example, brute force, error rates and power by simulation."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.effects.multiplicity import benjamini_hochberg, holm, multiplier_draws, romano_wolf

# of the fifteen endpoints of Neuhaus et al. (1992), in Benjamini & Hochberg (1995, section 4.1)
PRINTED = np.array(
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1]
)


def test_the_printed_example():
    """The paper: familywise procedures find the three smallest, the false discovery rate four, at 0.05."""
    assert (holm(PRINTED) <= 0.05).sum() == 3
    assert (benjamini_hochberg(PRINTED) <= 0.05).sum() == 4
    assert holm(PRINTED)[:3] == pytest.approx([0.0015, 0.0056, 0.0247])


@settings(max_examples=25, deadline=None)  # statsmodels is slow
@given(st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.5, 1.0]), min_size=1, max_size=30))
def test_holm_and_benjamini_hochberg_are_statsmodels(p_values):
    p = np.array(p_values)
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], rel=1e-12, abs=1e-300)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("rule", [holm, benjamini_hochberg])
def test_a_missing_p_stays_missing_and_does_not_count(rule):
    p = np.array([0.01, np.nan, 0.04])
    found = rule(p)
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx(rule(p[[0, 2]]))
    assert np.isnan(rule(np.array([np.nan]))).all()
    assert len(rule(np.array([]))) == 0


def by_definition(statistics, draws) -> np.ndarray:
    """Romano & Wolf's recursion, one test and one draw at a time."""
    order = sorted(range(len(statistics)), key=lambda place: -abs(statistics[place]))
    adjusted, before = np.zeros(len(statistics)), 0.0
    for rank, place in enumerate(order):
        count = sum(max(abs(draw[other]) for other in order[rank:]) >= abs(statistics[place]) for draw in draws)
        before = max(before, (1 + count) / (1 + len(draws)))
        adjusted[place] = before
    return adjusted


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 60))
def test_romano_wolf_is_its_definition(seed, tests, count):
    generator = np.random.default_rng(seed)
    statistics = np.round(generator.normal(size=tests) * 2, 1)
    draws = np.round(generator.normal(size=(count, tests)) + generator.normal(size=(count, 1)), 1)
    assert romano_wolf(statistics, draws) == pytest.approx(by_definition(statistics, draws))


def test_all_sign_changes_of_five_units_by_hand():
    """Two equal outcomes, 1..5 for five units: of 32 sign changes two are as extreme as 15 (none or all turned), and
    two more as extreme as 13 (the first unit turned, or all but the first)."""
    values = np.arange(1.0, 6.0)
    signs = np.array(list(itertools.product([1, -1], repeat=5)))
    draws = np.column_stack([signs @ values, signs @ values])
    assert romano_wolf(np.array([15.0, 13.0]), draws) == pytest.approx([3 / 33, 5 / 33])


def test_one_test_is_its_own_p():
    draws = np.random.default_rng(1).normal(size=(999, 1))
    assert romano_wolf(np.array([-1.5]), draws)[0] == (1 + (np.abs(draws) >= 1.5).sum()) / 1000


def test_a_missing_statistic_does_not_count():
    draws = np.random.default_rng(2).normal(size=(99, 3))
    found = romano_wolf(np.array([2.0, np.nan, 1.0]), draws)
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx(romano_wolf(np.array([2.0, 1.0]), draws[:, [0, 2]]))
    draws[3, 0] = np.nan
    assert np.isnan(romano_wolf(np.array([2.0, 1.5, 1.0]), draws)[0])


def influence_of_means(values) -> np.ndarray:
    count = len(values)
    return (values - values.mean(axis=0)) / np.sqrt(count * (count - 1))


def test_draws_keep_the_dependence_of_outcomes():
    generator = np.random.default_rng(3)
    values = generator.multivariate_normal([0, 0, 0], [[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]], size=400)
    draws = multiplier_draws(influence_of_means(values), seed=1, draws=20_000)
    assert np.corrcoef(draws.T) == pytest.approx(np.corrcoef(values.T), abs=0.03)
    assert np.quantile(np.abs(draws), 0.95, axis=0) == pytest.approx([1.96] * 3, abs=0.05)


def test_draws_have_the_tails_of_a_t_with_few_units():
    generator = np.random.default_rng(4)
    draws = multiplier_draws(influence_of_means(generator.normal(size=(15, 40))), seed=2, draws=20_000)
    assert np.quantile(np.abs(draws), 0.95) == pytest.approx(stats.t.ppf(0.975, 14), rel=0.06)


def test_draws_repeat_and_leave_out_what_does_not_vary():
    influence = np.column_stack([np.random.default_rng(5).normal(size=30), np.zeros(30), np.full(30, np.nan)])
    first, again = multiplier_draws(influence, 7, 50), multiplier_draws(influence, 7, 50)
    assert np.array_equal(first, again, equal_nan=True)
    assert np.isfinite(first[:, 0]).all()
    assert np.isnan(first[:, 1:]).all()


def test_a_small_store_gives_the_same_law(monkeypatch):
    import analysis.effects.multiplicity as module

    influence = np.random.default_rng(6).normal(size=(50, 2))
    monkeypatch.setattr(module, "MOST_MULTIPLIERS", 1000)
    found = multiplier_draws(influence, 7, 2000)
    assert found.shape == (2000, 2)
    assert found.std(axis=0) == pytest.approx([1, 1], abs=0.06)


def adjusted_of_one_study(seed: int, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """60 units, 8 outcomes that go together at 0.8; Romano-Wolf's and Holm's p-values."""
    generator = np.random.default_rng(seed)
    values = effect + np.sqrt(0.2) * generator.normal(size=(60, 8)) + np.sqrt(0.8) * generator.normal(size=(60, 1))
    influence = influence_of_means(values)
    statistics = values.mean(axis=0) / np.sqrt((influence**2).sum(axis=0))
    stepped = romano_wolf(statistics, multiplier_draws(influence, seed, 499))
    return stepped, holm(2 * stats.t.sf(np.abs(statistics), 59))


def test_the_chance_of_any_false_finding_is_the_level():
    """800 studies without any effect; 5 % with three binomial standard errors."""
    false = sum((adjusted_of_one_study(seed, 0.0)[0] <= 0.05).any() for seed in range(800))
    assert abs(false / 800 - 0.05) <= 3 * np.sqrt(0.05 * 0.95 / 800)


def test_joint_draws_find_more_than_holm():
    found = np.array([[(p <= 0.05).sum() for p in adjusted_of_one_study(seed, 0.3)] for seed in range(300)])
    assert found[:, 0].sum() > 1.05 * found[:, 1].sum()
