"""The page as a whole: registers, a study's own tables, code lists, analysis tables, the results table."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import analysis.panels
from analysis.dictionary.markdown import both, cell, code, heading, table
from analysis.files.results import COLUMNS, COUNTS, FLOATS
from analysis.study.agreement import register_names
from analysis.study.fields import RegisterField
from analysis.study.registers import load_codes, load_register
from analysis.texts import has_text, text
from analysis.texts.yaml_text import from_yaml

PAGE = "docs/data.md"
LIST_OF_KIND = {"boolean": "boolean", "id_type": "id_type"}


def dictionary_page(root: Path) -> str:
    """The whole page as Markdown, Bulgarian and English side by side; ``root`` is the project's folder."""
    parts = [f"# {both('dictionary.title')}", _intro(), heading("registers"), _kinds()]
    parts += [_register(name) for name in register_names()]
    own = _own_tables(root)
    parts += [heading("own"), *_paragraphs("own"), *own] if own else []
    parts += [heading("codes"), *_paragraphs("codes"), *_code_lists(), heading("panels"), *_paragraphs("panels")]
    parts += [_panel(name, types) for name, types in panel_types().items()]
    parts += [heading("results"), *_paragraphs("results"), _results()]
    return "\n\n".join(parts) + "\n"


def panel_types() -> dict[str, dict[str, str]]:
    """Analysis table -> column -> pandas type: every module of ``analysis.panels`` that declares ``TYPES``."""
    names = sorted(module.name for module in pkgutil.iter_modules(analysis.panels.__path__))
    modules = {name: importlib.import_module(f"analysis.panels.{name}") for name in names}
    return {name: dict(module.TYPES) for name, module in modules.items() if hasattr(module, "TYPES")}


def described(kind: str, owner: str, name: str) -> str:
    """The key of a column's description: its own in this table, else the one that tables share; empty without one."""
    keys = (f"dictionary.{kind}.{owner}.{name}", f"dictionary.{kind}.shared.{name}", f"labels.covariates.{name}")
    return next((key for key in keys if has_text(key)), "")


def _intro() -> str:
    return "\n\n".join(_paragraphs("intro"))


def _paragraphs(key: str) -> list[str]:
    return [text(f"dictionary.{key}.text", "bg"), f"*{text(f'dictionary.{key}.text', 'en')}*"]


def _kinds() -> str:
    kinds: Sequence[str] = RegisterField.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    rows = [(code(kind), both(f"dictionary.kinds.{kind}")) for kind in kinds]
    return table([both("dictionary.columns.kind"), both("dictionary.columns.meaning")], rows)


def _register(name: str) -> str:
    register = load_register(name)
    title = f"### `{name}`: {register.title['bg']} · {register.title['en']}"
    sender = f"{both('dictionary.columns.institution')}: {register.institution['bg']} · {register.institution['en']}."
    key = f"{both('dictionary.columns.key')}: {', '.join(code(part) for part in register.key)}."
    return "\n\n".join([title, f"{sender} {key}", _fields(register.fields)])


def _fields(fields: Iterable[RegisterField]) -> str:
    heads = ("name", "caption", "kind", "required", "use", "codes")
    rows = [
        (code(field.name), _caption(field), code(field.kind), _required(field), _use(field), _codes(field))
        for field in fields
    ]
    return table([both(f"dictionary.columns.{head}") for head in heads], rows)


def _caption(field: RegisterField) -> str:
    if field.header:
        return cell(field.header)
    if field.from_file_name:
        return both("dictionary.words.from_file_name")
    return both("dictionary.words.position", place=field.position) if field.position is not None else ""


def _required(field: RegisterField) -> str:
    state = "required" if field.required else "column" if field.column_required else ""
    return both(f"dictionary.words.{state or ('optional' if field.optional else 'may_be_empty')}")


def _use(field: RegisterField) -> str:
    kinds = {"identifier": "pseudonym", "respondent": "pseudonym", "personal": "dropped", "birth_date": "birth_year"}
    state = {"keep": kinds.get(field.kind, "kept"), "drop": "dropped", "check": "checked"}[field.use]
    return both(f"dictionary.words.{state}")


def _codes(field: RegisterField) -> str:
    name = field.codes or LIST_OF_KIND.get(field.kind, "")
    bounds = [f"≥ {field.minimum:g}" if field.minimum is not None else ""]
    bounds += [f"≤ {field.maximum:g}" if field.maximum is not None else ""]
    return ", ".join(part for part in (f"[`{name}`](#{name})" if name else "", *bounds) if part)


def _own_tables(root: Path) -> list[str]:
    """The tables that studies declare themselves, field by field, in study.yml."""
    parts = []
    for path in sorted((root / "studies").glob("*/study.yml")):
        content: dict[str, Any] = from_yaml(path.read_text(encoding="utf-8")) or {}
        sources: dict[str, Any] = content.get("sources") or {}
        for name, source in sources.items():
            if isinstance(source, dict) and source.get("fields"):
                fields = [RegisterField.model_validate(field) for field in source["fields"]]
                parts += [f"### `{path.parent.name}`: `{name}`", _fields(fields)]
        if questions := (content.get("survey") or {}).get("items"):
            fields = [RegisterField.model_validate(field) for field in questions]
            parts += [f"### `{path.parent.name}`: `survey`", _fields(fields)]
    return parts


def _code_lists() -> list[str]:
    heads = [both("dictionary.columns.code"), both("dictionary.columns.met")]
    lists = load_codes()
    return [
        part
        for name in sorted(lists)
        for part in (
            f"### `{name}`",
            table(heads, [(code(value), cell(", ".join(texts))) for value, texts in lists[name].items()]),
        )
    ]


def _panel(name: str, types: dict[str, str]) -> str:
    rows = [(code(column), code(kind), _meaning("panel", name, column)) for column, kind in types.items()]
    titled = f"dictionary.panel.{name}.title"
    title = f"### `{name}`" + (f": {both(titled)}" if has_text(titled) else "")
    return f"{title}\n\n{table([both(f'dictionary.columns.{head}') for head in ('name', 'type', 'meaning')], rows)}"


def _results() -> str:
    kinds = {**dict.fromkeys(FLOATS, "float64"), **dict.fromkeys(COUNTS, "Int64")}
    rows = [(code(name), code(kinds.get(name, "str")), _meaning("result", "table", name)) for name in COLUMNS]
    return table([both(f"dictionary.columns.{head}") for head in ("name", "type", "meaning")], rows)


def _meaning(kind: str, owner: str, name: str) -> str:
    key = described(kind, owner, name)
    return both(key) if key else ""
