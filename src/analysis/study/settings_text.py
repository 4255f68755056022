"""The text of study.yml: read more strictly than YAML asks, since whoever writes it does not program; and its lines.

YAML takes the last of two equal keys, and reads a decimal comma inside brackets as a new key. Both would be silent.
"""

from __future__ import annotations

from typing import Any

import yaml

from analysis.texts.yaml_text import LOADER

NOTHING = "tag:yaml.org,2002:null"
DATE = "tag:yaml.org,2002:timestamp"


class SettingsText(yaml.MarkedYAMLError):
    """What YAML would pass over: ``kind`` as the catalogue names it, ``detail`` what was found, the mark where."""

    def __init__(self, node: yaml.Node, kind: str, detail: str) -> None:
        super().__init__(problem=kind, problem_mark=node.start_mark)
        self.kind, self.detail = kind, detail


class _Loader(LOADER):  # type: ignore[misc, valid-type]  # which of the two classes it is, is known when it runs
    """Refuses repeated keys, decimal commas inside brackets and days that do not exist."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        _refuse_commas(node)
        _refuse_repetition(node)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            raise SettingsText(node, "impossible_date", str(node.value)) from None


_Loader.add_constructor(DATE, _Loader.construct_yaml_timestamp)


def settings_from_yaml(text: str) -> Any:
    """What study.yml says, as plain values. Raises yaml.YAMLError with the line; SettingsText where it can say why."""
    return yaml.load(text, Loader=_Loader)


def line_of(text: str, place: str) -> int:
    """The line of the dotted ``place``, or of the last part of it that is there; 0 where not even the first is."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return 0
    line, rest = 0, place
    while rest and (step := _step(node, rest)):
        at, node, rest = step
        line = at.start_mark.line + 1
    return line


def _step(node: Any, place: str) -> tuple[yaml.Node, yaml.Node, str] | None:
    """The node that the beginning of ``place`` names, what stands under it, and the rest of the place."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value)
            if place == name or place.startswith(f"{name}."):
                return key, value, place[len(name) + 1 :]
    if isinstance(node, yaml.SequenceNode):
        first, _, rest = place.partition(".")
        for number, one in enumerate(node.value):
            if first == str(number) or place == str(one.value):
                return one, one, "" if place == str(one.value) else rest
    return None


def _refuse_repetition(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            continue
        if key.value in seen:
            raise SettingsText(key, "key_twice", key.value)
        seen.add(key.value)


def _refuse_commas(node: yaml.MappingNode) -> None:
    """``{total: 1199,92}`` is to YAML a total of 1199 and a key 92 without a value."""
    for (_, before), (key, value) in zip(node.value, node.value[1:], strict=False):
        alone = isinstance(value, yaml.ScalarNode) and value.tag == NOTHING and not value.value
        if alone and isinstance(before, yaml.ScalarNode) and _digits(key) and _digits(before):
            raise SettingsText(key, "decimal_comma", f"{before.value},{key.value}")


def _digits(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and str(node.value).lstrip("-").isdigit()
