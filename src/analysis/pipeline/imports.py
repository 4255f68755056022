"""Which files of the package some code rests on: the modules it imports, theirs in turn, the data files beside them.

Found by reading the code, not by running it, so that the engine knows without importing anything heavy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent


def files_behind(code: Iterable[str]) -> list[Path]:
    """Every file of ``analysis`` that these texts of Python code rest on, sorted."""
    waiting = [name for text in code for name in imported(text)]
    modules: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        path = module_file(name)
        if name in modules or path is None:
            continue
        modules[name] = path
        waiting += [name.rpartition(".")[0], *imported_by(path)]
    return sorted({*modules.values(), *_data_files(modules)})


def imported(code: str, package: str = "") -> Iterator[str]:
    """The names of ``analysis`` modules that code may import (``from a import b`` may mean the module a.b)."""
    for node in _statements(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _from_names(node, package)
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == PACKAGE.name)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Every statement below a node, at any depth; expressions hold no imports and are left out (ten times faster)."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, part, None) or ():
            if isinstance(child, ast.stmt):
                yield child
            yield from _statements(child)


def _from_names(node: ast.ImportFrom, package: str) -> list[str]:
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    return [base, *(f"{base}.{alias.name}" for alias in node.names)]


@cache
def imported_by(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return tuple(imported(path.read_text(encoding="utf-8"), ".".join(parts[:-1])))


def module_file(name: str) -> Path | None:
    """The file of a module of the package; None when ``name`` is no module (a function, a class)."""
    place = ROOT.joinpath(*name.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _data_files(modules: Iterable[str]) -> set[Path]:
    """Texts, templates, layouts and styles that lie in the folders of the top-level packages used."""
    tops = {name.split(".")[1] for name in modules if "." in name}
    found = (path for top in tops for path in (PACKAGE / top).rglob("*") if path.is_file())
    return {path for path in found if path.suffix not in (".py", ".pyc")}
