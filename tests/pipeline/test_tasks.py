"""What is declared as a stage's dependencies."""

from __future__ import annotations

import pytest

from analysis.files import Workspace
from analysis.pipeline.stages import stages_of
from analysis.pipeline.tasks import code_states, key_fingerprint, raw_files, tasks_of
from analysis.study import Study


def test_hidden_files_and_lock_files_of_office_programs_are_not_inputs(workspace: Workspace) -> None:
    for name in ("~$pupils.xlsx", ".DS_Store", "deep/.hidden/a.csv", "deep/b.csv"):
        path = workspace.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert [path.relative_to(workspace.raw).as_posix() for path in raw_files(workspace)] == [
        "deep/b.csv",
        "numbers.csv",
    ]


def test_another_key_is_another_input_and_the_key_itself_is_not_kept(
    study: Study, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = study.model_copy(update={"identifiers": study.identifiers.model_copy(update={"key": "secret"})})
    assert key_fingerprint(study) == "public"
    file = tmp_path / "a.key"
    file.write_text("a long secret in a file", encoding="utf-8")
    monkeypatch.delenv("EVALUATION_KEY", raising=False)
    none = key_fingerprint(secret)
    monkeypatch.setenv("EVALUATION_KEY_FILE", str(file))
    of_file = key_fingerprint(secret)
    monkeypatch.setenv("EVALUATION_KEY", "a long secret of the environment")
    both = key_fingerprint(secret)
    assert len({none, of_file, both}) == 3
    assert not any("secret" in trace for trace in (none, of_file, both))


def test_report_texts_count_for_the_report_alone(study: Study, workspace: Workspace) -> None:
    text = workspace.settings / "texts" / "bg" / "summary.md"
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_text("x", encoding="utf-8")
    stages = stages_of(study, workspace, ["bg"])
    for stage, task in zip(stages, tasks_of(stages, study, workspace, lambda _: None), strict=True):
        paths = {getattr(node, "path", None) for node in task.depends_on.values()}
        assert (text in paths) == (stage.kind in ("report", "manifest")), stage.name
        assert (workspace.settings / "study.yml") in paths, stage.name


def test_a_stage_rests_on_the_code_its_notebook_imports(
    study: Study, workspace: Workspace, write_notebook, tmp_path
) -> None:
    write_notebook(workspace.notebooks / "04_education.ipynb", "from analysis.effects import estimate_outcomes")
    stages = [stage for stage in stages_of(study, workspace, ["bg"]) if stage.kind == "education"]
    [task] = tasks_of(stages, study, workspace, lambda _: None)
    parts = {name.split(" @ ")[0] for name in code_states(stages[0])}
    assert {"src/analysis/effects", "src/analysis/files", "src/analysis/pipeline"} <= parts
    assert not parts & {"src/analysis/report", "src/analysis/sources"}
    assert any("analysis/effects/estimate.py" in state for state in code_states(stages[0]).values())
    assert any(getattr(node, "path", tmp_path).name == "requirements.lock" for node in task.depends_on.values())


def test_a_changed_file_of_the_package_changes_its_part(study, workspace, write_notebook, monkeypatch) -> None:
    write_notebook(workspace.notebooks / "04_education.ipynb", "from analysis.effects import estimate_outcomes")
    [stage] = [stage for stage in stages_of(study, workspace, ["bg"]) if stage.kind == "education"]
    before = code_states(stage)
    monkeypatch.setattr("analysis.pipeline.tasks._state", lambda path: "x" if "effects" in path.parts else "same")
    changed = code_states(stage)
    monkeypatch.setattr("analysis.pipeline.tasks._state", lambda path: "y" if "effects" in path.parts else "same")
    again = code_states(stage)
    assert before.keys() == changed.keys()
    assert [part for part in changed if changed[part] != again[part]] == [f"src/analysis/effects @ {stage.name}"]
