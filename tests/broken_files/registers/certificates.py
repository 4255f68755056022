"""Удостоверения и свидетелства / certificates issued to participants."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import csv, grid_xlsx, text
from ..people import ADULTS
from ..tables import Table, table_of

PATH = "project/certificates.xlsx"
CSV = "project/certificates.csv"
REGISTER = Register("certificates")


def certificates() -> Table:
    rows = [
        {
            "certificate_no": f"{place + 1}/2022",
            "kind": "Удостоверение за професионално обучение",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "last_name": person.last,
            "training": "Обучение по част от професия",
            "activity": "R3",
            "hours": 300.0,
            "issue_date": date(2022, 6, 10 + place),
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("certificates", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(certificates().grid)


@REGISTER.broken(CSV, accepted())
def semicolons_in_windows_text() -> bytes:
    """Точка и запетая в windows-1251 / semicolons in cp1251."""
    return csv(certificates().grid, ";", "cp1251")


@REGISTER.broken(PATH, refused())
def no_column_of_dates() -> bytes:
    """Няма колона „Дата на издаване“ / the date of issue is not there."""
    return grid_xlsx(certificates().without("issue_date").grid)


@REGISTER.broken(PATH, refused())
def no_column_of_kinds() -> bytes:
    """Няма колона „Вид на документа“ / the kind of document is not there."""
    return grid_xlsx(certificates().without("kind").grid)


@REGISTER.broken(PATH, quarantined(2, 4, lost=(0, 2)))
def issued_out_of_time() -> bytes:
    """Издадено преди проекта и след датата на данните / issued before the project and after the cut-off."""
    return grid_xlsx(certificates().put(0, "issue_date", date(2019, 5, 1)).put(2, "issue_date", date(2025, 1, 1)).grid)


@REGISTER.broken(PATH, quarantined(3, 6, lost=(1, 4)))
def dates_that_are_none() -> bytes:
    """Дата „31.06.2022“ и „юни“ / a day that does not exist, and a month alone."""
    return grid_xlsx(certificates().put(1, "issue_date", "31.06.2022").put(4, "issue_date", "юни").grid)


@REGISTER.broken(PATH, quarantined(2, lost=(0,)))
def a_kind_nobody_knows() -> bytes:
    """Документ „Грамота“ / a kind of document that is none of the list."""
    return grid_xlsx(certificates().put(0, "kind", "Грамота").grid)


@REGISTER.broken(PATH, accepted())
def kinds_retyped() -> bytes:
    """Видът е с главни букви, с латински букви и с точка / the kind in capitals, in look-alikes, with a full stop."""
    table = certificates().put(0, "kind", "УДОСТОВЕРЕНИЕ ЗА ПРОФЕСИОНАЛНО ОБУЧЕНИЕ")
    return grid_xlsx(table.put(1, "kind", "Yдocтoвepeниe за  професионално обучение.").grid)


@REGISTER.broken(PATH, accepted(cells={(3, "hours"): None, (4, "hours"): None}, told_of_file=True))
def hours_in_words() -> bytes:
    """Часове „триста“ и 30 000 / hours in words, and ten times too many."""
    return grid_xlsx(certificates().put(3, "hours", "триста").put(4, "hours", 30_000).grid)


@REGISTER.broken(PATH, quarantined(8))
def row_of_totals() -> bytes:
    """Последният ред е „Общо“ / the last row adds up."""
    table = certificates()
    return grid_xlsx(table.add(table.blank(certificate_no="Общо", hours=1800.0)).grid)


@REGISTER.broken(PATH, quarantined(8))
def one_certificate_twice() -> bytes:
    """Едно удостоверение е записано два пъти / a certificate written twice."""
    table = certificates()
    return grid_xlsx(table.add(table.rows[2]).grid)


@REGISTER.broken(PATH, quarantined(5, lost=(3,)))
def wrong_check_digit() -> bytes:
    """Сгрешена последна цифра на ЕГН / a slip in the last digit of a number."""
    table = certificates()
    number = str(table.cell(3, "person_id"))
    return grid_xlsx(table.put(3, "person_id", number[:9] + str((int(number[9]) + 1) % 10)).grid)


@REGISTER.broken(CSV, refused())
def letter_in_place_of_a_table() -> bytes:
    """Придружително писмо вместо списък / a covering letter in place of the list."""
    return text([["Уважаеми колеги,"], ["приложено изпращаме списъка."]]).encode("utf-8")


@REGISTER.broken(PATH, accepted())
def number_with_blanks() -> bytes:
    """ЕГН с интервали / a number with blanks inside: the digits say it all, nothing is mended."""
    table = certificates()
    number = str(table.cell(2, "person_id"))
    return grid_xlsx(table.put(2, "person_id", f"{number[:6]} {number[6:]}").grid)


@REGISTER.broken(PATH, repaired(told=(4,)))
def zeros_lost() -> bytes:
    """ЕГН като числа: водещата нула е изгубена / numbers as numbers: a leading zero is lost."""
    return grid_xlsx(certificates().change("person_id", lambda value: int(str(value))).grid)
