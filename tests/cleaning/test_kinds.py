"""Every kind of cell: what is read, what is set aside, and that no text whatever breaks a parser."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning.booleans import boolean_parser
from analysis.cleaning.cell import Parser, tidy
from analysis.cleaning.codes import code_parser, with_codes, with_refusals
from analysis.cleaning.dates import parse_date, parse_date_parts
from analysis.cleaning.employers import parse_employer
from analysis.cleaning.grades import parse_grade, parse_section
from analysis.cleaning.kinds import NEVER_READ, parser_of
from analysis.cleaning.look_alikes import comparable, fold
from analysis.cleaning.masking import masked, shown
from analysis.cleaning.numbers import as_float, number_parser
from analysis.cleaning.school_codes import school_code_parser
from analysis.cleaning.school_years import parse_school_year
from analysis.files import project_root
from analysis.study import RegisterField, Study, load_codes, load_study, register_of

ANY_TEXT = st.one_of(st.text(max_size=20), st.from_regex(r"\A[0-9IVXІХа-яa-z .,/\-'„“E+]{0,14}\Z"))


@cache
def parsers(study: str) -> list[tuple[RegisterField, Parser]]:
    """The parser of every field that is read in any register of the study."""
    settings = load_study(study, project_root())
    sources = settings.sources.items()
    fields = [(source, field) for name, source in sources for field in register_of(settings, name).fields]
    known = frozenset({"2699001"})
    return [(f, parser_of(f, source, known)) for source, f in fields if f.kind not in NEVER_READ]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(ANY_TEXT)
def test_no_text_breaks_a_parser(study: Study, text: str) -> None:
    for field, parse in parsers(study.name):
        parsed = parse(tidy(text))
        may_be_empty = not tidy(text) or field.parts == 3 or field.kind in ("section", "text")
        assert parsed.value is not None or parsed.rule or may_be_empty


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.10.2021", date(2021, 10, 1)),
        ("01.10.2021 г.", date(2021, 10, 1)),
        ("1.2.21", date(2021, 2, 1)),
        ("1.2.78", date(1978, 2, 1)),
        ("2021-10-01", date(2021, 10, 1)),
        ("2021-10-01 00:00:00", date(2021, 10, 1)),
        ("2021-10-01T08:30:00.000", date(2021, 10, 1)),
        ("44470", date(2021, 10, 1)),
        ("45230", date(2023, 10, 31)),
        ("1 октомври 2021 г.", date(2021, 10, 1)),
        ("25/04/2022", date(2022, 4, 25)),
        ("29.02.2020", date(2020, 2, 29)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert parse_date(text) == (day, "", "quarantined")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("31.02.2022", "impossible_date"),
        ("29.02.2021", "impossible_date"),
        ("01.10.0021", "impossible_date"),
        ("03/04/2022", "ambiguous_date"),
        ("10/25/2021", "ambiguous_date"),
        ("октомври", "bad_date"),
        ("2021", "bad_date"),
        ("٠١.١٠.٢٠٢١", "bad_date"),
    ],
)
def test_dates_that_are_not_read(text: str, rule: str) -> None:
    assert parse_date(text).rule == rule


def test_date_in_three_parts() -> None:
    assert parse_date_parts("2021|10|1").value == date(2021, 10, 1)
    assert parse_date_parts("2021.0|10|01").value == date(2021, 10, 1)
    assert parse_date_parts("||") == (None, "", "quarantined")
    assert parse_date_parts("2021|10|").rule == "incomplete_date"
    assert parse_date_parts("2021|2|31").rule == "impossible_date"
    assert parse_date_parts("44470||").value == date(2021, 10, 1)
    assert parse_date_parts("октомври 2021||").rule == "bad_date"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 589 860, 38 лв.", 1589860.38),
        ("1589860,38", 1589860.38),
        ("1.589.860,38", 1589860.38),
        ("1,589,860.38", 1589860.38),
        ("5.25", 5.25),
        ("5,125", 5.125),
        ("650 лв", 650.0),
        ("−3", -3.0),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert as_float(tidy(text.replace(" ", "\u00a0"))) == value


@pytest.mark.parametrize("text", ["5 6", "", "лв.", "1,2,3", "nan", "inf", "٣", "12,", "5 часа"])
def test_not_numbers(text: str) -> None:
    assert as_float(text) is None


def test_bounds_and_whole_numbers() -> None:
    hours = number_parser(0, 300)
    assert hours("300").value == 300
    assert hours("300,5").rule == hours("-1").rule == "out_of_range"
    whole = number_parser(whole=True)
    assert whole("7.0").value == 7 and isinstance(whole("7.0").value, int)
    assert whole("7,5").rule == "bad_integer"
    assert whole("1e99").rule == "bad_integer"


@pytest.mark.parametrize(
    ("text", "grade"),
    [("5", 5), ("5.0", 5), ("05", 5), ("V", 5), ("V клас", 5), ("ІХ", 9), ("ХІІ", 12), ("VІІІ", 8), ("5-ти", 5),
     ("7-ма", 7), ("четвърта", 4), ("четвърта а", 4), ("единадесети клас", 11), ("11. д", 11), ("5 \"а\"", 5),
     ("Vа", 5), ("-4", -4), ("22", 22), ("І - ІV", 22), ("трета група", -2), ("10", 10), ("Х", 10)],
)  # fmt: skip
def test_grades(text: str, grade: int) -> None:
    assert parse_grade(text).value == grade


@pytest.mark.parametrize("text", ["5-май", "01.май", "May-05", "2021-05-05", "5.05.2021", "44321"])
def test_grades_that_excel_made_dates(text: str) -> None:
    assert parse_grade(text).rule == "grade_became_date"


@pytest.mark.parametrize("text", ["14", "0", "99", "служебна", "сборна 1", "1 3", "паралелка V-ХII Б"])
def test_grades_not_recognised(text: str) -> None:
    assert parse_grade(text).rule == "bad_grade"


@pytest.mark.parametrize(
    ("text", "section"),
    [("а", "А"), ("А", "А"), ("a", "А"), ("9 а", "А"), ("11. д", "Д"), ("5 \"а\"", "А"), ("V а", "А"), ("Vа", "А"),
     ("5a", "А"), ("V-а", "А"), ("5-ти а", "А"), ("четвърта а", "А"), ("паралелка V-ХII Б", "Б"), ("IX", "IX"),
     ("Детелинки", "Детелинки"), ("сборна 1", "сборна 1"), ("„б“", "Б")],
)  # fmt: skip
def test_sections(text: str, section: str) -> None:
    assert parse_section(text).value == section


def test_school_codes() -> None:
    parse = school_code_parser(frozenset({"2699001", "0100006"}), must_be_known=True)
    assert parse("2699001") == ("2699001", "", "quarantined")
    assert parse("100006") == ("0100006", "school_zero", "repaired")
    assert parse("2699001.0").value == "2699001"
    assert parse("2699009").rule == parse("200007").rule == "unknown_school"
    assert parse("26990010").rule == parse("ОУ 1").rule == "bad_school_code"
    anywhere = school_code_parser(frozenset({"2699001"}), must_be_known=False)
    assert anywhere("2200033").value == "2200033"


@pytest.mark.parametrize("text", ["2021", "2021.0", "2021/2022", "2021-2022", "2021/22", "2021 - 2022", "2021/2022 г."])
def test_school_years(text: str) -> None:
    assert parse_school_year(text).value == 2021


@pytest.mark.parametrize("text", ["2021/2023", "21/22", "2021/20", "1021", "есен"])
def test_school_years_not_recognised(text: str) -> None:
    assert parse_school_year(text).rule == "bad_school_year"


def test_codes_meet_their_variants() -> None:
    parse = code_parser(load_codes()["isun_education"])
    assert parse(tidy("Основно образование (начално  или прогимназиално)")).value == "primary_or_lower_secondary"
    exact = "Следгимназиално (професионално обучение след средно образование – ІV степен)"
    assert parse(exact).value == "post_secondary"
    assert parse("ВИСШЕ ОБРАЗОВАНИЕ.").value == "tertiary"
    assert parse("Bиcше oбpaзoвaниe").value == "tertiary"  # Latin B, c, o, p, a, e
    assert parse("незавършено").rule == "unknown_code"
    assert code_parser(load_codes()["education_form"])("501.0").value == "individual"


def test_other_and_refusals() -> None:
    parse = with_refusals(code_parser(load_codes()["training_kind"], other=True))
    assert parse("курс по готварство").value == "other"
    assert parse("отказ") == (None, "answer_refused", "noted")
    assert with_refusals(number_parser(0, 300))("99").value == 99
    assert with_refusals(number_parser(0, 300))("-9").rule == "answer_refused"
    assert with_refusals(parse_date)("няма данни").rule == "answer_unknown"


def test_a_study_adds_its_own_texts() -> None:
    codes = with_codes(load_codes()["discharge_reason"], {"dropout": ["чл. 173"], "other": ["чужбина"]})
    parse = code_parser(codes)
    assert parse("Чл. 173").value == "dropout"
    assert parse("чужбина").value == "other"
    assert parse("починал").value == "death"


@pytest.mark.parametrize("text", ["да", "Да", "ДА", "ДA", "дa", "yes", "1", "1.0", "х", "X", "Х"])
def test_yes(text: str) -> None:
    assert boolean_parser()(text).value is True


@pytest.mark.parametrize("text", ["не", "HE", "НЕ", "He", "0", "no"])
def test_no(text: str) -> None:
    assert boolean_parser()(text).value is False


def test_employers() -> None:
    assert parse_employer("999000001").value == "999000001"
    assert parse_employer("903946") == ("000903946", "employer_zero", "repaired")
    assert parse_employer("903947").rule == "bad_employer"
    assert parse_employer("Фирма").rule == "bad_employer"


def test_look_alikes() -> None:
    assert fold("Bиcше") == "Висше"
    assert fold("ХІІ") == "XII"
    assert fold("word") == "word"
    assert comparable("MЪЖ") == comparable("мъж.") == comparable(" Мъж ".strip())


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_masked_text_holds_no_digit_and_no_letter(text: str) -> None:
    shape = masked(text)
    assert not any(sign.isnumeric() for sign in shape)
    assert all(sign == "x" for sign in shape if sign.isalpha())


def test_shown_hides_what_looks_personal() -> None:
    assert shown("31.02.2022") == "31.02.2022"
    assert shown("2021-13-01 00:00:00") == "2021-13-01 00:00:00"
    assert "#" * 10 in shown("8001010005")
    assert shown("Примерова") == "x" * 9
    assert shown("безработен до 6 м") == "безработен до 6 м"
    assert shown("Висше обр.", ["висше образование"]) == "Висше обр."
    assert "@" in shown("ivan@example.org") and "ivan" not in shown("ivan@example.org")
