"""Yes and no as people type them."""

from __future__ import annotations

from analysis.cleaning.cell import Parsed, Parser
from analysis.cleaning.codes import CodeList, code_parser, with_codes
from analysis.study import load_codes

# In YAML a bare yes or no is a truth value, so a list that forgets the quotes would not know the two words.
ENGLISH = {"true": ["yes"], "false": ["no"]}


def boolean_parser(further: CodeList | None = None) -> Parser:
    """A parser of the list ``boolean`` and a study's further texts, to True and False."""
    parse_code = code_parser(with_codes(with_codes(load_codes()["boolean"], ENGLISH), further or {}))

    def parse(text: str) -> Parsed:
        parsed = parse_code(text)
        return parsed if parsed.value is None else Parsed(parsed.value == "true")

    return parse
