"""One small table in every format gives the same canonical rows."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pandas as pd
import pyreadstat
import pytest


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_every_encoding_and_with_every_separator(desk, marks, separator, encoding):
    reading = desk.reading_of(marks.text(separator).encode(encoding))
    assert desk.rows(reading) == marks.rows
    guessed = encoding in ("windows-1251", "utf-16-le", "utf-16-be")
    assert desk.rules(reading) == (["reading.encoding_guessed"] if guessed else [])
    assert reading.rows["row"].tolist() == [2, 3, 4, 5]
    assert set(reading.rows["file"]) == {"neispuo/marks_2021.csv"}


@pytest.mark.parametrize("name", ["marks_a.xlsx", "marks_a.xlsm", "marks_a.csv", "marks_a.xls"])
def test_xlsx_whatever_its_name(desk, marks, name):
    reading = desk.reading_of(marks.xlsx(), f"neispuo/{name}")
    assert desk.rows(reading) == marks.rows
    is_misnamed = name.endswith((".csv", ".xls"))
    assert desk.rules(reading) == (["reading.other_format"] if is_misnamed else [])
    assert set(reading.rows["sheet"]) == {"Лист1"}


def test_text_named_as_a_workbook(desk, marks):
    reading = desk.reading_of(marks.text(), "neispuo/marks_a.xls")
    assert desk.rows(reading) == marks.rows
    assert desk.rules(reading) == ["reading.other_format"]


def test_old_excel(desk, marks):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист1")
    for number, row in enumerate([marks.captions, *marks.rows]):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, float(cell) if column == 0 and number else cell)
    stream = io.BytesIO()
    book.save(stream)
    reading = desk.reading_of(stream.getvalue(), "neispuo/marks_a.xls")
    assert desk.rows(reading) == marks.rows
    assert desk.rules(reading) == []


def test_open_document(desk, marks):
    pytest.importorskip("odf")
    stream = io.BytesIO()
    pd.DataFrame(marks.rows, columns=marks.captions).to_excel(stream, engine="odf", index=False)
    reading = desk.reading_of(stream.getvalue(), "neispuo/marks_a.ods")
    assert desk.rows(reading) == marks.rows
    assert desk.rules(reading) == []


def statistical(marks, path, write):
    """Marks as numbers, the school year as a labelled code, captions as variable labels."""
    table = pd.DataFrame(marks.rows, columns=[f"v{n}" for n in range(9)])
    table["v0"] = 1.0
    table[["v6", "v7", "v8"]] = table[["v6", "v7", "v8"]].astype("float64")
    table = table.astype(dict.fromkeys(["v1", "v2", "v3", "v4", "v5"], object))
    write(table, str(path), column_labels=marks.captions, variable_value_labels={"v0": {1: "2021"}})
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_statistical_files(desk, marks, tmp_path, kind):
    write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind]
    content = statistical(marks, tmp_path / f"x.{kind}", write)
    reading = desk.reading_of(content, f"neispuo/marks_a.{kind}")
    assert desk.rows(reading) == marks.rows
    assert desk.rules(reading) == []
    assert reading.rows["row"].tolist() == [1, 2, 3, 4]


def test_old_stata_file_in_the_bulgarian_code_page(desk, marks, tmp_path):
    """Old Stata files name no encoding: readers take them for Western European."""
    path = tmp_path / "old.dta"
    table = pd.DataFrame(marks.rows, columns=[f"v{n}" for n in range(len(marks.captions))]).fillna("")
    western = table.map(lambda cell: cell.encode("cp1251").decode("latin-1"))
    labels = {f"v{n}": caption.encode("cp1251").decode("latin-1") for n, caption in enumerate(marks.captions)}
    western.to_stata(path, version=114, variable_labels=labels, write_index=False)
    reading = desk.reading_of(path.read_bytes(), "neispuo/marks_a.dta")
    assert desk.rows(reading) == marks.rows
    assert "reading.encoding_guessed" in desk.rules(reading)


def test_members_of_a_zip_are_files_of_their_own(desk, marks):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../b.txt", marks.text("|"))
        archive.writestr("a/c.xlsx", marks.xlsx())
        archive.writestr("__MACOSX/a/._c.xlsx", b"\0\1")
        archive.writestr("~$c.xlsx", b"lock")
    reading = desk.reading_of(stream.getvalue(), "neispuo/marks_a.zip")
    assert desk.rows(reading) == [*marks.rows, *marks.rows]
    assert reading.rows["file"].unique().tolist() == ["neispuo/marks_a.zip/a/c.xlsx", "neispuo/marks_a.zip/b.txt"]
    assert not (desk.workspace.raw.parent / "b.txt").exists()


def test_constants_and_file_name_groups_become_columns(desk, marks):
    other = desk.with_source("marks", constants={"contract": "X1"}, file_name=r"marks_(?P<school_year>\d{4})")
    reading = other.reading_of(marks.text())
    assert set(reading.rows["contract"]) == {"X1"}
    assert set(reading.rows["school_year"]) == {"2021"}
    refused = other.reading_of(marks.text(), "neispuo/marks_last.csv")
    assert desk.rules(refused) == ["reading.file_name"]
    assert len(refused.rows) == 0


def test_files_come_in_order_and_temporary_ones_are_left_out(desk, marks):
    for name in ["marks_b.csv", "marks_a.CSV", "~$marks_c.xlsx", ".marks_d.csv"]:
        desk.put(f"neispuo/{name}", marks.text())
    desk.put("neispuo/Copy of pupils.xlsx", b"x")
    reading = desk.read()
    assert reading.rows["file"].unique().tolist() == ["neispuo/marks_a.CSV", "neispuo/marks_b.csv"]
    from analysis.sources import unclaimed_files

    left = unclaimed_files(desk.study, desk.workspace)
    assert [(finding.level, finding.rule, finding.file) for finding in left] == [
        ("noted", "reading.unclaimed_file", "neispuo/Copy of pupils.xlsx")
    ]


def test_one_bad_file_does_not_take_the_others_with_it(desk, marks):
    desk.put("neispuo/marks_a.csv", b"")
    desk.put("neispuo/marks_b.csv", marks.text())
    reading = desk.read()
    assert desk.rows(reading) == marks.rows
    assert [(f.rule, f.file, f.level) for f in reading.findings] == [
        ("reading.empty_file", "neispuo/marks_a.csv", "refused")
    ]


def test_cells_of_a_workbook_become_text_without_loss(desk, marks):
    rows = [
        [2021, 2699001.0, 0, 8041019995, True, "8.00101E+09", 0.1, date(2021, 10, 1), 44470],
        [2021, 2699001, False, "  0841019995 ", "не", 1e-7, 4.25, None, "н.д."],
    ]
    reading = desk.reading_of(marks.xlsx(rows=rows), "neispuo/marks_a.xlsx")
    assert desk.rows(reading) == [
        ["2021", "2699001", "0", "8041019995", "true", "8.00101E+09", "0.1", "2021-10-01", "44470"],
        ["2021", "2699001", "false", "  0841019995 ", "не", "0.0000001", "4.25", None, "н.д."],
    ]


def test_the_table_has_all_columns_even_without_rows(desk):
    reading = desk.read()
    assert desk.rules(reading) == ["reading.no_file"]
    assert {"person_id", "file", "sheet", "row", "unreadable"} <= set(reading.rows.columns)
    assert desk.rules(desk.with_source("marks", optional=True).read()) == []
