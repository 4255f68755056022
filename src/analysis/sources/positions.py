"""Does a file without captions hold what its positions promise, or did columns change places?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from analysis.sources.tables import Refused
from analysis.study import RegisterField

SAMPLE = 500
NUMBER = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*")
WHOLE = re.compile(r"\s*\d+(?:[.,]0+)?\s*")
SCHOOL_CODE = re.compile(r"\s*\d{5,7}(?:\.0+)?\s*")
SCHOOL_YEAR = re.compile(r"\s*(?:19|20)\d\d(?:\s*[/–-]\s*(?:\d\d){1,2})?\s*")
IDENTIFIER = re.compile(r"[\s']*[\dOoОо]{6,12}(?:\.0+)?\s*")


def check_positions(columns: dict[str, list[str | None]], fields: Sequence[RegisterField]) -> None:
    """Refused when most cells of a position cannot be what stands there by the register (code, year, month, hours)."""
    for wanted in fields:
        looks_right = _test_for(wanted)
        if wanted.position is None or looks_right is None:
            continue
        filled = [cell for cell in columns[wanted.name] if cell is not None]
        cells = filled[:: max(1, len(filled) // SAMPLE)]
        if wanted.required and not cells and any(columns.values()):
            cells = [""]
        if 2 * sum(map(looks_right, cells)) < len(cells):
            raise Refused("reading.position", place=str(wanted.position), expected=_example(wanted))


def _test_for(wanted: RegisterField) -> Callable[[str], bool] | None:
    if wanted.kind == "integer":
        return lambda cell: bool(WHOLE.fullmatch(cell)) and _is_within(cell, wanted)
    patterns = {"number": NUMBER, "school_code": SCHOOL_CODE, "school_year": SCHOOL_YEAR, "identifier": IDENTIFIER}
    pattern = patterns.get(wanted.kind)
    return None if pattern is None else lambda cell: bool(pattern.fullmatch(cell))


def _is_within(cell: str, wanted: RegisterField) -> bool:
    value = float(cell.replace(",", "."))
    low = wanted.minimum if wanted.minimum is not None else value
    high = wanted.maximum if wanted.maximum is not None else value
    return low <= value <= high


def _example(wanted: RegisterField) -> str:
    """How the content should look, in figures alone: the message is read in two languages."""
    if wanted.kind == "integer":
        low, high = wanted.minimum, wanted.maximum
        return f"{low:g}–{high:g}" if low is not None and high is not None else "0"
    return {"number": "0.00", "school_code": "0000000", "school_year": "2021", "identifier": "0000000000"}[wanted.kind]
