"""Every sentence a person reads, in Bulgarian and English side by side, from ``catalogue/*.yml``.

A key is ``<file>.<key>[.<key>...]`` and leads to ``{bg: ..., en: ...}``; a text may be plain or have plural forms
(``{one: ..., other: ...}``, chosen by the parameter ``count``). Parameters stand in braces: ``{file}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel import Locale

from analysis.texts.yaml_text import from_yaml

FOLDER = Path(__file__).parent / "catalogue"
LANGUAGES = ("bg", "en")


class TextMissing(KeyError):
    """A key, or one of its languages, is not in the catalogue."""


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """All texts: dotted key -> language -> text or plural forms."""
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        _flatten(path.stem, from_yaml(path.read_text(encoding="utf-8")) or {}, entries)
    return entries


def _flatten(prefix: str, node: dict[str, Any], entries: dict[str, dict[str, Any]]) -> None:
    if set(node) & set(LANGUAGES):
        entries[prefix] = node
        return
    for key, child in node.items():
        _flatten(f"{prefix}.{key}", child, entries)


def text(key: str, language: str, **params: object) -> str:
    """The text of ``key`` in ``language`` with its parameters filled in; TextMissing when there is none."""
    try:
        form = catalogue()[key][language]
    except KeyError:
        raise TextMissing(f"{key} [{language}]") from None
    if isinstance(form, dict):
        category = Locale(language).plural_form(cast(float, params["count"]))
        form = form.get(category, form["other"])
    return form.format(**params)


def has_text(key: str) -> bool:
    return key in catalogue()


def rules_in_words(params: Mapping[str, object], language: str) -> dict[str, object]:
    """The parameters of a finding with the rule that one of them names (``main_rule``) told in words."""
    rule = params.get("main_rule")
    if rule is None or not has_text(f"{rule}.what"):
        return dict(params)
    return {**params, "main_rule": text(f"{rule}.what", language, **params).rstrip(".")}
