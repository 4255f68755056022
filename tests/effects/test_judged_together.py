"""What can only be said of several results at once: families, placebo outcomes, differences between populations."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects import did, estimate_outcomes
from analysis.effects.cells import collapse
from analysis.effects.families import Member, adjusted_p
from analysis.effects.multiplicity import holm
from analysis.study.design_settings import Randomised
from analysis.study.settings import Inference, Outcome

INFERENCE = Inference()


def declared(role="secondary", family=None, populations=("all",)):
    shared = {"chapter": "education", "design": "main", "better": "lower", "unit": "pp"}
    return Outcome(role=role, family=family, populations=list(populations), **shared)


def estimated(panel, design, **outcomes):
    table = estimate_outcomes(panel, outcomes, {"main": design}, INFERENCE)
    return table.set_index(["outcome", "population", "measure", "term"])


@pytest.fixture
def panel(make_pupils):
    """``dropout`` falls a little, ``absent`` much, ``leaves`` not at all; ``born`` cannot have been changed."""
    table = make_pupils(seed=6, effect=-0.05, pupils=120)
    generator = np.random.default_rng(8)
    reached = (table["project"] & (table["year"] >= 2021)).to_numpy()
    table["absent"] = (generator.random(len(table)) < 0.3 - 0.2 * reached).astype(float)
    table["leaves"] = (generator.random(len(table)) < 0.1).astype(float)
    table["born"] = (generator.random(len(table)) < 0.5).astype(float)
    return table


def test_a_family_is_corrected_for_its_number(panel, school_design):
    family = {name: declared(family="school") for name in ("dropout", "absent", "leaves")}
    found = estimated(panel, school_design, **family)
    p_values = np.array([found.loc[(name, "all", "effect", ""), "p"] for name in family])
    members = []
    for name in family:
        cells = collapse(panel, name, school_design)
        members.append(Member(did.pooled_effect(cells), cells.cluster_names))
    together = adjusted_p(members, school_design.draws, school_design.seed)["romano_wolf"]
    for place, name in enumerate(family):
        assert found.loc[(name, "all", "p_adjusted", "holm"), "estimate"] == pytest.approx(holm(p_values)[place])
        assert found.loc[(name, "all", "p_adjusted", "romano_wolf"), "estimate"] == pytest.approx(together[place])


def test_an_effect_that_does_not_stand_the_correction_is_inconclusive(panel, school_design):
    alone = estimated(panel, school_design, dropout=declared())
    p = alone.loc[("dropout", "all", "effect", ""), "p"]
    assert alone.loc[("dropout", "all", "effect", ""), "verdict"] == "shown"
    many = {f"leaves_{number}": "leaves" for number in range(int(0.05 / p) + 2)}
    wide = panel.assign(**{name: panel[base] for name, base in many.items()})
    school_design = school_design.model_copy(update={"draws": 99})
    family = {name: declared(family="school") for name in ("dropout", *many)}
    assert estimated(wide, school_design, **family).loc[("dropout", "all", "effect", ""), "verdict"] == "inconclusive"


def test_a_clean_placebo_outcome_passes_and_leaves_the_verdict(panel, school_design):
    found = estimated(panel, school_design, absent=declared("primary"), born=declared("placebo"))
    effect = found.loc[("absent", "all", "effect", "")]
    assert "placebo_outcomes:pass" in effect["checks"] and effect["verdict"] == "shown"
    assert "placebo_outcomes" not in found.loc[("born", "all", "effect", ""), "checks"]


def test_an_effect_on_what_cannot_have_changed_fails_the_design(panel, school_design):
    moved = panel.assign(born=np.where(panel["project"] & (panel["year"] >= 2021), 0.0, panel["born"]))
    found = estimated(moved, school_design, absent=declared("primary"), born=declared("placebo"))
    effect = found.loc[("absent", "all", "effect", "")]
    assert "placebo_outcomes:fail" in effect["checks"] and effect["verdict"] == "design_failed"


def test_placebo_outcomes_of_another_population_do_not_count(panel, school_design):
    placebo = declared("placebo", populations=["at_risk"])
    found = estimated(panel, school_design, absent=declared("primary"), born=placebo)
    assert "placebo_outcomes" not in found.loc[("absent", "all", "effect", ""), "checks"]


def test_populations_that_share_pupils_are_not_set_against_each_other(panel, school_design):
    found = estimated(panel, school_design, dropout=declared(populations=["all", "at_risk"]))
    assert "interaction" not in found.index.get_level_values("measure")


def test_effects_in_two_populations_and_their_difference(panel, school_design):
    panel["others"] = ~panel["at_risk"]
    found = estimated(panel, school_design, absent=declared(populations=["at_risk", "others"]))
    one, other = (found.loc[("absent", name, "effect", ""), "estimate"] for name in ("at_risk", "others"))
    difference = found.loc[("absent", "others", "interaction", "at_risk")]
    assert difference["estimate"] == pytest.approx(other - one, abs=1e-10)
    assert difference["ci_low"] < 0 < difference["ci_high"]  # the planted effect is the same in both
    assert difference["note"] == f"holm={difference['p']}"


def test_the_difference_of_independent_effects_is_welchs():
    generator = np.random.default_rng(2)
    table = pd.DataFrame({"treated": generator.random(600) < 0.5, "woman": generator.random(600) < 0.4})
    table["man"], table["person"] = ~table["woman"], np.arange(600)
    table["y"] = generator.normal(size=600) + 0.6 * (table["treated"] & table["woman"])
    design = Randomised(kind="randomised", treated="treated", unit="person")
    found = estimated(table, design, y=declared(populations=["man", "woman"]))
    men, women = (found.loc[("y", name, "effect", "")] for name in ("man", "woman"))
    difference = found.loc[("y", "woman", "interaction", "man")]
    assert difference["estimate"] == pytest.approx(women["estimate"] - men["estimate"])
    assert difference["se"] == pytest.approx(np.hypot(men["se"], women["se"]))
    if np.isfinite(men["df"]):
        variances = np.array([men["se"], women["se"]]) ** 2
        df = variances.sum() ** 2 / (variances**2 / np.array([men["df"], women["df"]])).sum()
        assert difference["p"] == pytest.approx(2 * stats.t.sf(abs(difference["estimate"]) / difference["se"], df))
    assert difference["n"] == 600


def test_an_outcome_without_a_p_value_counts_in_its_family(panel, school_design):
    """Few clusters leave ``few`` without a p-value; it was looked for all the same, so that Holm's m is three."""
    panel["few"] = panel["leaves"].where(panel["school"].isin(["s00", "s01", "s02", "s10", "s11", "s12", "s13"]))
    family = {name: declared(family="school") for name in ("dropout", "absent", "few")}
    found = estimated(panel, school_design, **family)
    assert np.isnan(found.loc[("few", "all", "effect", ""), "p"])
    p = found.loc[("dropout", "all", "effect", ""), "p"]
    assert found.loc[("dropout", "all", "p_adjusted", "holm"), "estimate"] == pytest.approx(2 * p)
    smallest = found.loc[("absent", "all", "effect", ""), "p"]
    assert found.loc[("absent", "all", "p_adjusted", "holm"), "estimate"] == pytest.approx(3 * smallest)
