"""Notebooks are thin: load, call, show. No outputs, definitions or magics; one canonical form; a parameters cell."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from analysis.pipeline.tasks import code_cells

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MAIN = ["02_clean_registers", "03_link_and_shape", "04_education", "05_employment", "07_indicators", "08_report"]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LONGEST_CELL = 25

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def canonical(path: Path) -> str:
    """The notebook as it is committed: no outputs, counts or traces of who edited it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return str(nbformat.writes(notebook)) + "\n"


def test_the_notebooks_of_the_main_road_are_there() -> None:
    assert set(MAIN) <= {path.stem for path in NOTEBOOKS}


@each
def test_canonical_form(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == canonical(path)
    nbformat.validate(nbformat.read(path, as_version=4))


@each
def test_one_parameters_cell_with_plain_defaults(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    given = {}
    for node in ast.parse(tagged[0].source).body:
        assert isinstance(node, ast.Assign)
        given[node.targets[0].id] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
    assert given.pop("study") == "haskovo-demo"
    assert given == ({"language": "bg"} if path.stem == "08_report" else {})


@each
def test_no_definitions_no_magics_no_shell(path: Path) -> None:
    for source in code_cells(path):
        assert not any(line.lstrip().startswith(("%", "!")) for line in source.splitlines())
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
        assert len(source.splitlines()) <= LONGEST_CELL


@each
def test_prose_in_both_languages(path: Path) -> None:
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    letters = "".join(prose)
    assert any("а" <= letter <= "я" for letter in letters), "no Bulgarian prose"
    assert any("a" <= letter <= "z" for letter in letters), "no English prose"
