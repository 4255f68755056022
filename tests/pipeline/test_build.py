"""The engine as we drive it: what runs, what does not, what a failure holds back, and what a person is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.files import Workspace
from analysis.pipeline.build import Built, Reason, build, explain
from analysis.pipeline.failures import Failure
from analysis.pipeline.stages import Stage
from analysis.study import Study


class Silent:
    """A listener that does nothing."""

    def started(self, stage: Stage) -> None: ...
    def finished(self, stage: Stage, seconds: float) -> None: ...
    def failed(self, stage: Stage, failure: Failure, seconds: float) -> None: ...


NAMES = ["clean", "link", "education"]


def run(study: Study, workspace: Workspace) -> Built:
    return build(study, workspace, ["bg"], Silent())


def test_a_changed_input_moves_the_number_and_nothing_runs_twice(study, workspace, road) -> None:
    first = run(study, workspace)
    assert (first.ran, first.failures) == (NAMES, {})
    assert (workspace.processed / "education.txt").read_text() == "9"

    second = run(study, workspace)
    assert (second.ran, sorted(second.unchanged)) == ([], sorted(NAMES))

    (workspace.raw / "more.csv").write_text("10\n", encoding="utf-8")
    assert run(study, workspace).ran == NAMES
    assert (workspace.processed / "education.txt").read_text() == "19"


def test_a_removed_raw_file_runs_again(study, workspace, road) -> None:
    extra = workspace.raw / "extra.csv"
    extra.write_text("5\n", encoding="utf-8")
    run(study, workspace)
    extra.unlink()
    assert run(study, workspace).ran == NAMES
    assert (workspace.processed / "clean.txt").read_text() == "7"


def test_an_equal_intermediate_result_stops_the_chain(study, workspace, road) -> None:
    run(study, workspace)
    (workspace.raw / "numbers.csv").write_text("4\n3\n", encoding="utf-8")  # the same sum
    assert run(study, workspace).ran == ["clean"]


def test_a_touched_but_equal_file_runs_nothing(study, workspace, road) -> None:
    run(study, workspace)
    os.utime(workspace.raw / "numbers.csv", (1, 1))
    assert run(study, workspace).ran == []


def test_a_lost_or_edited_product_is_made_again(study, workspace, road) -> None:
    run(study, workspace)
    (workspace.processed / "link.txt").unlink()
    (workspace.processed / "education.txt").write_text("edited by hand", encoding="utf-8")
    assert run(study, workspace).ran == ["link", "education"]
    assert (workspace.processed / "education.txt").read_text() == "9"


def test_a_failure_holds_back_what_follows_and_the_next_call_goes_on(study, workspace, road) -> None:
    road.broken["link"] = ValueError("8001010008")
    built = run(study, workspace)
    assert (built.ran, built.skipped) == (["clean"], ["education"])
    assert built.failures["link"].kind == "ValueError"
    assert "8001010008" not in repr(built.failures)

    road.broken.clear()
    assert run(study, workspace).ran == ["link", "education"]


def test_a_stage_that_leaves_out_a_product_has_failed(study, workspace, road, monkeypatch) -> None:
    monkeypatch.setattr("analysis.pipeline.processes.Processes.carry_out", lambda self, stage: None)
    built = run(study, workspace)
    assert built.ran == []
    assert built.failures["clean"].kind == "NodeNotFoundError"


def test_why_names_the_changed_file_and_what_follows(study, workspace, road, write_notebook) -> None:
    assert explain(study, workspace, ["bg"])["clean"] == [Reason("first", "")]
    run(study, workspace)
    assert explain(study, workspace, ["bg"]) == {name: [] for name in NAMES}
    write_notebook(workspace.notebooks / "link.ipynb", "print(study, study)")
    reasons = explain(study, workspace, ["bg"])
    assert reasons["clean"] == []
    assert reasons["link"] == [Reason("changed", "notebooks/link.ipynb")]
    assert reasons["education"] == [Reason("cascade", "link")]
    assert run(study, workspace).ran == ["link"]  # and what it made was the same


@pytest.mark.parametrize("part", ["settings", "key", "parameters", "lock"])
def test_everything_a_stage_rests_on_counts(study, workspace, road, monkeypatch, part: str) -> None:
    run(study, workspace)
    if part == "settings":
        path = workspace.settings / "study.yml"
        path.write_text(path.read_text(encoding="utf-8") + "# another line\n", encoding="utf-8")
    elif part == "key":
        monkeypatch.setattr("analysis.pipeline.tasks.key_fingerprint", lambda _: "another")
    elif part == "parameters":
        road.stages[0] = replace(road.stages[0], parameters={"study": "other"})
    else:
        (workspace.root / "requirements.lock").write_text("numpy==1\n", encoding="utf-8")
    assert "clean" in run(study, workspace).ran


INTERRUPTED = """
import sys
import pytest
sys.path.insert(0, {folder!r})
from analysis.files import Workspace
from analysis.pipeline import build as module
from analysis.pipeline.stages import Stage
from analysis.study import load_study
workspace = Workspace.of("tiny")
stage = Stage("clean", "clean", "notebook", notebook=workspace.notebooks / "slow.ipynb", parameters={{"study": "tiny"}},
              writes=(workspace.reports / "notebooks" / "slow.ipynb",))
module.stages_of = lambda *_: [stage]
class Quiet:
    def started(self, *_): print("started", flush=True)
    def finished(self, *_): print("finished", flush=True)
    def failed(self, *_): print("failed", flush=True)
try:
    module.build(load_study("tiny"), workspace, ["bg"], Quiet())
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interruption_ends_every_process(root: Path, write_notebook) -> None:
    write_notebook(
        root / "notebooks" / "slow.ipynb",
        "import os, time, pathlib",
        f"_ = pathlib.Path({str(root / 'kernel.pid')!r}).write_text(str(os.getpid()))",
        "time.sleep(120)",
    )
    code = INTERRUPTED.format(folder=str(root))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ})
    pid = _awaited(root / "kernel.pid")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=40)
    assert (process.returncode, told.split()) == (130, ["started"]), "an interruption is told as a failure"
    assert not _alive_after(pid, 10), "the kernel outlived the interruption"
    assert not (root / "reports" / "tiny" / "notebooks" / "slow.ipynb").exists()


def _awaited(path: Path) -> int:
    for _ in range(300):
        if path.is_file() and path.read_text():
            return int(path.read_text())
        time.sleep(0.1)
    raise AssertionError("the kernel never started")


def _alive_after(pid: int, seconds: float) -> bool:
    for _ in range(int(seconds * 10)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        if Path(f"/proc/{pid}/stat").is_file() and " Z " in Path(f"/proc/{pid}/stat").read_text():
            return False
        time.sleep(0.1)
    return True
