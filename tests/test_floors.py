"""Imports go down the floors only (docs/architecture.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.pipeline.imports import PACKAGE, ROOT, imported_by

FLOOR = {
    "study": 0, "files": 0, "texts": 0,
    "sources": 1, "cleaning": 1, "linkage": 1, "panels": 1, "effects": 1, "disclosure": 1, "indicators": 1,
    "report": 2, "dictionary": 2, "adapting": 2, "pipeline": 3, "reproduction": 4, "commands": 5, "__main__": 5,
}  # fmt: skip
# On floor 1 only cleaning draws on its neighbours: it reads, replaces identifiers, knows the study's list of schools.
NEIGHBOURS = {("cleaning", "sources"), ("cleaning", "linkage"), ("cleaning", "panels")}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def parts_imported(path: Path) -> set[str]:
    names = (name.split(".") for name in imported_by(path))
    return {name[1] for name in names if len(name) > 1} - {part(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_down(path: Path) -> None:
    own = part(path)
    for other in parts_imported(path):
        assert may_import(own, other), f"{own} may not import {other}"


def may_import(own: str, other: str) -> bool:
    if own == "demonstration":
        return FLOOR.get(other, 9) <= 1
    if other == "demonstration":
        return own == "commands"
    if FLOOR[other] == FLOOR[own]:
        return FLOOR[own] in (0, 5) or (own, other) in NEIGHBOURS
    if own == "report" and FLOOR[other] == 1:
        return other == "disclosure"
    if own == "effects" and other in ("study", "files"):
        return True
    return FLOOR[other] < FLOOR[own] and own != "effects"


def test_effects_know_no_municipality() -> None:
    allowed = {"numpy", "scipy", "pandas", "statsmodels", "analysis"}
    for path in sorted((PACKAGE / "effects").rglob("*.py")):
        assert third_party(path) <= allowed, path


def third_party(path: Path) -> set[str]:
    import ast
    import sys

    tops = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            tops |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            tops.add(node.module.split(".")[0])
    return tops - set(sys.stdlib_module_names)


HEAVY = ["matplotlib", "statsmodels", "seaborn", "scipy", "typst", "papermill", "nbconvert", "pytask", "pypandoc"]


def test_the_command_line_starts_light() -> None:
    import subprocess
    import sys

    code = f"import sys, analysis.__main__; print([name for name in {HEAVY!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


FORBIDDEN = [
    "report effects",
    "effects texts",
    "study panels",
    "sources cleaning",
    "panels pipeline",
    "report demonstration",
]


@pytest.mark.parametrize("pair", FORBIDDEN)
def test_the_rule_itself_forbids(pair: str) -> None:
    assert not may_import(*pair.split())
