"""Which parser and which type belongs to a field of a register."""

from __future__ import annotations

from analysis.cleaning.booleans import boolean_parser
from analysis.cleaning.cell import Parsed, Parser
from analysis.cleaning.chosen import chosen_parser
from analysis.cleaning.codes import code_parser, with_codes, with_no_answer, with_refusals
from analysis.cleaning.dates import parse_date, parse_date_parts
from analysis.cleaning.employers import parse_employer
from analysis.cleaning.grades import parse_grade, parse_section
from analysis.cleaning.look_alikes import fold
from analysis.cleaning.numbers import number_parser
from analysis.cleaning.school_codes import school_code_parser
from analysis.cleaning.school_years import parse_school_year
from analysis.study import RegisterField, Source, load_codes

NEVER_READ = ("personal", "identifier", "respondent")
PERSONAL = ("personal", "identifier", "birth_date", "respondent")


def known_texts(field: RegisterField, source: Source) -> list[str]:
    """The texts a cell of this field is expected to hold; empty for a field without code list."""
    name = {"boolean": "boolean", "id_type": "id_type"}.get(field.kind, field.codes)
    codes = with_codes(load_codes()[name] if name else {}, {**source.codes.get(field.name, {}), **field.unanswered})
    return [text for code, texts in codes.items() for text in (code, *texts)]


def parser_of(field: RegisterField, source: Source, schools: frozenset[str] | None) -> Parser:
    """The parser of one field; faults of a field that may stay empty only cost the cell (``demoted``)."""
    parse = with_no_answer(with_refusals(_parser(field, source, schools)), field.unanswered)
    # An end date that cannot be read must not become "still running": dates are set aside with their row.
    return parse if field.required or field.kind == "date" else demoted(parse)


def demoted(parse: Parser) -> Parser:
    """``parse`` with every fault noted instead of setting the row aside; the cell becomes missing."""

    def parse_or_note(text: str) -> Parsed:
        parsed = parse(text)
        return parsed._replace(level="noted") if parsed.rule and parsed.level == "quarantined" else parsed

    return parse_or_note


def _parser(field: RegisterField, source: Source, schools: frozenset[str] | None) -> Parser:
    further = source.codes.get(field.name, {})
    match field.kind:
        case "code" | "id_type":
            own = load_codes()[field.codes or "id_type"] if field.codes or field.kind == "id_type" else {}
            return code_parser(with_codes(own, further), field.other)
        case "boolean":
            return boolean_parser(further)
        case "chosen":
            return chosen_parser(further)
        case "integer" | "number":
            return number_parser(field.minimum, field.maximum, whole=field.kind == "integer")
        case "date" | "birth_date":
            return parse_date if field.parts == 1 else parse_date_parts
        case "grade":
            return parse_grade
        case "section":
            return parse_section
        case "school_code":
            return school_code_parser(schools, must_be_known=field.required)
        case "school_year":
            return parse_school_year
        case "employer":
            return parse_employer
        case _:
            return _parse_text


def _parse_text(text: str) -> Parsed:
    return Parsed(fold(text))
