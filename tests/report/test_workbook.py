"""tables.xlsx: numbers are numbers, text stays text, the bytes do not depend on the moment."""

from __future__ import annotations

import time

import openpyxl
import pytest

from analysis.report.tables import Cell, Column, Spanner, Table, body, group, number_cell, total
from analysis.report.workbook import write_tables

COLUMNS = (Column("Показател", "left"), Column("Ефект", unit_hint="пр.п."), Column("Дял"), Column("p"))


def table_of(label: str = "tbl-a") -> Table:
    rows = (
        group("Група"),
        body(
            "=1+1",
            number_cell(-0.0284, "bg", "points", sign=True),
            number_cell(0.1234, "bg", "percent"),
            number_cell(0.00004, "bg", "p"),
        ),
        body("б", number_cell(0.0284, "bg", "points", sign=True), Cell("–"), number_cell(0.0163, "bg", "p")),
        total("Общо", number_cell(123456, "bg", "count"), Cell("x"), Cell()),
    )
    return Table(label, "Ефекти [1]{.number}", COLUMNS, rows, "бележка", "регистри", (Spanner("Оценки", 1, 2),))


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "tables.xlsx"
    write_tables(path, [table_of(), table_of("tbl-b")], "bg")
    return openpyxl.load_workbook(path)


def test_contents_lead_to_one_sheet_a_table(book):
    assert book.sheetnames == ["Съдържание", "Таблица 1", "Таблица 2"]
    contents = book["Съдържание"]
    assert [contents.cell(row, 1).value for row in (4, 5)] == ["Таблица 1", "Таблица 2"]
    assert contents["A4"].hyperlink.location == "'Таблица 1'!A1"
    assert contents["B4"].value == "Ефекти 1"


def test_numbers_are_numbers_in_full_precision_with_the_printed_format(book):
    sheet = book["Таблица 1"]
    values = {row[0].value: row[1:] for row in sheet.iter_rows(min_row=6, max_row=9)}
    effect, share, p = values["=1+1"]
    assert effect.value == pytest.approx(-2.84)
    assert effect.number_format == "0.0"
    assert (share.value, share.number_format) == (0.1234, "0.0%")
    assert p.value == "<\u00a00,001"
    assert values["б"][0].number_format == "+0.0;-0.0;0.0"
    assert values["б"][2].number_format == "0.000"
    assert values["б"][1].value == "–"
    assert (values["Общо"][0].value, values["Общо"][0].number_format) == (123456, "#,##0")


def test_text_that_looks_like_a_formula_is_text(book):
    cell = next(cell for row in book["Таблица 1"].iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_heads_spanners_notes_and_source_are_there(book):
    sheet = book["Таблица 1"]
    assert sheet["A1"].value == "Таблица 1. Ефекти 1"
    assert sheet["B4"].value == "Оценки"
    assert "B4:C4" in [str(area) for area in sheet.merged_cells.ranges]
    assert [cell.value for cell in sheet[5]] == ["Показател", "Ефект (пр.п.)", "Дял", "p"]
    words = [row[0].value for row in sheet.iter_rows()]
    assert words[-2:] == ["бележка", "Източник: регистри"]


def test_two_writings_a_while_apart_give_the_same_bytes(tmp_path):
    write_tables(tmp_path / "a.xlsx", [table_of()], "en")
    time.sleep(2.1)  # a zip archive counts in steps of two seconds
    write_tables(tmp_path / "b.xlsx", [table_of()], "en")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_two_tables_of_one_label_are_refused(tmp_path):
    with pytest.raises(ValueError, match="tbl-a"):
        write_tables(tmp_path / "a.xlsx", [table_of(), table_of()], "bg")
    assert not (tmp_path / "a.xlsx").exists()
