"""Empty Excel workbooks for those who have no file yet: one a register, and one for each sheet of a study.

The captions are the registers' own, so that a filled workbook is read without a word in study.yml.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.adapting.matching import registers_with_captions, usual_fields
from analysis.adapting.template_cells import Choice, TemplateColumn, choices_of, columns_of_sheet, template_column
from analysis.files.same_bytes import workbook_bytes
from analysis.study import Register
from analysis.study.agreement import register_names
from analysis.texts import text

LANGUAGE = "bg"  # the captions are those of Bulgarian registers
FILLED_ROWS = 5000
FONT = "Calibri"
REQUIRED, OPTIONAL = PatternFill("solid", fgColor="F6D9B8"), PatternFill("solid", fgColor="DDE6EE")
LINE = Border(*[Side(style="thin", color="9AA5B1")] * 4)
SHEETS = ("schools", "employers", "deviations")
GUIDE_WIDTHS = (44, 16, 60, 46)


def templates() -> dict[str, bytes]:
    """File name -> an .xlsx; equal descriptions of the registers give equal bytes."""
    books = {_file_name(register): _register_book(register) for register in registers_with_captions()}
    return {**books, **{f"{name}.xlsx": _sheet_book(name) for name in SHEETS}}


def without_template() -> list[str]:
    """Registers whose files have no captions, so that nobody types them."""
    with_captions = {register.register_name for register in registers_with_captions()}
    return [name for name in register_names() if name not in with_captions]


def _file_name(register: Register) -> str:
    needs_year = any(field.from_file_name for field in register.fields)
    return f"{register.register_name}_{_words('year_sign')}.xlsx" if needs_year else f"{register.register_name}.xlsx"


def _register_book(register: Register) -> bytes:
    columns = [template_column(field) for field in usual_fields(register)]
    notes = [_words("from_file_name")] if any(field.from_file_name for field in register.fields) else []
    sheet = register.layout.sheet or _words("sheet_data")
    header = register.layout.header_row or 1
    return _book(register.title[LANGUAGE], sheet, header, columns, notes)


def _sheet_book(name: str) -> bytes:
    title = _words(f"{name}.title")
    return _book(title, _words("sheet_data"), 1, columns_of_sheet(name), [_words(f"{name}.note")])


def _book(title: str, sheet: str, header: int, columns: list[TemplateColumn], notes: list[str]) -> bytes:
    """The data sheet, the guidance, and (hidden) the lists to choose from."""
    book = Workbook()
    data = book.worksheets[0]
    data.title = sheet
    if header > 1:
        data.cell(1, 1, title).font = Font(name=FONT, bold=True)
    lists = choices_of(columns, _words("sheet_lists"))
    place = 1
    for column in columns:
        _put_column(data, header, place, column, lists)
        place += column.width_in_columns
    data.freeze_panes = data.cell(header + 1, 1)
    data.row_dimensions[header].height = 48
    _guide(book.create_sheet(_words("sheet_guide")), title, columns, notes)
    _lists(book.create_sheet(_words("sheet_lists")), lists)
    book.properties.title = title
    return workbook_bytes(book)


def _put_column(data: Worksheet, header: int, place: int, column: TemplateColumn, lists: dict[str, Choice]) -> None:
    """A caption, over the columns that a date in parts takes, and what may be typed below it."""
    for part, check in enumerate(column.checks(lists)):
        letter = get_column_letter(place + part)
        cell = data.cell(header, place + part, column.caption if part == 0 else None)
        cell.font, cell.border = Font(name=FONT, bold=True), LINE
        cell.fill = REQUIRED if column.is_required else OPTIONAL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        data.column_dimensions[letter].width = column.width / column.width_in_columns
        data.column_dimensions[letter].number_format = column.number_format
        if check is not None:
            check.add(f"{letter}{header + 1}:{letter}{header + FILLED_ROWS}")
            data.add_data_validation(check)
    if column.width_in_columns > 1:
        data.merge_cells(
            start_row=header, end_row=header, start_column=place, end_column=place + column.width_in_columns - 1
        )


def _guide(sheet: Worksheet, title: str, columns: list[TemplateColumn], notes: list[str]) -> None:
    """One row a column: whether it must be filled in, what belongs in it, what may be chosen or typed."""
    sheet.cell(1, 1, title).font = Font(name=FONT, bold=True, size=14)
    lines = [_words("guide_how"), *notes]
    for row, line in enumerate(lines, 2):
        sheet.cell(row, 1, line)
    top = len(lines) + 3
    for place, name in enumerate(("caption", "required", "meaning", "allowed"), 1):
        cell = sheet.cell(top, place, _words(f"guide.{name}"))
        cell.font, cell.fill, cell.border = Font(name=FONT, bold=True), OPTIONAL, LINE
        sheet.column_dimensions[get_column_letter(place)].width = GUIDE_WIDTHS[place - 1]
    for row, column in enumerate(columns, top + 1):
        told = (column.caption, _words(f"required.{column.requirement}"), column.meaning, column.allowed)
        for place, words in enumerate(told, 1):
            cell = sheet.cell(row, place, words)
            cell.font, cell.border = Font(name=FONT, bold=place == 1), LINE
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.fill = REQUIRED if place == 2 and column.is_required else PatternFill()
    sheet.freeze_panes = sheet.cell(top + 1, 1)


def _lists(sheet: Worksheet, lists: dict[str, Choice]) -> None:
    for choice in lists.values():
        for row, words in enumerate([choice.name, *choice.texts], 1):
            sheet.cell(row, choice.place, words)
    sheet.sheet_state = "hidden"


def _words(key: str) -> str:
    return text(f"templates.{key}", LANGUAGE)
