"""What the texts of a column can be: read with the parsers that will read them later."""

from __future__ import annotations

import re
from collections import Counter

from analysis.adapting.columns import Column
from analysis.cleaning.identifiers import birth_date, egn
from analysis.cleaning.kinds import parser_of
from analysis.study import RegisterField, Source

SAMPLE = 150
NUMBER_OF_TEN = re.compile(r"[0-9]{8,10}(?:\.0+)?")
CONTACT = re.compile(r"\S+@\S+\.\S+|\+?359[ 0-9/-]{7,}|0[89]\d{2}[ /-]?\d{3}[ -]?\d{3}")
PLAIN_SOURCE = Source(register_name="")


def share_read(column: Column, field: RegisterField) -> float | None:
    """The share of the column's different texts that the field's parser reads; None: the kind tells nothing."""
    sample = _sample(column)
    if not sample or field.kind in ("text", "section", "personal") or field.parts > 1:
        return None
    if field.kind == "identifier":
        return sum(map(looks_personal, sample)) / len(sample)
    parse = parser_of(field.model_copy(update={"other": False, "required": True}), PLAIN_SOURCE, None)
    read = sum(_is_read(parse(text)) for text in sample)
    return read / len(sample)


def _is_read(parsed: object) -> bool:
    return getattr(parsed, "value", None) is not None


def _sample(column: Column) -> list[str]:
    texts = sorted(column.texts)
    return texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE]


def looks_personal(text: str) -> bool:
    """Whether a text has the form of a personal number: ten digits that begin with a date of birth (a zero or two that
    a numeric column lost are put back)."""
    return bool(NUMBER_OF_TEN.fullmatch(text)) and birth_date(text.split(".")[0].zfill(10)) is not None


def holds_personal_numbers(column: Column) -> bool:
    """Whether most texts have the form of a personal number; a handful of them proves nothing."""
    sample = _sample(column)
    return len(sample) >= 3 and sum(map(looks_personal, sample)) >= 0.8 * len(sample)


def holds_contacts(column: Column) -> bool:
    """Whether most texts are e-mail addresses or telephone numbers."""
    sample = _sample(column)
    return bool(sample) and sum(bool(CONTACT.fullmatch(text)) for text in sample) >= 0.5 * len(sample)


def check_digit_offset(columns: list[Column]) -> int:
    """By how much the check digits of the numbers are moved: 0 for real ones, else that of a demonstration."""
    moved: Counter[int] = Counter()
    for column in columns:
        numbers = [text for text in _sample(column) if len(text) == 10 and looks_personal(text)]
        moved.update((int(number[9]) - int(egn.calc_check_digit(number[:9]))) % 10 for number in numbers)
    if not moved:
        return 0
    offset, count = moved.most_common(1)[0]
    return offset if count >= 0.8 * sum(moved.values()) else 0
