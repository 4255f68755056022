"""Numbers with decimal comma or point, blanks between thousands and a currency sign."""

from __future__ import annotations

import re

from analysis.cleaning.cell import Parsed, Parser

CURRENCY = re.compile(r"\s*(лв|лева|лев|bgn|€|eur|евро)\.?$", re.IGNORECASE)
AFTER_SIGN = re.compile(r"(?<=[0-9])([.,])\s+(?=[0-9])")
BETWEEN_THOUSANDS = re.compile(r"(?<=[0-9])[ '’](?=[0-9]{3}(?![0-9]))")
PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
GROUPED = {
    ",": re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"),
    ".": re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?"),
}


def as_float(text: str) -> float | None:
    """The number in a text, None when there is none. A single comma or point is the decimal sign."""
    plain = CURRENCY.sub("", text).replace("−", "-").replace("–", "-")
    plain = BETWEEN_THOUSANDS.sub("", AFTER_SIGN.sub(r"\1", plain))
    for sign, other in ((",", "."), (".", ",")):
        if (plain.count(sign) > 1 or other in plain) and GROUPED[sign].fullmatch(plain):
            plain = plain.replace(sign, "")
            break
    plain = plain.replace(",", ".", 1)
    return float(plain) if PLAIN.fullmatch(plain) else None


def number_parser(minimum: float | None = None, maximum: float | None = None, whole: bool = False) -> Parser:
    """A parser of numbers between the bounds, both included; ``whole`` takes integers only."""

    def parse(text: str) -> Parsed:
        value = as_float(text)
        if value is None or (whole and (value != int(value) or abs(value) >= 2**53)):
            return Parsed(rule="bad_integer" if whole else "bad_number")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            return Parsed(rule="out_of_range")
        return Parsed(int(value) if whole else value)

    return parse
