"""Several arms: statsmodels, brute force over all lots, truth by simulation, and what is refused."""

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from pydantic import ValidationError

from analysis.effects.arm_lots import deals, drawn_units, lot_tests
from analysis.effects.arm_rows import joint_p
from analysis.effects.cluster import cr2
from analysis.effects.linear import fit_linear
from analysis.effects.multiplicity import holm
from analysis.effects.randomised import Experiment, adjusted, difference, randomisation_test
from analysis.effects.refusal import DesignRefused
from analysis.effects.run import estimate_outcomes
from analysis.effects.run_randomised import estimate_randomised
from analysis.effects.trial import Trial, arm_codes
from analysis.files import results_table
from analysis.study.design_settings import Arms, Randomised, population_and_arm
from analysis.study.settings import Inference, Outcome

ARMS = {"control": "C", "compared": ["A", "B"]}


def design(**changes):
    return Randomised.model_validate({"kind": "randomised", "treated": "arm", "arms": ARMS, "draws": 499} | changes)


def outcome(**changes):
    declared = {"chapter": "other", "design": "d", "populations": ["all"], "better": "higher", "unit": "points"}
    return Outcome.model_validate({"panel": "p"} | declared | changes)


def people(effects=(0.0, 0.5, 0.0), size=120, seed=4, strata=1):
    generator = np.random.default_rng(seed)
    arm = generator.permutation(np.repeat([0, 1, 2], size))
    x, stratum = generator.normal(size=3 * size), generator.integers(0, strata, 3 * size)
    y = np.array(effects)[arm] + x + stratum + generator.normal(size=3 * size) * (1 + arm)
    names = np.array(["C", "A", "B"])[arm]
    return pd.DataFrame({"case": range(3 * size), "arm": names, "x": x, "s": stratum, "y": y})


def rows_of(panel, **changes):
    return results_table(estimate_randomised(panel, "y", outcome(), design(**changes), Inference())).set_index(
        ["population", "measure", "term"]
    )


def test_every_arm_is_the_coefficient_of_one_regression_with_all_arms():
    panel = people(strata=3)
    arms = pd.get_dummies(panel["arm"])[["A", "B"]].astype(float)
    known = pd.get_dummies(panel["s"]).iloc[:, 1:].astype(float)
    for covariates, measure in (((), "effect"), (("x",), "effect_adjusted")):
        columns = pd.concat([known, panel[list(covariates)]], axis=1).to_numpy()
        centred = columns - columns.mean(axis=0)
        both = [arms[[one]].to_numpy() * centred for one in ("A", "B")]
        oracle = sm.OLS(panel["y"], sm.add_constant(np.column_stack([arms, centred, *both]))).fit(cov_type="HC2")
        found = rows_of(panel, stratum="s", covariates=["x"])
        for place, arm in enumerate("AB", start=1):
            row = found.loc[(f"all:{arm}", measure, "")]
            assert row["estimate"] == pytest.approx(oracle.params.iloc[place], rel=1e-9)
            assert row["se"] == pytest.approx(oracle.bse.iloc[place], rel=1e-9)


def test_the_joint_distance_is_walds_of_statsmodels_and_its_p_that_of_hotelling():
    panel = people()
    oracle = sm.OLS(panel["y"], sm.add_constant(pd.get_dummies(panel["arm"])[["A", "B"]].astype(float)))
    fitted = oracle.fit(cov_type="HC2")
    theirs = fitted.wald_test(np.eye(3)[1:], use_f=False, scalar=True).statistic
    found = rows_of(panel)
    df = min(found.loc[(f"all:{arm}", "effect", ""), "df"] for arm in "AB")
    from scipy import stats

    expected = stats.f.sf(theirs * (df - 1) / (df * 2), 2, df - 1)
    row = found.loc[("all", "joint_test", "")]
    assert row["p"] == pytest.approx(expected, rel=1e-8) and row["df"] == 2
    assert pd.isna(row["n"])


def test_arms_drawn_by_clusters_have_the_error_of_cr2_with_all_arms():
    generator = np.random.default_rng(9)
    of = np.repeat(np.arange(24), generator.integers(5, 20, 24))
    arm = np.repeat([0, 1, 2], 8)[of]
    y = generator.normal(size=24)[of] + 0.4 * arm + generator.normal(size=len(of))
    panel = pd.DataFrame({"case": range(len(of)), "arm": np.array(["C", "A", "B"])[arm], "g": of, "y": y})
    columns = np.column_stack([arm == 1, arm == 2, np.ones(len(of))]).astype(float)
    theirs = cr2(fit_linear(y, columns, of), [0, 1])
    found = rows_of(panel, cluster="g")
    for place, name in enumerate("AB"):
        row = found.loc[(f"all:{name}", "effect", "")]
        assert row["se"] == pytest.approx(theirs.se[place], rel=1e-9)
        assert row["df"] == pytest.approx(theirs.df[place], rel=1e-9)
        assert row["clusters"] == 16 and row["clusters_treated"] == 8


def test_with_two_arms_the_lots_are_those_of_two_groups():
    generator = np.random.default_rng(2)
    stratum = np.repeat([0, 1], [9, 8])
    treated = np.concatenate([generator.permutation([1] * 4 + [0] * 5), generator.permutation([1] * 4 + [0] * 4)])
    y = generator.normal(size=17) + treated
    of_two = Experiment(y, treated == 1, stratum, np.empty((17, 0)), None, 0.05)
    expected, smallest = randomisation_test(of_two, 9999, 1)
    found = lot_tests(drawn_units(y, treated, stratum, None), 9999, 1)
    assert found.p[0] == pytest.approx(expected) and found.smallest == pytest.approx(smallest)
    assert found.adjusted[0] == pytest.approx(expected) and found.joint == pytest.approx(expected)


def test_the_lots_of_all_arms_are_dealt_in_every_way():
    """Seven units, three arms: 7! / (3! 2! 2!) = 210 deals, counted by hand of Python's own permutations."""
    y = np.array([1.0, 2.5, 0.3, 4.0, 5.1, 2.2, 3.3])
    arm = np.array([0, 0, 0, 1, 1, 2, 2])

    def statistics(labels):
        groups = [y[labels == one] for one in range(3)]
        means, variances = [g.mean() for g in groups], [g.var(ddof=1) / len(g) for g in groups]
        effect = np.array(means[1:]) - means[0]
        covariance = np.diag(variances[1:]) + variances[0]
        single = effect**2 / np.diag(covariance)
        return [*single, effect @ np.linalg.solve(covariance, effect)]

    every = np.array([statistics(np.array(one)) for one in set(itertools.permutations(arm.tolist()))])
    observed = np.array(statistics(arm))
    found = lot_tests(drawn_units(y, arm, np.zeros(7, dtype=int), None), 9999, 1)
    assert len(every) == 210 and found.smallest == pytest.approx(1 / 210)
    assert [*found.p, found.joint] == pytest.approx((every >= observed * (1 - 1e-9)).mean(axis=0))
    first = int(np.argmax(observed[:2]))
    largest = every[:, :2].max(axis=1)
    stepped = (largest >= observed[first] * (1 - 1e-9)).mean()
    assert found.adjusted[first] == pytest.approx(stepped)
    assert found.adjusted[1 - first] == pytest.approx(max(stepped, found.p[1 - first]))


def test_deals_keep_the_size_of_every_arm_in_every_stratum():
    arm, stratum = tuple([0, 1, 2, 1, 0] * 6), tuple([0] * 12 + [1] * 18)
    dealt, exhaustive = deals(arm, stratum, 50, 3)
    assert not exhaustive
    for code in (0, 1):
        inside = np.array(stratum) == code
        counts = np.bincount(np.array(arm)[inside], minlength=3)
        assert all((np.bincount(one[inside], minlength=3) == counts).all() for one in dealt)


def test_holm_is_over_the_arms_and_decides_the_verdict():
    """An arm whose own p is just under five per cent is not shown once the other is counted."""
    for seed in range(200):
        panel = people((0.0, 0.33, 0.0), seed=seed)
        found = rows_of(panel, draws=199)
        p = [found.loc[(f"all:{arm}", "effect", ""), "p"] for arm in "AB"]
        if 0.03 < p[0] < 0.045 and p[1] > 0.1:
            break
    adjusted_p = [found.loc[(f"all:{arm}", "p_adjusted", "holm"), "estimate"] for arm in "AB"]
    assert adjusted_p == pytest.approx(holm(np.array(p)).tolist())
    assert adjusted_p[0] > 0.05 and found.loc[("all:A", "effect", ""), "verdict"] == "inconclusive"
    for name in ("romano_wolf", "randomisation"):
        assert found.loc[("all:A", "p_adjusted", name), "estimate"] >= p[0] * 0.9


def test_no_arm_is_found_where_none_has_an_effect_more_often_than_declared():
    """120 trials of 3 x 40 people: any arm by Holm, by the lots, and the joint test; five per cent and three errors."""
    hits = np.zeros(3)
    for seed in range(120):
        panel = people((0.0, 0.0, 0.0), size=40, seed=1000 + seed)
        found = rows_of(panel, draws=99)
        every = [
            [found.loc[(f"all:{arm}", "p_adjusted", one), "estimate"] for arm in "AB"]
            for one in ("holm", "randomisation")
        ]
        hits += [min(every[0]) <= 0.05, min(every[1]) <= 0.05, found.loc[("all", "joint_test", ""), "p"] <= 0.05]
    assert (hits / 120 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 120)).all()


def test_codes_of_several_arms_may_be_numbers():
    panel = people().assign(arm=lambda table: table["arm"].map({"C": 0.0, "A": 1.0, "B": 2.0}))
    found = rows_of(panel, arms={"control": 0, "compared": [1, 2]})
    expected = rows_of(people())
    assert found.loc[("all:1", "effect", ""), "estimate"] == expected.loc[("all:A", "effect", ""), "estimate"]


def test_an_unknown_arm_is_refused_by_name():
    panel = people()
    panel.loc[[3, 8], "arm"] = "Z"
    with pytest.raises(DesignRefused) as refused:
        arm_codes(panel, "arm", Arms.model_validate(ARMS))
    assert refused.value.rule == "arm_unknown"
    assert refused.value.params == {"column": "arm", "value": "Z", "count": "2", "known": "C, A, B"}


def test_an_arm_with_nobody_in_it_says_so_and_leaves_the_family():
    found = rows_of(people().query("arm != 'B'"))
    assert found.loc[("all:B", "effect", ""), "note"] == "refused=arm_empty;column=arm;value=B"
    row = found.loc[("all:A", "effect", "")]
    assert found.loc[("all:A", "p_adjusted", "holm"), "estimate"] == pytest.approx(row["p"])
    assert found.loc[("all", "joint_test", ""), "note"] == "arms=A"


def test_a_yes_or_no_is_not_a_code():
    with pytest.raises(ValidationError):
        Arms.model_validate({"control": False, "compared": [True]})


def test_the_name_of_an_arm_is_told_from_its_population():
    assert [population_and_arm(one) for one in Arms.model_validate(ARMS).populations("all")] == [
        ("all", "A"),
        ("all", "B"),
    ]
    assert population_and_arm("all") == ("all", "")


def test_three_clusters_an_arm_are_judged_by_the_lots_alone():
    generator = np.random.default_rng(3)
    of = np.repeat(np.arange(9), 40)
    arm = np.repeat([0, 1, 2], 3)[of]
    panel = pd.DataFrame({"case": range(360), "arm": np.array(["C", "A", "B"])[arm], "g": of})
    panel["y"] = generator.normal(size=9)[of] + generator.normal(size=360)
    found = rows_of(panel, cluster="g")
    row = found.loc[("all:A", "effect", "")]
    assert pd.isna(row["p"]) and 0 < row["p_randomisation"] <= 1
    assert ("all:A", "p_adjusted", "holm") not in found.index
    assert pd.isna(found.loc[("all", "joint_test", ""), "p"])


def test_joint_p_is_missing_where_the_degrees_of_freedom_do_not_bear_it():
    assert np.isnan(joint_p(np.ones(2), np.eye(2), 3.0))


def test_a_trial_of_two_arms_is_the_experiment_of_two():
    panel = people()
    trial = Trial(panel[["x"]], ("x",), panel["y"].to_numpy(), (panel["arm"] == "A").to_numpy().astype(np.int64), 1,
                  panel["s"].to_numpy(), None, 0.05)  # fmt: skip
    ours, _ = trial.experiment(1)
    theirs = Experiment(panel["y"].to_numpy(), (panel["arm"] == "A").to_numpy(), panel["s"].to_numpy(),
                        panel[["x"]].to_numpy(), None, 0.05)  # fmt: skip
    assert difference(ours).estimate == difference(theirs).estimate and adjusted(ours).se == adjusted(theirs).se


def test_arms_of_outcomes_of_one_family_are_corrected_together():
    panel = people((0.0, 0.45, 0.2), seed=11)
    panel["z"] = panel["y"] + np.random.default_rng(1).normal(size=len(panel))
    declared = {name: outcome(family="f") for name in ("y", "z")}
    found = estimate_outcomes(panel, declared, {"d": design()}, Inference()).set_index(
        ["outcome", "population", "measure", "term"]
    )
    pairs = [(name, f"all:{arm}") for name in "yz" for arm in "AB"]
    p = np.array([found.loc[(*pair, "effect", ""), "p"] for pair in pairs])
    adjusted_p = [found.loc[(*pair, "p_adjusted", "holm"), "estimate"] for pair in pairs]
    assert adjusted_p == pytest.approx(holm(p).tolist())
    assert found.loc[("y", "all:A", "p_adjusted", "randomisation"), "estimate"] > 0


def test_a_cluster_split_between_two_arms_is_refused_also_without_the_control():
    generator = np.random.default_rng(3)
    of = np.repeat(np.arange(12), 20)
    arm = np.repeat([0, 1, 2], 4)[of]
    arm[(of == 4) & (np.arange(240) % 2 == 0)] = 2
    panel = pd.DataFrame({"case": range(240), "arm": np.array(["C", "A", "B"])[arm], "g": of})
    found = rows_of(panel.assign(y=generator.normal(size=240)), cluster="g")
    assert found["note"].tolist() == ["refused=cluster_split;count=1"]
