"""The deviations sheet as people save it, and what check-data says of it and of the plan."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from analysis.files import InputRefused, Workspace, project_root
from analysis.pipeline.wording import finding_in_words
from analysis.study import load_study
from analysis.study.deviations import read_deviations
from analysis.study.plan_findings import plan_findings
from analysis.texts import text

CAPTIONS = ["place", "what_bg", "what_en", "why_bg", "why_en", "effect_bg", "effect_en"]
FULL = ["какво", "what", "защо", "why", "ефект", "effect"]


@pytest.fixture
def study_with(tmp_path):
    """The demonstration's settings in a folder of their own, changed, with this deviations sheet."""
    shipped = (project_root() / "studies" / "haskovo-demo" / "study.yml").read_text(encoding="utf-8")
    folder = tmp_path / "studies" / "trial"
    folder.mkdir(parents=True)

    def made(rows: list[list[str]] | None = None, change=lambda content: None):
        content = {**yaml.safe_load(shipped), "name": "trial"}
        change(content)
        (folder / "study.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        if rows is not None:
            pd.DataFrame(rows, columns=CAPTIONS).to_csv(folder / "deviations.csv", index=False)
        return load_study("trial", tmp_path), Workspace("trial", tmp_path)

    return made


def told(study, workspace) -> list[tuple[str, int | None]]:
    return [(finding.rule.removeprefix("findings."), finding.row) for finding in plan_findings(study, workspace)]


def test_a_study_without_a_sheet_has_no_lines(study_with):
    study, workspace = study_with()
    assert read_deviations(workspace, study.languages) == []


def test_lines_are_read_with_the_row_of_the_file_and_what_they_lack(study_with):
    rows = [["education.at_risk.gpa_below", *FULL], [""] * 7, ["plan.inference.level", "x", "x", "", "x", "x", "x"]]
    study, workspace = study_with(rows)
    first, second = read_deviations(workspace, study.languages)
    assert (first.place, first.row, first.is_complete, first.told("why", "bg")) == (
        "education.at_risk.gpa_below", 2, True, "защо",
    )  # fmt: skip
    assert (second.place, second.row, second.missing) == ("inference.level", 4, ("why_bg",))
    assert all(one.is_complete for one in read_deviations(workspace, ["en"]))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_filled_in_template_is_read(study_with, language):
    study, workspace = study_with()
    captions = [text(f"sheets.deviations.{name}", language) for name in CAPTIONS]
    table = pd.DataFrame([["inference.power", *FULL]], columns=captions)
    table.to_excel(workspace.settings / "deviations.xlsx", index=False)
    (line,) = read_deviations(workspace, study.languages)
    assert line.is_complete and line.place == "inference.power" and line.file == "studies/trial/deviations.xlsx"


def test_a_sheet_of_a_bulgarian_excel_is_read(study_with):
    study, workspace = study_with()
    lines = [";".join(CAPTIONS), ";".join(["inference.power", *FULL])]
    (workspace.settings / "deviations.csv").write_bytes("\r\n".join(lines).encode("cp1251"))
    (line,) = read_deviations(workspace, study.languages)
    assert line.told("what", "bg") == "какво"


def test_a_sheet_without_the_column_of_places_is_refused(study_with):
    study, workspace = study_with()
    (workspace.settings / "deviations.csv").write_text("what_bg\nx\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_deviations(workspace, study.languages)
    (finding,) = refused.value.findings
    assert (finding.rule, finding.column) == ("sheet_column_missing", "place")
    assert finding.file == "studies/trial/deviations.csv"
    assert "place" in finding_in_words(finding, "bg")


def test_an_explained_difference_is_not_told_and_an_unexplained_one_is(study_with):
    assert told(*study_with()) == [("plan_unexplained.otherwise", None)]
    assert told(*study_with([["education.at_risk.gpa_below", *FULL]])) == []


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("inference.level", "deviation.no_difference"),
        ("outcomes.dropout_a.participation", "deviation.no_difference"),
        ("education.at_risk.gpa_belw", "deviation.unknown_place_guess"),
        ("outcomes.nothing.design", "deviation.unknown_place"),
        ("outcomes", "deviation.unknown_place"),
    ],
)
def test_a_line_about_nothing_is_told_with_its_row(study_with, place, rule):
    found = told(*study_with([["education.at_risk.gpa_below", *FULL], [place, *FULL]]))
    assert [one for one in found if one[0].partition("_guess")[0] == rule.partition("_guess")[0]] == [
        (one, row) for one, row in found if row == 3
    ]
    assert len(found) == 1


def test_a_line_without_a_reason_is_told_and_explains_nothing(study_with):
    found = told(*study_with([["education.at_risk.gpa_below", *FULL[:2], "", *FULL[3:]]]))
    assert found == [("plan_unexplained.otherwise", None), ("deviation.incomplete", 2)]


def test_a_sheet_without_a_plan_is_told(study_with):
    def without(content):
        del content["plan"]

    assert told(*study_with([["inference.level", *FULL]], without)) == [("deviation.without_plan", 2)]


def test_a_plan_after_the_data_and_a_changed_plan_are_told(study_with):
    def late(content):
        content["plan"]["registered"] |= {"date": "2030-01-01", "sha256": "0" * 64}

    rows = [["education.at_risk.gpa_below", *FULL]]
    assert [rule for rule, _ in told(*study_with(rows, late))] == ["plan_late", "plan_changed"]


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_finding_is_worded_with_its_place_and_values(study_with, language):
    def changed(content):
        del content["outcomes"]["dropout_b"]
        content["plan"]["registered"] |= {"date": "2030-01-01", "sha256": "0" * 64}

    named = ("inference.level", "inference.levl", "nowhere.at_all")
    rows = [*([place, *FULL] for place in named), ["data_cut_off", *[""] * 6]]
    findings = plan_findings(*study_with(rows, changed))
    words = [finding_in_words(finding, language) for finding in findings]
    assert not [one for one in words if "findings." in one or "{" in one]
    joined = "\n".join(words)
    for expected in ("education.at_risk.gpa_below", "3.5", "3.75", "outcomes.dropout_b", "2030-01-01"):
        assert expected in joined
    assert ("ред 2" if language == "bg" else "row 2") in joined
