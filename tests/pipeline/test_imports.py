"""Which files of the package a notebook rests on."""

from __future__ import annotations

from analysis.pipeline.imports import PACKAGE, files_behind, imported


def names(code: str) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in files_behind([code])}


def test_modules_their_imports_and_data_files() -> None:
    found = names("from analysis.study import load_study")
    assert {"study/__init__.py", "study/load.py", "study/settings.py", "study/registers/codes.yml"} <= found
    assert "__init__.py" in found
    assert not any(name.startswith(("effects/", "report/")) for name in found)


def test_imports_inside_functions_count() -> None:
    assert "files/workspace.py" in names("def f():\n    from analysis.files import Workspace")


def test_relative_imports_and_submodules() -> None:
    assert set(imported("from . import b\nfrom ..c import d", "analysis.a")) >= {"analysis.a.b", "analysis.c.d"}
    assert "pipeline/nodes.py" in names("from analysis.pipeline import nodes")


def test_foreign_imports_do_not_count() -> None:
    assert names("import numpy, os\nfrom pandas import DataFrame") == set()


def test_bytecode_never_counts() -> None:
    assert not any(name.endswith(".pyc") for name in names("import analysis.texts"))
