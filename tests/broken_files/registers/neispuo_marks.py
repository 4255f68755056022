"""Срочен и годишен успех по ученици (НЕИСПУО) / term and yearly marks by pupil."""

from __future__ import annotations

from datetime import datetime

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import csv, encrypted_office, grid_xlsx, text
from ..people import PUPILS, misprinted
from ..tables import Table, table_of

PATH = "neispuo/marks_2021.xlsx"
CSV = "neispuo/marks_2021.csv"
REGISTER = Register("marks")
MARKS = (5.5, 3.25, 4.0, 2.75, 6.0, 5.12)


def marks() -> Table:
    rows = [
        {
            "school_year": "2021/2022",
            "school_code": f"269900{1 + place % 3}",
            "school_name": "Училище „Пример“",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "grade": "7",
            "gpa_first_term": MARKS[place],
            "gpa_second_term": MARKS[place],
            "gpa": MARKS[place],
        }
        for place, person in enumerate(PUPILS)
    ]
    return table_of("neispuo_marks", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(marks().grid)


@REGISTER.broken(CSV, accepted())
def commas_and_points() -> bytes:
    """Десетична запетая и точка в един файл / decimal commas and points in one file."""
    return csv(marks().fill("gpa", ["5.50", "3,25", " 4,00", "2.75", "6", "5,12\xa0"]).grid)


@REGISTER.broken(
    PATH, accepted(cells={(0, "gpa"): None, (1, "gpa"): None, (3, "gpa_first_term"): None}, told=(2, 3, 5))
)
def comma_forgotten() -> bytes:
    """Пропусната запетая (550), нула и отрицателна оценка / a comma forgotten, a zero, a negative mark."""
    return grid_xlsx(marks().put(0, "gpa", 550).put(1, "gpa", 0).put(3, "gpa_first_term", -3).grid)


@REGISTER.broken(PATH, accepted(cells={(0, "gpa"): None, (2, "gpa"): None}, told=(2, 4)))
def words_for_marks() -> bytes:
    """„Отличен 5,50“ и „Добър (4)“ вместо число / words beside the mark."""
    return grid_xlsx(marks().put(0, "gpa", "Отличен 5,50").put(2, "gpa", "Добър (4)").grid)


@REGISTER.broken(PATH, accepted(cells={(5, "gpa"): None}, told=(7,)))
def excel_made_a_mark_a_date() -> bytes:
    """Excel е направил 5 декември от 5.12 / Excel made 5 December of the mark 5.12."""
    return grid_xlsx(marks().put(5, "gpa", datetime(2022, 12, 5)).grid)


@REGISTER.broken(PATH, accepted(cells={(1, "gpa_second_term"): None, (2, "gpa"): None, (4, "gpa"): None}, told=(4, 6)))
def marks_not_given() -> bytes:
    """Празна оценка, „н.д.“ и „n/a“ / a mark left empty, and two ways to say no data."""
    return grid_xlsx(marks().put(1, "gpa_second_term", None).put(2, "gpa", "н.д.").put(4, "gpa", "n/a").grid)


@REGISTER.broken(CSV, accepted())
def unicode_text_big_endian() -> bytes:
    """utf-16 (big endian) с табулации / utf-16, big endian, with tabs."""
    return b"\xfe\xff" + text(marks().grid, "\t").encode("utf-16-be")


@REGISTER.broken(PATH, refused())
def first_term_report_only() -> bytes:
    """Изпратена е справката само за първия срок / the report of the first term only: no yearly mark."""
    return grid_xlsx(marks().without("gpa_second_term", "gpa").grid)


@REGISTER.broken(PATH, accepted())
def roman_one_in_cyrillic() -> bytes:
    """„І срок“ с украинско І, интервали и нов ред / the Roman numeral typed as a Cyrillic letter, a line break."""
    table = (
        marks()
        .caption("gpa_first_term", "Средна оценка през І срок ")
        .caption("gpa", "Средна оценка за\nучебната година")
    )
    return grid_xlsx(table.caption("gpa_second_term", "СРЕДНА ОЦЕНКА ПРЕЗ ІІ СРОК").grid)


@REGISTER.broken(PATH, accepted(or_refused=True))
def captions_over_two_rows() -> bytes:
    """Заглавието е на два реда с обща група „Среден успех“ / a group caption stands over the marks' captions."""
    table = marks()
    group = ["Среден успех" if name == "gpa_first_term" else None for name in table.names]
    return grid_xlsx([group, *table.grid])


@REGISTER.broken(PATH, quarantined(9))
def signature_with_a_name() -> bytes:
    """Празен ред и „Изготвил:“ с име / a blank row and the clerk's name."""
    table = marks()
    note = table.note(f"Изготвил: {PUPILS[4].first} {PUPILS[4].middle} {PUPILS[4].last}")
    return grid_xlsx(table.add([None] * len(table.names)).add(note).grid)


@REGISTER.broken(CSV, accepted())
def workbook_named_csv() -> bytes:
    """Файл на Excel, преименуван на .csv / a workbook renamed to .csv."""
    return grid_xlsx(marks().grid)


@REGISTER.broken(CSV, quarantined(7, lost=(5,)))
def cut_in_the_last_line() -> bytes:
    """Файлът свършва по средата на последния ред / the file ends within its last line."""
    whole = text(marks().grid)
    return whole[: whole.rindex(PUPILS[5].number) + 7].encode("utf-8")


@REGISTER.broken(PATH, quarantined(2, 3, 4, lost=(0, 1, 2)))
def numbers_with_rubbish() -> bytes:
    """ЕГН с текст след него, с 11 цифри и сгрешено / a number with text behind it, one of 11 digits, a wrong one."""
    table = marks().put(0, "person_id", f"{PUPILS[0].number} (майка)").put(1, "person_id", f"{PUPILS[1].number}7")
    return grid_xlsx(table.put(2, "person_id", misprinted(PUPILS[2].number)).grid)


@REGISTER.broken(PATH, quarantined(2, 3, 4, 5, 6, 7, lost=(0, 1, 2, 3, 4, 5), or_refused=True))
def captions_moved_by_one() -> bytes:
    """Заглавията са изместени с една колона спрямо данните / all captions stand one column beside their data."""
    table = marks()
    return grid_xlsx([[*table.captions[1:], table.captions[0]], *[list(row) for row in table.rows]])


@REGISTER.broken(PATH, refused())
def locked_with_a_password() -> bytes:
    """Файл с парола / a workbook with a password."""
    return encrypted_office()


@REGISTER.broken(PATH, repaired(told=(2, 3, 5, 6)))
def numbers_as_numbers() -> bytes:
    """ЕГН и оценките са числа, нулите са загубени / numbers as numbers, zeros lost, marks as text."""
    table = marks().change("person_id", lambda value: float(str(value)))
    return grid_xlsx(table.change("gpa", lambda value: f"{value:.2f}".replace(".", ",")).grid)
