"""Every combination of declared choices is the run of a study with those settings; how many agree is told by rule."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import checks, estimate_outcomes
from analysis.study.design_settings import Weighting
from analysis.study.robustness_settings import PanelSpecifications, WeightingSpecifications
from analysis.study.settings import Inference, Outcome

INFERENCE = Inference(level=0.05, power=0.8)
PANEL = PanelSpecifications(
    population={"everybody": "all", "declared_again": "at_risk"},
    leave_out={"early_leavers": ["leaver"]},
    excluded_times={"without_pandemic": [2019, 2020]},
    first_time={"from_2018": 2018},
    last_time={"to_2021": 2021},
)


def outcome(**more):
    settings = {
        "chapter": "education",
        "design": "d",
        "populations": ["at_risk", "all"],
        "better": "lower",
        "unit": "pp",
    }
    return Outcome.model_validate({**settings, "role": "primary", **more})


def results(panel, design, name="dropout", declared=None, **more):
    table = estimate_outcomes(panel, {name: declared or outcome()}, {"d": design}, INFERENCE, **more)
    return table.set_index(["population", "measure", "term"])


@pytest.fixture
def pupils(make_pupils):
    panel = make_pupils(seed=5, effect=-0.06)
    return panel.assign(leaver=np.random.default_rng(9).random(len(panel)) < 0.2)


def chosen(term):
    return dict(part.split("=") for part in term.split(","))


def separate_run(pupils, design, choices):
    """The effect of a study that has the choices as its settings."""
    panel = pupils
    if choices["leave_out"] == "early_leavers":
        panel = panel[~panel["leaver"]]
    if choices["excluded_times"] == "without_pandemic":
        panel = panel[~panel["year"].isin([2019, 2020])]
    if choices["first_time"] == "from_2018":
        panel = panel[panel["year"] >= 2018]
    if choices["last_time"] == "to_2021":
        panel = panel[panel["year"] <= 2021]
    population = "all" if choices["population"] == "everybody" else "at_risk"
    run = design.model_copy(update={"specifications": None, "draws": 99, "exclude_times_sensitivity": []})
    return results(panel, run, declared=outcome(populations=[population])).loc[(population, "effect", "")]


def test_each_specification_is_the_run_of_a_study_with_that_setting(pupils, school_design):
    found = results(pupils, school_design.model_copy(update={"specifications": PANEL})).loc["at_risk"]
    rows = found.loc["specification"]
    assert len(rows) == 2**5  # the population named again is the headline's own
    for term in rows.index[::5]:
        alone = separate_run(pupils, school_design, chosen(term))
        for field in ("estimate", "se", "ci_low", "ci_high", "p", "n"):
            assert rows.loc[term, field] == pytest.approx(alone[field], rel=1e-9), (term, field)


def test_the_headline_is_one_of_them_and_the_summary_counts_them(pupils, school_design):
    found = results(pupils, school_design.model_copy(update={"specifications": PANEL})).loc["at_risk"]
    rows, head = found.loc["specification"], found.loc[("effect", "")]
    own = ",".join(f"{choice}=as_declared" for choice in PANEL.choices)
    assert rows.loc[own, "estimate"] == head["estimate"] and rows.loc[own, "se"] == head["se"]
    said = found.loc["specifications", "estimate"]
    rejects = (rows["ci_low"] > 0) | (rows["ci_high"] < 0)
    same = np.sign(rows["estimate"]) == np.sign(head["estimate"])
    answer = rejects == (not head["ci_low"] <= 0 <= head["ci_high"])
    assert said["declared"] == len(rows) and said["refused"] == 0
    assert said["same_sign"] == pytest.approx(same.mean()) and said["same_answer"] == pytest.approx(answer.mean())
    assert found.loc[("specification_range", "median"), "estimate"] == pytest.approx(rows["estimate"].median())
    assert "specifications:" in head["checks"]


def test_only_headlines_have_a_curve(pupils, school_design):
    design = school_design.model_copy(update={"specifications": PANEL})
    assert "specification" not in results(pupils, design).loc["all"].index.get_level_values("measure")
    second = results(pupils, design, declared=outcome(role="secondary"))
    assert "specification" not in second.index.get_level_values("measure")


def test_a_specification_that_cannot_be_estimated_is_counted_and_named(pupils, school_design):
    lacking = PanelSpecifications(leave_out={"nobody_left": ["everyone"], "unknown": ["no_such_column"]})
    panel = pupils.assign(everyone=True)
    found = results(panel, school_design.model_copy(update={"specifications": lacking})).loc["at_risk"]
    said = found.loc["specifications", "estimate"]
    assert said["declared"] == 3 and said["refused"] == 2
    notes = found.loc["specification", "note"]
    assert notes["leave_out=unknown"] == "refused=column_missing;column=no_such_column;closest=school"
    assert notes["leave_out=nobody_left"].startswith("refused=no_rows")
    assert "specifications:doubt" in found.loc[("effect", ""), "checks"]


def test_too_many_are_refused_in_words(pupils, school_design):
    many = PanelSpecifications(first_time={f"from_{year}": year for year in range(2000, 2300)})
    found = results(pupils, school_design.model_copy(update={"specifications": many})).loc["at_risk"]
    assert found.loc[("specifications", ""), "note"] == "refused=too_many_specifications;count=301;most=256"
    assert found.loc[("effect", ""), "estimate"] < 0


def test_an_effect_that_hangs_on_one_choice_may_not_be_called_one(make_pupils, school_design):
    """Five other populations show nothing of it."""
    panel = make_pupils(seed=3, effect=0.0)
    rng = np.random.default_rng(2)
    panel["dropout"] = rng.random(len(panel)) < 0.15 + 0.6 * (
        panel["project"] & (panel["year"] >= 2021) & panel["at_risk"]
    )
    panel["dropout"] = panel["dropout"].astype(float)
    groups = {f"group_{place}": rng.random(len(panel)) < 0.5 for place in range(5)}
    panel = panel.assign(**{name: chosen & ~panel["at_risk"] for name, chosen in groups.items()})
    other = PanelSpecifications(population={name: name for name in groups})
    shown = results(panel, school_design).loc[("at_risk", "effect", "")]
    tried = results(panel, school_design.model_copy(update={"specifications": other})).loc[("at_risk", "effect", "")]
    assert shown["verdict"] == "shown"
    assert "specifications:fail" in tried["checks"] and tried["verdict"] == "design_failed"
    assert tried["estimate"] == shown["estimate"]


@pytest.mark.parametrize(
    ("agreeing", "estimated", "is_shown", "state"),
    [
        (0.90, 1.0, True, "pass"),
        (0.89, 1.0, True, "doubt"),
        (0.50, 1.0, True, "doubt"),
        (0.49, 1.0, True, "fail"),
        (0.49, 1.0, False, "doubt"),
        (1.0, 0.89, True, "doubt"),
        (float("nan"), 1.0, True, "doubt"),
    ],
)
def test_thresholds(agreeing, estimated, is_shown, state):
    assert checks.specifications(agreeing, estimated, is_shown).outcome == state


def test_few_clusters_leave_the_curve_without_an_answer(make_pupils, school_design):
    design = school_design.model_copy(update={"specifications": PanelSpecifications(first_time={"from_2018": 2018})})
    found = results(make_pupils(treated=3), design).loc["at_risk"]
    assert np.isnan(found.loc[("specifications", "same_answer"), "estimate"])
    assert found.loc["specification", "ci_low"].isna().all()
    assert "specifications:doubt" in found.loc[("effect", ""), "checks"]


@pytest.fixture
def persons():
    rng = np.random.default_rng(4)
    x, z = rng.normal(size=(2, 900))
    treated = rng.random(900) < 1 / (1 + np.exp(0.6 - x))
    worked = (rng.random(900) < 0.4 + 0.1 * np.tanh(x) + 0.2 * treated).astype(float)
    return pd.DataFrame({"person": range(900), "treated": treated, "x": x, "z": z, "young": z > 0, "worked": worked})


def test_each_weighting_specification_is_the_run_of_a_study_with_that_setting(persons):
    choices = WeightingSpecifications(
        covariates={"both": ["x", "z"]},
        trim={"a_tenth": 0.1},
        score={"probit": "probit"},
        estimand={"everybody": "ate"},
        leave_out={"young": ["young"]},
    )
    design = Weighting(kind="weighting", unit="person", treated="treated", covariates=["x"], draws=99)
    declared = outcome(populations=["all"])
    found = results(persons, design.model_copy(update={"specifications": choices}), "worked", declared)
    rows = found.loc["all"].loc["specification"]
    assert len(rows) == 2**5
    for term in rows.index[::3]:
        named = chosen(term)
        update = {
            choice: getattr(choices, choice)[name]
            for choice, name in named.items()
            if name != "as_declared" and choice != "leave_out"
        }
        panel = persons[~persons["young"]] if named["leave_out"] == "young" else persons
        alone = results(panel, design.model_copy(update=update), "worked", declared).loc[("all", "effect", "")]
        for field in ("estimate", "se", "ci_low", "n"):
            assert rows.loc[term, field] == pytest.approx(alone[field], rel=1e-9), (term, field)


def test_an_outcome_over_time_is_taken_at_the_headline_s_time(make_persons, person_design):
    persons, months = make_persons()
    choices = WeightingSpecifications(covariates={"without_district": ["age", "past"]})
    declared = outcome(populations=["participants"], chapter="employment", better="higher")
    design = person_design.model_copy(update={"specifications": choices})
    found = results(persons, design, "employed", declared, person_months=months).loc["participants"]
    assert found.loc[("specification", "covariates=as_declared"), "estimate"] == pytest.approx(
        found.loc[("effect", ""), "estimate"], rel=1e-12
    )
    assert "specifications:pass" in found.loc[("effect", ""), "checks"]
