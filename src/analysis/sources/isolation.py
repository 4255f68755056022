"""Reading in a process of its own (``isolated.py``), for file kinds whose parsers a damaged file can bring down."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from analysis.sources.tables import Refused

SCRIPT = Path(__file__).with_name("isolated.py")
SECONDS = 300


class ReadingFailed(Exception):
    """The parser gave up; ``message`` is its own, for readers that try again with another encoding."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.message = message


def read_isolated(kind: str, content: bytes, encoding: str = "") -> Any:
    """What ``isolated.py`` reads; ReadingFailed when its parser says so, Refused when the process itself ends badly."""
    command = [sys.executable, "-I", str(SCRIPT), kind, encoding]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)
        result = pickle.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, EOFError, pickle.UnpicklingError):
        raise Refused("reading.damaged") from None
    if result[0] == "failed":
        raise ReadingFailed(result[1], result[2])
    return result[1]
