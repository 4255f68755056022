"""A workbench of its own below a temporary folder: ``studies/``, ``data/raw/`` and the command line in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.files import Workspace
from analysis.study import Study, load_study

CHECKOUT = Path(__file__).resolve().parents[2]


class Bench:
    """``root`` with raw files that a test puts there; ``new`` proposes a study from them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "studies").mkdir(parents=True)
        (root / "notebooks").mkdir()

    def take(self, demonstration: str, name: str) -> None:
        """Copy a demonstration's raw files under another name."""
        shutil.copytree(CHECKOUT / "data" / "raw" / demonstration, self.root / "data" / "raw" / name)

    def put(self, name: str, file: str, content: bytes | str) -> None:
        path = self.root / "data" / "raw" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def call(self, *arguments: str):
        return CliRunner().invoke(app, arguments)

    def new(self, name: str, *more: str) -> tuple[Study, str]:
        """The proposed study, loaded, and what was printed."""
        done = self.call("new", name, *more)
        assert done.exit_code == 0, done.output
        return load_study(name, self.root), done.output

    def settings(self, name: str) -> str:
        return (self.root / "studies" / name / "study.yml").read_text(encoding="utf-8")

    def workspace(self, name: str) -> Workspace:
        return Workspace(name, self.root)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def shared_bench(tmp_path_factory: pytest.TempPathFactory):
    """One for all tests of a module that only look at the same proposal."""
    patch = pytest.MonkeyPatch()
    root = tmp_path_factory.mktemp("bench")
    patch.setenv("EVALUATION_ROOT", str(root))
    yield Bench(root)
    patch.undo()
