"""Stages as tasks of the engine: all that a stage rests on is declared, so that the engine knows when to run it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from pytask import PathNode

from analysis.files import Workspace, sha256
from analysis.pipeline.imports import ROOT, files_behind
from analysis.pipeline.nodes import StageTask, ValueNode
from analysis.pipeline.stages import Stage
from analysis.study import Study
from analysis.study.key_file import key_file
from analysis.study.packaged import packaged_files

EVERY_NOTEBOOK = "import analysis.pipeline.step, analysis.pipeline.kernel, analysis.pipeline.notebooks"
EXPORT = "import analysis.pipeline.step, analysis.pipeline.exports"
MANIFEST = "import analysis.pipeline.manifest"
TEXTS = "texts"


def tasks_of(
    stages: Iterable[Stage], study: Study, workspace: Workspace, run: Callable[[Stage], None]
) -> list[StageTask]:
    """One task a stage; ``run`` carries a stage out and raises when it fails (sent to a cluster, it must be plain
    data)."""
    return [_task(stage, study, workspace, run) for stage in stages]


def _task(stage: Stage, study: Study, workspace: Workspace, run: Callable[[Stage], None]) -> StageTask:
    paths = _unique([*stage.reads, *_notebook(stage), *_settings(stage, workspace), *_locks(workspace)])
    if stage.reads_raw:
        paths += input_files(study, workspace)
    values = _values(stage, study, workspace)
    nodes = {f"file_{place}": _node(path, workspace) for place, path in enumerate(paths)}
    return StageTask(
        name=stage.name,
        function=partial(_carried_out, run, stage),
        depends_on={**nodes, **{f"value_{name}": ValueNode(name=name, value=value) for name, value in values.items()}},
        produces={f"product_{place}": _node(path, workspace) for place, path in enumerate(stage.writes)},
    )


def _carried_out(run: Callable[[Stage], None], stage: Stage, **_: object) -> None:
    """A task's work; what the stage depends on is given too, and is not needed."""
    run(stage)


def _node(path: Path, workspace: Workspace) -> PathNode:
    return PathNode(name=workspace.shown(path), path=path)


def _unique(paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(paths))


def _notebook(stage: Stage) -> list[Path]:
    """The notebook that the stage runs; the one it exports is among what it reads."""
    return [stage.notebook] if stage.runs == "notebook" and stage.notebook else []


def _code(stage: Stage) -> list[str]:
    """The Python texts that a stage runs: the pipeline's own part in it, and the notebook's cells."""
    if stage.runs == "notebook" and stage.notebook and stage.notebook.is_file():
        return [EVERY_NOTEBOOK, *code_cells(stage.notebook)]
    return [{"notebook": EVERY_NOTEBOOK, "export": EXPORT, "manifest": MANIFEST}[stage.runs]]


def code_states(stage: Stage) -> dict[str, str]:
    """The state of the package's code that a stage rests on, by part: one value for, say, src/analysis/effects.

    By part and not by file: a thousand files to compare would cost a second whenever nothing has changed.
    """
    parts: dict[str, list[str]] = {}
    for path in files_behind(_code(stage)):
        place = path.relative_to(ROOT).as_posix()
        parts.setdefault("/".join(place.split("/")[:2]), []).append(f"{place} {_state(path)}")
    return {f"src/{part} @ {stage.name}": "\n".join(states) for part, states in parts.items()}


@cache
def _state(path: Path) -> str:
    return sha256(path)


def code_cells(notebook: Path) -> list[str]:
    """The source of each code cell."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def _settings(stage: Stage, workspace: Workspace) -> list[Path]:
    """The study's folder: its texts count for the report alone."""
    if stage.runs == "export":
        return [workspace.declaration]
    files = _unique([workspace.declaration, *visible_files(workspace.settings)])
    is_report = stage.kind in ("report", "manifest")
    return [path for path in files if is_report or not path.is_relative_to(workspace.settings / TEXTS)]


def _locks(workspace: Workspace) -> list[Path]:
    """The lock file of this root, or of the checkout the package comes from."""
    candidates = (workspace.root / "requirements.lock", ROOT.parent / "requirements.lock")
    return [next(path for path in candidates if path.is_file())] if any(path.is_file() for path in candidates) else []


def _values(stage: Stage, study: Study, workspace: Workspace) -> dict[str, str]:
    values = {
        f"parameters @ {stage.name}": json.dumps(stage.parameters, sort_keys=True),
        **code_states(stage),
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "package": version("evaluation-workbench"),
    }
    if stage.reads_raw:
        values["raw files"] = "\n".join(workspace.shown(path) for path in input_files(study, workspace))
        values["key"] = key_fingerprint(study)
    if stage.runs == "manifest":
        from analysis.pipeline.manifest import code_version

        values["code version"] = json.dumps(code_version())
    return values


def input_files(study: Study, workspace: Workspace) -> list[Path]:
    """What the study's sources are read from: its raw files, and the files of installed packages that it names."""
    return [*raw_files(workspace), *packaged_files(study).values()]


def raw_files(workspace: Workspace) -> list[Path]:
    return visible_files(workspace.raw)


def visible_files(folder: Path) -> list[Path]:
    """Every file below a folder but hidden ones and the lock files that Excel and LibreOffice leave, sorted."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts) and not path.name.startswith("~$")
    )


def key_fingerprint(study: Study) -> str:
    """A trace of the secret key: another key means other pseudonyms, so everything runs again. Not the key."""
    settings = study.identifiers
    if settings.key == "public":
        return "public"
    key = os.environ.get(settings.key_variable, "").encode()
    file = key_file(study, os.environ)
    if file is not None and file.is_file():
        key += file.read_bytes()
    return hashlib.sha256(b"trace of the key\0" + key).hexdigest()
