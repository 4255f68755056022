"""RO-Crate 1.1 metadata of a replication package (https://w3id.org/ro/crate/1.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from analysis.reproduction.runs import Run
from analysis.study import Study
from analysis.texts import text

FORMATS = {
    ".ipynb": "application/x-ipynb+json", ".csv": "text/csv", ".json": "application/json", ".html": "text/html",
    ".pdf": "application/pdf", ".md": "text/markdown", ".py": "text/x-python", ".yml": "application/yaml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".zip": "application/zip",
}  # fmt: skip
LICENSE = "https://spdx.org/licenses/MIT"


def crate(study: Study, run: Run, contents: Mapping[str, bytes]) -> str:
    """The text of ``ro-crate-metadata.json``: the package, its files with their hashes, and the run that made them."""
    files = [_file(name, content) for name, content in sorted(contents.items())]
    parts = [{"@id": one["@id"]} for one in files]
    graph = [_descriptor(), _root(study, parts), *files, _program(run), _action(run, contents), *_licenses()]
    return json.dumps(
        {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}, ensure_ascii=False, indent=1
    )


def _descriptor() -> dict[str, Any]:
    return {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }


def _root(study: Study, parts: list[dict[str, str]]) -> dict[str, Any]:
    """The package; its date is that of the data, since packing again must give the same bytes."""
    names = {"project": study.project.name.en, "study": study.name}
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": text("archive.crate.name", "en", **names),
        "alternateName": text("archive.crate.name", "bg", **{**names, "project": study.project.name.bg}),
        "description": text("archive.crate.description", "en"),
        "datePublished": study.data_cut_off.isoformat(),
        "license": {"@id": LICENSE},
        "author": [{"@type": "Person", "name": name} for name in study.report.authors],
        "hasPart": parts,
        "mentions": {"@id": "#run"},
    }


def _file(name: str, content: bytes) -> dict[str, Any]:
    known = next((kind for ending, kind in FORMATS.items() if name.endswith(ending)), "application/octet-stream")
    size, digest = str(len(content)), hashlib.sha256(content).hexdigest()
    return {"@id": name, "@type": "File", "contentSize": size, "encodingFormat": known, "sha256": digest}


def _program(run: Run) -> dict[str, Any]:
    code = run.manifest["code"]
    return {
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": "Evaluation Workbench",
        "softwareVersion": f"{code['version']} {code.get('commit', '')}".strip(),
        "softwareRequirements": f"Python {run.manifest['python']}; requirements.lock",
    }


def _action(run: Run, contents: Mapping[str, bytes]) -> dict[str, Any]:
    inputs = [name for name in run.manifest["inputs"] if name in contents]
    outputs = [name for name in run.manifest["outputs"] if name in contents]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"python -m analysis report --study {run.study}",
        "instrument": {"@id": "#program"},
        "object": [{"@id": name} for name in inputs],
        "result": [{"@id": name} for name in outputs],
    }


def _licenses() -> list[dict[str, Any]]:
    return [{"@id": LICENSE, "@type": "CreativeWork", "name": "MIT License"}]
