"""Raking: a printed result, known properties of iterative proportional fitting, an independent solution, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from analysis.effects.raking import Raked, linearised_residuals, rake
from analysis.effects.refusal import DesignRefused


def raked_table(table, row_totals, column_totals) -> np.ndarray:
    """A table raked as a survey of one row a cell, the count as its base weight."""
    table = np.asarray(table, dtype=float)
    row, column = (np.ravel(codes) for codes in np.indices(table.shape))
    seen = table.ravel() > 0
    totals = {"row": np.asarray(row_totals, dtype=float), "column": np.asarray(column_totals, dtype=float)}
    found = rake(
        {"row": row[seen], "column": column[seen]},
        {name: values / values.sum() for name, values in totals.items()},
        table.ravel()[seen],
    )
    adjusted = np.zeros(table.size)
    adjusted[seen] = found.weights * (totals["row"].sum() / seen.sum())
    return adjusted.reshape(table.shape)


def survey(seed: int, rows: int = 60, levels: tuple[int, ...] = (2, 3, 4), missing: float = 0.0):
    """Codes with every combination of the first two margins present, shares near those of the sample."""
    generator = np.random.default_rng(seed)
    codes = {f"m{place}": generator.integers(0, count, rows) for place, count in enumerate(levels)}
    full = np.array(np.meshgrid(*[range(count) for count in levels])).reshape(len(levels), -1)
    codes = {name: np.concatenate([values, full[place]]) for place, (name, values) in enumerate(codes.items())}
    shares = {f"m{place}": generator.dirichlet(np.full(count, 5.0)) for place, count in enumerate(levels)}
    base = generator.uniform(0.5, 2.0, rows + full.shape[1])
    if missing:
        codes["m2"] = np.where(generator.random(len(base)) < missing, -1, codes["m2"])
    return codes, shares, base


def shares_of(codes, weights) -> np.ndarray:
    answered = codes >= 0
    return np.bincount(codes[answered], weights[answered]) / weights[answered].sum()


def test_a_printed_table():
    """The 4 x 4 example of the documentation of ProportionalFitting.jl (van Kesteren, docs/src/index.md), also that of
    Wikipedia's article "Iterative proportional fitting": the table, both margins and the result are printed there."""
    found = raked_table(
        [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]],
        [150, 300, 400, 150],
        [200, 300, 400, 100],
    )
    printed = [
        [64.5585, 46.2325, 35.3843, 3.82473],
        [49.9679, 68.1594, 156.499, 25.3742],
        [56.7219, 144.428, 145.082, 53.7673],
        [28.7516, 41.18, 63.0347, 17.0337],
    ]
    assert found == pytest.approx(np.array(printed), rel=5e-6)


def test_a_two_by_two_table_by_hand():
    """Odds ratio 4 and even margins leave one table: x^2 / (1/2 - x)^2 = 4."""
    assert raked_table([[4, 2], [2, 4]], [1, 1], [1, 1]) == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)


def test_a_table_with_cells_that_cannot_be():
    """Census of women by age and marital status, of Bishop, Fienberg & Holland (1975), as in SAS/IML's example 9.14:
    empty cells stay empty, both margins are met, odds ratios stay."""
    table = np.array(
        [[1306, 83, 0], [619, 765, 3], [263, 1194, 9], [173, 1372, 28], [171, 1393, 51], [159, 1372, 81],
         [208, 1350, 108], [1116, 4100, 2329]]
    )  # fmt: skip
    ages, states = [1412, 1402, 1450, 1541, 1681, 1532, 1662, 7644], [3988, 11702, 2634]
    found = raked_table(table, ages, states)
    assert found[0, 2] == 0
    assert found.sum(axis=1) == pytest.approx(ages)
    assert found.sum(axis=0) == pytest.approx(states)
    odds = [cells[1, 0] * cells[7, 2] / cells[1, 2] / cells[7, 0] for cells in (table, found)]
    assert odds[1] == pytest.approx(odds[0])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.2]))
def test_margins_are_met_with_positive_weights(seed, missing):
    codes, shares, base = survey(seed, missing=missing)
    found = rake(codes, shares, base)
    for name, values in codes.items():
        assert shares_of(values, found.weights) == pytest.approx(shares[name], abs=1e-9)
    assert found.weights.sum() == pytest.approx(len(base))
    assert (found.weights > 0).all()
    assert (found.smallest, found.largest) == (found.weights.min(), found.weights.max())
    unanswered = codes["m2"] < 0
    assert found.weights[unanswered].sum() / len(base) == pytest.approx(base[unanswered].sum() / base.sum(), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3))
def test_order_of_rows_order_of_margins_and_scale_do_not_matter(seed, scale):
    codes, shares, base = survey(seed, missing=0.1)
    found = rake(codes, shares, base).weights
    order = np.random.default_rng(seed).permutation(len(base))
    turned = {name: codes[name][order] for name in reversed(codes)}
    assert rake(turned, shares, base[order] * scale).weights == pytest.approx(found[order], rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_odds_ratios_between_margins_stay(seed):
    codes, shares, base = survey(seed, levels=(2, 3))
    weights = rake(codes, shares, base).weights
    cells = [np.bincount(codes["m0"] * 3 + codes["m1"], given).reshape(2, 3) for given in (base, weights)]
    odds = [table[0, :2] * table[1, 1:] / table[0, 1:] / table[1, :2] for table in cells]
    assert odds[1] == pytest.approx(odds[0])


@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_weights_are_those_of_the_least_entropy(missing):
    """The dual of min sum(w log(w / d) - w + d) under the margins, by a general-purpose minimiser."""
    codes, shares, base = survey(3, missing=missing)
    base = base / base.mean()
    columns, totals = [], []
    for name, values in codes.items():
        answered = float(base[values >= 0].sum())
        for code, share in enumerate(shares[name]):
            columns.append(values == code)
            totals.append(share * answered)
        if answered < base.sum():
            columns.append(values < 0)
            totals.append(base.sum() - answered)
    design, target = np.column_stack(columns).astype(float), np.array(totals)
    solved = optimize.minimize(
        lambda dual: float((base * np.exp(design @ dual)).sum() - dual @ target),
        np.zeros(len(target)),
        jac=lambda dual: design.T @ (base * np.exp(design @ dual)) - target,
        method="BFGS",
        options={"gtol": 1e-10},
    )
    assert rake(codes, shares, base).weights == pytest.approx(base * np.exp(design @ solved.x), rel=1e-6)


def test_one_margin_is_post_stratification():
    found = rake({"sex": np.array([0, 0, 0, 1])}, {"sex": np.array([0.5, 0.5])})
    assert found.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert found.design_effect == pytest.approx(4 * (3 * 4 / 9 + 4) / 16)
    assert found.effective_n == pytest.approx(4 / found.design_effect)
    assert isinstance(found, Raked)


def test_margins_already_met_leave_the_base():
    found = rake({"sex": np.array([0, 1, 0, 1])}, {"sex": np.array([0.5, 0.5])}, np.array([1.0, 3.0, 3.0, 1.0]))
    assert found.iterations == 0
    assert found.weights == pytest.approx([0.5, 1.5, 1.5, 0.5])


@pytest.mark.parametrize(
    ("rule", "codes", "shares", "base"),
    [
        ("raking_shares", [0, 1, 1], [0.5, 0.4], None),
        ("raking_shares", [0, 1, 1], [1.2, -0.2], None),
        ("raking_shares", [0, 1, 1], [0.5, np.nan], None),
        ("raking_category_empty", [0, 1, 1], [0.4, 0.4, 0.2], None),
        ("raking_category_without_share", [0, 1, 2], [0.5, 0.5], None),
        ("raking_category_without_share", [0, 1, 2], [0.5, 0.5, 0.0], None),
        ("raking_base", [0, 1, 1], [0.5, 0.5], [1.0, 0.0, 1.0]),
        ("raking_base", [0, 1, 1], [0.5, 0.5], [1.0, np.nan, 1.0]),
    ],
)
def test_what_cannot_be_raked_is_refused(rule, codes, shares, base):
    with pytest.raises(DesignRefused) as refused:
        rake({"age": np.array(codes)}, {"age": np.array(shares)}, None if base is None else np.array(base))
    assert refused.value.rule == rule


def test_margins_that_no_weights_have_are_refused():
    """Everybody of the first sex is young: 60 % men and 50 % young cannot be."""
    codes = {"sex": np.array([0, 0, 1, 1, 1]), "age": np.array([0, 0, 0, 1, 1])}
    with pytest.raises(DesignRefused) as refused:
        rake(codes, {"sex": np.array([0.6, 0.4]), "age": np.array([0.5, 0.5])})
    assert refused.value.rule == "raking_not_converged"


def test_a_margin_nobody_answered_changes_nothing():
    found = rake({"sex": np.array([-1, -1, -1])}, {"sex": np.array([0.5, 0.5])}, np.array([1.0, 2.0, 3.0]))
    assert found.weights == pytest.approx([0.5, 1.0, 1.5])


def test_residuals_are_those_of_the_weighted_regression():
    codes, shares, base = survey(5)
    weights = rake(codes, shares, base).weights
    values = np.random.default_rng(5).normal(size=len(base)) + codes["m1"]
    import statsmodels.api as sm

    design = np.column_stack([codes[name] == code for name in codes for code in range(1, codes[name].max() + 1)])
    expected = sm.WLS(values, sm.add_constant(design.astype(float)), weights=weights).fit().resid
    assert linearised_residuals(values, weights, codes) == pytest.approx(expected, abs=1e-10)


def test_a_sum_of_margin_effects_has_no_residual():
    codes, shares, base = survey(6)
    weights = rake(codes, shares, base).weights
    values = 3.0 + codes["m0"] * 2.0 - codes["m2"]
    assert linearised_residuals(values, weights, codes) == pytest.approx(np.zeros(len(base)), abs=1e-10)


@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_the_standard_error_of_a_raked_mean_is_that_of_repeated_surveys(missing):
    """600 surveys of 300; who gave no age differs in the outcome."""
    means, errors = [], []
    shares = {"sex": np.array([0.48, 0.52]), "age": np.array([0.3, 0.4, 0.3])}
    for seed in range(600):
        generator = np.random.default_rng(seed)
        sex, age = generator.choice(2, 300, p=[0.48, 0.52]), generator.choice(3, 300, p=[0.3, 0.4, 0.3])
        unanswered = generator.random(300) < missing
        outcome = sex + 1.5 * age + 2.0 * unanswered + generator.normal(size=300)
        codes = {"sex": sex, "age": np.where(unanswered, -1, age)}
        weights = rake(codes, shares).weights
        means.append(float(np.average(outcome, weights=weights)))
        errors.append(np.sqrt(((weights * linearised_residuals(outcome, weights, codes)) ** 2).sum()) / 300)
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.07)
