"""A study folder of its own: the demonstration's settings, and schools and employers written here."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.files import Workspace, project_root
from analysis.files.workspace import ROOT_VARIABLE
from analysis.study import Study, load_study

NAME = "haskovo-demo"
SCHOOLS = [(f"269900{place}", place <= 2, "град" if place < 3 else "село") for place in range(1, 5)]
ANY_FORMAT = {"*OPHRD*.xlsx": "*OPHRD*.*", "*OPSESG*.xlsx": "*OPSESG*.*"}


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of its own: the settings with participants' files of any extension, schools and employers."""
    root = tmp_path_factory.mktemp("root")
    folder = root / "studies" / NAME
    folder.mkdir(parents=True)
    content = (project_root() / "studies" / NAME / "study.yml").read_text(encoding="utf-8")
    for strict, free in ANY_FORMAT.items():
        assert strict in content
        content = content.replace(strict, free)
    (folder / "study.yml").write_text(content, encoding="utf-8")
    schools = [(code, int(treated), where, f"Училище {code}", f"School {code}") for code, treated, where in SCHOOLS]
    employers = [("126000171", "Пример", "Example")]
    _write(folder / "schools.csv", [("code", "treated", "stratum", "name_bg", "name_en"), *schools])
    _write(folder / "project_employers.csv", [("employer_id", "name_bg", "name_en"), *employers])
    return root


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return load_study(NAME, root)


@pytest.fixture
def workspace(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The study's folders, with no raw files before and after."""
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    workspace = Workspace.of(NAME)
    assert not workspace.raw.exists()
    yield workspace
    shutil.rmtree(workspace.raw)


def _write(path: Path, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
