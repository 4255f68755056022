"""Месечен файл за отсъствия (НЕИСПУО/АСП) / monthly absence file."""

from __future__ import annotations

from collections.abc import Callable

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import locked, noise, zipped
from ..people import FOREIGNER, PUPILS, misprinted

PATH = "absences/2021.zip"
MEMBER = "2699001_2021_10.txt"
REGISTER = Register("absences")
HOURS = (("4.00", "0.00"), ("0.00", "3.50"), ("12.00", "4.00"), ("0.00", "0.00"), ("7.50", "21.00"), ("2.00", "4.00"))
(
    SCHOOL,
    YEAR,
    MONTH,
    KIND,
    NUMBER,
    FIRST,
    MIDDLE,
    LAST,
    GRADE,
    CODE,
    GROUP,
    SECTION,
    ATTENDS,
    LEFT,
    EXCUSED,
    UNEXCUSED,
) = range(16)


def lines() -> list[list[str]]:
    return [
        ["2699001", "2021", "10", "", person.number, person.first, person.middle, person.last, "07", "1701", "", "7а",
         "да", "", *HOURS[place]]
        for place, person in enumerate(PUPILS)
    ]  # fmt: skip


def put(rows: list[list[str]], row: int, field: int, value: str) -> list[list[str]]:
    rows[row][field] = value
    return rows


def change(field: int, how: Callable[[str], str]) -> list[list[str]]:
    rows = lines()
    for row in rows:
        row[field] = how(row[field])
    return rows


def member(rows: list[list[str]], encoding: str = "cp1251", end: str = "\r\n") -> bytes:
    return "".join("|".join(row) + end for row in rows).encode(encoding)


def archive(rows: list[list[str]]) -> bytes:
    return zipped({MEMBER: member(rows)})


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return archive(lines())


@REGISTER.broken(PATH, accepted())
def decimal_commas() -> bytes:
    """Десетична запетая в половината редове / decimal commas in half of the lines."""
    rows = lines()
    for row in rows[::2]:
        row[EXCUSED], row[UNEXCUSED] = row[EXCUSED].replace(".", ","), row[UNEXCUSED].replace(".", ",")
    return archive(rows)


@REGISTER.broken(PATH, repaired(told=(1, 2, 4, 5)))
def zeros_lost() -> bytes:
    """Загубени водещи нули в ЕГН, месец и випуск / leading zeros lost in number and grade."""
    rows = change(NUMBER, lambda value: value.lstrip("0"))
    for row in rows:
        row[GRADE] = "7"
    return archive(rows)


@REGISTER.broken(PATH, accepted())
def utf8_with_a_mark() -> bytes:
    """utf-8 с BOM вместо windows-1251 / utf-8 with a byte order mark in place of cp1251."""
    return zipped({MEMBER: member(lines(), "utf-8-sig")})


@REGISTER.broken(PATH, quarantined(1))
def with_a_caption_line() -> bytes:
    """Добавен е ред със заглавия / somebody added a line of captions."""
    captions = ["код", "учебна година", "месец", "вид", "идентификатор", "име", "презиме", "фамилия", "випуск",
                "код паралелка", "код група", "паралелка", "посещава", "отписан", "извинени", "неизвинени"]  # fmt: skip
    return archive([captions, *lines()])


@REGISTER.broken(PATH, quarantined(2, 5, lost=(1, 4)))
def fields_too_few_and_too_many() -> bytes:
    """Ред с 15 полета и ред със 17 / a line of 15 fields and one of 17."""
    rows = lines()
    del rows[1][GROUP]
    rows[4].insert(LAST, "Иванова")
    return archive(rows)


@REGISTER.broken(PATH, quarantined(1, 2, 3, lost=(0, 1, 2)))
def impossible_hours() -> bytes:
    """Отрицателни, 4000 и буква О вместо нула / negative hours, 4000 of them, and the letter O."""
    rows = put(put(lines(), 0, EXCUSED, "-2.00"), 1, UNEXCUSED, "4000.00")
    return archive(put(rows, 2, UNEXCUSED, "О.00"))


@REGISTER.broken(PATH, quarantined(1, 2, 3, lost=(0, 1, 2)))
def impossible_months() -> bytes:
    """Месец 13, 00 и „октомври“ / month 13, month 00 and a word."""
    return archive(put(put(put(lines(), 0, MONTH, "13"), 1, MONTH, "00"), 2, MONTH, "октомври"))


ONE = {(4, "person_id"): FOREIGNER, (4, "id_type"): "lnch", (4, "birth_year"): None}


@REGISTER.broken(PATH, quarantined(6, lost=(5,), cells=ONE))
def foreigners() -> bytes:
    """ЛНЧ с вид 1; сгрешен ЛНЧ с вид 1 / a foreigner's number with its type, and a wrong one."""
    rows = put(put(lines(), 4, NUMBER, FOREIGNER), 4, KIND, "1")
    return archive(put(put(rows, 5, NUMBER, misprinted(FOREIGNER)), 5, KIND, "1"))


@REGISTER.broken(PATH, accepted())
def mixed_line_ends() -> bytes:
    """Смесени краища на редове и празни редове накрая / mixed line ends and blank lines at the end."""
    rows = lines()
    return zipped({MEMBER: member(rows[:3]) + member(rows[3:], end="\n") + b"\r\n\r\n\n"})


@REGISTER.broken(PATH, refused())
def cut_archive() -> bytes:
    """Прекъснат архив / the archive is cut off."""
    content = archive(lines() * 1)
    return content[: len(content) * 2 // 3]


@REGISTER.broken(PATH, accepted())
def what_a_mac_adds() -> bytes:
    """В архива има папка, .DS_Store и __MACOSX / a folder, and what a Mac adds of its own."""
    rubbish = {".DS_Store": noise(200), f"__MACOSX/._{MEMBER}": noise(120)}
    return zipped({f"октомври/{MEMBER}": member(lines()), **rubbish})


@REGISTER.broken(PATH, refused())
def locked_archive() -> bytes:
    """Архив с парола / an archive with a password."""
    return locked(archive(lines()))


@REGISTER.broken(PATH, refused())
def empty_archive() -> bytes:
    """Празен архив / an archive of nothing."""
    return zipped({})


@REGISTER.broken(PATH, accepted(or_refused=True))
def other_separator() -> bytes:
    """„;“ вместо „|“ / semicolons in place of bars."""
    return zipped({MEMBER: member(lines()).replace(b"|", b";")})


@REGISTER.broken(PATH, quarantined(1, 2, 3, 4, 5, 6))
def month_sent_twice() -> bytes:
    """Месецът е изпратен повторно под друго име / the month was sent again under another name."""
    return zipped({MEMBER: member(lines()), "2699001_2021_10_нов.txt": member(lines(), end="\n")})


@REGISTER.broken(PATH, quarantined(3, 7, lost=(2,)))
def two_counts_of_one_month() -> bytes:
    """Един ученик с два различни броя отсъствия за месеца / one pupil and month with two different counts."""
    rows = lines()
    return archive(put([*rows, list(rows[2])], 6, UNEXCUSED, "9.00"))


@REGISTER.broken("absences/2021.zip", refused())
def not_an_archive() -> bytes:
    """Текстов файл, преименуван на .zip, без отсъствия / a letter renamed to .zip."""
    return "Уважаеми колеги, изпращаме файла утре.".encode("cp1251")


@REGISTER.broken(PATH, accepted())
def member_that_climbs_out() -> bytes:
    """Име в архива, което сочи извън папката / a member's name that points outside the folder."""
    return zipped({f"../../{MEMBER}": member(lines())})


@REGISTER.broken(PATH, accepted())
def sections_and_attendance_retyped() -> bytes:
    """„7 "а"“, „VІІа“, латинско a; „Да“, „1“ / sections and attendance as schools write them."""
    rows = change(ATTENDS, lambda _: "Да")
    for row, section in zip(rows, ['7 "а"', "VІІа", "7a", "7 А", "VII-а", "7а "], strict=True):
        row[SECTION] = section
    return archive(put(rows, 1, ATTENDS, "1"))
