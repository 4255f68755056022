"""`new` in every case: nothing there, unknown tables, files that cannot be read, columns missing, bad calls."""

from __future__ import annotations

import io

import openpyxl
import pytest
import yaml
from stdnum.bg import egn

from analysis.cleaning.source import clean_source
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.panels.sheets import schools
from analysis.sources import read_source
from analysis.study import register_of


def number(at: int, offset: int = 5) -> str:
    nine = f"08{41 + at % 12:02d}{1 + at % 28:02d}{at % 1000:03d}"
    return nine + str((int(egn.calc_check_digit(nine)) + offset) % 10)


def csv(captions: list[str], rows: list[list[object]]) -> str:
    return "\n".join(";".join(map(str, row)) for row in [captions, *rows]) + "\n"


@pytest.mark.parametrize("name", ["Dolina", "2021", "a_b", "../x", "", "община"])
def test_a_bad_name_is_refused(bench, name):
    done = bench.call("new", name)
    assert done.exit_code == 2
    assert "nashata-obshtina" in done.output + done.stderr
    assert list((bench.root / "studies").iterdir()) == []


def test_a_study_that_exists_is_left_alone(bench):
    bench.new("first")
    before = bench.settings("first")
    bench.put("first", "a.csv", csv(["x"], [[1]]))
    assert bench.call("new", "first").exit_code == 2
    assert bench.settings("first") == before


def test_another_language_than_the_two_is_refused(bench):
    assert bench.call("new", "first", "--written-in", "de").exit_code == 2


@pytest.mark.parametrize(("language", "word", "other"), [("bg", "ПРОВЕРЕТЕ", "CHECK"), ("en", "CHECK", "ПРОВЕРЕТЕ")])
def test_the_notes_are_in_the_language_asked_for(bench, language, word, other):
    bench.new("first", "--written-in", language)
    assert word in bench.settings("first") and other not in bench.settings("first")


def test_without_files_there_is_a_study_to_begin_with(bench):
    study, _ = bench.new("empty")
    assert study.sources == {} and study.outcomes == {}
    assert (bench.root / "studies/empty/schools.csv").read_text(encoding="utf-8-sig").startswith("code;treated;")


def unknown_rows(rows: int = 60) -> list[list[object]]:
    return [
        [f"K{at:03d}", ["да", "не"][at % 2], 20 + at % 40, f"{at}.{at % 12 + 1}", f"{1 + at % 28:02d}.03.2022",
         ["град", "село", "махала"][at % 3], f"Изречение за случай {at}", f"Мария Петрова {'АБВГ'[at % 4]}", number(at),
         f"user{at}@example.org", "", f"{2000 + at},5"]
        for at in range(rows)
    ]  # fmt: skip


CAPTIONS = ["Шифър", "Участва", "Възраст в години", "Смесено", "Ден", "Място", "Бележка", "Име и фамилия", "Номер",
            "Поща", "Празна", "Доход (лв.)"]  # fmt: skip
KINDS = ["text", "boolean", "integer", "number", "date", "code", "text", "personal", "identifier", "personal", "text",
         "number"]  # fmt: skip


def test_an_unknown_table_gets_fields_of_the_right_kinds(bench):
    bench.put("own", "таблица 1.csv", csv(CAPTIONS, unknown_rows()))
    study, _ = bench.new("own")
    (name,) = study.sources
    fields = register_of(study, name).fields
    assert [field.header for field in fields] == CAPTIONS
    assert [field.kind for field in fields] == KINDS
    assert [field.name for field in fields if field.use == "drop"] == ["belezhka", "prazna"]
    assert study.sources[name].key == ["shifar"]
    assert study.panels and study.identifiers.check_digit_offset == 5


def test_an_unknown_table_is_read_and_cleaned_as_proposed(bench):
    bench.put("own", "t.csv", csv(CAPTIONS, unknown_rows()))
    study, _ = bench.new("own")
    (name,) = study.sources
    reading = read_source(study, name, bench.workspace("own"))
    cleaned = clean_source(study, name, reading, Pseudonymiser(PUBLIC_KEY))
    assert len(cleaned.accepted) == 60
    assert [f.rule for f in cleaned.findings if f.level in ("refused", "quarantined")] == []
    assert not {"poshta", "ime_i_familia", "belezhka"} & set(cleaned.accepted.columns)
    assert cleaned.accepted["person_id"].str.len().eq(32).all()


def test_values_of_personal_columns_are_not_written(bench):
    bench.put("own", "t.csv", csv(CAPTIONS, unknown_rows(6)))
    bench.new("own")
    written = bench.settings("own")
    assert not any(value in written for value in (number(1), "Петрова", "user1@", "Изречение"))


def test_rare_texts_of_coded_columns_are_counted_not_shown(bench):
    rows = [[["първи", "втори"][at % 2] if at else "Иван от Долно село", at] for at in range(30)]
    bench.put("own", "t.csv", csv(["Вид", "Брой"], rows))
    bench.new("own")
    written = bench.settings("own")
    assert "първи" in written and "Долно" not in written


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx", b"%PDF-1.4 x"])
def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(bench, content):
    bench.put("own", "bad.xlsx", content)
    bench.put("own", "good.csv", csv(["Брой", "Вид"], [[at, "аб"[at % 2]] for at in range(9)]))
    study, said = bench.new("own")
    assert len(study.sources) == 1
    assert "✗ bad.xlsx" in said
    assert "bad.xlsx" in bench.settings("own")


PUPILS = ["ЕГН/ЛНЧ на ученика", "Код училище", "Випуск (клас)", "Пол на детето", "Образ. майка", "Забележка"]


def pupils(rows: int = 40) -> list[list[object]]:
    return [
        [
            number(at),
            2699001 + at % 5,
            1 + at % 12,
            ["м", "ж"][int(number(at)[8]) % 2],
            ["основно", "средно"][at % 2],
            "",
        ]
        for at in range(rows)
    ]


def test_captions_never_seen_before_are_matched_by_words_and_values(bench):
    for year in (2019, 2020, 2021):
        bench.put("far", f"{year}/deca.csv", csv(PUPILS, pupils()))
    study, _ = bench.new("far")
    (source,) = study.sources.values()
    assert source.register_name == "neispuo_pupils"
    assert source.files == "*/deca.csv"
    assert source.columns == {
        "person_id": "ЕГН/ЛНЧ на ученика", "school_code": "Код училище", "grade": "Випуск (клас)",
        "sex": "Пол на детето", "mother_education": "Образ. майка",
    }  # fmt: skip
    reading = read_source(study, next(iter(study.sources)), bench.workspace("far"))
    assert sorted(reading.rows["school_year"].unique()) == ["2019", "2020", "2021"]


def test_a_required_column_that_is_not_there_is_named(bench):
    captions = ["Учебна година", "Код по НЕИСПУО", "ЕГН", "Вид документ", "Дата на отписване", "Основание за отписване"]
    rows = [[2021, "2699001", number(at), "Документ за отписване", "15.03.2022", "Отпаднал"] for at in range(20)]
    bench.put("own", "d.csv", csv(captions, rows))
    study, said = bench.new("own")
    assert study.sources["movements"].register_name == "neispuo_movements"
    assert "TODO" in said and "„Статус“" in said
    assert any("document_status" in line and "TODO" in line for line in bench.settings("own").splitlines())


def test_files_of_one_layout_are_one_source_and_others_are_not_caught(bench):
    table = csv(["Брой", "Вид"], [[at, "аб"[at % 2]] for at in range(9)])
    other = csv(["Сума", "Цех", "Код"], [[at, "вг"[at % 2], 1] for at in range(9)])
    for file in ("t_2019.csv", "t_2020.csv"):
        bench.put("own", file, table)
    bench.put("own", "t_2021.csv", other)
    study, _ = bench.new("own")
    workspace = bench.workspace("own")
    read = [set(read_source(study, name, workspace).rows["file"]) for name in study.sources]
    assert sorted(map(sorted, read)) == [["t_2019.csv"], ["t_2020.csv"], ["t_2021.csv"]]


def test_captions_below_a_title_and_on_another_sheet_are_found(bench):
    book = openpyxl.Workbook()
    book.active.title = "Корица"
    book.active.append(["Справка за всички случаи"])
    sheet = book.create_sheet("Данни 1")
    for row in [["Справка"], [], ["Шифър", "Брой", "Вид"], *([f"k{at}", at, "аб"[at % 2]] for at in range(12))]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    bench.put("own", "справка.xlsx", stream.getvalue())
    study, _ = bench.new("own")
    ((name, source),) = study.sources.items()
    assert source.layout is not None and (source.layout.sheet, source.layout.header_row) == ("Данни 1", 3)
    assert len(read_source(study, name, bench.workspace("own")).rows) == 12


def test_real_numbers_ask_for_a_secret_key(bench):
    rows = [[number(at, offset=0), at % 7] for at in range(40)]
    bench.put("own", "t.csv", csv(["Номер", "Брой"], rows))
    study, said = bench.new("own")
    assert (study.demonstration, study.identifiers.key, study.identifiers.check_digit_offset) == (False, "secret", 0)
    assert "make key STUDY=own" in said


def test_the_switched_off_example_is_yaml_once_switched_on(bench):
    bench.put("own", "t.csv", csv(CAPTIONS, unknown_rows()))
    bench.new("own")
    lines = bench.settings("own").splitlines()
    start = next(at for at, line in enumerate(lines) if "_comparison:" in line)
    example = "\n".join(line.replace("# ", "", 1) for line in lines[start : start + 5])
    ((_, design),) = yaml.safe_load(example).items()
    assert design["kind"] == "weighting" and design["treated"] == "uchastva"


def test_schools_come_with_the_names_that_stand_beside_their_codes(bench):
    captions = ["Код по НЕИСПУО", "Име на институция", "ЕГН", "Випуск"]
    rows = [[f"{2699001 + at % 2}", ['ОУ "Първо"', "ОУ; Второ"][at % 2], number(at), 5] for at in range(20)]
    book = openpyxl.Workbook()
    for row in [captions, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    bench.put("own", "списък_2021.xlsx", stream.getvalue())
    study, _ = bench.new("own")
    sheet = (bench.root / "studies/own/schools.csv").read_text(encoding="utf-8-sig")
    sheet = sheet.replace("2699001;;", "2699001;да;").replace("2699002;;", "2699002;не;")
    (bench.root / "studies/own/schools.csv").write_text(sheet, encoding="utf-8-sig")
    read = schools(study, bench.workspace("own"))
    assert read["name_bg"].tolist() == ['ОУ "Първо"', "ОУ; Второ"]
    assert read["treated"].tolist() == [True, False]


def test_own_columns_are_named_by_their_captions(bench):
    bench.put("own", "t.csv", csv(CAPTIONS, unknown_rows()))
    study, _ = bench.new("own")
    assert study.names["dohod_lv"].bg == "Доход (лв.)"
    assert not {"person_id", "ime_i_familia", "poshta"} & set(study.names)


def test_names_that_come_back_are_no_codes(bench):
    teachers = ["Мария Петрова", "Иван Стоянов", "Елена Илиева"]
    bench.put("own", "t.csv", csv(["Учител", "Брой"], [[teachers[at % 3], at] for at in range(60)]))
    study, _ = bench.new("own")
    assert register_of(study, "t").field("uchitel").kind == "personal"
    assert "Петрова" not in bench.settings("own")


@pytest.mark.parametrize("first", [["Иван Петров", number(3), "Хасково"], ["Иван Петров", "ж", "Хасково"]])
def test_the_first_case_of_a_table_without_captions_is_not_written(bench, first):
    rows = [[f"Анна {['Бойка', 'Вяра', 'Ганка'][at % 3]}ва", *first[1:2], "Хасково"] for at in range(30)]
    bench.put("own", "t.csv", csv(first, rows))
    bench.new("own")
    written = bench.settings("own")
    assert "Петров" not in written and number(3) not in written and "Анна" not in written


def test_names_in_a_coded_column_are_counted_not_shown(bench):
    captions = [
        "Учебна година",
        "Код по НЕИСПУО",
        "ЕГН",
        "Вид документ",
        "Статус",
        "Дата на отписване",
        "Основание за отписване",
    ]
    rows = [
        [2021, "2699001", number(at), "Документ за отписване", "Потвърден", "15.03.2022", "Мария Иванова"]
        for at in range(20)
    ]
    bench.put("own", "d.csv", csv(captions, rows))
    bench.new("own")
    assert "Иванова" not in bench.settings("own")


FOREIGN = [
    ["Maßnahme", "Größe (m²)", "Vermögen"],
    *([["ja", "nein"][at % 3 == 0], str(at), f"{at},5"] for at in range(30)),
]


def test_captions_and_answers_in_another_language_are_understood(bench):
    text = "\n".join(";".join(row) for row in FOREIGN)
    bench.put("x", "Rückfälle.csv", text.encode("cp1252"))
    study, _ = bench.new("x")
    [(name, source)] = study.sources.items()
    assert name == "ruckfalle"
    assert [(field.name, field.kind, field.header) for field in source.fields] == [
        ("massnahme", "boolean", "Maßnahme"),
        ("grosse_m2", "integer", "Größe (m²)"),
        ("vermogen", "number", "Vermögen"),
    ]
    assert source.codes == {"massnahme": {"true": ["ja"], "false": ["nein"]}}
