"""The test by placebos in space, turned round: its interval against trying every effect."""

import math

import numpy as np
import pytest

from analysis.effects.placebo import least_gap, placebos
from analysis.effects.placebo_interval import critical_ratio, detectable_effect, effects_not_rejected
from analysis.effects.synthetic import Block, fit, spread_between

BEFORE, LEVEL = 10, 0.10


def drawn(seed, units=20, effect=0.0):
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.1, (2, 14)).cumsum(axis=1)
    outcome = rng.normal(0, 0.1, (units, 1)) + rng.random((units, 2)) @ common + rng.normal(0, 0.05, (units, 14))
    outcome[0, BEFORE:] += effect
    return Block(outcome, np.arange(units) == 0, BEFORE)


def told_of(block, method):
    found, spread = fit(block, method), spread_between(block)
    return found, placebos(block, method, found, spread), least_gap(spread)


@pytest.mark.parametrize("method", ["synthetic_control", "synthetic_did"])
@pytest.mark.parametrize("seed", range(4))
def test_the_interval_holds_the_effects_that_the_test_does_not_reject(method, seed):
    block = drawn(seed, effect=0.3)
    found, told, least = told_of(block, method)
    low, high = effects_not_rejected(found.path - found.synthetic, BEFORE, told.ratios, LEVEL, least)
    for value in np.linspace(-0.6, 1.2, 61):
        shifted = block.outcome.copy()
        shifted[0, BEFORE:] -= value
        _, again, _ = told_of(Block(shifted, block.treated, BEFORE), method)
        assert (low <= value <= high) == (again.p > LEVEL), value


def test_too_few_units_to_reject_anything_give_no_interval():
    assert math.isnan(critical_ratio(np.arange(8.0), LEVEL))  # with 8 others p is 1/9 at least
    assert critical_ratio(np.arange(9.0), LEVEL) == 8.0
    assert critical_ratio(np.arange(29.0), LEVEL) == 26.0  # p <= 0.10 with at most two as large
    found, told, least = told_of(drawn(1, units=8), "synthetic_control")
    assert np.isnan(effects_not_rejected(found.path - found.synthetic, BEFORE, told.ratios, LEVEL, least)).all()
    assert math.isnan(detectable_effect(told.gaps, BEFORE, told.ratios, LEVEL, 0.8, least))


def test_the_detectable_effect_is_found_in_as_many_mock_groups():
    _, told, least = told_of(drawn(3), "synthetic_control")
    size = detectable_effect(told.gaps, BEFORE, told.ratios, LEVEL, 0.8, least)
    critical = critical_ratio(told.ratios, LEVEL)
    found = []
    for gap in told.gaps:
        before = max(np.sqrt((gap[:BEFORE] ** 2).mean()), least)
        for sign in (1, -1):
            found.append(np.sqrt(((gap[BEFORE:] + sign * size * (1 + 1e-9)) ** 2).mean()) / before >= critical)
    assert np.mean(found) >= 0.8
    assert np.mean(found) <= 0.9
