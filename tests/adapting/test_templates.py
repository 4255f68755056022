"""The empty workbooks: read as files without rows, filled in as they ask without a finding, always the same bytes."""

from __future__ import annotations

import io
from datetime import date
from itertools import count

import openpyxl
import pytest
from stdnum.bg import egn

from analysis.adapting.matching import registers_with_captions
from analysis.adapting.template_cells import template_column
from analysis.adapting.templates import templates, without_template
from analysis.cleaning.source import clean_source
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.panels.sheets import employers, schools
from analysis.sources import read_source
from analysis.study import load_codes, load_study, register_of

REGISTERS = [register.register_name for register in registers_with_captions()]
DAY = date(2022, 3, 14)
BORN = date(2008, 5, 6)
ROWS = 25


def book_of(register: str) -> tuple[str, openpyxl.Workbook]:
    file = next(name for name in templates() if name.startswith(register))
    return file.replace("ГОДИНА", "2021"), openpyxl.load_workbook(io.BytesIO(templates()[file]))


def study_with(bench, register: str):
    needs_year = register == "neispuo_pupils"
    more = r', file_name: "_(?P<school_year>\\d{4})"' if needs_year else ""
    more += ", constants: {contract: A}" if register == "isun_participants" else ""
    folder = bench.root / "studies" / "filled"
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text(
        "name: filled\ndemonstration: true\n"
        "project: {name: {bg: a, en: a}, beneficiary: {bg: a, en: a}, start: 2021-01-01, end: 2023-01-01}\n"
        "data_cut_off: 2024-01-01\nidentifiers: {check_digit_offset: 5, key: public}\n"
        f'sources:\n  it: {{register: {register}, files: "*.xlsx"{more}}}\n'
        "designs: {}\noutcomes: {}\nreport: {chapters: [summary]}\n",
        encoding="utf-8",
    )
    return load_study("filled", bench.root)


def save(bench, file: str, book: openpyxl.Workbook) -> None:
    stream = io.BytesIO()
    book.save(stream)
    bench.put("filled", file, stream.getvalue())


@pytest.mark.parametrize("register", REGISTERS)
def test_an_empty_template_is_a_file_without_rows(bench, register):
    study = study_with(bench, register)
    file, book = book_of(register)
    save(bench, file, book)
    reading = read_source(study, "it", bench.workspace("filled"))
    assert [finding.rule for finding in reading.findings] == ["reading.no_rows"]
    assert len(reading.rows) == 0


def demo_number(row: int, is_female: bool) -> str:
    """An ЕГН of nobody, born on BORN (20xx: month + 40), whose ninth digit tells the sex."""
    nine = f"{BORN:%y}{BORN.month + 40}{BORN:%d}{row:02d}{1 if is_female else 0}"
    return nine + str((int(egn.calc_check_digit(nine)) + 5) % 10)


def cells_for(field, row: int) -> list[object]:
    """What a person types into one row of a column as the guidance asks; every choice of a list is met in turn."""
    column = template_column(field)
    if field.parts > 1:
        return [DAY.year, DAY.month, DAY.day]
    if field.kind == "identifier":
        return [demo_number(row, row % 2 == 1)]
    if field.kind == "id_type":
        return ["егн"]
    if field.name == "age_stated":
        return [13]
    if column.options:
        return [column.options[row % len(column.options)]]
    by_kind = {
        "date": DAY, "birth_date": BORN, "grade": 5, "section": "а", "school_code": "2699001", "school_year": 2021,
        "employer": "990000017", "text": f"текст {row}", "personal": "Име",
    }  # fmt: skip
    value = by_kind.get(field.kind, field.minimum if field.minimum is not None else 1)
    return [value]


@pytest.mark.parametrize("register", REGISTERS)
def test_a_filled_template_is_read_without_a_finding(bench, register):
    study = study_with(bench, register)
    file, book = book_of(register)
    described = register_of(study, "it")
    data = book.worksheets[0]
    header = described.layout.header_row or 1
    rows = len(load_codes()["project_activity"]) if register == "activity_spending" else ROWS  # an activity a row
    for row in range(rows):
        place = count(1)
        for field in described.fields:
            if field.header is not None:
                for value in cells_for(field, row):
                    data.cell(header + 1 + row, next(place), value)
    save(bench, file, book)
    reading = read_source(study, "it", bench.workspace("filled"))
    cleaned = clean_source(study, "it", reading, Pseudonymiser(PUBLIC_KEY))
    assert [(finding.rule, finding.params) for finding in cleaned.findings] == []
    assert len(cleaned.accepted) == rows
    wanted = [f.name for f in described.fields if f.required and f.kind not in ("personal", "identifier")]
    assert not cleaned.accepted[[name for name in wanted if name in cleaned.accepted]].isna().any().any()


def test_templates_have_the_same_bytes_each_time():
    assert templates() == templates()


def test_every_register_has_a_template_or_is_named_without_one():
    assert without_template() == ["absences_monthly"]
    assert len(templates()) == len(REGISTERS) + 3  # and the sheets of a study


@pytest.mark.parametrize("register", REGISTERS)
def test_captions_marks_and_checks_stand_in_the_workbook(register):
    _, book = book_of(register)
    described = next(one for one in registers_with_captions() if one.register_name == register)
    data, guide, lists = book.worksheets
    header = described.layout.header_row or 1
    captions = [cell.value for cell in data[header] if cell.value]
    assert captions == [field.header for field in described.fields if field.header]
    assert data.freeze_panes == f"A{header + 1}"
    assert (guide.title, lists.sheet_state) == ("Указания", "hidden")
    checks = data.data_validations.dataValidation
    coded = [field for field in described.fields if field.header and template_column(field).options]
    assert sum(check.type == "list" for check in checks) == len(coded)
    assert all(check.error and check.errorTitle == "Недопустима стойност" for check in checks)
    told = {row[0].value: row[1].value for row in guide.iter_rows() if row[0].value}
    assert all(told[field.header].startswith("да") for field in described.fields if field.required and field.header)


def filled_sheet(bench, name: str, rows: list[list[object]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates()[f"{name}.xlsx"]))
    for at, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            book.worksheets[0].cell(at, place, value)
    path = bench.root / "studies" / "filled"
    book.save(path / f"{name}.xlsx")
    settings = (path / "study.yml").read_text(encoding="utf-8")
    (path / "study.yml").write_text(f"{settings}{name}: {name}.xlsx\n", encoding="utf-8")


def test_the_sheet_of_schools_is_read_under_its_bulgarian_captions(bench):
    study_with(bench, "neispuo_marks")
    filled_sheet(bench, "schools", [["0199001", "да", 2021, "град", "Първо", "First"], ["2699002", "не"]])
    read = schools(load_study("filled", bench.root), bench.workspace("filled"))
    assert read["school_code"].tolist() == ["0199001", "2699002"]
    assert read["treated"].tolist() == [True, False]
    assert read["treated_from"].dropna().tolist() == [2021]
    assert read["name_bg"].tolist()[0] == "Първо"


def test_the_sheet_of_employers_is_read_under_its_bulgarian_captions(bench):
    study_with(bench, "neispuo_marks")
    filled_sheet(bench, "employers", [["990000017"], ["000903533"]])
    read = employers(load_study("filled", bench.root), bench.workspace("filled"))
    assert read["employer_id"].tolist() == ["000903533", "990000017"]


def test_the_command_writes_them_where_it_is_told(bench):
    done = bench.call("templates", "--output", str(bench.root / "out"), "--language", "bg")
    assert done.exit_code == 0
    assert sorted(path.name for path in (bench.root / "out").iterdir()) == sorted(templates())
    assert "absences_monthly" in done.output
