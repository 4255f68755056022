"""The annex as a workbook: five sheets, each marked „За служебно ползване“, ready to copy into ИСУН."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.files.same_bytes import workbook_bytes
from analysis.indicators.annex.arithmetic import SEXES
from analysis.indicators.annex.lines import (
    ACTIVITY,
    PARTS,
    activity_lines,
    indicator_lines,
    participant_lines,
    words,
)
from analysis.indicators.counting import count_records
from analysis.indicators.records import incomplete_rows
from analysis.study import Study
from analysis.texts import day

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FONT = "Calibri"
LINE_HEIGHT = 15.0
HEAD = PatternFill("solid", fgColor="DDE6EE")
LINE = Border(*[Side(style="thin", color="9AA5B1")] * 4)
DATE, WHOLE, HOURS = "dd.mm.yyyy", "0", "#,##0.0"
LEFT = ["contract", "code", "name", "kind", "type", "trend", "unit"]
RIGHT = ["source", "comment"]
FIRST_ROW = 4  # of the captions: the mark, the title and a blank row stand above
WIDTHS = {
    "activity": 7, "code": 12, "name": 46, "contract": 24, "description": 34, "reasons": 28, "results_period": 34,
    "results_cumulative": 34, "service_contracts": 18, "status": 13, "kind": 13, "type": 18, "source": 26,
    "comment": 40, "file": 34, "missing": 40, "group": 36, "category": 42,
}  # fmt: skip


def isun_annex(study: Study, clean: Mapping[str, pd.DataFrame], counts: pd.DataFrame, language: str = "bg") -> bytes:
    """An .xlsx of exact counts; equal contents give equal bytes. ``counts`` from ``count_indicators``.

    Holds no name and no personal number: incomplete records are told by file, sheet and row.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _about(_sheet(book, study, "about", language), study, language)
    _activities(_sheet(book, study, "activities", language), study, clean, language)
    _indicators(_sheet(book, study, "indicators", language), study, counts, language)
    _participants(_sheet(book, study, "participants", language), study, clean, language)
    _incomplete(_sheet(book, study, "incomplete", language), study, clean, language)
    return workbook_bytes(book)


def _about(sheet: Worksheet, study: Study, language: str) -> None:
    contracts = "\n".join(f"{one.id} – {one.programme[language]}" for one in study.project.contracts)
    facts = {
        "project": f"„{study.project.name[language]}“",
        "beneficiary": study.project.beneficiary[language],
        "contracts": contracts,
        "cut_off": day(study.data_cut_off, language),
    }
    for place, (name, value) in enumerate(facts.items(), start=FIRST_ROW):
        _put(sheet, place, 1, words(f"annex.about.{name}", language)).font = Font(name=FONT, bold=True)
        _put(sheet, place, 2, value)
    last = FIRST_ROW + len(facts)
    for place, name in enumerate(("exact", "once", "complete", "arithmetic", "formats"), start=last + 1):
        _put(sheet, place, 1, words(f"annex.about.{name}", language))
        sheet.merge_cells(start_row=place, start_column=1, end_row=place, end_column=2)
    _widths(sheet, [22, 92])
    for place in range(last + 1, last + 6):
        sheet.row_dimensions[place].height = LINE_HEIGHT * _lines(sheet.cell(place, 1).value, 114)


def _activities(sheet: Worksheet, study: Study, clean: Mapping[str, pd.DataFrame], language: str) -> None:
    _head(sheet, FIRST_ROW, [words(f"annex.activity_columns.{name}", language) for name in ACTIVITY])
    _body(sheet, FIRST_ROW + 1, activity_lines(study, clean, language), {ACTIVITY.index("hours") + 1: HOURS})
    _widths(sheet, [WIDTHS.get(name, 13) for name in ACTIVITY])
    sheet.freeze_panes = sheet.cell(FIRST_ROW + 1, 3)
    sheet.print_title_rows = f"{FIRST_ROW}:{FIRST_ROW}"


def _indicators(sheet: Worksheet, study: Study, counts: pd.DataFrame, language: str) -> None:
    """Two rows of captions: the part, and under it men, women and both."""
    titles = {name: words(f"annex.indicator_columns.{name}", language) for name in [*LEFT, *PARTS, *RIGHT]}
    over: list[str | None] = [titles[name] for name in LEFT]
    for part in PARTS:
        over += [titles[part], None, None]
    over += [titles[name] for name in RIGHT]
    under = [*[None] * len(LEFT), *[words(f"sex.{sex}", language) for sex in SEXES] * len(PARTS), *[None] * len(RIGHT)]
    _head(sheet, FIRST_ROW, over)
    _head(sheet, FIRST_ROW + 1, under)
    for place in range(1, len(over) + 1):
        first = len(LEFT) + 1
        if place < first or place >= first + 3 * len(PARTS):
            sheet.merge_cells(start_row=FIRST_ROW, start_column=place, end_row=FIRST_ROW + 1, end_column=place)
        elif (place - first) % 3 == 0:
            sheet.merge_cells(start_row=FIRST_ROW, start_column=place, end_row=FIRST_ROW, end_column=place + 2)
    _body(sheet, FIRST_ROW + 2, indicator_lines(study, counts, language), {})
    widths = [WIDTHS.get(name, 11) for name in LEFT] + [8] * 3 * len(PARTS) + [WIDTHS[name] for name in RIGHT]
    _widths(sheet, widths)
    sheet.row_dimensions[FIRST_ROW].height = 4 * LINE_HEIGHT
    sheet.freeze_panes = sheet.cell(FIRST_ROW + 2, 4)
    sheet.print_title_rows = f"{FIRST_ROW}:{FIRST_ROW + 1}"


def _participants(sheet: Worksheet, study: Study, clean: Mapping[str, pd.DataFrame], language: str) -> None:
    sexes = [words(f"sex.{sex}", language) for sex in SEXES]
    contract = words("annex.indicator_columns.contract", language)
    _head(sheet, FIRST_ROW, [contract, "", words("annex.titles.participants", language), *sexes])
    last = _body(sheet, FIRST_ROW + 1, participant_lines(study, clean, language), {})
    names = ["complete", "incomplete", "all"]
    _head(
        sheet,
        last + 2,
        [
            contract,
            "",
            words("annex.titles.incomplete", language),
            *(words(f"annex.totals.{name}", language) for name in names),
        ],
    )
    numbers = {one.code: one.id for one in study.project.contracts}
    records = [
        [
            numbers.get(row.contract, words("annex.about.project", language)),
            None,
            None,
            row.complete,
            row.incomplete,
            row.complete + row.incomplete,
        ]
        for row in count_records(study, clean).itertuples(index=False)
    ]
    _body(sheet, last + 3, records, {})
    _widths(sheet, [24, WIDTHS["group"], WIDTHS["category"], 11, 11, 11])


def _incomplete(sheet: Worksheet, study: Study, clean: Mapping[str, pd.DataFrame], language: str) -> None:
    names = ["contract", "file", "sheet", "row", "missing"]
    _head(sheet, FIRST_ROW, [words(f"annex.incomplete_columns.{name}", language) for name in names])
    numbers = {one.code: one.id for one in study.project.contracts}
    lines = []
    for row in incomplete_rows(study, clean).itertuples(index=False):
        missing = ", ".join(words(f"fields.{name}", language) for name in row.missing.split(", "))
        lines.append([numbers.get(row.contract, row.contract), row.file, row.sheet, int(row.row), missing])
    _body(sheet, FIRST_ROW + 1, lines or [[words("annex.no_incomplete", language)]], {})
    _widths(sheet, [WIDTHS["contract"], WIDTHS["file"], 14, 8, WIDTHS["missing"]])


def _sheet(book: Workbook, study: Study, name: str, language: str) -> Worksheet:
    """An empty sheet with the mark on its first row and on every printed page."""
    sheet = book.create_sheet(words(f"annex.sheets.{name}", language))
    mark = words("annex.mark", language)
    if study.demonstration:
        mark = f"{mark} · {words('annex.demonstration', language)}"
    _put(sheet, 1, 1, mark).font = Font(name=FONT, bold=True, color="B00020")
    _put(sheet, 2, 1, words(f"annex.titles.{name}", language)).font = Font(name=FONT, bold=True, size=14)
    for row in (1, 2):
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    sheet.oddHeader.center.text = mark
    sheet.oddFooter.left.text = words("annex.mark", language)
    sheet.oddFooter.right.text = f"{words('annex.page', language)} &P / &N"
    wide = name in ("activities", "indicators")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if wide else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _head(sheet: Worksheet, row: int, captions: Sequence[object]) -> None:
    for place, caption in enumerate(captions, start=1):
        cell = _put(sheet, row, place, caption)
        cell.font, cell.fill, cell.border = Font(name=FONT, bold=True), HEAD, LINE
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _body(sheet: Worksheet, row: int, lines: Iterable[Sequence[object]], formats: Mapping[int, str]) -> int:
    """Write the lines and return the last row."""
    for values in lines:
        for place, value in enumerate(values, start=1):
            cell = _put(sheet, row, place, value)
            cell.border = LINE
            cell.number_format = formats.get(place, DATE if isinstance(value, datetime) else cell.number_format)
        row += 1
    return row - 1


def _put(sheet: Worksheet, row: int, column: int, value: object):  # type: ignore[no-untyped-def]
    """A cell; text that begins like a formula stays text, and what no workbook may hold is left out."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = FORBIDDEN.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value  # type: ignore[assignment]
    cell.font = Font(name=FONT)
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    return cell


def _widths(sheet: Worksheet, widths: Sequence[float], first_row: int = FIRST_ROW) -> None:
    """Set the columns' widths, and every row's height so that its longest text can be read: not all programs do."""
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    merged = {cell for area in sheet.merged_cells.ranges for cell in area.cells}
    for row in sheet.iter_rows(min_row=first_row):
        lines = [
            _lines(cell.value, widths[place]) for place, cell in enumerate(row) if (cell.row, place + 1) not in merged
        ]
        sheet.row_dimensions[row[0].row].height = LINE_HEIGHT * max([1, *lines])


def _lines(value: object, width: float) -> int:
    """How many lines a text needs in a column; words are not broken, so a tenth of the width is lost."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, math.ceil(len(part) / (0.9 * width))) for part in value.split("\n"))
