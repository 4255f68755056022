"""The small commands: lab, demo, studies, key, schema, dictionary, clean."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from analysis.files import Workspace, project_root, write_text
from analysis.study import load_study
from analysis.study.key_file import default_key_file
from analysis.study.schema import SCHEMA, schema_text
from analysis.texts import text


def lab(name: str, spoken: Sequence[str]) -> int:
    """JupyterLab on the notebooks' folder, until the person stops it."""
    workspace = Workspace.of(name)
    load_study(name, workspace.root)
    _say("lab.start", spoken, folder=workspace.shown(workspace.notebooks))
    environment = {**os.environ, "EVALUATION_ROOT": str(workspace.root), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(workspace.notebooks)]
    return subprocess.run(command, env=environment).returncode


def demo(name: str, spoken: Sequence[str], seed: int, scale: float, root: str) -> int:
    """Write a demonstration's raw files below ``root`` (the project if empty): from its profile, or the first one's."""
    from analysis.demonstration import PROFILE, generate, generate_town

    target = Path(root).resolve() if root else project_root()
    is_profiled = (target / "studies" / name / PROFILE).is_file()
    for part in generate_town(target, name) if is_profiled else generate(target, seed=seed, scale=scale):
        typer.echo(f"  {part}")
    _say("demo.done", spoken, folder=(Path(root) / "data" / "raw" / name).as_posix())
    return 0


def studies() -> int:
    """Each study with the project's name, one a line."""
    root = project_root()
    for path in sorted((root / "studies").glob("*/study.yml")):
        study = load_study(path.parent.name, root)
        typer.echo(f"{study.name}\t{study.project.name['bg']} · {study.project.name['en']}")
    return 0


def key(name: str, spoken: Sequence[str]) -> int:
    """Make the secret key of a study in the person's own folder, readable by that person alone; never a second one."""
    load_study(name)
    path = default_key_file(name)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _say("key.there", spoken, path=path)
        return 0
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    _say("key.made", spoken, path=path)
    return 0


def schema(spoken: Sequence[str]) -> int:
    """Write the JSON schema of study.yml, by which an editor completes and checks the settings."""
    path = project_root() / "studies" / SCHEMA
    write_text(path, schema_text())
    _say("schema.done", spoken, path=f"studies/{SCHEMA}")
    return 0


def dictionary(spoken: Sequence[str]) -> int:
    """Write the data dictionary and codebook from the registers, panels and results form."""
    from analysis.dictionary import PAGE, dictionary_page

    root = project_root()
    write_text(root / PAGE, dictionary_page(root))
    _say("dictionary.done", spoken, path=PAGE)
    return 0


def clean(name: str, spoken: Sequence[str]) -> int:
    """Remove what was computed for a study: processed tables, reports, the engine's memory. Raw files stay."""
    workspace = Workspace.of(name)
    load_study(name, workspace.root)
    folders = [workspace.processed, workspace.reports, workspace.root / ".build" / name]
    there = [folder for folder in folders if folder.is_dir()]
    for folder in there:
        shutil.rmtree(folder)
    if there:
        _say("clean.done", spoken, folders=", ".join(workspace.shown(folder) for folder in there))
    else:
        _say("clean.nothing", spoken)
    return 0


def _say(key: str, spoken: Sequence[str], **params: object) -> None:
    for language in spoken:
        typer.echo(text(f"command.{key}", language, **params))
