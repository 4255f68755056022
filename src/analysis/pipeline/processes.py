"""The processes that carry out stages: started with a fixed environment, and all ended when the person interrupts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.files import Workspace
from analysis.files.workspace import ROOT_VARIABLE
from analysis.pipeline.failures import VARIABLE, Failure, read_failure
from analysis.pipeline.stages import Stage

PATIENCE = 15.0
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class StageFailed(Exception):
    """A stage did not end well; carries what may be told of it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind)
        self.failure = failure

    def __reduce__(self) -> tuple[type[StageFailed], tuple[Failure]]:
        """As a worker of a cluster sends it back."""
        return type(self), (self.failure,)


class Processes:
    """The running processes of one call."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._folder = folder
        self._workspace = workspace
        self.interrupted = False

    def carry_out(self, stage: Stage) -> None:
        """Run the stage to its end. Raises StageFailed."""
        told = self._folder / f"{stage.name}.failure.json"
        process = self._start(_order(stage), told)
        code = process.wait()
        with self._lock:
            self._running.discard(process)
        if code:
            failure = read_failure(told) or Failure("ProcessEnded" if code > 0 else f"Signal{-code}")
            told.unlink(missing_ok=True)
            raise StageFailed(Failure("KeyboardInterrupt") if self.interrupted else failure)

    def _start(self, order: str, told: Path) -> subprocess.Popen[bytes]:
        with self._lock:
            if self.interrupted:
                raise StageFailed(Failure("KeyboardInterrupt"))
            process = subprocess.Popen(
                [sys.executable, "-m", "analysis.pipeline.step", order],
                env=environment(self._workspace) | {VARIABLE: str(told), "JUPYTER_RUNTIME_DIR": str(self._folder)},
                stdin=subprocess.DEVNULL,
                stdout=None if os.environ.get("EVALUATION_DEBUG") else subprocess.DEVNULL,
                stderr=None if os.environ.get("EVALUATION_DEBUG") else subprocess.DEVNULL,
                start_new_session=os.name != "nt",
            )
            self._running.add(process)
            return process

    def end_all(self) -> None:
        """End every running process: politely, so that it takes its kernel with it, then by force."""
        with self._lock:
            self.interrupted = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def environment(workspace: Workspace) -> dict[str, str]:
    """The environment of a stage: this root, nothing of the person's own Jupyter settings, one thread, a hash seed."""
    fixed = {
        ROOT_VARIABLE: str(workspace.root),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONUTF8": "1",
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **dict.fromkeys(ONE_THREAD, "1"),
    }
    return {"PYTHONHASHSEED": "0", **os.environ, **fixed}


def _order(stage: Stage) -> str:
    output = stage.writes[0].parent if stage.runs == "export" else stage.writes[0]
    return json.dumps(
        {"runs": stage.runs, "notebook": str(stage.notebook), "output": str(output), "parameters": stage.parameters}
    )


@contextmanager
def processes_of(workspace: Workspace) -> Iterator[Processes]:
    """Processes for one call; an interruption (Ctrl-C, a request to end) ends them all and raises KeyboardInterrupt."""
    folder = Path(tempfile.mkdtemp(prefix="evaluation-"))  # short: the kernels' sockets lie here
    processes = Processes(workspace, folder)

    def interrupt(*_: object) -> None:
        processes.end_all()
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    signals = (signal.SIGINT, signal.SIGTERM) if is_main else ()
    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield processes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        processes.end_all()
        shutil.rmtree(folder, ignore_errors=True)
