"""Reading a study's settings and saying, in words, what is wrong with them."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from analysis.study.settings import Study


class SettingsRefused(Exception):
    """study.yml cannot be used; ``problems`` holds (place, kind, detail) for each fault, to be worded by the caller."""

    def __init__(self, path: Path, problems: list[tuple[str, str, str]]) -> None:
        super().__init__(f"{path}: " + "; ".join(f"{place}: {detail}" for place, _, detail in problems))
        self.path = path
        self.problems = problems


def study_folder(name: str, root: Path) -> Path:
    return root / "studies" / name


def load_study(name: str, root: Path | None = None) -> Study:
    """Read and check ``studies/<name>/study.yml``.

    Raises SettingsRefused with every fault found: no such study, not YAML, unknown key (with the key that was probably
    meant), missing key, wrong type or value.
    """
    if root is None:
        from analysis.files import project_root

        root = project_root()
    path = study_folder(name, root) / "study.yml"
    if not path.is_file():
        known = sorted(p.parent.name for p in (root / "studies").glob("*/study.yml"))
        raise SettingsRefused(path, [(name, "no_study", ", ".join(known))])
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsRefused(path, [("", "not_yaml", " ".join(str(error).split()))]) from None
    if not isinstance(content, dict):
        raise SettingsRefused(path, [("", "not_yaml", type(content).__name__)])
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        raise SettingsRefused(path, [_problem(fault) for fault in error.errors()]) from None


def _problem(fault: Any) -> tuple[str, str, str]:
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return place, "unknown_key", _probably_meant(str(fault["loc"][-1]))
    if fault["type"] == "missing":
        return place, "missing_key", ""
    return place, "wrong_value", f"{fault['msg']} ({fault['input']!r})"


def _probably_meant(key: str) -> str:
    known = {name for model in _models() for name in model.model_fields} | {"register"}
    return next(iter(difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.6)), "")


def _models() -> list[type[BaseModel]]:
    from analysis.study import settings

    return [model for model in vars(settings).values() if isinstance(model, type) and issubclass(model, BaseModel)]
