"""Excel (xlsx, xlsm, xls, xlsb) and OpenDocument workbooks: every sheet that may hold the table, as text."""

from __future__ import annotations

import io
from typing import Any

import python_calamine

from analysis.sources.archive import members
from analysis.sources.cells import cell_text
from analysis.sources.isolation import ReadingFailed, read_isolated
from analysis.sources.tables import RawTable, Refused, is_blank
from analysis.sources.workbook_parts import SheetFacts, check_ods, look_at_sheet, sheet_parts


def read_workbook(kind: str, content: bytes, declared_sheet: str | None) -> list[RawTable]:
    """The declared sheet alone if there is one (even hidden), else every visible sheet.

    Refused: damaged, protected by a password, no sheet with cells.
    """
    sheets = _old_sheets(content) if kind in ("xls", "xlsb") else _new_sheets(kind, content, declared_sheet)
    wanted = [sheet for sheet in sheets if _is_named(sheet.sheet, declared_sheet)]
    candidates = wanted or [sheet for sheet in sheets if not sheet.hidden]
    if not any(not is_blank(row) for sheet in candidates for row in sheet.rows):
        raise Refused("reading.no_rows", sheet=candidates[0].sheet if candidates else "")
    return candidates


def _is_named(name: str, declared: str | None) -> bool:
    return declared is not None and " ".join(name.split()).casefold() == " ".join(declared.split()).casefold()


def _new_sheets(kind: str, content: bytes, declared: str | None) -> list[RawTable]:
    parts = dict(members(content))  # tries every checksum: a damaged file goes no further
    if kind == "ods":
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise Refused("reading.password")
        check_ods(parts["content.xml"])
        places: dict[str, str] = {}
    else:
        places = sheet_parts(parts)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                _sheet(workbook, entry, parts.get(places.get(entry.name, ""), b""))
                for entry in _listed(workbook, declared)
            ]
    except (Refused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the compiled parser is not an Exception
        raise Refused("reading.damaged") from None


def _listed(workbook: python_calamine.CalamineWorkbook, declared: str | None) -> list[python_calamine.SheetMetadata]:
    """Worksheets that can be wanted: hidden ones only under the declared name."""
    sheets = [s for s in workbook.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    return [s for s in sheets if not _is_hidden(s) or _is_named(s.name, declared)]


def _is_hidden(entry: python_calamine.SheetMetadata) -> bool:
    return entry.visible != python_calamine.SheetVisibleEnum.Visible


def _sheet(workbook: python_calamine.CalamineWorkbook, entry: python_calamine.SheetMetadata, xml: bytes) -> RawTable:
    facts = look_at_sheet(xml, entry.name) if xml else SheetFacts()
    sheet = workbook.get_sheet_by_name(entry.name)
    rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in facts.errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    merges = sheet.merged_cell_ranges or []
    return RawTable(rows, entry.name, merges=merges, uncached=facts.uncached, hidden=_is_hidden(entry))


def _old_sheets(content: bytes) -> list[RawTable]:
    try:
        sheets: list[dict[str, Any]] = read_isolated("workbook", content)
    except ReadingFailed as failure:
        raise Refused("reading.password" if failure.kind == "PasswordError" else "reading.damaged") from None
    return [
        RawTable(
            [[cell_text(value) for value in row] for row in sheet["rows"]],
            sheet["name"],
            merges=sheet["merges"],
            hidden=sheet["hidden"],
        )
        for sheet in sheets
    ]
