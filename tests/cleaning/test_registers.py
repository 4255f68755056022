"""The whole stage on files: tables, findings, workbooks, corrections and their round trip through Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from stdnum.bg import egn

from analysis.cleaning import clean_registers, quality_counts
from analysis.cleaning.registers import CleaningResult
from analysis.cleaning.workbook import common_params, findings_workbook
from analysis.cleaning.years import missing_school_years
from analysis.files import Finding, InputRefused, Workspace, findings_table, read_table, sha256
from analysis.study import Source, Study, load_register
from analysis.texts import text
from analysis.texts.catalogue import catalogue

CAPTIONS = {field.name: str(field.header) for field in load_register("labour_registrations").fields}


def demo_egn(first_nine: str) -> str:
    return first_nine + str((int(egn.calc_check_digit(first_nine)) + 5) % 10)


PEOPLE = [demo_egn(f"8503120{order:02d}") for order in range(20)]


@dataclass
class Office:
    """A study with one source, the Labour Office's registrations, in a folder of its own."""

    study: Study
    workspace: Workspace
    rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.workspace.raw / "labour_office" / "registrations.csv"

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = io.StringIO()
        writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
        writer.writerow(CAPTIONS.values())
        writer.writerows([[row.get(name, "") for name in CAPTIONS] for row in self.rows])
        self.path.write_text(content.getvalue(), encoding="utf-8-sig", newline="")

    def run(self) -> CleaningResult:
        return clean_registers(self.study, self.workspace, environment={})

    def correct(self, lines: list[dict[str, object]], language: str = "bg") -> None:
        """Write a corrections workbook as the team would, with the captions of one language."""
        names = ["file", "sheet", "row", "column", "old_value", "new_value", "file_sha256", "note"]
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append([text(f"workbook.corrections.{name}", language) for name in names])
        usual = {"file": "labour_office/registrations.csv", "sheet": "", "file_sha256": sha256(self.path)}
        for line in lines:
            sheet.append([(usual | line).get(name) for name in names])
        book.save(self.workspace.raw / "corrections.xlsx")


@pytest.fixture
def office(study: Study, tmp_path: Path) -> Office:
    source = Source(register="labour_registrations", files="labour_office/registrations*.*")
    alone = study.model_copy(update={"sources": {"registrations": source}, "schools": None, "name": "office"})
    rows = [
        {"registration_no": f"Р-{n}", "id_type": "0", "person_id": person, "last_name": "Примерова"}
        | {"start_date": "01.03.2022", "end_date": "01.06.2022", "status": "прекратена"}
        | {"sex": "мъж" if int(person[8]) % 2 == 0 else "жена"}
        for n, person in enumerate(PEOPLE[:8], start=1)
    ]
    rows[1]["end_date"] = "31.06.2022"
    rows[2]["person_id"] = PEOPLE[2][:9] + str((int(PEOPLE[2][9]) + 1) % 10)
    made = Office(alone, Workspace("office", tmp_path), rows)
    made.write()
    return made


def findings_of(result: CleaningResult) -> list[tuple[str, str, int | None]]:
    return sorted((f.rule.removeprefix("findings."), f.level, f.row) for f in result.findings)


def test_tables_findings_and_workbooks_are_written(office: Office) -> None:
    heard: list[tuple[str, int]] = []
    result = clean_registers(office.study, office.workspace, lambda *told: heard.append(told), {})
    assert heard == [("registrations", 6)]
    assert findings_of(result) == [("impossible_date", "quarantined", 3), ("invalid_egn", "quarantined", 4)]
    pd.testing.assert_frame_equal(
        read_table(office.workspace.table("clean/registrations")), result.accepted["registrations"]
    )
    assert len(read_table(office.workspace.table("quality/findings"))) == 2
    assert read_table(office.workspace.table("quality/conservation"))["quarantined"].sum() == 2
    assert (office.workspace.processed / "findings_bg.xlsx").is_file()


def test_nothing_written_holds_a_personal_number_or_a_name(office: Office) -> None:
    office.run()
    for path in office.workspace.processed.rglob("*.parquet"):
        content = read_table(path).to_csv(index=False)
        assert not any(person[:9] in content for person in PEOPLE)
        assert "Примерова" not in content
    for language in ("bg", "en"):
        book = load_workbook(office.workspace.processed / f"findings_{language}.xlsx")
        cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
        assert not any(person[:9] in cell for cell in cells for person in PEOPLE)


def test_the_workbook_says_what_a_clerk_needs(office: Office) -> None:
    office.run()
    book = load_workbook(office.workspace.processed / "findings_bg.xlsx")
    assert book.sheetnames == ["Обобщение", "Корекции", "Констатации", "Файлове"]
    rows = [[cell.value for cell in row] for row in book["Констатации"]]
    assert rows[0][:6] == ["Източник", "Файл", "Лист", "Ред", "Колона", "Намерено"]
    date = next(row for row in rows if row[3] == 3)
    assert date[4:6] == ["Дата на прекратяване", "31.06.2022"]
    assert date[6] == "Такава дата не съществува или годината е невъзможна."
    assert date[8] == "редът е отделен"
    number = next(row for row in rows if row[3] == 4)
    assert number[5] == "##########"
    assert book["Констатации"].freeze_panes == "A2" and book["Констатации"].auto_filter.ref
    english = load_workbook(office.workspace.processed / "findings_en.xlsx")
    assert "There is no such date" in str(english["Findings"]["G2"].value)


def test_two_runs_give_the_same_bytes(office: Office) -> None:
    office.run()
    written = {p: p.read_bytes() for p in office.workspace.processed.rglob("*") if p.is_file()}
    office.run()
    assert written == {p: p.read_bytes() for p in office.workspace.processed.rglob("*") if p.is_file()}
    assert len(written) == 5


def test_corrections_go_from_the_workbook_back_into_the_data(office: Office) -> None:
    """Open the workbook, fill in the sheet, save it as corrections.xlsx, run again."""
    office.run()
    book = load_workbook(office.workspace.processed / "findings_bg.xlsx")
    sheet = book["Корекции"]
    by_row = {sheet.cell(line, 3).value: line for line in range(2, sheet.max_row + 1)}
    assert sheet.cell(by_row[3], 5).value == "31.06.2022"
    assert sheet.cell(by_row[4], 5).value is None
    sheet.cell(by_row[3], 6).value = "30.06.2022"
    sheet.cell(by_row[4], 5).value = office.rows[2]["person_id"]
    sheet.cell(by_row[4], 6).value = PEOPLE[2]
    book.save(office.workspace.raw / "corrections.xlsx")
    result = office.run()
    assert findings_of(result) == [("correction_applied", "noted", 3), ("correction_applied", "noted", 4)]
    table = result.accepted["registrations"].set_index("row")
    assert len(table) == 8 and table.loc[3, "end_date"] == pd.Timestamp("2022-06-30")
    shown = {finding.row: finding.found for finding in result.findings}
    assert shown == {3: "30.06.2022", 4: ""}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"row": 3, "column": "Дата на прекратяване", "old_value": "30.06.2022", "new_value": "1"}, "old_value"),
        ({"row": 99, "column": "Дата на прекратяване", "old_value": "1", "new_value": "2"}, "row"),
        ({"row": "трети", "column": "Пол", "old_value": "1", "new_value": "2"}, "row"),
        ({"row": 3, "column": "Дата", "old_value": "31.06.2022", "new_value": "2"}, "column"),
        ({"row": 3, "column": "Пол", "old_value": "мъж", "new_value": "жена", "file_sha256": "0" * 64}, "changed"),
        ({"row": 3, "column": "Пол", "old_value": "мъж", "new_value": "жена", "file": "друг.csv"}, "file"),
        ({"row": 3, "column": "Пол", "old_value": "мъж", "new_value": "жена", "file": "../../secret"}, "file"),
        ({"row": 3, "column": "Пол", "old_value": "мъж", "new_value": "жена", "file": "corrections.xlsx"}, "changed"),
    ],
)
def test_corrections_that_do_not_fit_are_refused(office: Office, line: dict[str, object], why: str) -> None:
    office.correct([line])
    result = office.run()
    refused = [finding for finding in result.findings if finding.rule.startswith("findings.correction_refused")]
    assert [finding.rule.rsplit(".", 1)[1] for finding in refused] == [why]
    assert refused[0].row == 2 and refused[0].file == "corrections.xlsx"
    assert len(result.accepted["registrations"]) == 6
    for language in ("bg", "en"):
        assert text(f"{refused[0].rule}.what", language, **refused[0].params)


def test_corrections_as_csv_with_english_captions(office: Office) -> None:
    line = f"labour_office/registrations.csv,,3,Дата на прекратяване,31.06.2022,30.06.2022,{sha256(office.path)},\n"
    content = "file,sheet,row,column,old_value,new_value,file_sha256,note\n" + line
    (office.workspace.raw / "corrections.csv").write_text(content, encoding="utf-8")
    assert len(office.run().accepted["registrations"]) == 7


def test_a_corrections_sheet_without_its_columns_stops_the_run(office: Office) -> None:
    (office.workspace.raw / "corrections.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        office.run()
    assert refusal.value.findings[0].rule == "findings.corrections_unreadable"
    (office.workspace.raw / "corrections.csv").unlink()
    (office.workspace.raw / "corrections.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputRefused):
        office.run()


def test_a_refused_file_stops_the_run_and_leaves_the_good_tables(office: Office) -> None:
    office.run()
    before = office.workspace.table("clean/registrations").read_bytes()
    for row in office.rows:
        row["start_date"] = "някога"
    office.write()
    with pytest.raises(InputRefused) as refusal:
        office.run()
    assert [finding.rule for finding in refusal.value.findings] == ["findings.mostly_unusable"]
    assert office.workspace.table("clean/registrations").read_bytes() == before
    book = load_workbook(office.workspace.processed / "findings_bg.xlsx")
    assert book["Обобщение"]["D2"].value == "файлът е отказан"
    told = book["Обобщение"]["E2"].value
    assert "(8 от 8)" in told
    assert told.endswith("(редове: 8; колона: Дата на регистрация): Клетката не може да се прочете като дата.")


def test_a_real_number_stops_even_an_optional_source(office: Office) -> None:
    office.rows[0]["person_id"] = PEOPLE[0][:9] + egn.calc_check_digit(PEOPLE[0][:9])
    office.write()
    source = office.study.sources["registrations"].model_copy(update={"optional": True})
    office.study = office.study.model_copy(update={"sources": {"registrations": source}})
    with pytest.raises(InputRefused) as refusal:
        office.run()
    assert refusal.value.findings[0].rule == "findings.real_number_in_demonstration"


def test_quality_counts(office: Office) -> None:
    result = office.run()
    counts = quality_counts(findings_table(result.findings), result.conservation)
    assert list(counts.columns) == ["source", "level", "rule", "files", "count"]
    by_rule = counts.set_index("rule")["count"].to_dict()
    assert by_rule == {
        "rows_read": 8,
        "accepted": 6,
        "quarantined": 2,
        "findings.impossible_date": 1,
        "findings.invalid_egn": 1,
    }


def test_files_without_a_single_finding_still_give_a_workbook(office: Office) -> None:
    conservation = office.run().conservation
    content = findings_workbook(office.study, office.workspace, findings_table([]), conservation, "bg")
    assert load_workbook(io.BytesIO(content))[text("workbook.sheets.findings", "bg")].max_row == 1


def test_long_lists_of_findings_are_cut_and_counted(office: Office) -> None:
    many = [Finding("registrations", "quarantined", "findings.bad_date", "a.csv", row=n) for n in range(2, 1502)]
    conservation = office.run().conservation
    for language, words in (("bg", "Останалите (1000)"), ("en", "The others (1000)")):
        content = findings_workbook(office.study, office.workspace, findings_table(many), conservation, language)
        book = load_workbook(io.BytesIO(content))
        sheet = book[text("workbook.sheets.findings", language)]
        assert sheet.max_row == 502 and words in sheet.cell(502, 7).value
        assert book[text("workbook.sheets.summary", language)]["G2"].value == 1500


def test_the_summary_shows_only_what_findings_have_in_common() -> None:
    params = ['{"first_file": "a.csv", "first_row": "2"}', '{"first_file": "a.csv", "first_row": "3"}']
    assert common_params(params) == {"first_file": "a.csv", "first_row": "…"}
    assert common_params(['{"count": "2"}', '{"count": "5"}']) == {"count": 7}


def test_a_cell_that_begins_like_a_formula_stays_text(office: Office) -> None:
    told = [Finding("registrations", "noted", "findings.unknown_code", "a.csv", found="=cmd|' /c calc'!a0", row=2)]
    content = findings_workbook(office.study, office.workspace, findings_table(told), office.run().conservation, "bg")
    cell = load_workbook(io.BytesIO(content))["Констатации"]["F2"]
    assert cell.data_type == "s" and str(cell.value).startswith("=")


def rules_in_catalogue() -> list[str]:
    return sorted(
        key.removesuffix(".what") for key in catalogue() if key.startswith("findings.") and key.endswith(".what")
    )


def test_every_rule_has_four_texts() -> None:
    for rule in rules_in_catalogue():
        for part in ("what", "todo"):
            forms = catalogue()[f"{rule}.{part}"]
            assert set(forms) == {"bg", "en"}, rule
            assert all(words.rstrip().endswith(".") for words in forms.values()), rule


def test_every_rule_used_in_the_package_is_in_the_catalogue(source_of_cleaning: Callable[[], str]) -> None:
    told = r'(?:rule="|add\((?:int\(position\)|position), "|refuse_file\([^"]*?"|"findings\.)([a-z_]+)"'
    used = set(re.findall(told, source_of_cleaning().replace("add(position, rule", "")))
    assert {"bad_date", "real_number_in_demonstration", "duplicate", "date_order", "no_rows"} <= used
    assert used <= {rule.removeprefix("findings.") for rule in rules_in_catalogue()}


@pytest.fixture
def source_of_cleaning() -> Callable[[], str]:
    import analysis.cleaning as package

    folder = Path(str(package.__file__)).parent
    return lambda: "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))


def test_a_school_year_without_rows_is_told_once_its_register_is_there(study: Study) -> None:
    sources = {name: study.sources[name] for name in ("pupils", "marks", "contracts")}
    small = study.model_copy(update={"sources": sources})
    years = pd.Series(range(2016, 2024), dtype="Int64")
    accepted = {
        "pupils": pd.DataFrame({"school_year": years[years != 2020]}),
        "marks": pd.DataFrame({"school_year": years[years < 2022]}),
        "contracts": pd.DataFrame(),
    }
    told = [(f.source, f.level, f.params["year"]) for f in missing_school_years(small, accepted)]
    assert told == [("pupils", "noted", "2020/2021"), ("marks", "noted", "2022/2023")]
    assert missing_school_years(small, {**accepted, "marks": accepted["marks"].iloc[:0]})[1:] == []
    assert missing_school_years(small.model_copy(update={"education": None}), accepted) == []
