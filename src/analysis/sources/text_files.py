"""Delimited text: which separator, quoted fields with line breaks, stray quotes, lines of another length."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence

from analysis.sources.encoding import decode
from analysis.sources.tables import RawTable, Remark, Row, is_blank
from analysis.study.settings import Layout

SEPARATORS = [";", ",", "\t", "|"]
SNIFFED = 20_000
SNIFFED_ROWS = 40
KEPT_AS_TEXT = re.compile(r'^\s*="([^"]*)"\s*$')  # ="0123": how exports keep Excel from dropping zeros

Score = Callable[[Sequence[Row]], int]


def read_text(content: bytes, layout: Layout, score: Score) -> list[RawTable]:
    """The one table of a text file. ``score`` tells how many captions rows contain and decides between separators.

    Refused when the bytes are no text or their letters cannot be known.
    """
    decoded = decode(content, layout.encodings)
    text, declared, offset = _without_hint(decoded.text, layout.separator)
    remarks = list(decoded.remarks)
    if layout.header_row == 0:
        separator = _by_width(text, declared, layout.columns)
        rows: list[list[str]] = [line.split(separator) if line.strip() else [] for line in _lines(text)]
    else:
        separator = _by_captions(text, declared, score)
        rows, is_quoted = _records(text, separator)
        remarks += [] if is_quoted else [Remark("reading.stray_quotes")]
    if '="' in text:
        rows = [[KEPT_AS_TEXT.sub(r"\1", cell) for cell in row] for row in rows]
    if declared and separator != declared:
        remarks.append(Remark("reading.separator", {"separator": _visible(separator), "expected": _visible(declared)}))
    empty: list[list[str]] = [[]] * offset
    return [RawTable(_without_end([*empty, *rows]), separated=True, remarks=remarks)]


def _without_hint(text: str, declared: str | None) -> tuple[str, str | None, int]:
    """Excel's first line ``sep=;`` names the separator; it is a row of the file but not of the table."""
    first, _, rest = text.partition("\n")
    hint = first.strip().casefold()
    if hint.startswith("sep=") and hint[4:] in SEPARATORS:
        return rest, hint[4:], 1
    return (rest, "\t", 1) if hint == "sep=" else (text, declared, 0)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _without_end(rows: list[list[str]]) -> list[list[str]]:
    while rows and is_blank(rows[-1]):
        rows.pop()
    return rows


def _by_width(text: str, declared: str | None, columns: int | None) -> str:
    """The separator that gives most lines the declared number of fields; the declared one wins a draw."""
    lines = [line for line in _lines(text[:SNIFFED])[:-1] or [text] if line.strip()]
    candidates = [*([declared] if declared else []), *SEPARATORS]

    def fitting(separator: str) -> tuple[int, int]:
        widths = Counter(line.count(separator) + 1 for line in lines)
        return (widths[columns], 0) if columns else (0, max(widths, default=1))

    return max(candidates, key=fitting)


def _by_captions(text: str, declared: str | None, score: Score) -> str:
    """The separator under which most captions are met; then the one that gives most fields."""
    candidates = [*([declared] if declared else []), *SEPARATORS]

    def met(separator: str) -> tuple[int, int]:
        rows = _parse(text[:SNIFFED], separator)[:SNIFFED_ROWS]
        return score(rows), max((len(row) for row in rows[:15]), default=0)

    return max(candidates, key=met)


def _records(text: str, separator: str) -> tuple[list[list[str]], bool]:
    """The records of a text, and whether its quotes could be believed.

    An opening quote that nobody closed would swallow the rows up to the next one; then quotes count as ordinary
    characters.
    """
    try:
        rows = _parse(text, separator)
    except csv.Error:
        return _unquoted(text, separator), False
    if text.count('"') % 2 or _has_swallowed_rows(rows, separator):
        return _unquoted(text, separator), False
    return rows, True


def _parse(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _has_swallowed_rows(rows: list[list[str]], separator: str) -> bool:
    width = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 1
    limit = max(2, width - 1)
    return any("\n" in cell and cell.count(separator) >= limit for row in rows for cell in row)


def _unquoted(text: str, separator: str) -> list[list[str]]:
    return [
        [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in line.split(separator)]
        if line
        else []
        for line in _lines(text)
    ]


def _visible(separator: str) -> str:
    return "TAB" if separator == "\t" else separator
