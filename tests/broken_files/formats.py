"""Grids of cells as the files that programs of offices write: xlsx, xls, ods, csv, HTML, and rubbish."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

import numpy as np
import openpyxl
import pytest

from .tables import Cell, Grid


@dataclass(frozen=True)
class Sheet:
    name: str
    grid: Grid
    hidden: bool = False
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A formula and the value Excel last computed; None when no program has ever computed it."""

    text: str
    value: Cell = None


def shown(value: Cell) -> str:
    """A cell as the Bulgarian Excel shows and exports it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return str(value)


def xlsx(*sheets: Sheet) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    computed: dict[str, Cell] = {}
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for line in sheet.grid:
            page.append([_formula(value, computed) for value in line])
        for area in sheet.merged:
            page.merge_cells(area)
        for row in sheet.hidden_rows:
            page.row_dimensions[row].hidden = True
        if sheet.hidden:
            page.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return _with_values(stream.getvalue(), computed) if computed else stream.getvalue()


def grid_xlsx(grid: Grid, name: str = "Справка") -> bytes:
    return xlsx(Sheet(name, grid))


def _formula(value: Cell, computed: dict[str, Cell]) -> Cell:
    if not isinstance(value, Formula):
        return value
    computed[value.text] = value.value
    return f"={value.text}"


def _with_values(content: bytes, computed: dict[str, Cell]) -> bytes:
    """Excel's last computed values beside the formulas, which openpyxl does not write."""

    def cell(match: re.Match[str]) -> str:
        value = computed.get(match["formula"].replace("&amp;", "&").replace("&quot;", '"'))
        if value is None:
            return match[0]
        kind = ' t="str"' if isinstance(value, str) else ""
        return f"<c{match['head']}{kind}><f>{match['formula']}</f><v>{escape(str(value))}</v></c>"

    pattern = re.compile(r"<c(?P<head>[^>]*?)><f>(?P<formula>[^<]*)</f><v ?(?:/>|></v>)</c>")
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = pattern.sub(cell, part.decode("utf-8")).encode("utf-8")
            new.writestr(name, part)
    return stream.getvalue()


def xls(grid: Grid, name: str = "Справка") -> bytes:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(name)
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            if isinstance(value, date):
                page.write(row, column, value, day)
            elif value is not None:
                page.write(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(grid: Grid, name: str = "Справка") -> bytes:
    pytest.importorskip("odf")
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    page = Table(name=name)
    for line in grid:
        row = TableRow()
        for value in line:
            cell = _ods_cell(TableCell, value)
            if value is not None:
                cell.addElement(P(text=shown(value)))
            row.addElement(cell)
        page.addElement(row)
    book.spreadsheet.addElement(page)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


def _ods_cell(kind: object, value: Cell) -> object:
    if isinstance(value, date):
        return kind(valuetype="date", datevalue=value.isoformat())  # type: ignore[operator]
    if isinstance(value, int | float):
        return kind(valuetype="float", value=str(value))  # type: ignore[operator]
    return kind(valuetype="string") if value is not None else kind()  # type: ignore[operator]


def text(grid: Grid, separator: str = ";", end: str = "\r\n") -> str:
    """Delimited text, quoted where needed."""
    return "".join(separator.join(_quoted(shown(value), separator) for value in line) + end for line in grid)


def _quoted(value: str, separator: str) -> str:
    if any(sign in value for sign in (separator, '"', "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def csv(grid: Grid, separator: str = ";", encoding: str = "utf-8") -> bytes:
    return text(grid, separator).encode(encoding)


def html(grid: Grid) -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{escape(shown(value))}</td>" for value in line) + "</tr>" for line in grid)
    return f'<html><head><meta charset="utf-8"></head><body><table>{lines}</table></body></html>'.encode()


def noise(length: int = 4096, seed: int = 7) -> bytes:
    return np.random.default_rng(seed).bytes(length)


def encrypted_office() -> bytes:
    """The outside of a workbook with a password: an OLE container whose inside nobody can read."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHH", 0x3E, 3, 0xFFFE)
    names = "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le")
    return head + noise(2048) + names + noise(2048)


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 11, 3, 9, 0, 0)), content)
    return stream.getvalue()


def locked(archive: bytes) -> bytes:
    """The archive with the mark of a password on every member."""
    content = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)
