"""The replication package of a finished run: everything another needs to repeat it, and nothing personal."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from analysis.files import Workspace, sha256
from analysis.pipeline.imports import ROOT
from analysis.pipeline.tasks import visible_files
from analysis.reproduction.crate import crate
from analysis.reproduction.readme import readme
from analysis.reproduction.runs import Run
from analysis.study import Study

FIXED = datetime(2024, 1, 1).timetuple()[:6]  # of every entry: the package tells no time of packing
CODE = ("src/", "docs/", "scripts/", "LICENSES/")
CODE_FILES = (
    "Makefile", "pyproject.toml", "requirements.lock", "environment.yml", "LICENSE", "CITATION.cff", "CHANGELOG.md",
    "README.md",
)  # fmt: skip
OWN_README = {"README.md": "docs/PRODUCT.md"}  # the package's own README takes the usual place
REPORT_PARTS = ("bg", "en", "notebooks")
LEFT_BEHIND = ("__pycache__", ".egg-info")


def archive(study: Study, run: Run) -> bytes:
    """The zip's bytes; equal contents give equal bytes.

    Raw files are taken only where anybody may have them (a demonstration, or ``public_data: true``); processed tables,
    logs and the internal annex never.
    """
    contents = dict(sorted(package_files(study, run)))
    texts = {f"README{'' if language == 'en' else '.' + language}.md": language for language in ("en", "bg")}
    written = {name: path.read_bytes() for name, path in contents.items()}
    written |= {name: readme(study, run, list(contents), language).encode() for name, language in texts.items()}
    written["ro-crate-metadata.json"] = crate(study, run, written).encode()
    return _zipped(written)


def may_be_given(study: Study) -> bool:
    """Whether the raw files themselves may be in the package."""
    return study.demonstration or study.public_data


def package_files(study: Study, run: Run) -> Iterator[tuple[str, Path]]:
    """(name in the package, path): code, notebooks, settings, raw files where allowed, and the report's files."""
    workspace = Workspace(run.study, run.root)
    for path in code_files():
        name = path.relative_to(ROOT.parent).as_posix()
        yield OWN_README.get(name, name), path
    folders = [run.root / "notebooks", workspace.settings, workspace.declaration.parent]
    folders += [workspace.raw] if may_be_given(study) else []
    for folder in dict.fromkeys(folders):
        for path in visible_files(folder):
            yield path.relative_to(run.root).as_posix(), path
    for name, expected in run.manifest["outputs"].items():
        path = run.root / name
        if path.relative_to(run.folder).parts[0] in REPORT_PARTS and sha256(path) == expected:
            yield name, path
    yield (run.folder / "manifest.json").relative_to(run.root).as_posix(), run.folder / "manifest.json"


def code_files() -> list[Path]:
    """The program's own files: those that git knows, or all where there is no repository."""
    top = ROOT.parent
    listed = subprocess.run(["git", "ls-files"], cwd=top, capture_output=True, text=True)
    paths = [top / name for name in listed.stdout.splitlines()] if listed.returncode == 0 else visible_files(top)
    names = {path: path.relative_to(top).as_posix() for path in paths if path.is_file()}
    wanted = [path for path, name in names.items() if name.startswith(CODE) or name in CODE_FILES]
    return sorted(path for path in wanted if not any(part.endswith(LEFT_BEHIND) for part in path.parts))


def _zipped(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in sorted(contents):
            entry = ZipInfo(name, FIXED)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            target.writestr(entry, contents[name])
    return packed.getvalue()
