"""Reading a study's settings and saying, in words, what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from analysis.study.agreement import disagreements
from analysis.study.own_tables import closest
from analysis.study.settings import Study
from analysis.study.settings_text import SettingsText, settings_from_yaml

SETTINGS = (
    "cost_settings", "expected_settings", "fields", "indicator_settings", "panel_settings", "plan_settings",
    "robustness_settings", "settings", "survey_settings",
)  # fmt: skip
KINDS = {  # pydantic's kind of fault, by how it begins -> ours, which the catalogue words
    "date": "wrong_date", "int": "wrong_number", "float": "wrong_number", "greater": "out_of_bounds",
    "less": "out_of_bounds", "literal": "wrong_choice", "string_type": "wrong_text", "list_type": "wrong_list",
    "bool": "wrong_truth", "too_short": "too_few",
}  # fmt: skip
BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
CHOICE = r"'([^']*)'"  # how pydantic lists what a value may be: 'bg' or 'en'


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

    Raises SettingsRefused with every fault found: no such study, not YAML (with the line), unknown key (with the one
    that was probably meant), missing key, wrong type or value, a register, column or code that does not exist.
    """
    if root is None:
        from analysis.files import project_root

        root = project_root()
    path = study_folder(name, root) / "study.yml"
    if not path.is_file():
        known = sorted(p.parent.name for p in (root / "studies").glob("*/study.yml"))
        raise SettingsRefused(path, [(name, "no_study", ", ".join(known))])
    try:
        content = settings_from_yaml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SettingsRefused(path, [("", "not_utf8", "")]) from None
    except yaml.YAMLError as error:
        raise SettingsRefused(path, [_not_yaml(error)]) from None
    if not isinstance(content, dict):
        raise SettingsRefused(path, [("1", "not_yaml", "")])
    if "based_on" in content:
        content = _with_changes(content, path, root)
    try:
        study = Study.model_validate(content)
    except ValidationError as error:
        raise SettingsRefused(path, [_problem(fault, content) for fault in error.errors()]) from None
    if problems := disagreements(study, path.parent):
        raise SettingsRefused(path, problems)
    return study


def _with_changes(content: dict[str, Any], path: Path, root: Path) -> dict[str, Any]:
    """The settings of the study that this one is based on, with its changes made."""
    for key in content:
        if key not in ("name", "based_on", "changes"):
            raise SettingsRefused(path, [(str(key), "only_changes", "")])
    base = study_folder(str(content["based_on"]), root) / "study.yml"
    if not base.is_file():
        known = sorted(p.parent.name for p in (root / "studies").glob("*/study.yml"))
        raise SettingsRefused(path, [(str(content["based_on"]), "no_study", ", ".join(known))])
    settings = settings_from_yaml(base.read_text(encoding="utf-8"))
    if "based_on" in settings:
        raise SettingsRefused(path, [("based_on", "wrong_value", str(settings["based_on"]))])
    changes = content.get("changes") or {}
    for key, value in changes.items():
        _set(settings, str(key).split("."), value)
    return {**settings, "name": content.get("name"), "based_on": content["based_on"], "changes": changes}


def _set(node: Any, parts: list[str], value: Any) -> None:
    """Put ``value`` under a dotted key; a part that is not there yet is made (the model says if it may be)."""
    for part in parts[:-1]:
        node = node[int(part)] if isinstance(node, list) and part.isdigit() else node.setdefault(part, {})
    if isinstance(node, list) and parts[-1].isdigit():
        node[int(parts[-1])] = value
    else:
        node[parts[-1]] = value


def _not_yaml(error: yaml.YAMLError) -> tuple[str, str, str]:
    """The line where the file stops being YAML, as far as the parser can tell."""
    mark = getattr(error, "problem_mark", None)
    line = "" if mark is None else str(mark.line + 1)
    return (line, error.kind, error.detail) if isinstance(error, SettingsText) else (line, "not_yaml", "")


def _problem(fault: Any, content: Any) -> tuple[str, str, str]:
    place = ".".join(_written(fault["loc"], content))
    about = fault.get("ctx", {})
    if fault["type"] == "extra_forbidden":
        return place, "unknown_key", _probably_meant(str(fault["loc"][-1]))
    if fault["type"] == "missing":
        return place, "missing_key", ""
    if fault["type"] == "value_error":  # our own, which begins with its place
        place, _, told = str(about["error"]).partition(": ")
        return place, getattr(about["error"], "kind", "wrong_value"), told
    kind = next((kind for start, kind in KINDS.items() if fault["type"].startswith(start)), "wrong_value")
    if kind == "too_few":
        return place, kind, str(about["min_length"])
    if kind == "wrong_choice":
        return place, kind, f"{fault['input']}: {', '.join(re.findall(CHOICE, about['expected']))}"
    bound = next((f"{sign} {about[name]}" for name, sign in BOUNDS.items() if name in about), "")
    return place, kind, f"{fault['input']}" + (f": {bound}" if bound else "")


def _written(parts: Sequence[str | int], content: Any) -> Iterator[str]:
    """The parts of a place that stand in the file: pydantic also names the model that it tried."""
    for number, part in enumerate(parts, start=1):
        inside = isinstance(content, dict) and part in content
        if inside or (isinstance(content, list) and isinstance(part, int) and part < len(content)):
            content = content[part]
            yield str(part)
        elif number == len(parts) and isinstance(content, dict):
            yield str(part)


def _probably_meant(key: str) -> str:
    """The key that was probably meant; none where the very word is a key, but at another place."""
    known = {name for model in _models() for name in model.model_fields} | {"register"}
    return "" if key in known else closest(key, known)


def _models() -> list[type[BaseModel]]:
    modules = [import_module(f"analysis.study.{name}") for name in SETTINGS]
    found = [one for module in modules for one in vars(module).values()]
    return [model for model in found if isinstance(model, type) and issubclass(model, BaseModel)]
