"""Uniform critical values and minimum detectable effects against direct simulation and known values."""

import numpy as np
import pytest
from scipy import stats

from analysis.effects.bands import uniform_critical_value
from analysis.effects.power import minimum_detectable_effect


def test_one_point_gives_the_pointwise_interval():
    influence = np.random.default_rng(1).normal(size=(50, 1))
    assert uniform_critical_value(influence, draws=200_000) == pytest.approx(1.96, abs=0.02)
    assert uniform_critical_value(influence, df=5, draws=200_000) == pytest.approx(stats.t.ppf(0.975, 5), abs=0.03)


def test_independent_points_give_the_sidak_value():
    influence = np.eye(10)
    expected = stats.norm.ppf((1 + 0.95 ** (1 / 10)) / 2)
    assert uniform_critical_value(influence, draws=200_000) == pytest.approx(expected, abs=0.02)


def test_equals_the_multiplier_bootstrap():
    generator = np.random.default_rng(2)
    influence = generator.normal(size=(300, 6)) @ generator.normal(size=(6, 6)) / 300
    multipliers = generator.normal(size=(40_000, 300))
    drawn = np.abs(multipliers @ influence / np.sqrt((influence**2).sum(axis=0))).max(axis=1)
    assert uniform_critical_value(influence, draws=40_000) == pytest.approx(np.quantile(drawn, 0.95), abs=0.03)


def test_points_without_variation_are_left_out_and_the_seed_decides():
    influence = np.random.default_rng(3).normal(size=(80, 4))
    with_constant = np.column_stack([influence, np.zeros(80)])
    assert uniform_critical_value(with_constant, seed=4) == uniform_critical_value(influence, seed=4)
    assert uniform_critical_value(influence, seed=4) != uniform_critical_value(influence, seed=5)
    assert np.isnan(uniform_critical_value(np.zeros((80, 2))))


def test_minimum_detectable_effect():
    assert minimum_detectable_effect(1.0, np.inf) == pytest.approx(2.8016, abs=1e-4)  # 1.95996 + 0.84162
    df, effect = 5.2, minimum_detectable_effect(0.01, 5.2)
    critical = stats.t.ppf(0.975, df)
    assert effect > 0.028 and stats.t.sf(critical - effect / 0.01, df) == pytest.approx(0.80, abs=1e-9)
