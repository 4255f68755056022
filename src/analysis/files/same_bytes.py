"""An Excel file whose bytes depend on its contents alone: no time of writing in its properties or its zip entries."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

FIXED = datetime(2024, 1, 1)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook_bytes(book: Workbook) -> bytes:
    """The bytes of an .xlsx file of ``book``."""
    book.properties.created = FIXED
    book.properties.creator = "Evaluation Workbench"
    written = io.BytesIO()
    book.save(written)
    result = io.BytesIO()
    with ZipFile(written) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = MODIFIED.sub(rf"\g<1>{FIXED:%Y-%m-%dT%H:%M:%SZ}\g<2>".encode(), content)
            fixed = ZipInfo(entry.filename, FIXED.timetuple()[:6])
            fixed.compress_type, fixed.external_attr = ZIP_DEFLATED, 0o600 << 16
            target.writestr(fixed, content)
    return result.getvalue()
