"""Whom an effect is about, what a number is called, and whether what is in print was repeated."""

from __future__ import annotations

import pytest

from analysis.files import Workspace, results_table
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.phrases import Phrases
from analysis.report.reach import reach, reach_key
from analysis.report.results import Results
from analysis.study import load_study


def content_of(study, language, rows):
    workspace = Workspace.of(study)
    return Content.of(load_study(study, workspace.root), language, workspace, Results(results_table(rows)))


def row(study, **more):
    settings = load_study(study)
    (outcome, declared), *_ = settings.outcomes.items()
    key = {"chapter": declared.chapter, "outcome": outcome, "population": "everybody", "design": declared.design}
    numbers = {"unit": declared.unit, "estimate": 0.2, "se": 0.1, "verdict": "not_shown"}
    return {**key, "measure": "effect", **numbers, **more}


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("jtrain2", ""), ("card", ""), ("senate", "near_threshold"), ("jtrain", "among_treated"),
        ("kielmc", "among_treated"), ("cattaneo2", "among_treated"), ("recid", "among_treated"),
    ],
)  # fmt: skip
def test_an_effect_is_about_those_whom_its_design_compares(study, expected):
    (design,) = load_study(study).designs.values()
    assert reach(design) == expected


def test_an_average_over_everybody_is_about_everybody():
    design = load_study("cattaneo2").designs["smoking"].model_copy(update={"estimand": "ate"})
    assert reach(design) == ""


def test_a_population_by_name_says_itself_who_is_meant():
    designs = [next(iter(load_study(study).designs.values())) for study in ("jtrain", "senate")]
    assert [reach_key(design, "women") for design in designs] == ["", "near_threshold_of"]


@pytest.mark.parametrize(("study", "never"), [("cattaneo2", "цялата съвкупност"), ("senate", "цялата съвкупност")])
def test_an_effect_on_some_is_not_said_to_be_on_all(study, never):
    content = content_of(study, "bg", [row(study)])
    (result,) = content.results
    spoken = content.wording.verdict(result.outcome, result.population, result)
    cells = [cell.text for line in make_table(content, "tbl-key-results").rows for cell in line.cells]
    assert never not in spoken and not any(never in cell for cell in cells)


@pytest.mark.parametrize(
    ("study", "measure", "words"),
    [
        ("jtrain2", "effect", "Effect (intention to treat)"), ("card", "effect", "Effect (intention to treat)"),
        ("cattaneo2", "effect", "Main estimate"), ("senate", "effect", "Main estimate"),
        ("card", "effect_participants", "Per unit of take-up due to the offer"),
    ],
)  # fmt: skip
def test_only_what_counts_everybody_assigned_is_called_intention_to_treat(study, measure, words):
    content = content_of(study, "en", [row(study, measure=measure)])
    assert content.measure(next(iter(content.results))) == words


def test_a_change_in_years_taken_up_is_not_a_number_of_people():
    content = content_of("card", "en", [row("card", measure="first_stage", unit="count", estimate=0.32)])
    said = content.values.amount(next(iter(content.results))).replace("\u00a0", " ")
    assert said.startswith("[+0.32]") and said.endswith("units of take-up")


def test_the_annex_names_results_and_prints_no_id(planted, report_of):
    for language in ("bg", "en"):
        table = make_table(report_of(planted("shown"), language).content, "tbl-results")
        names = [line.cells[0].text for line in table.rows]
        assert len(names) == len(set(names)) and not [name for name in names if "_" in name or "/" in name]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("decimals=4;reproduced=yes", "are reproduced to the last printed digit."),
        ("decimals=4;reproduced=no", "are not reproduced for these outcomes: “Log hourly wage”."),
    ],
)
def test_a_printed_number_is_said_to_be_repeated_only_when_it_is(note, words):
    content = content_of("card", "en", [row("card", measure="published", note=note)])
    assert Phrases(content, "other").reproduction().endswith(words)


def test_what_is_not_the_same_quantity_does_not_stand_below_what_is_in_print():
    rows = [row("recid", measure="published", unit="log", note="decimals=9;reproduced=yes")]
    rows += [row("recid", measure="as_published", unit="log", term="classical"), row("recid", unit="months")]
    table = make_table(content_of("recid", "bg", rows), "tbl-published")
    assert len(table.rows) == 3 and not any("Основна оценка" in line.cells[0].text for line in table.rows)
