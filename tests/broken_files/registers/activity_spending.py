"""Дейности и разходи / activities and spending, the team's own sheet."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused
from ..formats import csv, grid_xlsx
from ..tables import Table, table_of

PATH = "project/activity_spending.xlsx"
CSV = "project/activity_spending.csv"
REGISTER = Register("activity_spending")
CODES = ("R1", "R2", "R3", "R4", "N1", "N2")


def spending() -> Table:
    rows = [
        {
            "activity": code,
            "name": f"Дейност {code}",
            "contract": "BG05M9OP001-2.056-0014-C01",
            "duration_months": 12,
            "start_month": 1 + place,
            "planned_start": date(2021, 11, 1 + place),
            "planned_end": date(2022, 11, 1 + place),
            "actual_start": date(2021, 12, 1 + place),
            "actual_end": date(2022, 12, 1 + place),
            "status": "приключена",
            "measured_in": "лица",
            "planned_units": 100.0,
            "delivered_units": 90.0,
            "planned_hours": 300.0,
            "delivered_hours": 280.0,
            "planned_bgn": 10_000.0 + place,
            "spent_bgn": 9_500.5 + place,
        }
        for place, code in enumerate(CODES)
    ]
    return table_of("activity_spending", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(spending().grid)


@REGISTER.broken(CSV, accepted())
def decimal_commas_in_windows_text() -> bytes:
    """Десетични запетаи и windows-1251 / decimal commas in cp1251."""
    return csv(spending().grid, ";", "cp1251")


@REGISTER.broken(PATH, accepted())
def amounts_as_people_type_them() -> bytes:
    """„10 000,00 лв.“ с интервали и знак / amounts with blanks, comma and sign."""
    return grid_xlsx(spending().put(0, "planned_bgn", "10 000,00 лв.").put(1, "spent_bgn", "9\u00a0501,50").grid)


@REGISTER.broken(PATH, quarantined(8))
def row_of_totals() -> bytes:
    """Последният ред „Общо“ е верен сбор / a total that is right."""
    table = spending()
    total = table.blank(activity="Общо", planned_bgn=60_015.0, spent_bgn=57_018.0)
    return grid_xlsx(table.add(total).grid)


@REGISTER.broken(PATH, quarantined(8, told=(8,)))
def row_of_totals_that_is_wrong() -> bytes:
    """„ОБЩО“ в наименованието, с грешен сбор / a total under the name that is not the sum."""
    table = spending()
    return grid_xlsx(table.add(table.blank(name="ОБЩО", planned_bgn=61_000.0, spent_bgn=57_018.0)).grid)


@REGISTER.broken(PATH, refused())
def no_column_of_spending() -> bytes:
    """Няма колона „Извършени разходи (лв.)“ / the spending is not there."""
    return grid_xlsx(spending().without("spent_bgn").grid)


@REGISTER.broken(PATH, quarantined(3, lost=(1,)))
def an_activity_nobody_declared() -> bytes:
    """Код „X9“ / a code that is none of the list."""
    return grid_xlsx(spending().put(1, "activity", "X9").grid)


@REGISTER.broken(PATH, quarantined(2, 8, lost=(0,)))
def one_activity_twice() -> bytes:
    """Дейност R1 на два реда с различни суми / one activity on two rows with other amounts."""
    table = spending()
    return grid_xlsx(table.add(table.rows[0]).put(6, "spent_bgn", 1.0).grid)


@REGISTER.broken(PATH, quarantined(4, lost=(2,)))
def end_before_start() -> bytes:
    """Краят е преди началото / an end before its start."""
    return grid_xlsx(spending().put(2, "planned_end", date(2020, 1, 1)).grid)


@REGISTER.broken(PATH, accepted(cells={(0, "spent_bgn"): None, (3, "spent_bgn"): None}, told_of_file=True))
def amounts_that_cannot_be() -> bytes:
    """Отрицателна сума и „по договор“ / an amount below zero, and words in place of one."""
    return grid_xlsx(spending().put(0, "spent_bgn", -100).put(3, "spent_bgn", "по договор").grid)


@REGISTER.broken(PATH, accepted(cells={(4, "status"): None}, told_of_file=True))
def a_status_of_its_own() -> bytes:
    """Статус „отложена“ и „Изпълнява се“ / a status that is none of the list, and one that is."""
    return grid_xlsx(spending().put(4, "status", "отложена").put(5, "status", "Приключила").grid)


@REGISTER.broken(PATH, quarantined(5, lost=(3,)))
def no_name() -> bytes:
    """Дейност без наименование / an activity without a name."""
    return grid_xlsx(spending().put(3, "name", None).grid)


@REGISTER.broken(PATH, accepted())
def title_and_blank_rows_above() -> bytes:
    """Заглавие и празни редове над таблицата / a title and blank rows above the table."""
    return grid_xlsx([["Отчет за дейностите и разходите"], [], *spending().grid])


@REGISTER.broken(PATH, refused())
def dates_only() -> bytes:
    """Друг лист: график без суми / another sheet: a schedule without amounts."""
    return grid_xlsx(spending().order(["activity", "planned_start", "planned_end"]).grid)
