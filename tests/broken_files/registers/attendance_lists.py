"""Присъствени списъци, сумирани по лице и дейност / attendance lists, summed by person and activity."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import csv, grid_xlsx
from ..people import ADULTS
from ..tables import Table, table_of

PATH = "project/attendance_R.xlsx"
CSV = "project/attendance_R.csv"
REGISTER = Register("attendance")


def attendance() -> Table:
    rows = [
        {
            "activity": "R2",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "last_name": person.last,
            "first_day": date(2022, 3, 1 + place),
            "last_day": date(2022, 4, 1 + place),
            "hours": 30.0,
            "completed": "да",
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("attendance_lists", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(attendance().grid)


@REGISTER.broken(CSV, accepted())
def tabs_in_utf16() -> bytes:
    """„Unicode текст“ от Excel / Excel's Unicode text."""
    return csv(attendance().grid, "\t", "utf-16")


@REGISTER.broken(PATH, refused())
def no_column_of_completion() -> bytes:
    """Няма колона „Завършил дейността“: без нея всички биха се смятали за незавършили / without it nobody finished."""
    return grid_xlsx(attendance().without("completed").grid)


@REGISTER.broken(PATH, refused())
def no_column_of_hours() -> bytes:
    """Няма колона „Посетени часове“ / the hours are not there."""
    return grid_xlsx(attendance().without("hours").grid)


@REGISTER.broken(PATH, accepted())
def activities_retyped() -> bytes:
    """Код „Р2“ на кирилица, „r2“ и с интервал / the code in Cyrillic, in small letters and with a blank."""
    return grid_xlsx(attendance().put(0, "activity", "Р2").put(1, "activity", "r2").put(2, "activity", " R2 ").grid)


@REGISTER.broken(PATH, quarantined(3, 4, lost=(1, 2)))
def activities_nobody_declared() -> bytes:
    """Дейност „R12“ и празна дейност / an activity that is none, and none at all."""
    return grid_xlsx(attendance().put(1, "activity", "R12").put(2, "activity", None).grid)


@REGISTER.broken(PATH, quarantined(2, lost=(0,)))
def last_day_before_the_first() -> bytes:
    """Последният ден е преди първия / the last day comes before the first."""
    return grid_xlsx(attendance().put(0, "last_day", date(2022, 2, 1)).grid)


@REGISTER.broken(PATH, quarantined(6, lost=(4,)))
def begun_before_the_project() -> bytes:
    """Първи ден преди началото на проекта / a first day before the project began."""
    return grid_xlsx(attendance().put(4, "first_day", date(2020, 3, 1)).grid)


@REGISTER.broken(PATH, accepted(cells={(0, "hours"): None, (1, "hours"): None}, told_of_file=True))
def hours_that_cannot_be() -> bytes:
    """Часове −5 и „около 20“ / hours below zero, and about twenty."""
    return grid_xlsx(attendance().put(0, "hours", -5).put(1, "hours", "около 20").grid)


@REGISTER.broken(PATH, accepted(cells={(3, "completed"): None, (5, "completed"): False}, told_of_file=True))
def completion_in_other_words() -> bytes:
    """„Х“, „ДА“, „частично“ и „не“ / a cross, capitals, „in part“ and no."""
    table = attendance().put(1, "completed", "х").put(2, "completed", "ДА")
    return grid_xlsx(table.put(3, "completed", "частично").put(5, "completed", "не").grid)


@REGISTER.broken(PATH, quarantined(8))
def row_of_totals() -> bytes:
    """Ред „ВСИЧКО:“ под списъка / a row that adds up below the list."""
    table = attendance()
    return grid_xlsx(table.add(table.blank(activity="ВСИЧКО:", hours=180.0)).grid)


@REGISTER.broken(PATH, quarantined(4, 8, lost=(2,)))
def one_person_two_truths() -> bytes:
    """Едно лице с един и същ първи ден и различни часове / one person, one first day, other hours."""
    table = attendance()
    return grid_xlsx(table.add(table.rows[2]).put(6, "hours", 12.0).grid)


@REGISTER.broken(PATH, quarantined(5, lost=(3,)))
def name_in_place_of_the_number() -> bytes:
    """В колоната за ЕГН стои име / a name stands where the number should."""
    return grid_xlsx(attendance().put(3, "person_id", "Иванов").grid)


@REGISTER.broken(PATH, refused())
def captions_alone() -> bytes:
    """Само заглавният ред / the captions and no row."""
    return grid_xlsx(attendance().grid[:1])


@REGISTER.broken(PATH, repaired(told=(4,)))
def zeros_lost() -> bytes:
    """ЕГН като числа: водещата нула е изгубена / numbers as numbers: a leading zero is lost."""
    return grid_xlsx(attendance().change("person_id", lambda value: int(str(value))).grid)
