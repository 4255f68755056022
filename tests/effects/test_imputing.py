"""Multiple imputation: statsmodels' own chains, Rubin's rules by hand, the truth under gaps that covariates explain."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from statsmodels.imputation.mice import MICEData

from analysis.effects import imputing
from analysis.effects.completed import filled_out
from analysis.effects.estimate import Estimate
from analysis.effects.imputation_chain import Chain
from analysis.effects.imputed_rows import agrees
from analysis.effects.imputing import imputed_tables, persistence
from analysis.effects.refusal import DesignRefused
from analysis.effects.rubin import pool
from analysis.effects.run_randomised import estimate_randomised
from analysis.effects.run_weighting import estimate_weighting
from analysis.files import results_table
from analysis.study.design_settings import Randomised, Weighting
from analysis.study.settings import Inference, Outcome

SINGLE = np.zeros(200, dtype=int)


def table_with_gaps(seed=1, size=200):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(size, 3))
    y = x.sum(axis=1) + generator.normal(size=size)
    table = pd.DataFrame(np.column_stack([y, x]), columns=["y", "a", "b", "c"])
    for name in ("y", "b"):
        table.loc[generator.random(size) < 0.2, name] = np.nan
    return table


def outcome(**changes):
    declared = {"chapter": "other", "design": "d", "populations": ["all"], "better": "higher", "unit": "points"}
    return Outcome.model_validate({"panel": "p"} | declared | changes)


def trial(seed, size=300, effect=0.5):
    """Those with a low x lose their outcome when treated: complete cases overstate the effect; x explains it all."""
    generator = np.random.default_rng(seed)
    x, drawn = generator.normal(size=size), generator.permutation(np.arange(size) < size // 2)
    y = x + effect * drawn + 0.5 * generator.normal(size=size)
    lost = generator.random(size) < np.where(drawn & (x < 0), 0.5, 0.05)
    return pd.DataFrame({"case": range(size), "drawn": drawn, "x": x, "y": np.where(lost, np.nan, y)})


def rows_of(panel, covariates=("x",), **changes):
    design = Randomised(kind="randomised", treated="drawn", covariates=list(covariates), draws=99, **changes)
    found = results_table(estimate_randomised(panel, "y", outcome(), design, Inference()))
    return found.set_index(["measure", "term"])


def test_the_chains_are_those_of_statsmodels():
    table = table_with_gaps()
    ours = Chain(pd.concat([pd.Series(1.0, table.index, name="one"), table], axis=1), k_pmm=5,
                 rng=np.random.default_rng(7))  # fmt: skip
    theirs = MICEData(table, k_pmm=5, rng=np.random.default_rng(7))
    for chain in (ours, theirs):
        chain.update_all(3)
    assert np.array_equal(ours.data[list(table)].to_numpy(), theirs.data.to_numpy())


def test_imputed_values_are_values_of_other_people_of_the_group():
    table = table_with_gaps().assign(a=lambda known: (known["a"] > 0).astype(float))
    table.loc[3:9, "a"] = np.nan
    group = (np.arange(200) % 2).astype(np.int64)
    for filled in imputed_tables(table, group, 1, 3):
        for place, name in enumerate(table):
            for code in (0, 1):
                missing = table[name].isna().to_numpy() & (group == code)
                assert set(filled[missing, place]) <= set(table.loc[group == code, name].dropna())
        known = table.notna().to_numpy()
        assert np.array_equal(filled[known], table.to_numpy()[known])


def test_rubins_rules_by_hand():
    """W = 1, B = 1, T = 7/3, lambda = 4/7; nu_m = 2 / lambda^2, nu_obs = 21/23 x 20 x 3/7."""
    found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 20.0)
    assert (found.estimate, found.se, found.fraction) == pytest.approx((2.0, np.sqrt(7 / 3), 4 / 7))
    assert found.df == pytest.approx(1 / (1 / 6.125 + 1 / (21 / 23 * 20 * 3 / 7)))


@pytest.mark.parametrize(("df", "expected"), [(np.inf, 6.125), (1e9, 6.125)])
def test_with_many_degrees_of_freedom_rubins_own_remain(df, expected):
    assert pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], df).df == pytest.approx(expected, rel=1e-6)


def test_estimates_that_do_not_differ_lose_hardly_any_degrees_of_freedom():
    assert pool([1.0, 1.0], [0.5, 0.5], 40.0).df == pytest.approx(41 / 43 * 40)
    assert pool([1.0, 1.0], [0.5, 0.5], np.inf).df == np.inf


@pytest.mark.slow
def test_imputation_recovers_the_truth_where_complete_cases_do_not():
    """40 trials of 300, true effect 0.5: complete cases are off by a tenth at least, the imputed estimate is not."""
    complete, imputed, covered = [], [], 0
    for seed in range(40):
        found = rows_of(trial(seed), covariates=["x"])
        complete.append(found.loc[("effect", ""), "estimate"])
        row = found.loc[("imputed", "")]
        imputed.append(row["estimate"])
        covered += row["ci_low"] <= 0.5 <= row["ci_high"]
    error = np.std(imputed, ddof=1) / np.sqrt(40)
    assert np.mean(complete) > 0.6 and abs(np.mean(imputed) - 0.5) < 3 * error + 0.02
    assert covered / 40 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 40)


def test_imputed_covariates_of_a_weighting_design_recover_the_truth():
    """x drives treatment and outcome; where it is missing depends on z alone. True effect 1."""
    estimates = []
    for seed in range(10):
        generator = np.random.default_rng(seed)
        z = generator.normal(size=800)
        x = 0.9 * z + 0.4 * generator.normal(size=800)
        treated = generator.random(800) < 1 / (1 + np.exp(-x))
        y = x + treated + 0.3 * generator.normal(size=800)
        lacks = generator.random(800) < np.where(z > 0, 0.5, 0.1)
        panel = pd.DataFrame({"case": range(800), "t": treated, "z": z, "x": np.where(lacks, np.nan, x), "y": y})
        design = Weighting(kind="weighting", unit="case", treated="t", covariates=["z", "x"], draws=99)
        found = results_table(estimate_weighting(panel, None, "y", outcome(), design, Inference()))
        estimates.append(found.set_index("measure").loc["imputed", "estimate"])
    assert np.mean(estimates) == pytest.approx(1.0, abs=0.04)


def test_where_nothing_is_missing_no_row_and_no_check_appears():
    found = rows_of(trial(1).dropna())
    assert "imputed" not in found.index.get_level_values("measure")
    assert "lee_bounds" not in found.index.get_level_values("measure")
    assert "imputation" not in found.loc[("effect", ""), "checks"]


def test_missing_covariates_alone_give_the_adjusted_estimate_alone():
    panel = trial(2).dropna().assign(x=lambda table: table["x"].where(table.index % 7 > 0))
    found = rows_of(panel)
    assert [term for measure, term in found.index if measure == "imputed"] == ["adjusted"]
    assert "imputation:pass" in found.loc[("effect", ""), "checks"]
    assert found.loc[("imputed", "adjusted"), "note"].startswith("m=20;fraction_missing=0.")


def test_a_conclusion_that_changes_leaves_doubt():
    """Only those treated who did well are seen; x tells who did badly."""
    panel = trial(5, effect=0.0)
    panel.loc[panel["drawn"] & (panel["x"] < 0.3), "y"] = np.nan
    keep = panel.index[panel["drawn"] & (panel["x"] < 0.3)][:40]
    panel.loc[keep, "y"] = panel.loc[keep, "x"]
    found = rows_of(panel)
    assert found.loc[("effect", ""), "ci_low"] > 0 > found.loc[("imputed", ""), "ci_low"]
    assert "imputation:doubt" in found.loc[("effect", ""), "checks"]


def test_agreement_is_of_sign_and_conclusion():
    def one(value, se):
        return Estimate(value, se, np.array([se]), "m", 10, 5)

    assert agrees(one(1.0, 0.1), one(0.9, 0.2))
    assert not agrees(one(1.0, 0.1), one(1.0, 2.0)) and not agrees(one(0.1, 1.0), one(-0.1, 1.0))


def test_chains_that_do_not_mix_are_told():
    """x and z go together but are never seen together: how they go together stays what it began with."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=200)
    table = pd.DataFrame({"x": x, "z": x + 0.01 * generator.normal(size=200)})
    table.loc[:109, "x"] = np.nan
    table.loc[90:, "z"] = np.nan
    with pytest.raises(DesignRefused) as refused:
        imputed_tables(table, SINGLE, 1)
    assert refused.value.rule == "imputation_not_converged" and refused.value.params["column"] == "x, z"


def test_a_refused_imputation_is_a_row_that_says_why_and_leaves_doubt(monkeypatch):
    monkeypatch.setattr(imputing, "FADED", -1.0)
    panel = trial(4)
    panel.loc[panel.index % 9 == 0, "x"] = np.nan
    found = rows_of(panel)
    assert found.loc[("imputed", ""), "note"].startswith("refused=imputation_not_converged;column=")
    assert "imputation:doubt" in found.loc[("effect", ""), "checks"]


def test_too_few_with_a_value_are_refused():
    table = table_with_gaps()
    table.loc[12:, "b"] = np.nan
    with pytest.raises(DesignRefused) as refused:
        imputed_tables(table, SINGLE, 1)
    assert refused.value.params == {"column": "b", "count": refused.value.params["count"], "needed": "14"}


def test_persistence_is_what_lasts_of_a_distance_between_chains():
    """Chains that never move; chains drawn anew; chains that keep four fifths of their distance."""
    generator = np.random.default_rng(1)
    assert persistence(np.tile([[1.0], [2.0]], (6, 1, 1))) == pytest.approx([1.0])
    assert persistence(np.ones((6, 2, 1))) == pytest.approx([0.0])
    noisy = generator.normal(size=(400, 20, 1))
    course = noisy.copy()
    for step in range(1, 400):
        course[step] += 0.8 * course[step - 1]
    assert persistence(noisy)[0] < 0.05 and persistence(course)[0] == pytest.approx(0.8, abs=0.02)


def test_categories_keep_their_gaps_and_columns_told_by_others_are_passed_over():
    table = table_with_gaps()
    persons = table[["a", "b"]].assign(word=["yes", None, "no", "no"] * 50, again=table["a"] * 2)
    found = filled_out(persons, ["a", "b", "word", "again"], table["y"].to_numpy(), "y", SINGLE, SINGLE, 1)
    assert len(found) == 20 and all(one["b"].notna().all() and not np.isnan(y).any() for one, y in found)
    assert all(one["word"].equals(persons["word"]) for one, _ in found)


SCRIPT = """
import sys; sys.path.insert(0, "tests/effects")
from test_imputing import rows_of, trial
panel = trial(4); panel.loc[panel.index % 9 == 0, "x"] = float("nan")
print(rows_of(panel).loc["imputed"].to_json(double_precision=15))
"""


def test_the_same_imputations_under_any_hash_seed():
    told = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "77")
    }
    assert len(told) == 1 and b"fraction_missing" in told.pop()
