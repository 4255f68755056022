"""Workbooks and texts with the same bytes for the same content: dates of the parts and of the document are fixed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from analysis.files import write_bytes

PART_DATE = (2024, 7, 1, 0, 0, 0)
DOCUMENT_DATE = "2024-07-01T00:00:00Z"


def plain_workbook(path: Path, sheet: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """A workbook with one sheet: one header row and the rows, cells as given (None is an empty cell)."""
    book = Workbook(write_only=True)
    table = book.create_sheet(sheet)
    table.append(list(header))
    for row in rows:
        table.append(row)
    save_workbook(path, book)


def save_workbook(path: Path, book: Workbook) -> None:
    buffer = io.BytesIO()
    book.save(buffer)
    parts = []
    with zipfile.ZipFile(buffer) as archive:
        for name in sorted(archive.namelist()):
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", DOCUMENT_DATE.encode(), content)
            parts.append((name, content))
    write_bytes(path, zipped(parts))


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive of (name, content) with fixed dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, PART_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def separated(
    path: Path, header: Sequence[object], rows: Iterable[Sequence[object]], separator: str, encoding: str
) -> None:
    """A text table; None is an empty field. ``utf-16`` is what Excel calls Unicode text (little-endian with a mark)."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue()
    write_bytes(path, b"\xff\xfe" + content.encode("utf-16-le") if encoding == "utf-16" else content.encode(encoding))
