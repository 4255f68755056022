"""Two-period difference-in-differences given covariates: print, an independent implementation, and what must hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.covariates import expand, model_matrix
from analysis.effects.doubly_robust import effect_on_cross_sections, effect_on_panel
from analysis.effects.refusal import DesignRefused

COVARIATES = ["age", "educ", "black", "married", "nodegree", "hisp", "re74"]
PUBLISHED = {
    "dripw": (-871.3271, 396.0211, 4),
    "drimp": (-901.2703, 393.6127, 4),
    "reg": (-1300.645, 349.8259, 3),
    "ipw": (-1107.872, 408.6127, 3),
    "stdipw": (-1021.609, 397.5201, 3),
}


@pytest.fixture(scope="module")
def men():
    """Smith and Todd's men: the experiment's treated and the survey's comparison, change of earnings 1975-1978."""
    import moderndid

    table = pd.DataFrame(moderndid.load_nsw().to_dict(as_series=False))
    table = table[(table["treated"] == 0) | (table["sample"] == 2)].sort_values(["id", "year"])
    before, after = (table[table["year"] == year].reset_index(drop=True) for year in (1975, 1978))
    assert (before["id"] == after["id"]).all()
    treated = before["experimental"].to_numpy() == 1
    matrix, _ = model_matrix(expand(before, COVARIATES), treated)
    return before["re"].to_numpy(float), after["re"].to_numpy(float), treated, matrix


@pytest.mark.parametrize("score", PUBLISHED)
def test_the_effect_in_print(in_print, men, score):
    before, after, treated, matrix = men
    ours = effect_on_panel(after - before, treated, matrix, score)
    estimate, se, decimals = PUBLISHED[score]
    said = ("difference-in-differences with covariates", "Sant'Anna & Zhao (2020), Stata drdid help (NSW and CPS)")
    in_print(*said, score, estimate, ours.estimate, decimals)
    in_print(*said, f"{score}, SE", se, ours.se, 4)


def made(seed, number=900):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(number, 2))
    treated = generator.random(number) < 1 / (1 + np.exp(0.4 - 0.6 * x[:, 0]))
    after = generator.random(number) < 0.5
    noise = generator.normal(size=number)
    outcome = x @ [1.0, -0.5] + after * (0.5 + 0.8 * x[:, 0]) + 1.5 * (treated & after) + noise
    return outcome, after, treated, np.column_stack([np.ones(number), x])


ORACLES = {"dripw": "drdid_rc", "reg": "reg_did_rc", "stdipw": "std_ipw_did_rc"}


@pytest.mark.parametrize("score", ORACLES)
def test_cross_sections_agree_with_another_implementation(second, score):
    import moderndid

    outcome, after, treated, matrix = made(3)
    ours = effect_on_cross_sections(outcome, after, treated, matrix, score)
    theirs = getattr(moderndid, ORACLES[score])(
        outcome, after.astype(float), treated.astype(float), matrix, np.ones(len(outcome))
    )
    said = ("difference-in-differences with covariates", "moderndid", f"cross-sections, {score}")
    second(*said, theirs.att, ours.estimate, 1e-6)
    if score != "dripw":  # its standard error there differs by up to 1 % either way: see the jackknife below
        second(*said[:2], f"{said[2]}, SE", theirs.se, ours.se, 2e-3)  # theirs divides by n - 1


@pytest.mark.parametrize("score", ORACLES)
def test_influence_on_cross_sections_is_what_leaving_one_out_shows(score):
    outcome, after, treated, matrix = made(3)
    ours = effect_on_cross_sections(outcome, after, treated, matrix, score)
    kept = ~np.eye(len(outcome), dtype=bool)
    without = np.array(
        [effect_on_cross_sections(outcome[k], after[k], treated[k], matrix[k], score).estimate for k in kept]
    )
    shown = (without.mean() - without) * (len(outcome) - 1) / len(outcome)
    assert np.corrcoef(ours.influence, shown)[0, 1] > 0.9998
    assert ours.se == pytest.approx(np.sqrt((shown**2).sum()), rel=0.02)


@pytest.mark.parametrize("score", ["dripw", "drimp"])
def test_either_model_suffices_on_a_panel(score):
    """The change depends on x squared: the odds know it and the line does not, and the other way round."""
    generator = np.random.default_rng(1)
    x = generator.normal(size=60_000)
    linear, square = np.column_stack([np.ones_like(x), x]), np.column_stack([np.ones_like(x), x, x**2])
    for in_odds, in_line in ((x, x), (x**2 / 2, x), (x, x**2)):
        treated = generator.random(len(x)) < 1 / (1 + np.exp(1.0 - 0.7 * in_odds))
        change = 1.0 + in_line + 2.0 * treated + generator.normal(size=len(x))
        ours = effect_on_panel(change, treated, linear, score)
        assert abs(ours.estimate - 2.0) < 4 * ours.se
    treated = generator.random(len(x)) < 1 / (1 + np.exp(1.0 - 0.35 * x**2))
    change = 1.0 + x**2 + 2.0 * treated + generator.normal(size=len(x))
    wrong = effect_on_panel(change, treated, linear, score)
    assert abs(wrong.estimate - 2.0) > 4 * wrong.se  # when both are wrong it must show, or the test proves nothing
    right = effect_on_panel(change, treated, square, score)
    assert abs(right.estimate - 2.0) < 4 * right.se


@pytest.mark.parametrize("score", PUBLISHED)
def test_without_covariates_it_is_the_difference_of_mean_changes(score):
    outcome, _, treated, matrix = made(5)
    ours = effect_on_panel(outcome, treated, matrix[:, :1], score)
    assert ours.estimate == pytest.approx(outcome[treated].mean() - outcome[~treated].mean(), abs=1e-9)
    spread = sum(outcome[group].var() / group.sum() for group in (treated, ~treated))
    assert ours.se == pytest.approx(np.sqrt(spread), rel=1e-9 if score != "ipw" else 0.2)


def test_covariates_that_tell_the_groups_apart_are_refused():
    x = np.r_[np.linspace(0, 1, 50), np.linspace(2, 3, 50)]
    matrix, treated = np.column_stack([np.ones(100), x]), np.arange(100) >= 50
    for score in ("dripw", "drimp", "ipw", "stdipw"):
        with pytest.raises(DesignRefused, match="separation"):
            effect_on_panel(x**2, treated, matrix, score)
