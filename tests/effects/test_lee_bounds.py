"""Trimming bounds: hand-made answers, coverage of the truth, refusals."""

import numpy as np
import pytest

from analysis.effects.lee_bounds import lee_bounds
from analysis.effects.refusal import DesignRefused


def test_without_attrition_the_bounds_meet_in_the_difference():
    outcome = np.array([1.0, 2.0, 3.0, 1.0, 1.0, 2.0])
    treated = np.array([True] * 3 + [False] * 3)
    found = lee_bounds(outcome, np.ones(6, dtype=bool), treated)
    assert found.trimmed == 0
    assert found.low == found.high == pytest.approx(2 - 4 / 3)


def test_a_quarter_trimmed_by_hand():
    """Treated all respond (1..4), of the others three in four: a quarter of the treated is trimmed."""
    outcome = np.array([1.0, 2.0, 3.0, 4.0, 2.0, 2.0, 2.0, 99.0])
    treated = np.array([True] * 4 + [False] * 4)
    observed = np.array([True] * 7 + [False])
    found = lee_bounds(outcome, observed, treated)
    assert found.trimmed == pytest.approx(0.25)
    assert (found.low, found.high) == pytest.approx((0.0, 1.0))


def test_swapping_the_groups_mirrors_the_bounds():
    generator = np.random.default_rng(2)
    outcome, treated = generator.normal(size=200), generator.random(200) < 0.5
    observed = generator.random(200) < np.where(treated, 0.9, 0.7)
    found, turned = lee_bounds(outcome, observed, treated), lee_bounds(outcome, observed, ~treated)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_the_interval_covers_the_effect_on_those_always_seen():
    """True effect 0.5; treatment brings in people with low outcomes. 200 draws: at least 90.5 %."""
    covered = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        treated, latent = generator.random(600) < 0.5, generator.normal(size=600)
        observed = latent > np.where(treated, -1.2, -0.6)
        found = lee_bounds(latent + 0.5 * treated, observed, treated)
        covered += found.ci_low <= 0.5 <= found.ci_high
    assert covered / 200 >= 0.905


def test_standard_errors_are_those_of_the_bootstrap():
    generator = np.random.default_rng(5)
    treated, latent = generator.random(800) < 0.5, generator.normal(size=800)
    observed = generator.random(800) < np.where(treated, 0.9, 0.75)
    drawn = []
    for _ in range(300):
        rows = generator.integers(0, 800, 800)
        part = lee_bounds(latent[rows], observed[rows], treated[rows])
        drawn.append((part.low, part.high))
    found = lee_bounds(latent, observed, treated)
    assert (found.se_low, found.se_high) == pytest.approx(np.std(drawn, axis=0), rel=0.2)


def test_a_group_that_nobody_answered_in_is_refused():
    with pytest.raises(DesignRefused):
        lee_bounds(np.arange(4.0), np.array([True, True, False, False]), np.array([True, True, False, False]))
