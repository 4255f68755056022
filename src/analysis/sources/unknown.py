"""Files of which nothing is known yet: opened as the reader opens them, without a register to look for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.sources.formats import kind_of
from analysis.sources.read import members_of
from analysis.sources.spreadsheets import read_workbook
from analysis.sources.statistical_files import read_statistical
from analysis.sources.tables import RawTable, Refused, Row
from analysis.sources.text_files import read_text
from analysis.study.settings import Layout


def parts_of(path: Path, label: str) -> list[tuple[str, bytes]]:
    """The file as (label, content); a zip delivery as its members. Refused when it cannot be opened."""
    try:
        content = path.read_bytes()
    except OSError:
        raise Refused("reading.locked") from None
    inside = members_of(content)
    return [(label, content)] if inside is None else [(f"{label}/{name}", part) for name, part in inside]


def tables_of(content: bytes) -> list[RawTable]:
    """Every visible sheet of a workbook, or the one table of any other file; Refused when it holds none."""
    kind = kind_of(content)
    if kind == "archive":
        raise Refused("reading.archive_nested")
    if kind in ("sav", "dta", "parquet"):
        return read_statistical(kind, content, [])
    if kind == "text":
        return read_text(content, Layout(), _evenness)
    return read_workbook(kind, content, None)


def _evenness(rows: Sequence[Row]) -> int:
    """How many of the rows, in per cent, have the commonest width: the separator that cuts them evenly is the one."""
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return 100 * count // sum(widths.values()) if width > 1 else 0
