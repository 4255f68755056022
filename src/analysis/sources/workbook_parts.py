"""What calamine does not tell about a workbook: how far its cells reach, which hold errors, which formulas have no
value.

Looked up in the XML of the sheets before calamine sees the file, because one stray cell in the last column of the
last row
would make it ask for half a terabyte of memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from analysis.sources.tables import Refused, column_letters

CELLS_LIMIT = 12_000_000
COORDINATE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,7})\s*["']""")
REPEATED = "number-columns-repeated"


@dataclass(frozen=True)
class SheetFacts:
    """0-based places of error cells with their texts, and of formulas without a stored value."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> path of its XML in an xlsx archive."""
    targets = {
        relation.get("Id"): (relation.get("Target") or "")
        for relation in _parse(parts.get("xl/_rels/workbook.xml.rels", b"<x/>"))
    }
    found = {}
    for element in _parse(parts["xl/workbook.xml"]).iter():
        if _local(element.tag) == "sheet":
            target = targets.get(next((v for k, v in element.attrib.items() if _local(k) == "id"), None), "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def look_at_sheet(xml: bytes, sheet: str) -> SheetFacts:
    """Errors and uncached formulas of one xlsx sheet; Refused when its cells reach too far."""
    _within_reach(xml, sheet)
    if b"<f" not in xml and b":f" not in xml and not re.search(rb"""t\s*=\s*["']e["']""", xml):
        return SheetFacts()
    errors, uncached = {}, set()
    for place, kind, has_formula, value in _cells(xml):
        if kind == "e":
            errors[place] = value or "#ERROR!"
        elif has_formula and value is None:
            uncached.add(place)
    return SheetFacts(errors, frozenset(uncached))


def _within_reach(xml: bytes, sheet: str) -> None:
    places = COORDINATE.findall(xml)
    width = max((column_number(letters.decode("ascii")) for letters in {place[0] for place in places}), default=1)
    height = max((int(digits) for digits in {place[1] for place in places}), default=1)
    if max(width, 1) * height > CELLS_LIMIT:
        corner = f"{column_letters(max(width, 1) - 1)}{height}"
        raise Refused("reading.sheet_too_large", sheet=sheet, corner=corner)


def column_number(letters: str) -> int:
    """1-based number of a column: A -> 1, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _cells(xml: bytes) -> Iterator[tuple[tuple[int, int], str, bool, str | None]]:
    """Every addressed cell: 0-based (row, column), type, whether it holds a formula, its stored value."""
    for element in _parse(xml).iter():
        if _local(element.tag) != "c":
            continue
        match = COORDINATE.fullmatch(f' r="{element.get("r", "")}"'.encode())
        if match and match[1] and match[2] != b"0":
            parts = {_local(child.tag): child.text for child in element}
            place = int(match[2]) - 1, column_number(match[1].decode("ascii")) - 1
            yield place, element.get("t", ""), "f" in parts, parts.get("v")


def check_ods(content: bytes) -> None:
    """Refused when repeated cells of an ods file would unfold to too much."""
    total = 0
    for row in _parse(content).iter():
        if _local(row.tag) != "table-row":
            continue
        filled = [cell for cell in row if len(cell) or any(_local(key) == "value-type" for key in cell.attrib)]
        width = sum(_repeats(cell, REPEATED) for cell in row) if filled else 0
        total += width * _repeats(row, "number-rows-repeated")
        if total > CELLS_LIMIT:
            raise Refused("reading.sheet_too_large", corner="–")


def _repeats(element: ElementTree.Element, name: str) -> int:
    text = next((value for key, value in element.attrib.items() if _local(key) == name), "1")
    return int(text) if text.isdigit() else 1


def _parse(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Refused("reading.damaged") from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
