"""A root of its own for the pipeline's tests: the demonstration's settings under another name, and tiny notebooks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.files import Workspace, write_text
from analysis.pipeline.stages import Stage
from analysis.study import Study, load_study

CHECKOUT = Path(__file__).resolve().parents[2]


def make_notebook(path: Path, *cells: str, parameters: str = 'study = "tiny"') -> None:
    """A notebook in the project's form: one parameters cell, then these cells; the names of the cells are fixed."""
    tagged = new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
    others = [new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(cells)]
    notebook = new_notebook(cells=[tagged, *others])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project root that holds the settings of the study ``tiny`` and one raw file."""
    settings = tmp_path / "studies" / "tiny"
    shutil.copytree(CHECKOUT / "studies" / "haskovo-demo", settings)
    text = (settings / "study.yml").read_text(encoding="utf-8")
    (settings / "study.yml").write_text(text.replace("name: haskovo-demo", "name: tiny"), encoding="utf-8")
    raw = tmp_path / "data" / "raw" / "tiny"
    raw.mkdir(parents=True)
    (raw / "numbers.csv").write_text("3\n4\n", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def workspace(root: Path) -> Workspace:
    return Workspace.of("tiny")


@pytest.fixture
def study(root: Path) -> Study:
    return load_study("tiny", root)


class Road:
    """clean -> link -> education in place of the real road: sums of the raw numbers, passed on as text."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.broken: dict[str, Exception] = {}
        kept = workspace.processed
        self.stages = [
            self._stage("clean", (), kept / "clean.txt", reads_raw=True),
            self._stage("link", (kept / "clean.txt",), kept / "link.txt"),
            self._stage("education", (kept / "link.txt",), kept / "education.txt"),
        ]

    def _stage(self, name: str, reads: tuple[Path, ...], writes: Path, reads_raw: bool = False) -> Stage:
        notebook = self.workspace.notebooks / f"{name}.ipynb"
        make_notebook(notebook, "print(study)")
        return Stage(name, name, "notebook", notebook, {"study": "tiny"}, reads, (writes,), reads_raw)

    def carry_out(self, stage: Stage) -> None:
        if stage.name in self.broken:
            raise self.broken[stage.name]
        sources = sorted(self.workspace.raw.glob("*.csv")) if stage.reads_raw else stage.reads
        total = sum(int(number) for path in sources for number in path.read_text().split())
        write_text(stage.writes[0], str(total if stage.reads_raw else total + 1))


@pytest.fixture
def road(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Road:
    road = Road(workspace)
    monkeypatch.setattr("analysis.pipeline.build.stages_of", lambda *_: road.stages)
    monkeypatch.setattr("analysis.pipeline.processes.Processes.carry_out", lambda self, stage: road.carry_out(stage))
    monkeypatch.setattr("analysis.pipeline.tasks.files_behind", lambda _: [])
    return road


@pytest.fixture
def write_notebook() -> Callable[..., None]:
    return make_notebook
