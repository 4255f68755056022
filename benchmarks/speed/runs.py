"""Starts one measurement in a fresh process, within limits of time and memory, and keeps what it said."""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from speed.task import Task
from speed.tasks import TASKS

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS, LIMIT_BYTES = 300.0, 8 * 2**30
WARM_SECONDS = 10.0  # after which no further call is begun
LOOK_EVERY = 0.1
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PATIENCE = 4  # times the limit by the clock, after which a process that other work keeps waiting is ended too


@dataclass(frozen=True)
class Side:
    """``ours`` or ``peer``, and the interpreter in whose environment it runs."""

    name: str
    python: Path


@dataclass(frozen=True)
class Run:
    """``said`` as measure prints it; without numbers, ``failed`` says why there are none."""

    rows: int
    said: dict[str, Any]
    failed: str = ""

    @property
    def seconds(self) -> float:
        """The best warm call, or the only one."""
        return float(self.said.get("warm", self.said["cold"]))

    @property
    def least(self) -> float:
        """By the clock, or by the processor where that is less."""
        return min(self.seconds, float(self.said.get("warm_cpu", self.said["cold_cpu"])))

    @property
    def peak(self) -> int:
        return int(self.said["peak_bytes"])


def measured(task: Task, rows: int, side: Side) -> Run:
    """From the kept runs where the same code was timed before, else now."""
    place = ROOT / ".build" / "bench" / _fingerprint() / f"{TASKS.index(task)}-{rows}-{side.name}.json"
    if place.is_file():
        kept = json.loads(place.read_text(encoding="utf-8"))
        return Run(rows, kept["said"], kept["failed"])
    run = _start(task, rows, side)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"said": run.said, "failed": run.failed}), encoding="utf-8")
    return run


def _fingerprint() -> str:
    """Names the code that is timed."""
    code = sorted([*(ROOT / "src/analysis/effects").glob("*.py"), *Path(__file__).parent.glob("*.py")])
    code += [ROOT / "benchmarks" / "requirements.txt", ROOT / "requirements.lock"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]


def _start(task: Task, rows: int, side: Side) -> Run:
    command = [side.python, "-m", "speed.measure", TASKS.index(task), rows, side.name, WARM_SECONDS]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT / "benchmarks"), "PYTHONHASHSEED": "0"}
    with TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=errors
        )
        failed = _watch(process)
        lines = process.communicate()[0].splitlines()
        errors.seek(0)
        complaint = (errors.read().strip().splitlines() or ["ended without a word"])[-1][:200]
    return Run(rows, json.loads(lines[-1])) if lines else Run(rows, {}, failed or complaint)


def _watch(process: subprocess.Popen[str]) -> str:
    """Wait for the end, and bring it about at the limits; which limit was passed.

    Time is the clock's, or the processor's where that is less: other work on the machine is not the library's fault.
    """
    begun = time.monotonic()
    while process.poll() is None:
        held, waited = _held(process.pid), time.monotonic() - begun
        late = min(waited, _worked(process.pid)) > LIMIT_SECONDS or waited > PATIENCE * LIMIT_SECONDS
        if late or held > LIMIT_BYTES:
            process.kill()
            return "more than 8 GB" if held > LIMIT_BYTES else "more than 5 minutes"
        time.sleep(LOOK_EVERY)
    return ""


def _worked(pid: int) -> float:
    """Seconds of the processor that a process has had; without end where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return math.inf


def _held(pid: int) -> int:
    """Bytes of memory a process holds now; 0 where the system does not tell (then the limit does not hold)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
