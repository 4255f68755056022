"""The same tasks on a cluster of two processes: the same bytes, the same failures, and nothing done twice."""

from __future__ import annotations

import builtins
import hashlib
import pickle
from pathlib import Path

import pytest

from analysis.files import Workspace
from analysis.pipeline.build import Built, build, build_on_cluster
from analysis.pipeline.cluster import ClusterRefused, OnWorker, cluster_at
from analysis.pipeline.failures import Failure
from analysis.pipeline.processes import StageFailed
from analysis.pipeline.stages import Stage
from analysis.pipeline.tasks import tasks_of

ADD = """\
from pathlib import Path
total = sum(int(number) for path in {reads!r} for number in Path(path).read_text().split())
Path({writes!r}).parent.mkdir(parents=True, exist_ok=True)
_ = Path({writes!r}).write_text(str(total + 1))"""
BREAK = "raise ValueError('8001010008')"


class Listener:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.failures: dict[str, Failure] = {}

    def started(self, stage: Stage) -> None:
        self.told.append(("started", stage.name))

    def finished(self, stage: Stage, seconds: float) -> None:
        self.told.append(("finished", stage.name))

    def failed(self, stage: Stage, failure: Failure, seconds: float) -> None:
        self.told.append(("failed", stage.name))
        self.failures[stage.name] = failure


@pytest.fixture
def road(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, write_notebook):
    """Two chains of real notebooks; ``broken`` names the stages whose notebook raises."""

    def lay(broken: tuple[str, ...] = ()) -> list[Stage]:
        kept, stages = workspace.processed, []
        for name, source in (("clean", None), ("link", "clean"), ("other", None)):
            reads = [kept / f"{source}.txt"] if source else [workspace.raw / "numbers.csv"]
            write_notebook(
                workspace.notebooks / f"{name}.ipynb",
                BREAK
                if name in broken
                else ADD.format(reads=[str(path) for path in reads], writes=str(kept / f"{name}.txt")),
            )
            executed = workspace.reports / "notebooks" / f"{name}.ipynb"
            stages.append(
                Stage(
                    name, "clean", "notebook", workspace.notebooks / f"{name}.ipynb", {"study": "tiny"},
                    tuple(reads) if source else (), (executed, kept / f"{name}.txt"), reads_raw=not source,
                )
            )  # fmt: skip
        monkeypatch.setattr("analysis.pipeline.build.stages_of", lambda *_: stages)
        monkeypatch.setattr("analysis.pipeline.tasks.files_behind", lambda _: [])
        return stages

    return lay


def made(workspace: Workspace) -> dict[str, str]:
    folders = (workspace.processed, workspace.reports)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and "log" not in path.parts]
    return {workspace.shown(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


@pytest.mark.slow  # a cluster is an extra; that it runs and fails as one machine does is tried below every time
def test_the_same_bytes_as_on_one_machine_and_nothing_twice(study, workspace, road):
    road()
    ours = build(study, workspace, ["bg"], Listener())
    assert sorted(ours.ran) == ["clean", "link", "other"]
    local = made(workspace)
    for path in local:
        (workspace.root / path).unlink()
    listener = Listener()
    there = build_on_cluster(study, workspace, ["bg"], listener, "local")
    assert sorted(there.ran) == ["clean", "link", "other"] and there.failures == {}
    assert made(workspace) == local and len(local) == 6
    assert listener.told.index(("finished", "clean")) < listener.told.index(("started", "link"))
    again = build_on_cluster(study, workspace, ["bg"], Listener(), "local")
    assert again == Built(unchanged=again.unchanged) and sorted(again.unchanged) == ["clean", "link", "other"]


def test_a_failure_there_is_the_failure_here(study, workspace, road):
    road(broken=("clean",))
    here, there = Listener(), Listener()
    ours = build(study, workspace, ["bg"], here)
    theirs = build_on_cluster(study, workspace, ["bg"], there, "local")
    assert theirs.failures == ours.failures and theirs.failures["clean"].kind == ours.failures["clean"].kind
    assert ours.skipped == theirs.skipped == ["link"] and "8001010008" not in repr(there.failures)
    assert there.failures.keys() == here.failures.keys() == {"clean"}


def test_what_is_sent_is_plain_data(study, workspace, road):
    stages = road()
    run = OnWorker("tiny", workspace.root, ("bg",))
    for task in tasks_of(stages, study, workspace, run):
        again = pickle.loads(pickle.dumps(task.function))
        assert again.args == (run, next(stage for stage in stages if stage.name == task.name))


def test_a_worker_without_the_folder_says_so(tmp_path: Path, road):
    (stage, *_) = road()
    with pytest.raises(StageFailed) as failed:
        OnWorker("tiny", tmp_path / "elsewhere", ("bg",))(stage)
    again = pickle.loads(pickle.dumps(failed.value))
    assert again.failure == failed.value.failure == Failure("FolderNotShared")


def test_no_cluster_at_the_address_and_no_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analysis.pipeline.cluster.PATIENCE", 1)
    with pytest.raises(ClusterRefused, match="unreachable"), cluster_at("tcp://127.0.0.1:9", 1):
        pass
    usual = builtins.__import__

    def without(name, *rest):
        if name == "distributed":
            raise ImportError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ClusterRefused, match="not_installed"), cluster_at("local", 1):
        pass
