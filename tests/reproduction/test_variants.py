"""A study that is another one with changed assumptions."""

import pytest
import yaml

from analysis.commands import proof
from analysis.files import Workspace, project_root
from analysis.study import SettingsRefused, load_study


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "studies").mkdir()
    for name in ("haskovo-demo", "jtrain2"):
        (tmp_path / "studies" / name).symlink_to(project_root() / "studies" / name)
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    return tmp_path


def test_a_variant_is_written_and_reads_the_same_raw_files_sheets_and_texts(root):
    assert proof.variant("haskovo-demo", ["en"], "strict", ["inference.level=0.01", "designs.school_did.seed=7"]) == 0
    study, workspace = load_study("strict", root), Workspace("strict", root)
    assert study.name == "strict" and study.based_on == "haskovo-demo"
    assert study.inference.level == 0.01 and study.designs["school_did"].seed == 7
    assert workspace.raw == root / "data" / "raw" / "haskovo-demo" and workspace.settings.name == "haskovo-demo"
    assert workspace.reports == root / "reports" / "strict"
    base = load_study("haskovo-demo", root)
    same = {"name", "based_on", "changes", "inference", "designs"}
    assert study.model_dump(exclude=same) == base.model_dump(exclude=same)


def test_a_variant_of_a_variant_keeps_the_first_changes(root):
    proof.variant("jtrain2", ["en"], "first", ["inference.level=0.01"])
    proof.variant("first", ["en"], "second", ["inference.power=0.9"])
    study = load_study("second", root)
    assert (study.based_on, study.inference.level, study.inference.power) == ("jtrain2", 0.01, 0.9)


@pytest.mark.parametrize("change", ["inference.levl=0.1", "inference.level=much", "outcomes.re78.panel=nowhere"])
def test_a_change_that_cannot_be_leaves_nothing_behind(root, change):
    with pytest.raises(SettingsRefused):
        proof.variant("jtrain2", ["en"], "wrong", [change])
    assert not (root / "studies" / "wrong").exists()


def test_a_variant_may_hold_changes_alone_and_needs_its_base(root):
    folder = root / "studies" / "odd"
    folder.mkdir()
    for content, kind in (
        ({"name": "odd", "based_on": "jtrain2", "inference": {"level": 0.1}}, "only_changes"),
        ({"name": "odd", "based_on": "none-such"}, "no_study"),
    ):
        (folder / "study.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        with pytest.raises(SettingsRefused) as refused:
            load_study("odd", root)
        assert [problem[1] for problem in refused.value.problems] == [kind]


def test_a_name_that_is_taken_and_a_change_without_value_are_refused(root, capsys):
    assert proof.variant("jtrain2", ["bg"], "haskovo-demo", ["inference.level=0.1"]) == 2
    assert proof.variant("jtrain2", ["bg"], "other", ["inference.level"]) == 2
    assert "вече съществува" in capsys.readouterr().err
