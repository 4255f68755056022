"""tables.xlsx: the report's tables, one a sheet, with numbers that can be computed with."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from analysis.files import write_bytes
from analysis.report.archive import stopped_clock
from analysis.report.tables import Cell, Column, Row, Table, plain, printed_decimals
from analysis.texts import text

FONT = "Calibri"
PLAIN, BOLD = Font(name=FONT, size=11), Font(name=FONT, size=11, bold=True)
TITLE, SMALL = Font(name=FONT, size=14, bold=True), Font(name=FONT, size=9, color="5A6472")
LINK = Font(name=FONT, size=11, color="0B4FA0", underline="single")
THIN = Side(style="thin", color="5A6472")
NEVER = datetime(2000, 1, 1)
WIDEST, NARROWEST = 60, 9


def write_tables(path: Path, tables: list[Table], language: str) -> None:
    """Write one sheet a table behind a sheet of contents; equal tables give equal bytes.

    A number stands as a number, in the format its text prints (a share as per cent); what is not just a number
    ("< 0,001") stands as its text. Captions and notes are plain text. Raises ValueError for two tables of one label.
    """
    labels = [table.label for table in tables]
    if len(set(labels)) != len(labels):
        raise ValueError(f"two tables of one label: {sorted(label for label in labels if labels.count(label) > 1)}")
    book = Workbook()
    names = _sheet_names(tables, language)
    _contents(book.active, tables, names, language)
    for number, (table, name) in enumerate(zip(tables, names, strict=True), start=1):
        _sheet(book.create_sheet(name), table, _numbered(number, table, language), language)
    book.properties.created = book.properties.modified = NEVER
    book.properties.creator = ""
    write_bytes(path, _bytes(book))


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stopped_clock(stream.getvalue(), {"docProps/core.xml": _without_moment})


def _without_moment(core: bytes) -> bytes:
    """openpyxl writes the time of saving whatever it is told."""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", core)


def _sheet_names(tables: list[Table], language: str) -> list[str]:
    """``Таблица 3``: the number the table has in the report."""
    return [f"{text('exporters.caption.tbl', language)} {number}" for number in range(1, len(tables) + 1)]


def _numbered(number: int, table: Table, language: str) -> str:
    return f"{text('exporters.caption.tbl', language)} {number}. {plain(table.caption)}"


def _contents(sheet: Worksheet, tables: list[Table], names: list[str], language: str) -> None:
    sheet.title = text("exporters.workbook.contents_sheet", language)
    _put(sheet, 1, 1, text("exporters.workbook.title", language), TITLE)
    _put(sheet, 3, 1, text("exporters.workbook.sheet", language), BOLD)
    _put(sheet, 3, 2, text("exporters.workbook.caption", language), BOLD)
    for row, (table, name) in enumerate(zip(tables, names, strict=True), start=4):
        _link(sheet, row, name, name)
        _put(sheet, row, 2, plain(table.caption), PLAIN)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 100
    sheet.sheet_view.showGridLines = False


def _sheet(sheet: Worksheet, table: Table, title: str, language: str) -> None:
    _put(sheet, 1, 1, title, TITLE)
    back = text("exporters.workbook.contents_sheet", language)
    _link(sheet, 2, text("exporters.workbook.back", language), back)
    row = _head(sheet, table, 4)
    sheet.freeze_panes = sheet.cell(row, 2)
    for line in table.rows:
        _line(sheet, row, line, table)
        row += 1
    source = f"{text('exporters.source', language)} {plain(table.source)}" if table.source else ""
    for words in filter(None, (plain(table.note), source)):
        row += 1
        _put(sheet, row, 1, words, SMALL)
    _set_widths(sheet, table)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape" if len(table.columns) > 6 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _head(sheet: Worksheet, table: Table, row: int) -> int:
    """Spanners and column titles; returns the first row of the body."""
    for spanner in table.spanners:
        _put(sheet, row, spanner.first + 1, spanner.title, BOLD).alignment = Alignment(horizontal="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=spanner.first + 1, end_column=spanner.last + 1)
    row += bool(table.spanners)
    for position, column in enumerate(table.columns, start=1):
        cell = _put(sheet, row, position, _head_words(column), BOLD)
        cell.alignment = Alignment(horizontal=column.align, vertical="bottom", wrap_text=True)
        cell.border = Border(top=THIN, bottom=THIN)
    return row + 1


def _head_words(column: Column) -> str:
    return f"{column.title} ({column.unit_hint})" if column.unit_hint else column.title


def _line(sheet: Worksheet, row: int, line: Row, table: Table) -> None:
    font = PLAIN if line.kind == "body" else BOLD
    if line.kind == "group":
        _put(sheet, row, 1, line.cells[0].text, font)
        return
    for position, (cell, column) in enumerate(zip(line.cells, table.columns, strict=True), start=1):
        target = _put(sheet, row, position, cell.text, font)
        target.alignment = Alignment(horizontal=column.align, vertical="top", wrap_text=cell.number is None)
        decimals = printed_decimals(cell)
        if cell.number is not None and decimals is not None:
            target.value = cell.number
            target.number_format = _number_format(cell, decimals)
        if line.kind == "total":
            target.border = Border(top=THIN)


def _number_format(cell: Cell, decimals: int) -> str:
    """The printed look as a number format; the programme that opens the file puts its own decimal sign."""
    digits = "0" + ("." + "0" * decimals if decimals else "")
    if cell.text.endswith("%"):
        return f"{digits}%"
    if abs(cell.number or 0) >= 10_000:
        digits = "#,##" + digits
    return f"+{digits};-{digits};{digits}" if cell.text.startswith("+") else digits


def _put(sheet: Worksheet, row: int, column: int, words: str, font: Font) -> SheetCell:
    """Text stays text: a cell that begins with ``=`` is no formula."""
    cell: SheetCell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.data_type = "s"
    cell.font = font
    return cell


def _link(sheet: Worksheet, row: int, words: str, target: str) -> None:
    cell = _put(sheet, row, 1, words, LINK)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{target}'!A1")


def _set_widths(sheet: Worksheet, table: Table) -> None:
    for position, column in enumerate(table.columns):
        texts = [_head_words(column), *[row.cells[position].text for row in table.rows if row.kind != "group"]]
        longest = max(len(line) for words in texts for line in words.split("\n"))
        sheet.column_dimensions[get_column_letter(position + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)
