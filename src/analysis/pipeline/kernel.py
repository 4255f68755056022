"""Loaded into every kernel that the pipeline starts (an IPython extension): leaves word of what broke a cell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from analysis.pipeline.failures import VARIABLE, failure_of, write_failure


def load_ipython_extension(shell: Any) -> None:
    shell.events.register("post_run_cell", _tell)


def _tell(result: Any) -> None:
    error = result.error_before_exec or result.error_in_exec
    path = os.environ.get(VARIABLE)
    if error is not None and path:
        write_failure(Path(path), failure_of(error))
