"""The sheets beside study.yml, and what is said when one is wrong."""

from __future__ import annotations

import pytest

from analysis.files import InputRefused, Workspace
from analysis.panels import employers, schools


@pytest.fixture
def workspace(tmp_path):
    place = Workspace("haskovo-demo", tmp_path)
    place.settings.mkdir(parents=True)
    return place


def write(workspace, name, text):
    (workspace.settings / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("separator", [",", ";"])
def test_schools_keep_their_codes_as_text(study, workspace, separator):
    lines = ["code,treated,stratum,name_bg,name_en", "2699001,да,town,Първо,First", "100006,0,village,Второ,Second"]
    write(workspace, "schools.csv", "\n".join(lines).replace(",", separator))
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
    ],
)
def test_a_wrong_sheet_is_refused_with_its_place(study, workspace, text, rule, row):
    if text is not None:
        write(workspace, "schools.csv", text)
    with pytest.raises(InputRefused) as refused:
        schools(study, workspace)
    finding = refused.value.findings[0]
    assert (finding.rule, finding.row) == (rule, row) and finding.file.endswith("schools.csv")


def test_employers_are_optional(study, workspace):
    assert employers(study.model_copy(update={"employers": None}), workspace).empty
    write(workspace, "project_employers.csv", "employer_id,name_bg\n990000015,Демо ЕООД\n")
    assert employers(study, workspace)["employer_id"].tolist() == ["990000015"]
