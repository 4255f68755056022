"""Texts of a code list: known variants become the canonical code, a refusal to answer is missing with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from analysis.cleaning.cell import Parsed, Parser
from analysis.cleaning.look_alikes import comparable
from analysis.study import load_codes

CodeList = Mapping[str, list[str]]


def code_parser(codes: CodeList, other: bool = False) -> Parser:
    """A parser of one code list. ``other``: a text outside the list is the code ``other`` instead of a fault."""
    table = lookup(codes)

    def parse(text: str) -> Parsed:
        code = table.get(comparable(text))
        if code is None and text[-2:] in (".0", ",0"):
            code = table.get(comparable(text[:-2]))
        if code is not None:
            return Parsed(code)
        return Parsed("other") if other and not refusal(text) else Parsed(rule="unknown_code")

    return parse


def with_codes(codes: CodeList, further: CodeList) -> dict[str, list[str]]:
    """A code list with a study's own texts and codes added; the study's meaning of a text goes first."""
    own = {comparable(text) for texts in further.values() for text in texts}
    kept = {code: [text for text in texts if comparable(text) not in own] for code, texts in codes.items()}
    return {code: [*kept.get(code, []), *further.get(code, [])] for code in {**kept, **further}}


def lookup(codes: CodeList) -> dict[str, str]:
    """Comparable text -> code; a canonical code stands for itself unless a text of the list says otherwise."""
    by_text = {comparable(text): code for code, texts in codes.items() for text in texts}
    return {**{comparable(code): code for code in codes}, **by_text}


def refusal(text: str) -> str:
    """The reason in a cell that says there is no answer (``refused`` or ``unknown``), "" for any other cell."""
    return _refusals().get(comparable(text), "")


@cache
def _refusals() -> dict[str, str]:
    return lookup(load_codes()["refusal"])


def with_refusals(parse: Parser) -> Parser:
    """``parse``, where a cell it cannot read but that says "no answer" is missing and its reason noted."""

    def parse_or_missing(text: str) -> Parsed:
        parsed = parse(text)
        if parsed.rule and parsed.value is None and (reason := refusal(text)):
            return Parsed(None, f"answer_{reason}", "noted")
        return parsed

    return parse_or_missing


def with_no_answer(parse: Parser, told: CodeList) -> Parser:
    """``parse``, where a cell that the study declares to say "no answer" (reason -> texts) is not read as an answer."""
    if not told:
        return parse
    reasons = lookup(told)

    def parse_or_missing(text: str) -> Parsed:
        reason = reasons.get(comparable(text)) or (text[-2:] in (".0", ",0") and reasons.get(comparable(text[:-2])))
        return Parsed(None, f"answer_{reason}", "noted") if reason else parse(text)

    return parse_or_missing
