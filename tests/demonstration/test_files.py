"""The shipped files are those the generator writes, in the institutions' formats, with every kind of dirt in them."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from stdnum.bg import egn, pnf

from analysis.demonstration import generate, schools, write_sheets
from analysis.demonstration.files.absence_files import write_absences
from analysis.demonstration.files.isun import write_participants
from analysis.demonstration.files.labour_files import write_labour
from analysis.demonstration.files.neispuo import write_marks, write_movements, write_pupils
from analysis.demonstration.files.project_files import write_project
from analysis.study import load_register


def everything(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def texts(raw) -> dict[str, str]:
    """Every cell of every shipped file, one text a file (cells separated by tabs, rows by lines)."""
    return {path.relative_to(raw).as_posix(): _cells(path) for path in sorted(raw.rglob("*")) if path.is_file()}


def _cells(path: Path) -> str:
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return "\n".join("\t".join(_as_text(cell) for cell in row) for row in rows)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("windows-1251") for name in archive.namelist())
    content = path.read_bytes()
    for encoding in ("utf-16",) if content[:2] == b"\xff\xfe" else ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


def _as_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)


def test_some_shipped_files_are_what_the_generator_writes(shipped, raw, root, tmp_path):
    """One file of each writer, byte for byte; the slow test does all of them."""
    people = shipped.people.set_index("person_id")

    def of(name: str, year: int) -> pd.DataFrame:
        table = shipped.clean[name]
        return table[table["school_year"] == year].reset_index(drop=True)

    write_absences(tmp_path, 1, 2019, of("absences", 2019), people)
    write_pupils(tmp_path, 1, 2018, of("pupils", 2018), people)
    write_marks(tmp_path, 1, 2019, of("marks", 2019), people)
    write_movements(tmp_path, 1, shipped.clean["movements"], people)
    write_participants(tmp_path, 1, "OPHRD", shipped.clean["participants_ophrd"], people)
    write_labour(tmp_path, 1, shipped.clean, people)
    write_project(tmp_path, 1, shipped.clean, people)
    shipped_files = everything(raw)
    written = everything(tmp_path)
    assert len(written) == 13
    assert {name: shipped_files.get(name) for name in written} == written
    write_sheets(tmp_path / "sheets")
    for name in ("schools.csv", "project_employers.csv"):
        assert (tmp_path / "sheets" / name).read_bytes() == (root / "studies/haskovo-demo" / name).read_bytes()


@pytest.mark.slow
def test_all_shipped_files_are_what_the_generator_writes(raw, tmp_path):
    list(generate(tmp_path, seed=1))
    assert everything(tmp_path / "data" / "raw" / "haskovo-demo") == everything(raw)


def test_no_file_holds_a_valid_personal_number(texts):
    """Any ten digits in a row, and any nine with the zero put back, in any file."""
    for name, text in texts.items():
        numbers = set(re.findall(r"(?<![0-9])[0-9]{9,10}(?![0-9])", text))
        assert numbers or "activity_spending" in name or name.startswith("survey/"), name
        assert not [number for number in numbers if egn.is_valid(number.zfill(10))], name
        assert not [number for number in numbers if len(number) == 10 and pnf.is_valid(number)], name


def test_the_folder_is_small_enough_for_git(raw):
    assert sum(path.stat().st_size for path in raw.rglob("*") if path.is_file()) < 10_000_000


def test_isun_workbook_is_the_template_to_the_column(raw):
    book = openpyxl.load_workbook(raw / "isun" / "microdata_OPHRD.xlsx")
    assert book.sheetnames[0] == "tablica"
    assert {name: book[name].sheet_state for name in book.sheetnames[1:]} == dict.fromkeys(
        ["lists", "nasmest", "calendar"], "hidden"
    )
    sheet = book["tablica"]
    assert (sheet.max_row, sheet.max_column) == (1002, 35)
    assert all(cell.value == "-" for cell in sheet[1002])
    assert {"X2:Z2", "AE2:AG2", "B1:M1"} <= {str(span) for span in sheet.merged_cells.ranges}
    captions = [str(cell.value).strip().casefold() for cell in sheet[2] if cell.value is not None]
    assert captions == [field.header.casefold() for field in load_register("isun_participants").fields]
    assert "Основно образование (начално  или прогимназиално)" in {sheet.cell(row, 9).value for row in range(3, 300)}
    lists = {cell.value for row in book["lists"] for cell in row}
    assert any("ІV степен" in str(text) for text in lists), "the Cyrillic І of the template"


def test_absence_files_are_sixteen_fields_in_cp1251_a_member_a_month(raw):
    with zipfile.ZipFile(raw / "absences" / "absences_2019.zip") as archive:
        names = archive.namelist()
        assert names == [f"absences_{2019 + (m < 9)}_{m:02d}.txt" for m in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)]
        lines = archive.read(names[4]).decode("windows-1251").split("\r\n")[:-1]
    assert {line.count("|") for line in lines} == {15}
    fields = pd.DataFrame([line.split("|") for line in lines])
    assert fields[0].str.fullmatch("2699[0-9]{3}").all() and (fields[2] == "01").all()
    assert set(fields[12]) <= {"0", "1"}
    assert fields[14].str.fullmatch("[0-9]+[.,][0-9]{2}").all()


def test_schools_and_employers_are_fictitious(texts):
    names = set(schools.schools()["name_bg"])
    found = set(re.findall(r"Училище [0-9]{2} \([^)]*\)", "".join(texts.values())))
    assert found and found <= names
    employers = set(re.findall(r"Демо ЕООД [0-9]+", texts["nra/contracts.csv"]))
    assert len(employers) > 100


DIRT = {
    "a cp1251 text": ("neispuo/pupils_2018.csv", r"Училище"),
    "a number in scientific notation": ("neispuo/pupils_2018.csv", r"[0-9]\.[0-9]{5}E\+0[89]"),
    "a number as float text": ("neispuo/pupils_2018.csv", r"[0-9]{9,10}\.0"),
    "a number with an apostrophe": ("neispuo/pupils_2018.csv", r"'[0-9]{10}"),
    "a number with a blank in it": ("neispuo/pupils_2018.csv", r"[0-9]{6} [0-9]{4}"),
    "the letter O for zero": ("neispuo/pupils_2018.csv", r";[0-9]*O[0-9]+;"),
    "a number with a letter behind": ("neispuo/pupils_2018.csv", r"[0-9]{10} а"),
    "a lost zero in a text": ("neispuo/pupils_2018.csv", r";ЕГН;[0-9]{9};"),
    "a lost zero in a numeric cell": ("neispuo/pupils_2019.xlsx", r"ЕГН\t[0-9]{9}\t"),
    "roman grades with Cyrillic letters": ("neispuo/pupils_2017.xlsx", r"\t(VІ|VІІ|ІІ|ІІІ|ХІ|ІХ)\t"),
    "a section in quotes": ("neispuo/pupils_2021.xlsx", r'\t[0-9]+ "[аб]"\t'),
    "a section after a roman grade": ("neispuo/pupils_2021.xlsx", r"\t[IVX]+[ -][аб]\t"),
    "a section with a Latin a": ("neispuo/pupils_2021.xlsx", r"\t[0-9]+a\t"),
    "a doubled family name": ("neispuo/pupils_2016.xlsx", r"\t(\w+) - \1\t"),
    "yes typed in capitals": ("neispuo/pupils_2016.xlsx", r"\tДА\t"),
    "a caption with a line break": ("neispuo/pupils_2019.xlsx", r"друго\s*\n\s*населено място"),
    "a caption with a blank": ("neispuo/pupils_2017.xlsx", r"Код по НЕИСПУО \t"),
    "a caption in mixed alphabets": ("neispuo/pupils_2021.xlsx", r"\tCОП\t"),
    "a decimal comma": ("neispuo/marks_2016.csv", r";[2-6],[0-9]{2};"),
    "a school year with a stroke": ("neispuo/marks_2016.csv", r"2016/2017"),
    "a date with the year sign": ("neispuo/movements.xlsx", r"[0-9]{2}\.[0-9]{2}\.[0-9]{4} г\."),
    "a date with two digits of the year": ("neispuo/movements.xlsx", r"\t[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}\t"),
    "an ISO date": ("neispuo/movements.xlsx", r"\t20[0-9]{2}-[0-9]{2}-[0-9]{2}\t"),
    "an Excel serial": ("neispuo/movements.xlsx", r"\t4[2-5][0-9]{3}\t"),
    "Latin letters in a Cyrillic word": ("neispuo/movements.xlsx", r"\t[а-я]*[aeopcxy]+[а-я]+\t"),
    "a draft document": ("neispuo/movements.xlsx", r"Чернова"),
    "thousands with a blank": ("nra/contracts.csv", "1\u00a0[0-9]{3},[0-9]{2}"),
    "an amount with its currency": ("nra/contracts.csv", r"[0-9]{3},[0-9]{2} лв\."),
    "a blank after the decimal comma": ("nra/contracts.csv", r";[0-9]{3}, [0-9]{2}"),
    "yes in another form": ("isun/microdata_OPSESG.xlsx", r"\t(yes|х|Да)\t"),
    "a district with its prefix": ("isun/microdata_OPHRD.xlsx", r"Област Хасково"),
    "E-mail for e-mail": ("isun/microdata_OPHRD.xlsx", r"\tE-mail\t"),
    "both decimal signs in the absence files": ("absences/absences_2019.zip", r"\|[0-9]+,[0-9]{2}\|[0-9]+,[0-9]{2}\r"),
    "a long school year in the absence files": ("absences/absences_2017.zip", r"\|2017/2018\|03\|"),
    "a ЛНЧ in the absence files": ("absences/absences_2017.zip", r"\|1\|70?7?[0-9]{8,9}\|"),
}


@pytest.mark.parametrize("kind", DIRT)
def test_dirt_is_there(texts, kind):
    name, pattern = DIRT[kind]
    assert re.search(pattern, texts[name]), kind


def test_encodings_differ(raw):
    heads = {path.name: path.read_bytes()[:3] for path in (raw / "neispuo").glob("marks_*")}
    assert heads["marks_2019.txt"][:2] == b"\xff\xfe"
    assert heads["marks_2020.csv"] == b"\xef\xbb\xbf"
    (raw / "labour_office" / "trainings.csv").read_text(encoding="utf-8")
    with pytest.raises(UnicodeDecodeError):
        (raw / "nra" / "contracts.csv").read_text(encoding="utf-8")


def test_wrong_check_digits_and_repeated_rows(texts):
    def fits(number: str) -> bool:
        return str((int(egn.calc_check_digit(number[:9])) + 5) % 10) == number[9]

    rows = [row.split(";") for row in texts["neispuo/pupils_2018.csv"].splitlines()]
    place = rows[0].index("ЕГН")
    own = [row[place] for row in rows[1:] if re.fullmatch("[0-9]{10}", row[place]) and "ЕГН" in row]
    assert 1 <= sum(not fits(number) for number in own) <= 10
    assert len({tuple(row) for row in rows}) < len(rows)


@pytest.mark.slow  # the results' own hash seeds are tried by tests/effects/test_hash_seed.py every time
def test_a_tiny_study_is_the_same_under_another_hash_seed(tmp_path):
    code = (
        "import pathlib, sys; from analysis.demonstration import generate; "
        "list(generate(pathlib.Path(sys.argv[1]), 4, 0.02))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=environment)
    list(generate(tmp_path / "here", 4, 0.02))
    assert everything(tmp_path / "there") == everything(tmp_path / "here")


def test_workbooks_carry_no_time_of_writing(raw):
    content = (raw / "neispuo" / "movements.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2024, 7, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2024-07-01T00:00:00Z") == 2
