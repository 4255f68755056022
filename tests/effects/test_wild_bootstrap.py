"""The wild cluster restricted bootstrap against brute force: every pattern, every regression refitted."""

import itertools

import numpy as np
import pytest

from analysis.effects.linear import fit_linear
from analysis.effects.wild_bootstrap import cluster_weights, weights_by_rule, wild_bootstrap_p


def clustered_data(clusters, seed=2, rows_each=8):
    generator = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rows_each)
    time = np.tile(np.arange(rows_each), clusters)
    exposed = (cluster < clusters // 2) & (time >= rows_each // 2)
    columns = np.column_stack([exposed, generator.normal(size=len(cluster)), time == 1, time >= rows_each // 2])
    outcome = 0.5 * exposed + generator.normal(size=(clusters, 2))[cluster, (time > 3) * 1]
    return outcome + generator.normal(size=len(cluster)), columns.astype(float), cluster


def brute_force_p(outcome, columns, cluster, tested, patterns):
    design = np.column_stack([columns, np.eye(cluster.max() + 1)[cluster]])
    restricted = np.delete(design, tested, axis=1)
    fitted = restricted @ np.linalg.lstsq(restricted, outcome, rcond=None)[0]
    bread = np.linalg.inv(design.T @ design)

    def wald(values):
        coefficients = bread @ design.T @ values
        residuals = values - design @ coefficients
        scores = np.stack([design[cluster == g].T @ residuals[cluster == g] for g in range(cluster.max() + 1)])
        variance = (bread @ scores.T @ scores @ bread)[np.ix_(tested, tested)]
        return coefficients[tested] @ np.linalg.solve(variance, coefficients[tested])

    observed = wald(outcome)
    drawn = [wald(fitted + np.array(pattern)[cluster] * (outcome - fitted)) for pattern in patterns]
    return np.mean(np.array(drawn) >= observed * (1 - 1e-9))


@pytest.mark.parametrize("tested", [[0], [0, 1]])
def test_all_sign_patterns_by_brute_force(tested):
    outcome, columns, cluster = clustered_data(8)
    fit = fit_linear(outcome, columns, cluster, groups=cluster)
    patterns = list(itertools.product([-1.0, 1.0], repeat=8))
    expected = brute_force_p(outcome, columns, cluster, tested, patterns)
    found = wild_bootstrap_p(fit, tested, kind="rademacher_enumerated")
    assert 0 < expected < 1
    assert found == pytest.approx(expected, abs=1e-12)


def test_five_clusters_use_every_webb_pattern_by_brute_force():
    outcome, columns, cluster = clustered_data(4, seed=5)
    fit = fit_linear(outcome, columns, cluster, groups=cluster)
    points = [-np.sqrt(1.5), -1, -np.sqrt(0.5), np.sqrt(0.5), 1, np.sqrt(1.5)]
    expected = brute_force_p(outcome, columns, cluster, [0], itertools.product(points, repeat=4))
    assert wild_bootstrap_p(fit, [0]) == pytest.approx(expected, abs=1e-12)


def test_weighted_rows_stand_for_repeated_rows():
    outcome, columns, cluster = clustered_data(10, seed=4)
    times = np.random.default_rng(1).integers(1, 4, len(outcome))
    weighted = fit_linear(outcome, columns, cluster, weights=times.astype(float), groups=cluster)
    rows = np.repeat(np.arange(len(outcome)), times)
    repeated = fit_linear(outcome[rows], columns[rows], cluster[rows], groups=cluster[rows])
    assert wild_bootstrap_p(weighted, [0]) == pytest.approx(wild_bootstrap_p(repeated, [0]), abs=1e-12)


@pytest.mark.parametrize(
    ("clusters", "kind", "patterns"),
    [
        (5, "webb_enumerated", 6**5),
        (6, "webb", 500),
        (9, "webb", 500),
        (10, "rademacher_enumerated", 2**10),
        (13, "rademacher_enumerated", 2**13),
        (14, "rademacher", 500),
    ],
)
def test_the_rule_for_weights(clusters, kind, patterns):
    assert weights_by_rule(clusters) == kind
    weights = cluster_weights(clusters, kind, 500, 1)
    assert weights.shape == (patterns, clusters)
    assert (weights**2).mean() == pytest.approx(1, abs=0.05)
    assert abs(weights.mean()) < 0.05


def test_drawn_p_is_seeded_and_near_the_enumerated_one():
    outcome, columns, cluster = clustered_data(12, seed=9)
    fit = fit_linear(outcome, columns, cluster, groups=cluster)
    exact = wild_bootstrap_p(fit, [0], kind="rademacher_enumerated")
    drawn = wild_bootstrap_p(fit, [0], draws=9999, seed=3, kind="rademacher")
    assert drawn == wild_bootstrap_p(fit, [0], draws=9999, seed=3, kind="rademacher")
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999))


def test_agrees_with_diff_diff():
    from diff_diff import wild_bootstrap_se

    outcome, columns, cluster = clustered_data(12, seed=9)
    design = np.column_stack([columns, np.eye(12)[cluster]])
    residuals = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    peer = wild_bootstrap_se(design, outcome, residuals, cluster, 0, n_bootstrap=4999, seed=1)
    ours = wild_bootstrap_p(fit_linear(outcome, columns, cluster, groups=cluster), [0])
    assert ours == pytest.approx(peer.p_value, abs=0.02)


def test_more_coefficients_than_the_clusters_can_carry_are_not_tested():
    outcome, columns, cluster = clustered_data(3)
    fit = fit_linear(outcome, columns, cluster, groups=cluster)
    assert np.isnan(wild_bootstrap_p(fit, [0, 1, 2, 3]))
