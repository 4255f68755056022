"""Workbooks: the participant layout, several header rows, hidden and wrong sheets, formulas and errors."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from analysis.study import load_register

FIELDS = load_register("isun_participants").fields
NAME = "isun/micro_OPHRD.xlsx"


def participant(number: int, **cells: object) -> list[object]:
    """One row of the participant sheet: „-“ everywhere but in the cells given; dates as three cells."""
    row: list[object] = []
    for field in FIELDS:
        value = cells.get(field.name, "-")
        row += list(value) if isinstance(value, tuple) else [value] * field.parts
    row[0] = number
    return row


PEOPLE = [
    participant(1, first_name="Съби", person_id="8041019995", sex="мъж", entry_date=(2021, 11, 1), is_roma="да"),
    participant(2, first_name="Жечка", person_id="8042029996", sex="жена", entry_date=(2022, 3, 15), is_roma="не"),
]


def workbook(rows: list[list[object]], sheet: str = "tablica") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    lists = book.active
    lists.title = "lists"
    lists.append(["мъж", "жена"])
    lists.sheet_state = "hidden"
    page = book.create_sheet(sheet)
    page.append([None, "Общи данни за всички участници"])
    captions = [text for field in FIELDS for text in [field.header, *[None] * (field.parts - 1)]]
    page.append([text.replace("Дата на ", "Дата\nна ") if text else None for text in captions])
    for row in rows:
        page.append(row)
    page.merge_cells("B1:M1")
    page.merge_cells("X2:Z2")
    page.merge_cells("AE2:AG2")
    book.active = 1
    return book


def read(desk, marks, book, name=NAME):
    return desk.reading_of(marks.saved(book), name, "participants_ophrd")


def test_the_participant_layout(desk, marks):
    reading = read(desk, marks, workbook([*PEOPLE, *[participant(n) for n in range(3, 20)]]))
    table = reading.rows
    assert table["first_name"].tolist() == ["Съби", "Жечка"]
    assert table[["entry_date_1", "entry_date_2", "entry_date_3"]].values.tolist() == [
        ["2021", "11", "1"],
        ["2022", "3", "15"],
    ]
    assert table["exit_date_1"].isna().all() and table["labour_status"].isna().all()
    assert table["is_roma"].tolist() == ["да", "не"]
    assert set(table["contract"]) == {"OPHRD"}
    assert (table["row"].tolist(), set(table["sheet"])) == ([3, 4], {"tablica"})
    assert reading.captions["entry_date"] == "Дата на включване в дейности (година, месец, ден)"
    assert desk.rules(reading) == []


def test_rows_below_a_blank_one_are_counted(desk, marks):
    reading = read(desk, marks, workbook([PEOPLE[0], participant(2), PEOPLE[1], PEOPLE[1]]))
    assert len(reading.rows) == 1
    finding = next(f for f in reading.findings if f.rule == "reading.rows_after_blank")
    assert (finding.params, finding.row) == ({"rows": "2", "blank": "4"}, 5)


def test_a_renamed_sheet_is_taken_by_its_captions(desk, marks):
    reading = read(desk, marks, workbook(PEOPLE, sheet="Sheet1"))
    assert len(reading.rows) == 2
    assert [(f.rule, f.params) for f in reading.findings] == [
        ("reading.other_sheet", {"expected": "tablica", "actual": "Sheet1"})
    ]


def test_a_hidden_sheet_is_taken_only_by_name(desk, marks):
    book = workbook(PEOPLE)
    book["tablica"].sheet_state = "hidden"
    book["lists"].sheet_state = "visible"
    assert len(read(desk, marks, book).rows) == 2
    book["tablica"].title = "other"
    assert desk.rules(read(desk, marks, book)) == ["reading.wrong_sheet"]


def test_a_date_in_one_column_is_taken_apart(desk, marks):
    book = workbook([[*row[:24], row[23], row[24], *row[25:]] for row in PEOPLE])
    page = book["tablica"]
    page.unmerge_cells("X2:Z2")
    page["Y2"], page["Z2"] = "Бележка", "Още"
    page["X3"], page["X4"] = "2021-11-01", "15.03.2022 г."
    reading = read(desk, marks, book)
    dates = reading.rows[["entry_date_1", "entry_date_2", "entry_date_3"]]
    assert dates.values.tolist() == [["2021", "11", "01"], ["2022", "03", "15"]]
    assert "reading.date_in_one_column" in desk.rules(reading)


def test_visible_sheets_with_the_same_captions_are_read_together(desk, marks):
    """One sheet a year or a school is how offices send them: no row may be left behind in the second."""
    book = marks.book()
    second = book.create_sheet("Втори")
    second.append(marks.captions)
    second.append(marks.rows[0])
    book.create_sheet("Празен").append(marks.captions)
    reading = desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")
    assert desk.rows(reading) == [*marks.rows, marks.rows[0]]
    assert reading.rows[["sheet", "row"]].iloc[-1].tolist() == ["Втори", 2]
    assert [(f.rule, f.params["sheets"]) for f in reading.findings] == [("reading.sheets_together", "„Втори“")]


def test_a_visible_sheet_with_fewer_of_the_captions_is_pointed_out(desk, marks):
    book = marks.book()
    second = book.create_sheet("Втори")
    second.append(marks.captions[:-1])
    second.append(marks.rows[0][:-1])
    reading = desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")
    assert desk.rows(reading) == marks.rows
    assert [(f.rule, f.params["sheets"]) for f in reading.findings] == [("reading.sheet_unread", "„Втори“")]


def test_group_captions_over_two_header_rows(desk, marks):
    """„Срочен успех“ above two columns makes them tell apart."""
    layout = load_register("neispuo_marks").layout.model_copy(update={"header_row": 2, "header_depth": 2})
    names = {"gpa_first_term": "Успех Първи срок", "gpa_second_term": "Успех Втори срок", "gpa": "Успех Година"}
    own = [*marks.captions[:6], "Първи срок", "Втори срок", "Година"]
    book = marks.book(above=[[*[None] * 6, "Успех"], own])
    desk = desk.with_source("marks", layout=layout, columns=names)
    assert desk.rows(desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")) == marks.rows
    book.active.merge_cells("G1:I1")
    assert desk.rows(desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")) == marks.rows


def test_captions_merged_downwards(desk, marks):
    book = marks.book(above=[[*marks.captions[:6], "Успех"], [*[None] * 6, *marks.captions[6:]]])
    for letter in "ABCDEF":
        book.active.merge_cells(f"{letter}1:{letter}2")
    reading = desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")
    assert desk.rows(reading) == marks.rows
    assert desk.rules(reading) == ["reading.header_moved"]


def test_error_cells_and_formulas_without_a_value(desk, marks):
    book = marks.book()
    book.active["I2"] = "#N/A"
    book.active["I2"].data_type = "e"
    book.active["I3"] = "=AVERAGE(G3:H3)"
    reading = desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")
    assert [row[8] for row in desk.rows(reading)] == ["#N/A", None, "5.9", "2.02"]
    assert [(f.rule, f.params) for f in reading.findings] == [
        ("reading.formula_without_value", {"letters": "I", "cells": "1"})
    ]


def test_a_formula_gives_its_stored_value(desk, marks):
    parts = zipfile.ZipFile(io.BytesIO(marks.xlsx(rows=[[*marks.rows[0][:8], 7.77]])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as changed:
        for name in parts.namelist():
            content = parts.read(name).replace(b"<v>7.77</v>", b"<f>SUM(1,3.5)</f><v>4.5</v>")
            changed.writestr(name, content)
    reading = desk.reading_of(stream.getvalue(), "neispuo/marks_a.xlsx")
    assert desk.rows(reading)[0][8] == "4.5"
    assert desk.rules(reading) == []


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused_before_memory_is_asked_for(desk, marks):
    book = marks.book()
    book.active["XFD1048576"] = "x"
    reading = desk.reading_of(marks.saved(book), "neispuo/marks_a.xlsx")
    assert [(f.rule, f.sheet, f.params) for f in reading.findings] == [
        ("reading.sheet_too_large", "Лист1", {"corner": "XFD1048576"})
    ]


@pytest.mark.parametrize("rows", [[], [[None] * 9] * 3])
def test_captions_alone_are_refused(desk, marks, rows):
    reading = desk.reading_of(marks.xlsx(rows=rows), "neispuo/marks_a.xlsx")
    assert [(f.rule, f.sheet) for f in reading.findings] == [("reading.no_rows", "Лист1")]
