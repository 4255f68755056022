"""A study without schools is not told of schools."""

import re
from string import Formatter

import pytest

from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.results import Results
from analysis.study import load_study
from analysis.texts.catalogue import catalogue

SECTIONS = {"units": ("училищ", "school"), "cases": ("проект", "project", "участни", "participant")}
OTHERS = sorted(key for key in catalogue() if key.partition(".")[0] in SECTIONS)


def forms(entry):
    return entry.values() if isinstance(entry, dict) else [entry]


@pytest.mark.parametrize("key", OTHERS)
def test_each_replaces_a_text_that_is_there_and_names_nothing_that_is_not(key):
    section, _, replaced = key.partition(".")
    usual = catalogue()[replaced]
    for language in ("bg", "en"):
        own = list(forms(catalogue()[key][language]))
        known_by_name = [re.sub(r"\{\w+\}", "", form) for form in own]
        assert not any(word in form for form in known_by_name for word in SECTIONS[section])
        known = {name for form in forms(usual[language]) for _, name, _, _ in Formatter().parse(form) if name}
        assert all({name for _, name, _, _ in Formatter().parse(form) if name} <= known for form in own)


CHAPTERS = ("summary", "other", "robustness", "conclusions")


def rendered(verdict, language, chapters=CHAPTERS):
    states = {"pretrend": "pass", "clusters": "pass", "randomisation": "pass", "leave_one_out": "doubt"}
    checks = ";".join(f"{name}:{state}" for name, state in states.items())
    effect = {
        "chapter": "other", "outcome": "lscrap", "population": "everybody", "design": "grants", "unit": "log",
        "measure": "effect", "estimate": -0.345, "se": 0.2, "ci_low": -0.74, "ci_high": 0.05, "p": 0.09, "p_wild": 0.09,
        "p_randomisation": 0.1, "mde": 0.57, "n": 162, "n_treated": 87, "clusters": 54, "clusters_treated": 29,
        "verdict": verdict, "checks": checks,
    }  # fmt: skip
    trend = {**effect, "measure": "pretrend", "term": "all", "unit": "p", "estimate": 0.4, "checks": "pretrend:pass"}
    results = Results(results_table([effect, trend]))
    report = Report(Content.of(load_study("jtrain"), language, Workspace.of("jtrain"), results))
    return " ".join(item for name in chapters for item in report.render(name) if isinstance(item, str))


@pytest.mark.parametrize("verdict", ["shown", "not_shown", "inconclusive", "design_failed"])
@pytest.mark.parametrize(("language", "word"), [("bg", "училищ"), ("en", "school")])
def test_the_report_of_firms_speaks_of_no_school(verdict, language, word):
    assert word not in rendered(verdict, language)


@pytest.mark.parametrize(
    ("language", "compared", "school"),
    [("bg", "започнало в различно време", "училищ"), ("en", "treated from different times on", "school")],
)
def test_how_firms_that_start_at_different_times_are_compared_is_described(language, compared, school):
    method = rendered("shown", language, ["data_and_methods"])
    assert compared in " ".join(method.split()) and "CR2" in method
    assert school not in method


@pytest.mark.parametrize("verdict", ["shown", "not_shown", "inconclusive", "design_failed"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("bg", ("проект", "бенефициент", "Препоръки")), ("en", ("project", "beneficiary", "Recommendations"))],
)
def test_published_data_studied_again_are_no_project(verdict, language, words):
    assert [word for word in words if word in rendered(verdict, language)] == []


def test_the_report_of_schools_still_does():
    assert load_study("haskovo-demo").education is not None
    assert "училищ" in catalogue()["verdicts.checks.clusters.name"]["bg"]
