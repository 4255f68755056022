"""The sheets beside study.yml, and what is said when one is wrong."""

from __future__ import annotations

import pytest

from analysis.files import InputRefused, Workspace
from analysis.panels import employers, schools
from analysis.texts import text as text_of


@pytest.fixture
def workspace(tmp_path):
    place = Workspace("haskovo-demo", tmp_path)
    place.settings.mkdir(parents=True)
    return place


def write(workspace, name, text, encoding="utf-8"):
    (workspace.settings / name).write_text(text, encoding=encoding)


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1251")])
def test_schools_keep_their_codes_as_text(study, workspace, separator, encoding):
    lines = ["code,treated,stratum,name_bg,name_en", "2699001,да,town,Първо,First", "100006,0,village,Второ,Second"]
    write(workspace, "schools.csv", "\n".join(lines).replace(",", separator), encoding)
    table = schools(study, workspace)
    assert table["school_code"].tolist() == ["0100006", "2699001"]
    assert table["treated"].tolist() == [False, True] and table["name_bg"].tolist() == ["Второ", "Първо"]


@pytest.mark.parametrize(
    ("text", "rule", "row"),
    [
        (None, "sheet_missing", None),
        ("code,stratum\n2699001,town\n", "sheet_column_missing", None),
        ("code,treated\n2699001,1\n2699002,maybe\n", "sheet_not_yes_no", 3),
        ("code,treated\n2699001,1\n2699001,0\n", "sheet_code_repeated", 3),
        ("code,treated\n2699001,1\n26990O2,0\n", "sheet_bad_code", 3),
        ("school_code,treated,stratum,name_bg,name_en\n", "sheet_empty", None),
        ("code,treated\n2699001,1\n2699002,1\n", "sheet_one_group", None),
        ("", "sheet_unreadable", None),
    ],
)
def test_a_wrong_sheet_is_refused_with_its_place(study, workspace, text, rule, row):
    if text is not None:
        write(workspace, "schools.csv", text)
    with pytest.raises(InputRefused) as refused:
        schools(study, workspace)
    finding = refused.value.findings[0]
    assert (finding.rule, finding.row) == (rule, row) and finding.file.endswith("schools.csv")
    for language in ("bg", "en"):
        params = {"column": finding.column}
        assert text_of(f"findings.{rule}.what", language, **params) != text_of(
            f"findings.{rule}.todo", language, **params
        )


def test_employers_are_optional(study, workspace):
    assert employers(study.model_copy(update={"employers": None}), workspace).empty
    write(workspace, "project_employers.csv", "employer_id,name_bg\n990000015,Демо ЕООД\n")
    assert employers(study, workspace)["employer_id"].tolist() == ["990000015"]


def test_an_employers_sheet_may_hold_its_caption_alone(study, workspace):
    write(workspace, "project_employers.csv", "employer_id\n")
    assert employers(study, workspace).empty
    write(workspace, "project_employers.csv", "employer_id\n990000015\n")
    assert employers(study, workspace)["employer_id"].tolist() == ["990000015"]
