"""What `new` left to be filled in is found before a report prints it."""

from __future__ import annotations

import pytest
import yaml
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.files import project_root
from analysis.study import load_study
from analysis.study.unfilled import unfilled

STUDY = "card"


def with_changes(root, change):
    """A copy of a shipped study below ``root`` with something put back to what `new` writes."""
    content = yaml.safe_load((project_root() / "studies" / STUDY / "study.yml").read_text(encoding="utf-8"))
    change(content)
    folder = root / "studies" / STUDY
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (root / "notebooks").mkdir()
    return root


def title(content):
    content["project"]["name"]["bg"] = "TODO"


def institution(content):
    content["sources"]["men"]["institution"] = {"bg": "TODO кой води таблицата", "en": "TODO"}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (title, ["project.name.bg"]),
        (institution, ["sources.men.institution.bg", "sources.men.institution.en"]),
        (lambda content: None, []),
    ],
)
def test_each_text_that_still_says_todo_is_named(tmp_path, change, places):
    found = unfilled(load_study(STUDY, with_changes(tmp_path, change)))
    assert [place for place, _, _ in found] == places


def test_a_word_that_only_holds_the_letters_is_none(tmp_path):
    def change(content):
        content["project"]["name"]["en"] = "The TODOROV study"

    assert unfilled(load_study(STUDY, with_changes(tmp_path, change))) == []


def test_the_report_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.chdir(with_changes(tmp_path, title))
    done = CliRunner().invoke(app, ["report", "--study", STUDY])
    assert done.exit_code == 2
    assert "project.name.bg още не е попълнено" in done.output and "Traceback" not in done.output
