"""Running one notebook through papermill: two runs leave the same bytes, and a failed one leaves the old copy alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_SECONDS = 1800
EXTENSION = "analysis.pipeline.kernel"
INJECTED = "injected-parameters"


class UnknownParameter(Exception):
    """A notebook was given a parameter that its parameters cell does not declare."""


def carry_out(notebook: str, output: str, parameters: dict[str, str]) -> None:
    run_notebook(Path(notebook), Path(output), parameters)


def run_notebook(notebook: Path, output: Path, parameters: dict[str, str]) -> None:
    """Execute ``notebook`` in its own folder with ``parameters`` and keep the executed copy at ``output``.

    Raises UnknownParameter, papermill's PapermillExecutionError for an error in a cell, and nbclient's errors for a
    kernel that died or a cell that took longer than CELL_SECONDS.
    """
    import nbformat
    import papermill

    unknown = set(parameters) - set(papermill.inspect_notebook(str(notebook)))
    if unknown:
        raise UnknownParameter(f"{notebook.name}: {', '.join(sorted(unknown))}")
    executed = papermill.execute_notebook(
        str(notebook),
        None,
        parameters=parameters,
        kernel_name="python3",
        cwd=str(notebook.parent),
        progress_bar=False,
        request_save_on_cell_execute=False,
        autosave_cell_every=0,
        execution_timeout=CELL_SECONDS,
        config=_kernel_config(),
    )
    write_text(output, nbformat.writes(without_traces(executed)) + "\n")


def _kernel_config() -> object:
    """Our extension, and sockets that no other user of the machine can read (Windows has no IPC: encrypted TCP).

    The connection file is named because the sockets lie beside it; unnamed, kernels side by side would share theirs.
    """
    from jupyter_core.paths import jupyter_runtime_dir
    from traitlets.config import Config

    transport = {"transport_encryption": "required"} if os.name == "nt" else {"transport": "ipc"}
    connection = Path(jupyter_runtime_dir()) / f"kernel-{os.getpid()}.json"
    client = {
        "extra_arguments": [f"--IPKernelApp.extensions={EXTENSION}"],
        "record_timing": False,
        "coalesce_streams": True,
    }
    return Config({"KernelManager": {**transport, "connection_file": str(connection)}, "NotebookClient": client})


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without times, machine paths and random cell names."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output["text"] = _without_paths(output["text"])
    return notebook


def _without_paths(text: str) -> str:
    from analysis.files import project_root

    for folder in (sys.prefix, str(project_root()), str(Path.home())):
        text = text.replace(folder, "…")
    return text
