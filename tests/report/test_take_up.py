"""What is said of an offer's take-up, and where a threshold's conclusion holds: by rule, in the report of a study."""

import pytest

from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.results import Results
from analysis.study import load_study

HEAD = {"chapter": "other", "population": "everybody", "verdict": "shown", "n": 900, "n_treated": 400}
NUMBERS = {"estimate": 0.13, "se": 0.05, "ci_low": 0.02, "ci_high": 0.24, "p": 0.02}


def told(study: str, rows: list[dict], language: str) -> str:
    content = Content.of(load_study(study), language, Workspace.of(study), Results(results_table(rows)))
    return " ".join(item for item in Report(content).render("other") if isinstance(item, str))


def offered(note: str, check: str) -> list[dict]:
    (name,) = load_study("card").outcomes
    base = {**HEAD, **NUMBERS, "outcome": name, "design": load_study("card").outcomes[name].design, "unit": "log"}
    base["population"] = load_study("card").outcomes[name].populations[0]
    participants = {**base, "measure": "effect_participants", "note": note, "checks": f"first_stage:{check}"}
    return [{**base, "measure": "effect"}, participants]


STRONG = "anderson_rubin=interval;low=0.031;high=0.291;first_stage_f=14.2"
WEAK = "anderson_rubin=line;low=nan;high=nan;first_stage_f=0.71"


@pytest.mark.parametrize(
    ("note", "check", "language", "words"),
    [
        (STRONG, "pass", "en", ["strongly enough (F = 14.2)", "from 0.03 to 0.29"]),
        (STRONG, "pass", "bg", ["достатъчно силно (F = 14,2)", "от 0,03 до 0,29"]),
        (WEAK, "doubt", "en", ["hardly moves the take-up", "F = 0.7", "should not be read", "no value at all"]),
        (WEAK, "doubt", "bg", ["почти не променя участието", "F = 0,7", "не бива да се тълкуват"]),
    ],
)
def test_the_strength_of_the_offer_is_said(note, check, language, words):
    text = told("card", offered(note, check), language)
    assert [one for one in words if one not in text] == []


@pytest.mark.parametrize(("language", "words"), [("en", "among the units near the threshold"), ("bg", "около прага")])
def test_a_threshold_speaks_of_the_units_near_it_alone(language, words):
    (name,) = load_study("senate").outcomes
    declared = load_study("senate").outcomes[name]
    row = {**HEAD, **NUMBERS, "outcome": name, "design": declared.design, "unit": "share", "measure": "effect"}
    text = told("senate", [{**row, "population": declared.populations[0]}], language)
    assert words in text and "whole sample" not in text and "в цялата съвкупност" not in text
