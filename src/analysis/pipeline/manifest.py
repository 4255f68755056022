"""The manifest: what went in and came out, with which code and packages. No times: equal inputs give equal bytes."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from analysis.files import Workspace, sha256, write_text
from analysis.pipeline.imports import PACKAGE, ROOT
from analysis.pipeline.stages import stages_of
from analysis.study import Study
from analysis.study.packaged import packaged_files

LEFT_OUT = ("log", "internal")
SECONDS = "log/seconds.json"  # beside the manifest; they differ from run to run, so they are no part of it


def write_manifest(study: Study, workspace: Workspace, languages: Sequence[str]) -> Path:
    """Write ``reports/<study>/manifest.json`` and return its path."""
    path = workspace.reports / "manifest.json"
    content = manifest(study, workspace, languages)
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def manifest(study: Study, workspace: Workspace, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "study": study.name,
        "demonstration": study.demonstration,
        "languages": list(languages),
        "data_cut_off": study.data_cut_off.isoformat(),
        "seeds": {name: design.seed for name, design in sorted(study.designs.items()) if hasattr(design, "seed")},
        "inputs": {**_hashes(_below(workspace.raw), workspace), **_packaged(study)},
        "settings": _hashes(sorted({workspace.declaration, *_below(workspace.settings)}), workspace),
        "plan": _plan(study),
        "resolved": study.model_dump(mode="json", by_alias=True),
        "seconds": SECONDS,
        "notebooks": _hashes(sorted(workspace.notebooks.glob("*.ipynb")), workspace),
        "code": {**code_version(), "sha256": _code_hash()},
        "python": platform.python_version(),
        "packages": packages(),
        "outputs": _hashes(_outputs(study, workspace, languages), workspace),
        "results": _hashes(sorted((workspace.processed / "results").glob("*.parquet")), workspace),
    }


def _outputs(study: Study, workspace: Workspace, languages: Sequence[str]) -> list[Path]:
    """The files of this run; a report in another language that lies there is of an earlier run, and not vouched for."""
    others = [language for language in study.languages if language not in languages]
    left_out = {*LEFT_OUT, "manifest.json", *others}
    earlier = {path for stage in stages_of(study, workspace, others) if stage.language for path in stage.writes}
    below = [path for path in _below(workspace.reports) if path.relative_to(workspace.reports).parts[0] not in left_out]
    return [path for path in below if path not in earlier]


def _below(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))


def _hashes(paths: Iterable[Path], workspace: Workspace) -> dict[str, str]:
    return {workspace.shown(path): sha256(path) for path in paths}


def _plan(study: Study) -> dict[str, str] | None:
    """The checksum of what was promised, by which a later change of the plan shows; None where there is no plan."""
    plan = study.plan
    return {"registered": plan.registered.date.isoformat(), "sha256": plan.sha256} if plan else None


def _packaged(study: Study) -> dict[str, str]:
    """Files that installed packages carry, by ``package/resource``."""
    return {f"package:{place}": sha256(path) for place, path in packaged_files(study).items()}


def packages() -> dict[str, str]:
    """Every installed package and its version."""
    found = {str(d.metadata["Name"]).lower().replace("_", "-"): d.version for d in distributions()}
    return dict(sorted(found.items()))


@cache
def code_version() -> dict[str, str | bool]:
    """The package's version, and the commit with whether the code differs from it, where there is a repository."""
    told: dict[str, str | bool] = {"version": version("evaluation-workbench")}
    commit = _git("rev-parse", "HEAD")
    if commit:
        told["commit"] = commit
        told["changed_since"] = bool(_git("status", "--porcelain", "--", "src", "notebooks", "requirements.lock"))
    return told


def _git(*arguments: str) -> str:
    try:
        answer = subprocess.run(["git", *arguments], cwd=ROOT.parent, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _code_hash() -> str:
    """One hash over the whole package, code and data files."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc")
    lines = (f"{path.relative_to(PACKAGE).as_posix()} {sha256(path)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
