"""Entropy balancing: the published value, balance to the last digit, and refusal where no weights can balance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.effects.covariates import expand
from analysis.effects.entropy_balancing import balanced_effect, balancing_weights
from analysis.effects.refusal import DesignRefused

COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "u74", "u75"]


def test_lalonde(in_print, lalonde):
    """1406.27 (654.93): Imbens & Xu (2024), table B1; R's ebal stops when means agree to 1, hence the 0.04."""
    sample = lalonde[(lalonde["source"] == "cps") | (lalonde["treat"] == 1)]
    treated = sample["treat"].to_numpy() == 1
    effect = balanced_effect(sample["re78"].to_numpy(dtype=float), treated, expand(sample, COVARIATES))
    said = ("weighting", "Imbens & Xu (2024), table B1 (LDW-CPS)")
    in_print(*said, "entropy balancing (theirs stops early)", 1406.27, effect.estimate, 2, 0.05)
    assert effect.se == pytest.approx(654.93, rel=0.03)  # theirs takes the weights as known


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_means_agree_with_the_target(seed, width):
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(60, width))
    target = generator.dirichlet(np.ones(60)) @ rows
    weights = balancing_weights(rows, target)
    assert weights.min() > 0
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ rows == pytest.approx(target, abs=1e-6)


def test_a_target_outside_the_rows_is_refused():
    with pytest.raises(DesignRefused) as refused:
        balancing_weights(np.array([[0.0], [1.0], [2.0]]), np.array([3.0]))
    assert refused.value.rule == "no_overlap"


def test_the_standard_error_is_that_of_the_bootstrap():
    import pandas as pd

    generator = np.random.default_rng(8)
    size = 400
    table = pd.DataFrame({"age": generator.normal(size=size), "sex": generator.integers(0, 2, size)})
    treated = generator.random(size) < 1 / (1 + np.exp(-(table["age"] - 1)))
    outcome = (table["age"] ** 2 + table["sex"] + generator.normal(size=size)).to_numpy()

    def effect(rows):
        part = table.iloc[rows].reset_index(drop=True)
        return balanced_effect(outcome[rows], treated.to_numpy()[rows], expand(part, ["age", "sex"]))

    drawn = [effect(generator.integers(0, size, size)).estimate for _ in range(300)]
    assert effect(np.arange(size)).se == pytest.approx(np.std(drawn), rel=0.15)
