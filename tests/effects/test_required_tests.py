"""A study may require fewer tests, or name the bootstrap's weights; all are made and shown all the same."""

import pytest

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.effects.verdict import required, verdict
from analysis.study.settings import Inference, Outcome

OUTCOME = Outcome(chapter="education", design="main", populations=["all"], better="lower", unit="pp")
ANSWERS = {"randomisation": False, "interval": True, "bootstrap": True}


def rows_of(panel, design, **settings):
    found = estimate_difference_in_differences(panel, "dropout", OUTCOME, design, Inference(**settings))
    return {(row["measure"], row["term"]): row for row in found}


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (["interval", "bootstrap", "randomisation"], "inconclusive"),
        (["interval", "bootstrap"], "shown"),
        (["randomisation"], "not_shown"),
    ],
)
def test_only_the_tests_required_decide(tests, said):
    assert verdict(required(ANSWERS, tests), []) == said


def test_a_required_test_that_the_design_does_not_make_leaves_no_verdict():
    assert verdict(required({"interval": True}, ["bootstrap"]), []) == "inconclusive"


def test_all_three_are_made_and_shown_whatever_is_required(make_pupils, school_design):
    panel = make_pupils(seed=2, effect=-0.14, pupils=400)
    design = school_design.model_copy(update={"draws": 99})  # randomisation inference cannot reach the level
    strict = rows_of(panel, design, level=0.005)["effect", ""]
    lenient = rows_of(panel, design, level=0.005, tests=["interval"])["effect", ""]
    shown = ("p", "p_wild", "estimate", "ci_low", "ci_high")
    assert {name: strict[name] for name in shown} == {name: lenient[name] for name in shown}
    assert (strict["verdict"], lenient["verdict"]) == ("inconclusive", "shown")


@pytest.mark.parametrize(("declared", "kind", "by"), [(None, "rademacher", "rule"), ("webb", "webb", "study")])
def test_the_weights_are_the_rules_or_the_studys_and_said(make_pupils, school_design, declared, kind, by):
    panel = make_pupils(seed=3)
    found = rows_of(panel, school_design, bootstrap_weights=declared)
    row = found["bootstrap_weights", kind]
    assert (row["estimate"], row["note"]) == (24.0, f"by={by}")
    cells = collapse(panel, "dropout", school_design)
    p = did.effect_wild_p(cells, school_design.draws, school_design.seed, kind)
    assert found["effect", ""]["p_wild"] == p
