"""Recomputing a published run from its frozen inputs and holding it against its manifest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analysis.files import Workspace, sha256
from analysis.files.workspace import ROOT_VARIABLE
from analysis.pipeline.manifest import manifest
from analysis.reproduction.causes import flat
from analysis.reproduction.compare import Comparison, compare
from analysis.reproduction.runs import Run, read_run
from analysis.study import load_study

Kind = Literal["input", "setting", "notebook", "code", "package", "published", "result", "output", "failed"]
GRAVE = ("input", "setting", "published", "result", "failed")  # a difference that makes the verification fail
LISTED = {"input": "inputs", "notebook": "notebooks", "package": "packages"}


@dataclass(frozen=True)
class Disagreement:
    """One thing that is not as the manifest says; empty where it is not there."""

    kind: Kind
    what: str
    published: str
    found: str

    @property
    def is_grave(self) -> bool:
        return self.kind in GRAVE


@dataclass(frozen=True)
class Verification:
    disagreements: list[Disagreement]
    results: int

    @property
    def holds(self) -> bool:
        return not any(one.is_grave for one in self.disagreements)


def verify(path: Path, rerun: bool = True) -> Verification:
    """Hold the run of the manifest at ``path`` against the files around it and, unless told not to, compute it anew.

    ``reports/<study>/manifest.json`` lies in the root whose studies and raw files are the frozen inputs. Raises NoRun
    when there is no run, SettingsRefused when its study's settings cannot be read.
    """
    published = read_run(path)
    found = [*_on_disk(published), *_as_published(published)]
    if not rerun:
        return Verification(found, len(published.results))
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        fresh = _recomputed(published, Path(folder))
        if isinstance(fresh, Disagreement):
            return Verification([*found, fresh], 0)
        compared = compare(published, fresh)
        found += [*_results(compared), *_outputs(published, fresh)]
    return Verification(found, compared.compared)


def _on_disk(published: Run) -> Iterator[Disagreement]:
    """Inputs, settings, notebooks, code and packages as they are now, against the manifest."""
    workspace = Workspace(published.study, published.root)
    study = load_study(published.study, published.root)
    now = manifest(study, workspace, published.manifest["languages"])
    for kind, part in LISTED.items():
        yield from _differing(kind, published.manifest[part], now[part])  # type: ignore[arg-type]
    yield from _differing("setting", flat(published.manifest["resolved"]), flat(now["resolved"]))
    sheets = [
        {k: v for k, v in one["settings"].items() if k.endswith((".csv", ".xlsx"))} for one in (published.manifest, now)
    ]
    yield from _differing("setting", *sheets)
    codes = [
        {"src/analysis": str(one["code"]["sha256"]), "python": str(one["python"])} for one in (published.manifest, now)
    ]
    yield from _differing("code", *codes)


def _as_published(published: Run) -> Iterator[Disagreement]:
    """The report's files beside the manifest, against the hashes it vouches for."""
    for name, expected in published.manifest["outputs"].items():
        path = published.root / name
        found = sha256(path) if path.is_file() else ""
        if found != expected:
            yield Disagreement("published", name, expected, found)


def _differing(kind: Kind, published: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Disagreement]:
    for what in sorted({*published, *found}):
        if published.get(what) != found.get(what):
            yield Disagreement(kind, what, str(published.get(what, "")), str(found.get(what, "")))


def _recomputed(published: Run, folder: Path) -> Run | Disagreement:
    """The same study run in an empty root from copies of its inputs; why not, when it does not come to an end."""
    workspace = Workspace(published.study, published.root)
    for part in sorted(
        {f"studies/{published.study}", f"studies/{workspace.base}", f"data/raw/{workspace.base}", "notebooks"}
    ):
        if (published.root / part).is_dir():
            shutil.copytree(published.root / part, folder / part)
    languages = ",".join(published.manifest["languages"])
    command = [sys.executable, "-m", "analysis", "report", "--study", published.study, "--languages", languages]
    environment = {**os.environ, ROOT_VARIABLE: str(folder)}
    done = subprocess.run([*command, "--language", "en"], env=environment, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        return Disagreement("failed", published.study, "", " ".join((done.stdout + done.stderr).split()[-60:]))
    return read_run(folder / "reports" / published.study / "manifest.json")


def _results(compared: Comparison) -> Iterator[Disagreement]:
    for one in compared.moved:
        yield Disagreement("result", f"{one.result_id} ({one.field})", repr(one.before), repr(one.after))


def _outputs(published: Run, fresh: Run) -> Iterator[Disagreement]:
    """Files whose bytes differ although the numbers may agree: told, not held against the run."""
    yield from _differing("output", published.manifest["outputs"], fresh.manifest["outputs"])
