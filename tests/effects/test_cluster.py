"""CR2 and Satterthwaite against the textbook formula with full matrices, and against diff-diff."""

import numpy as np
import pytest

from analysis.effects.cluster import cr1, cr2
from analysis.effects.linear import fit_linear
from analysis.effects.refusal import DesignRefused


def clustered_data(seed, clusters=9, rows=70, treated=3):
    generator = np.random.default_rng(seed)
    cluster = np.concatenate([np.arange(clusters), generator.integers(0, clusters, rows - clusters)])
    time = generator.integers(0, 3, rows)
    exposed = (cluster < treated) & (time > 0)
    columns = np.column_stack([exposed, time == 1, time == 2, generator.normal(size=rows)]).astype(float)
    outcome = columns[:, 3] + generator.normal(size=clusters)[cluster] + generator.normal(size=rows)
    return outcome, columns, cluster, generator.uniform(0.5, 3, rows)


def textbook(outcome, design, cluster, position):
    """Bell & McCaffrey (2002) written out: full hat matrix, symmetric pseudo-inverse square roots, P as G x G."""
    bread = np.linalg.pinv(design.T @ design)
    left = np.eye(len(outcome)) - design @ bread @ design.T
    residuals = left @ outcome
    columns = []
    for code in range(cluster.max() + 1):
        rows = np.flatnonzero(cluster == code)
        values, vectors = np.linalg.eigh(left[np.ix_(rows, rows)])
        inverse = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-12)), 0)
        full = np.zeros(len(outcome))
        full[rows] = (vectors * inverse) @ vectors.T @ design[rows] @ bread[:, position]
        columns.append(full)
    weights = np.stack(columns, axis=1)
    quadratic = weights.T @ left @ left @ weights
    scores = weights.T @ residuals
    return scores, np.trace(quadratic) ** 2 / (quadratic**2).sum()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("weighted", [False, True])
def test_cr2_with_absorbed_effects_equals_the_dense_formula_with_dummies(seed, weighted):
    outcome, columns, cluster, weights = clustered_data(seed)
    weights = weights if weighted else np.ones(len(outcome))
    inference = cr2(fit_linear(outcome, columns, cluster, weights=weights, groups=cluster), [0, 3])
    root = np.sqrt(weights)
    dummies = np.eye(cluster.max() + 1)[cluster]
    design = np.column_stack([columns, dummies]) * root[:, None]
    for place, position in enumerate([0, 3]):
        scores, df = textbook(outcome * root, design, cluster, position)
        np.testing.assert_allclose(inference.influence[:, place], scores, atol=1e-9)
        assert inference.df[place] == pytest.approx(df, rel=1e-8)


def test_cr2_agrees_with_diff_diff(second):
    from diff_diff import LinearRegression

    outcome, columns, cluster, _ = clustered_data(11, clusters=12, rows=300)
    design = np.column_stack([columns, np.eye(12)[cluster]])
    peer = LinearRegression(include_intercept=False, vcov_type="hc2_bm", cluster_ids=cluster)
    peer.fit(design, outcome)
    found = peer.get_inference(0)
    fit = fit_linear(outcome, columns, cluster, groups=cluster)
    ours = cr2(fit, [0])
    said = ("difference-in-differences", "diff-diff")
    second(*said, "coefficient, absorbed units", found.coefficient, fit.coefficients[0], 1e-10)
    second(*said, "CR2 standard error", found.se, ours.se[0], 1e-8)
    second(*said, "Satterthwaite degrees of freedom", found.df, ours.df[0], 1e-6)


def test_cr1_agrees_with_statsmodels():
    import statsmodels.api as sm

    outcome, columns, cluster, _ = clustered_data(3)
    design = np.column_stack([np.ones(len(outcome)), columns])
    fit = fit_linear(outcome, design, cluster)
    peer = sm.OLS(outcome, design).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    np.testing.assert_allclose(cr1(fit, [0, 1, 4]), peer.bse[[0, 1, 4]], rtol=1e-10)


def test_dependent_columns_are_refused():
    outcome, columns, cluster, _ = clustered_data(1)
    with pytest.raises(DesignRefused, match="collinear"):
        fit_linear(outcome, np.column_stack([columns, columns @ [1, 2, 0, 0]]), cluster, groups=cluster)
    with pytest.raises(DesignRefused, match="collinear"):
        fit_linear(outcome, np.column_stack([columns, cluster < 3]).astype(float), cluster, groups=cluster)
