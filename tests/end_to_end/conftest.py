"""Whole runs in a root of their own, through the command line as a person calls it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
STUDY = "haskovo-demo"
TINY = 0.1


@dataclass(frozen=True)
class Place:
    """A project root of its own, and the command line called in it."""

    root: Path

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "EVALUATION_ROOT": str(self.root), "LANG": "en_GB.UTF-8", "LC_ALL": "", **environment}
        given.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "analysis", *arguments]
        return subprocess.run(command, env=given, cwd=self.root, capture_output=True, text=True, timeout=900)

    @property
    def reports(self) -> Path:
        return self.root / "reports" / STUDY

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed" / STUDY

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / STUDY

    def hashes(self) -> dict[str, str]:
        """Every file made, by its path, but the log: it tells the time."""
        files = [path for folder in (self.reports, self.processed) for path in folder.rglob("*") if path.is_file()]
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(files)
            if "log" not in path.parts
        }


def place(root: Path, scale: float | None = None, raw: bool = True) -> Place:
    """A root with studies and notebooks of the checkout; raw files as shipped, drawn at ``scale``, or none."""
    for folder in ("studies", "notebooks"):
        shutil.copytree(CHECKOUT / folder, root / folder)
    if not raw:
        return Place(root)
    if scale is None:
        shutil.copytree(CHECKOUT / "data" / "raw" / STUDY, root / "data" / "raw" / STUDY)
    else:
        made = Place(root).call("demo", "--scale", str(scale), "--root", str(root))
        assert made.returncode == 0, made.stdout + made.stderr
    return Place(root)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demonstration as shipped, run once."""
    shipped = place(tmp_path_factory.mktemp("shipped"))
    done = shipped.call("report")
    assert done.returncode == 0, done.stdout + done.stderr
    (shipped.root / "first-run.txt").write_text(done.stdout, encoding="utf-8")
    return shipped


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A small demonstration, not yet run."""
    return place(tmp_path_factory.mktemp("tiny"), TINY)


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A root that has no raw files at all, for a study of one's own."""
    return place(tmp_path_factory.mktemp("empty"), raw=False)


@pytest.fixture(scope="session")
def jtrain2(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The published experiment, run once in a root that has no raw files at all."""
    made = place(tmp_path_factory.mktemp("jtrain2"), raw=False)
    done = made.call("report", "--study", "jtrain2")
    assert done.returncode == 0, done.stdout + done.stderr
    return made
