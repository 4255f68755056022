"""Регистрации в бюрото по труда (АЗ) / Labour Office registrations."""

from __future__ import annotations

from datetime import date, datetime

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Formula, Sheet, csv, grid_xlsx, noise, ods, xls, xlsx
from ..people import ADULTS, FOREIGNER, misprinted
from ..tables import Table, table_of

PATH = "labour_office/registrations.xlsx"
CSV = "labour_office/registrations.csv"
REGISTER = Register("registrations")


def registrations() -> Table:
    rows = [
        {
            "registration_no": f"РР-{1001 + place}",
            "group": "безработно",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "sex": person.sex,
            "education": "основно",
            "start_date": date(2020, 5, 11 + place),
            "end_date": date(2022, 2, 1 + place) if place % 2 else None,
            "end_reason": "започнал работа" if place % 2 else None,
            "status": "прекратена" if place % 2 else "активна",
            "office": "ДБТ - Хасково",
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("labour_registrations", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(registrations().grid)


@REGISTER.broken(PATH, accepted())
def letterhead_above_the_table() -> bytes:
    """Бланка, заглавие и празен ред над таблицата / letterhead, title and a blank row above the table."""
    head = [["АГЕНЦИЯ ПО ЗАЕТОСТТА"], ["Дирекция „Бюро по труда“ – Хасково"], [None], ["Справка към 30.06.2024 г."], []]
    return grid_xlsx([*head, *registrations().grid])


@REGISTER.broken(PATH, quarantined(8, 10, 11))
def total_and_signatures() -> bytes:
    """„Общо: 6“, „Изготвил“ и „Директор“ под таблицата / a total and two signatures below the table."""
    table = registrations()
    table = table.add(table.note("Общо: 6")).add([None] * len(table.names))
    return grid_xlsx(table.add(table.note("Изготвил: ст. експерт")).add(table.note("Директор: ………")).grid)


@REGISTER.broken(PATH, accepted())
def dates_with_time_of_day() -> bytes:
    """Дати с час, с „г.“, ISO и сериен номер / dates with a time of day, with the word year, ISO, serial."""
    days = [datetime(2020, 5, 11, 9, 30), "12.05.2020 г.", "2020-05-13 00:00:00", 43965, "15.5.20", "16.05.2020 08:15"]
    return grid_xlsx(registrations().fill("start_date", days).grid)


@REGISTER.broken(PATH, quarantined(3, 5, lost=(1, 3)))
def ended_before_it_began() -> bytes:
    """Прекратяване преди регистрация; 31.12.9999 / an end before its start, and the year 9999."""
    return grid_xlsx(registrations().put(1, "end_date", date(2019, 1, 1)).put(3, "end_date", "31.12.9999").grid)


@REGISTER.broken(PATH, accepted(cells={(1, "end_reason"): "other", (3, "end_reason"): "no_show"}))
def reasons_in_other_words() -> bytes:
    """Причина извън списъка и „Неявяване по график.“ / a reason outside the list and one retyped."""
    table = registrations().put(1, "end_reason", "заминал за чужбина")
    return grid_xlsx(table.put(3, "end_reason", "НЕЯВЯВАНЕ по  график.").grid)


@REGISTER.broken(PATH, quarantined(2, 3, 5, lost=(0, 1, 3)))
def letters_in_numbers() -> bytes:
    """Буква З вместо 3, О вместо 0, размити цифри / letters for digits, and a wrong check digit."""
    table = registrations().put(0, "person_id", ADULTS[0].number.replace("0", "O"))
    table = table.put(1, "person_id", ADULTS[1].number.replace("3", "З", 1))
    return grid_xlsx(table.put(3, "person_id", misprinted(ADULTS[3].number)).grid)


@REGISTER.broken(PATH, quarantined(4, 8, lost=(2,)))
def one_registration_two_stories() -> bytes:
    """Една регистрация с две различни начални дати / one registration with two different starts."""
    table = registrations()
    return grid_xlsx(table.add(table.rows[2]).put(6, "start_date", date(2021, 1, 4)).grid)


@REGISTER.broken(PATH, accepted())
def formulas_with_values() -> bytes:
    """ЕГН и датата идват от формули / numbers and dates come from formulas that Excel has computed."""
    table = registrations()
    numbers = [Formula(f'TEXT({place},"0")&"{place}"', person.number) for place, person in enumerate(ADULTS)]
    return grid_xlsx(table.fill("person_id", numbers).put(0, "start_date", Formula("DATE(2020,5,11)", 43962)).grid)


@REGISTER.broken(PATH, quarantined(2, 5, lost=(0, 3)))
def formulas_never_computed() -> bytes:
    """Формули без запазена стойност / formulas that no program has computed."""
    table = registrations().put(0, "person_id", Formula("A1&B1"))
    return grid_xlsx(table.put(3, "start_date", Formula("TODAY()-1")).grid)


@REGISTER.broken(PATH, accepted())
def filter_left_on() -> bytes:
    """Скрити от филтър редове / rows hidden by a filter are data all the same."""
    return xlsx(Sheet("Справка", registrations().grid, hidden_rows=(3, 4, 6)))


@REGISTER.broken(PATH, accepted())
def empty_sheet_first() -> bytes:
    """Първият лист е празен / the first sheet is empty."""
    return xlsx(Sheet("Лист1", []), Sheet("Лист2", registrations().grid))


@REGISTER.broken("labour_office/registrations.xml", refused())
def answer_of_the_web_service() -> bytes:
    """Отговор на RegiX (xml) вместо таблица / the web service's xml answer in place of a table."""
    return "<?xml version='1.0' encoding='utf-8'?><JobSeekerStatus><Status>активна</Status></JobSeekerStatus>".encode()


@REGISTER.broken("labour_office/registrations.xls", repaired(told=(4,)))
def old_workbook_with_numbers() -> bytes:
    """Стар .xls, ЕГН като число / the old format, personal numbers as numbers."""
    return xls(registrations().change("person_id", lambda value: int(str(value))).grid)


@REGISTER.broken("labour_office/registrations.ods", accepted())
def open_document() -> bytes:
    """Таблица на LibreOffice / a LibreOffice spreadsheet."""
    return ods(registrations().grid)


@REGISTER.broken(CSV, refused())
def random_bytes() -> bytes:
    """Случайни байтове с име .csv / random bytes named .csv."""
    return noise(3000, seed=11)


@REGISTER.broken(CSV, quarantined(5, lost=(3,), told=(4,)))
def foreigner_of_the_wrong_type() -> bytes:
    """windows-1251; ЛНЧ, отбелязан като ЕГН; загубена нула / cp1251, a foreigner marked as a citizen, a zero lost."""
    table = registrations().put(3, "person_id", FOREIGNER).put(2, "person_id", ADULTS[2].number.lstrip("0"))
    return csv(table.grid, encoding="cp1251")


@REGISTER.broken(PATH, refused())
def other_register_under_this_name() -> bytes:
    """Под това име е пратен друг регистър / another table was sent under this name."""
    return grid_xlsx(
        [["ЕКАТТЕ", "Населено място", "Жители"], ["77195", "гр. Хасково", 70000], ["21155", "с. Динево", 900]]
    )
