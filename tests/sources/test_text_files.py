"""Separated text: quotes, line breaks, lines of another length, files without captions."""

from __future__ import annotations

import pytest

LINE = "2699001|2021|10||0841019995|Съби|Щилев|Ъгленов|05|501|501|5 а|1||4.00|1,5"


def absences(lines: list[str], encoding: str = "windows-1251") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def test_quoted_line_breaks_and_separators_stay_in_their_cell(desk, marks):
    rows = [[*marks.rows[0][:4], 'Съби\n"Бате; Съби"', *marks.rows[0][5:]], marks.rows[1]]
    reading = desk.reading_of(marks.text(rows=rows))
    assert desk.rows(reading) == rows
    assert reading.rows["row"].tolist() == [2, 3]


def test_a_quote_nobody_closed_swallows_no_rows(desk, marks):
    text = marks.text(rows=[row for row in marks.rows if "„" not in row[4] and ";" not in row[4]])
    reading = desk.reading_of(text.replace(";Съби;", ';"Съби;'))
    assert [row[4] for row in desk.rows(reading)] == ['"Съби', "Жечка"]
    assert desk.rules(reading) == ["reading.stray_quotes"]


def test_two_stray_quotes_swallow_no_rows(desk, marks):
    rows = [["2021", "2699001", "ЕГН", f"084101{n}995", "Съби", "5", "4", "4", "4"] for n in range(9)]
    lines = marks.text(rows=rows).split("\r\n")
    lines[2], lines[5] = lines[2].replace("Съби", '"Съби'), lines[5].replace("Съби", '"Съби')
    reading = desk.reading_of("\r\n".join(lines))
    assert [row[3] for row in desk.rows(reading)] == [row[3] for row in rows]


def test_a_line_with_another_number_of_fields_goes_on_as_unreadable(desk, marks):
    lines = marks.text().split("\r\n")
    lines[1], lines[2] = lines[1] + ";излишно", lines[2].rpartition(";")[0]
    reading = desk.reading_of("\r\n".join(lines))
    assert reading.rows["unreadable"].tolist()[:2] == ["reading.field_count"] * 2
    assert reading.rows["unreadable"].isna().tolist() == [False, False, True, True]
    assert desk.rows(reading)[:2] == [[None] * 9] * 2
    assert desk.rows(reading)[2:] == marks.rows[2:]


def test_the_separator_hint_of_excel_and_blank_lines_count_as_rows(desk, marks):
    text = "sep=|\r\n" + marks.text("|").replace("\r\n", "\r\n\r\n", 1)
    reading = desk.reading_of(text)
    assert desk.rows(reading) == marks.rows
    assert reading.rows["row"].tolist() == [4, 5, 6, 7]


def test_captions_further_down_are_found_and_noted(desk, marks):
    reading = desk.reading_of("Справка за успеха\r\n\r\n" + marks.text())
    assert desk.rows(reading) == marks.rows
    assert [f.params for f in reading.findings] == [{"expected": "1", "actual": "3"}]


def test_columns_in_another_order_and_further_columns_are_harmless(desk, marks):
    captions = ["Бележка", *reversed(marks.captions)]
    reading = desk.reading_of(marks.text(captions=captions, rows=[["x", *reversed(row)] for row in marks.rows]))
    assert desk.rows(reading) == marks.rows
    assert [(f.rule, f.params) for f in reading.findings] == [("reading.unknown_column", {"captions": "„Бележка“"})]


def test_the_absence_file(desk):
    reading = desk.reading_of(absences([LINE, "", LINE.replace("|10|", "|11|")]), "absences/a.zip", "absences")
    row = reading.rows.iloc[0]
    assert (row["school_code"], row["month"], row["last_name"], row["section"]) == ("2699001", "10", "Ъгленов", "5 а")
    assert (row["excused_hours"], row["unexcused_hours"]) == ("4.00", "1,5")
    assert reading.rows["id_type"].isna().all()
    assert reading.rows["row"].tolist() == [1, 3]


@pytest.mark.parametrize("broken", [LINE + "|x", LINE.rpartition("|")[0], "прекъснат ред"])
def test_a_broken_absence_line_is_unreadable_and_its_neighbours_are_not(desk, broken):
    reading = desk.reading_of(absences([LINE, broken, LINE]), "absences/a.zip", "absences")
    assert reading.rows["unreadable"].isna().tolist() == [True, False, True]
    assert reading.rows["school_code"].isna().tolist() == [False, True, False]


def test_an_absence_file_with_another_separator(desk):
    reading = desk.reading_of(absences([LINE.replace("|", ";")] * 3), "absences/a.zip", "absences")
    assert reading.rows["school_code"].tolist() == ["2699001"] * 3
    assert "reading.separator" in desk.rules(reading)


@pytest.mark.parametrize(
    ("first", "second", "place"), [(0, 2, "1"), (2, 4, "3"), (4, 5, "5"), (5, 14, "15"), (11, 15, "16"), (0, 1, "1")]
)
def test_swapped_positions_are_refused(desk, first, second, place):
    cells = LINE.split("|")
    cells[first], cells[second] = cells[second], cells[first]
    reading = desk.reading_of(absences(["|".join(cells)] * 5), "absences/a.zip", "absences")
    assert [(f.level, f.rule, f.params["place"]) for f in reading.findings] == [("refused", "reading.position", place)]
    assert len(reading.rows) == 0


def test_an_absence_file_of_another_width_is_refused(desk):
    reading = desk.reading_of(absences(["1|2|3", "1|2|3", LINE]), "absences/a.zip", "absences")
    assert [f.params for f in reading.findings] == [{"expected": "16", "actual": "3", "lines": "2"}]
