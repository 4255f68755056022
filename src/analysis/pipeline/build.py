"""Running what must run, or saying what would, with the engine kept quiet: people read our lines, not its tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis.files import Workspace
from analysis.pipeline.failures import Failure, failure_of
from analysis.pipeline.processes import StageFailed, processes_of
from analysis.pipeline.stages import Stage, stages_of
from analysis.study import Study

if TYPE_CHECKING:
    from pytask import Session


class Listener(Protocol):
    """Told of every stage as it starts and ends."""

    def started(self, stage: Stage) -> None: ...
    def finished(self, stage: Stage, seconds: float) -> None: ...
    def failed(self, stage: Stage, failure: Failure, seconds: float) -> None: ...


@dataclass
class Built:
    """What came of a call: names of stages."""

    ran: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why a stage would run: ``kind`` is first, changed, missing or cascade; ``what`` the file, value or stage."""

    kind: str
    what: str


def build(study: Study, workspace: Workspace, languages: Sequence[str], listener: Listener, workers: int = 2) -> Built:
    """Run every stage that is not up to date.

    A failed stage holds back only what follows from it. Raises KeyboardInterrupt when the person interrupts, after
    every process has ended; what was finished stays finished.
    """
    built = Built()
    with processes_of(workspace) as processes:

        def carry_out(stage: Stage) -> None:
            if stage.runs == "manifest":
                from analysis.pipeline.manifest import write_manifest

                write_manifest(study, workspace, languages)
            else:
                processes.carry_out(stage)

        run = _told(carry_out, listener, built)
        session = _engine(study, workspace, languages, run, n_workers=workers, parallel_backend="threads")
        if processes.interrupted:
            raise KeyboardInterrupt
    _account(session, built)
    return built


def build_on_cluster(
    study: Study, workspace: Workspace, languages: Sequence[str], listener: Listener, address: str, workers: int = 2
) -> Built:
    """As ``build``, the same tasks on the cluster at ``address`` (``local``: one of this machine's processes).

    Raises ClusterRefused when there is no cluster to work on.
    """
    from analysis.pipeline.cluster import OnWorker, cluster_at
    from analysis.pipeline.telling import told_to

    built = Built()
    run = OnWorker(study.name, workspace.root, tuple(languages))
    heard = _Heard({stage.name: stage for stage in stages_of(study, workspace, languages)}, listener, built)
    with cluster_at(address, workers) as count, told_to(heard):
        session = _engine(study, workspace, languages, run, n_workers=count, parallel_backend="dask")
    _account(session, built)
    return built


@dataclass
class _Heard:
    """Hears of the tasks from the engine, and tells the listener and ``built``."""

    stages: dict[str, Stage]
    listener: Listener
    built: Built
    began: dict[str, float] = field(default_factory=dict)

    def sent(self, name: str) -> None:
        self.began[name] = time.monotonic()
        self.listener.started(self.stages[name])

    def back(self, name: str, error: BaseException | None) -> None:
        if name not in self.began:
            return
        stage, seconds = self.stages[name], time.monotonic() - self.began.pop(name)
        if error is None:
            self.built.ran.append(name)
            self.listener.finished(stage, seconds)
            return
        failure = error.failure if isinstance(error, StageFailed) else failure_of(error)
        self.built.failures[name] = failure
        self.listener.failed(stage, failure, seconds)


def explain(study: Study, workspace: Workspace, languages: Sequence[str]) -> dict[str, list[Reason]]:
    """For each stage, in order: why it would run, or nothing if it would not. Runs nothing."""
    session = _engine(study, workspace, languages, _nothing, dry_run=True, explain=True)
    reasons = {}
    for report in session.execution_reports:
        told = report.task.attributes["explanation"].reasons
        reasons[report.task.name] = _reasons(told) if report.outcome.name == "WOULD_BE_EXECUTED" else []
    return {stage.name: reasons.get(stage.name, []) for stage in stages_of(study, workspace, languages)}


def _nothing(stage: Stage) -> None:
    return None


def _reasons(told: list[Any]) -> list[Reason]:
    kinds = {
        "not_in_db": "first",
        "first_run": "first",
        "changed": "changed",
        "missing": "missing",
        "cascade": "cascade",
    }
    found = [Reason(kinds.get(reason.reason, "changed"), reason.node_name) for reason in told]
    if found and all(reason.kind in ("first", "missing") for reason in found):
        return [Reason("first", "")]
    return found


def _told(carry_out: Callable[[Stage], None], listener: Listener, built: Built) -> Callable[[Stage], None]:
    """``carry_out``, with the listener told and the outcome noted."""

    def run(stage: Stage) -> None:
        listener.started(stage)
        start = time.monotonic()
        try:
            carry_out(stage)
        except Exception as error:
            failure = error.failure if isinstance(error, StageFailed) else failure_of(error)
            built.failures[stage.name] = failure
            if failure.kind != "KeyboardInterrupt":
                listener.failed(stage, failure, time.monotonic() - start)
            raise
        missing = [path for path in stage.writes if not path.is_file()]
        if not missing:
            built.ran.append(stage.name)
            listener.finished(stage, time.monotonic() - start)

    return run


def _engine(
    study: Study, workspace: Workspace, languages: Sequence[str], run: Callable[[Stage], None], **options: Any
) -> Session:
    """One session of the engine. Its memory (pytask.lock) lies in .build/<study>/, out of git and out of sight."""
    import pytask

    from analysis.pipeline.tasks import tasks_of

    folder = _memory(workspace)
    tasks = tasks_of(stages_of(study, workspace, languages), study, workspace, run)
    was_quiet, pytask.console.quiet = pytask.console.quiet, True
    try:
        return pytask.build(
            tasks=tasks, config=folder / "pyproject.toml", paths=folder, capture="no", verbose=0, **options
        )
    finally:
        pytask.console.quiet = was_quiet


def _memory(workspace: Workspace) -> Path:
    folder = workspace.root / ".build" / workspace.study
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "pyproject.toml"
    if not config.is_file():
        config.write_text("[tool.pytask.ini_options]\n", encoding="utf-8")
    return folder


def _account(session: Session, built: Built) -> None:
    """Sort the engine's reports: stages left alone, held back, and failures that no process told of."""
    for report in session.execution_reports:
        name, outcome = report.task.name, report.outcome.name
        if outcome == "SKIP_UNCHANGED":
            built.unchanged.append(name)
        elif outcome == "SKIP_PREVIOUS_FAILED":
            built.skipped.append(name)
        elif outcome == "FAIL" and name not in built.failures:
            error = report.exc_info[1] if report.exc_info else None
            built.failures[name] = failure_of(error) if isinstance(error, BaseException) else Failure("Unknown")
    if not session.execution_reports and session.exit_code:
        built.failures["plan"] = Failure(session.exit_code.name)
