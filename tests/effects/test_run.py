"""The drivers: rows of the results form, refusals, few clusters, the same bytes twice."""

import ast
from pathlib import Path
from string import Formatter

import numpy as np
import pandas as pd
import pytest

import analysis.effects
from analysis.effects import DesignRefused, estimate_outcomes
from analysis.files import RESULT_COLUMNS
from analysis.study.settings import Inference, Outcome
from analysis.texts.catalogue import catalogue

INFERENCE = Inference()


def outcome(chapter="education", populations=("at_risk", "all"), participation="participant"):
    return Outcome(
        chapter=chapter,
        design="main",
        populations=list(populations),
        participation=participation,
        better="lower",
        unit="pp",
    )


def school_results(panel, design, **kwargs):
    return estimate_outcomes(panel, {"dropout": outcome(**kwargs)}, {"main": design}, INFERENCE)


def test_rows_of_a_school_design(make_pupils, school_design):
    results = school_results(make_pupils(seed=3), school_design)
    assert list(results.columns) == RESULT_COLUMNS
    measures = results.groupby("population")["measure"].value_counts()["at_risk"].to_dict()
    assert measures == {
        "event": 7,
        "pretrend": 2,
        "honest_bound": 4,
        "without_cluster": 6,
        **dict.fromkeys(["breakdown", "placebo_date", "undetected_drift", "bootstrap_weights"], 1),
        **dict.fromkeys(["effect", "effect_without_pandemic", "effect_participants", "naive", "raw_difference"], 1),
    }
    effect = results.set_index("result_id").loc["education/dropout/all/main/effect"]
    shown = ["estimate", "se", "df", "ci_low", "ci_high", "p", "p_wild", "p_randomisation", "baseline", "mde"]
    assert effect[shown].notna().all() and effect["unit"] == "share"
    assert effect["ci_low"] < effect["estimate"] < effect["ci_high"]
    assert (effect["clusters"], effect["clusters_treated"], effect["n"]) == (24, 6, len(make_pupils(seed=3)))
    reference = results.set_index("result_id").loc["education/dropout/all/main/event/2020"]
    assert reference["estimate"] == 0 and np.isnan(reference["se"]) and reference["note"] == "reference"


def test_verdicts_follow_the_effect(make_pupils, school_design):
    def said(effect, trend=0.0):
        results = school_results(make_pupils(seed=12, effect=effect, trend=trend, pupils=150), school_design)
        return results.set_index("result_id").loc["education/dropout/all/main/effect", "verdict"]

    assert said(-0.12) == "shown"
    assert said(0.0) == "not_shown"
    assert said(-0.12, trend=0.10) == "design_failed"


def test_few_treated_schools_leave_randomisation_inference_alone(make_pupils, school_design):
    results = school_results(make_pupils(seed=3, treated=3), school_design, populations=["all"], participation=None)
    effect = results.set_index("measure").loc["effect"]
    assert effect[["se", "ci_low", "p", "p_wild", "mde"]].isna().all()
    assert 0 < effect["p_randomisation"] <= 1 and "clusters:doubt" in effect["checks"]
    assert effect["verdict"] in ("shown", "not_shown")


def test_two_runs_give_equal_tables(make_pupils, school_design):
    first, second = (school_results(make_pupils(seed=3), school_design) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_rows_of_a_weighting_design(make_persons, person_design):
    persons, months = make_persons()
    results = estimate_outcomes(
        persons,
        {"employed": outcome("employment", ["participants"], None)},
        {"main": person_design},
        INFERENCE,
        person_months=months,
        after_exit=[6, 12],
    )
    by_id = results.set_index("result_id")
    stem = "employment/employed/participants/main/"
    assert (results["measure"] == "monthly").sum() == 37
    assert by_id.loc[stem + "effect", "estimate"] == by_id.loc[stem + "monthly/12", "estimate"]
    assert by_id.loc[stem + "effect", "verdict"] == "shown"
    monthly = results[results["measure"] == "monthly"]
    assert (monthly["band_low"] < monthly["ci_low"]).all() and (monthly["band_high"] > monthly["ci_high"]).all()
    early = monthly[monthly["term"].isin([str(month) for month in range(1, 7)])]
    lock_in = by_id.loc[stem + "lock_in"]
    lowest = early.loc[early["estimate"].idxmin()]
    assert lock_in["estimate"] == lowest["estimate"]
    assert (lock_in["ci_low"], lock_in["ci_high"]) == (lowest["band_low"], lowest["band_high"])
    for term in ("after_exit/6", "after_exit/12", "naive", "naive/after_exit_6", "raw_difference/after_exit_12"):
        assert np.isfinite(by_id.loc[stem + term, "estimate"])
    before, after = (by_id.loc[f"{stem}{when}/past", "estimate"] for when in ("balance_before", "balance_after"))
    assert abs(before) > 0.4 > 0.05 > abs(after)
    assert by_id.loc[stem + "after_exit/12", "n"] < len(persons)
    assert "persons_without_outcome=" in by_id.loc[stem + "after_exit/12", "note"]


def test_an_outcome_measured_once(make_persons, person_design):
    persons, months = make_persons()
    persons["working"] = months.loc[months["month"] == 12, "employed"].to_numpy()
    design = person_design.model_copy(update={"time": None})
    declared = {"working": outcome("employment", ["all"], None)}
    results = estimate_outcomes(persons, declared, {"main": design}, INFERENCE).set_index("measure")
    assert results.loc["effect", "estimate"] == pytest.approx(0.2, abs=4 * results.loc["effect", "se"])


def broken(panel, **columns):
    return panel.assign(**columns)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("no_comparison", lambda p: p[p["project"]]),
        ("no_treated", lambda p: p[~p["project"]]),
        ("no_period_before", lambda p: p[p["year"] >= 2021]),
        ("no_period_after", lambda p: p[p["year"] < 2021]),
        ("outcome_constant", lambda p: broken(p, dropout=0.0)),
        ("outcome_missing", lambda p: broken(p, dropout=np.nan)),
        ("not_numeric", lambda p: broken(p, dropout=p["dropout"].astype(str))),
        ("infinite_values", lambda p: broken(p, dropout=p["dropout"].where(p.index > 3, np.inf))),
        ("column_missing", lambda p: p.drop(columns="project")),
        ("key_missing", lambda p: broken(p, school=p["school"].where(p.index > 3))),
        ("not_binary", lambda p: broken(p, project=p["project"] * 2)),
        ("changes_within", lambda p: broken(p, project=p["project"] & (p["year"] >= 2021))),
        ("no_rows", lambda p: p.head(0)),
        (
            "no_unit_before_and_after",
            lambda p: p[~p["project"] | (p["year"] >= 2021) | (p["school"] > "s05")].assign(
                school=lambda q: q["school"].where(q["year"] >= 2021, "old" + q["school"])
            ),
        ),
    ],
)
def test_bad_school_designs_are_refused_by_name(make_pupils, school_design, rule, change):
    with pytest.raises(DesignRefused) as refused:
        school_results(change(make_pupils(seed=1, pupils=15)), school_design, populations=["all"])
    assert refused.value.rule == rule


def test_one_bad_outcome_does_not_silence_the_others(make_pupils, school_design):
    panel = make_pupils(seed=1, pupils=15).assign(never=0.0)
    declared = {"never": outcome(populations=["all"]), "dropout": outcome(populations=["all", "boarders"])}
    results = estimate_outcomes(panel, declared, {"main": school_design}, INFERENCE).set_index("result_id")
    assert results.loc["education/never/all/main/effect", "verdict"] == "design_failed"
    assert results.loc["education/never/all/main/effect", "note"] == "refused=outcome_constant;column=never"
    assert results.loc["education/dropout/boarders/main/effect", "note"].startswith("refused=population_unknown")
    assert np.isfinite(results.loc["education/dropout/all/main/effect", "estimate"])


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("duplicate_unit", lambda persons: pd.concat([persons, persons.head(1)])),
        ("no_comparison", lambda persons: persons[persons["treated"]]),
        ("no_treated", lambda persons: persons[~persons["treated"]]),
        ("separation", lambda persons: persons.assign(age=persons["treated"] * 5 + persons["past"].abs() / 100)),
        ("no_counterpart", lambda persons: persons.assign(age=persons["treated"] * persons["past"])),
        ("covariate_missing", lambda persons: persons.assign(age=np.nan)),
        ("infinite_values", lambda persons: persons.assign(age=np.inf)),
        ("too_few_units", lambda persons: persons.groupby("treated").head(4)),
    ],
)
def test_bad_weighting_designs_are_refused_by_name(make_persons, person_design, rule, change):
    persons, months = make_persons(number=300)
    declared = {"employed": outcome("employment", ["all"], None)}
    with pytest.raises(DesignRefused) as refused:
        estimate_outcomes(change(persons), declared, {"main": person_design}, INFERENCE, person_months=months)
    assert refused.value.rule == rule


def refusals():
    """Each ``DesignRefused("rule", name=...)`` in the package: rule and names."""
    for path in sorted(Path(analysis.effects.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DesignRefused":
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                chosen = node.args[0]
                options = [chosen.body, chosen.orelse] if isinstance(chosen, ast.IfExp) else [chosen]
                for option in options:
                    if isinstance(option, ast.Constant):
                        yield option.value, names


def test_every_refusal_has_its_texts_with_parameters_that_are_given():
    rules = list(refusals())
    assert len(rules) > 25
    for rule, given in rules:
        for part in ("what", "todo"):
            for language in ("bg", "en"):
                sentence = catalogue()[f"designs.{rule}.{part}"][language]
                assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= given, (rule, part)
    assert {key.split(".")[1] for key in catalogue() if key.startswith("designs.")} == {rule for rule, _ in rules}
