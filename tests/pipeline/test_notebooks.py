"""A notebook in a process and kernel of its own, as the pipeline runs it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.files import Workspace
from analysis.pipeline.processes import StageFailed, environment, processes_of
from analysis.pipeline.stages import Stage


def stage_for(workspace: Workspace, name: str, **parameters: str) -> Stage:
    output = workspace.reports / "notebooks" / f"{name}.ipynb"
    notebook = workspace.notebooks / f"{name}.ipynb"
    return Stage(name, "clean", "notebook", notebook, {"study": "tiny", **parameters}, writes=(output,))


def test_two_runs_leave_the_same_bytes_and_no_machine_path(workspace: Workspace, write_notebook) -> None:
    write_notebook(
        workspace.notebooks / "plain.ipynb",
        "import sys\nfrom analysis.files import project_root",
        "print(study, project_root())\nprint('to stderr', project_root(), file=sys.stderr)\nprint(hash('a'))",
    )
    stage, copies = stage_for(workspace, "plain"), []
    for _ in range(2):
        with processes_of(workspace) as processes:
            processes.carry_out(stage)
        copies.append(stage.writes[0].read_bytes())
    assert copies[0] == copies[1]
    assert str(workspace.root).encode() not in copies[0]
    executed = json.loads(copies[0])
    assert executed["cells"][1]["id"] == "injected-parameters"
    assert "papermill" not in executed["metadata"]
    assert executed["cells"][-1]["execution_count"] == len(executed["cells"])
    assert executed["cells"][-1]["outputs"][0]["text"][0].startswith("tiny ")


def test_refused_inputs_come_back_as_their_findings(workspace: Workspace, write_notebook) -> None:
    write_notebook(
        workspace.notebooks / "refuses.ipynb",
        "from analysis.files import Finding, InputRefused",
        'raise InputRefused([Finding("pupils", "refused", "reading.no_rows", "pupils.csv", row=7, params={"n": "1"})])',
    )
    stage = stage_for(workspace, "refuses")
    with processes_of(workspace) as processes, pytest.raises(StageFailed) as failed:
        processes.carry_out(stage)
    [finding] = failed.value.failure.findings
    assert (finding.file, finding.row, finding.rule, finding.params) == ("pupils.csv", 7, "reading.no_rows", {"n": "1"})
    assert not stage.writes[0].exists()


def test_a_fault_comes_back_without_the_message_that_may_quote_a_cell(workspace: Workspace, write_notebook) -> None:
    write_notebook(
        workspace.notebooks / "breaks.ipynb",
        "from analysis.study import load_codes",
        "try:\n    load_codes()['8001010008']\nexcept KeyError as e:\n    raise ValueError('8001010008') from e",
    )
    stage = stage_for(workspace, "breaks")
    stage.writes[0].parent.mkdir(parents=True)
    stage.writes[0].write_text("the earlier copy", encoding="utf-8")
    with processes_of(workspace) as processes, pytest.raises(StageFailed) as failed:
        processes.carry_out(stage)
    failure = failed.value.failure
    assert failure.kind == "ValueError < KeyError"
    assert failure.frames and "8001010008" not in repr(failure)
    assert not failure.is_about_inputs
    assert stage.writes[0].read_text(encoding="utf-8") == "the earlier copy"


def test_an_unknown_parameter_stops_the_run(workspace: Workspace, write_notebook) -> None:
    write_notebook(workspace.notebooks / "plain.ipynb", "print(study)")
    with processes_of(workspace) as processes, pytest.raises(StageFailed) as failed:
        processes.carry_out(stage_for(workspace, "plain", langauge="bg"))
    assert failed.value.failure.kind == "UnknownParameter"


def test_a_kernel_that_dies_is_told_as_such(workspace: Workspace, write_notebook) -> None:
    write_notebook(workspace.notebooks / "dies.ipynb", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    with processes_of(workspace) as processes, pytest.raises(StageFailed) as failed:
        processes.carry_out(stage_for(workspace, "dies"))
    assert "DeadKernelError" in failed.value.failure.kind


def test_the_environment_fixes_what_results_must_not_depend_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    given = environment(workspace)
    assert given["OMP_NUM_THREADS"] == "1"
    assert given["PYTHONHASHSEED"] == "0"
    assert Path(given["EVALUATION_ROOT"]) == workspace.root
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert environment(workspace)["PYTHONHASHSEED"] == "7"


def test_kernels_side_by_side_do_not_share_their_sockets(workspace: Workspace, write_notebook) -> None:
    write_notebook(workspace.notebooks / "names.ipynb", "import os", "print(os.getpid())")
    stages = [stage_for(workspace, "names"), replace(stage_for(workspace, "names"), name="other")]
    stages[1] = replace(stages[1], writes=(workspace.reports / "notebooks" / "other.ipynb",))
    with processes_of(workspace) as processes, ThreadPoolExecutor(2) as pool:
        assert list(pool.map(processes.carry_out, stages)) == [None, None]
    said = {json.loads(stage.writes[0].read_text())["cells"][-1]["outputs"][0]["text"][0] for stage in stages}
    assert len(said) == 2
    left = {path.name for path in workspace.notebooks.iterdir()}
    assert left == {"names.ipynb"}, "sockets lie in the notebooks' folder"
