"""One stage in a process of its own: ``python -m analysis.pipeline.step '<json>'``. Called by the pipeline alone.

A process a stage keeps papermill's change of folder, the memory and a crash of one stage away from the others.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.pipeline.failures import VARIABLE, failure_of, write_failure


def main(order: str) -> int:
    """Do what the order says; 0, or 1 with word of the failure in the file that the environment names."""
    told = Path(os.environ[VARIABLE])
    told.unlink(missing_ok=True)
    try:
        carry_out(json.loads(order))
    except Exception as error:
        if not told.is_file():  # a kernel tells more than papermill does
            write_failure(told, failure_of(error))
        return 1
    return 0


def carry_out(order: dict[str, Any]) -> None:
    """By name and not by import: a change in the report's code must not rerun the notebooks that estimate."""
    doer = import_module(f"analysis.pipeline.{order.pop('runs')}s")
    doer.carry_out(**order)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
