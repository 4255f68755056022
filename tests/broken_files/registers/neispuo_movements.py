"""Документи за преместване и отписване (НЕИСПУО) / transfer and discharge documents."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Sheet, csv, grid_xlsx, ods, text, xlsx
from ..people import PUPILS
from ..tables import Table, table_of

PATH = "neispuo/movements.xlsx"
CSV = "neispuo/movements.csv"
REGISTER = Register("movements")
DAY = date(2022, 3, 15)


def movements() -> Table:
    rows = [
        {
            "school_year": "2021/2022",
            "school_code": f"269900{1 + place // 2}",
            "school_name": "Училище „Пример“",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "document": "Документ за преместване" if place == 1 else "Документ за отписване",
            "document_status": "потвърден",
            "discharge_date": DAY,
            "reason": "преместен" if place == 1 else "отпаднал",
            "receiving_school": "2699003" if place == 1 else None,
        }
        for place, person in enumerate(PUPILS)
    ]
    return table_of("neispuo_movements", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(movements().grid)


@REGISTER.broken(PATH, accepted())
def dates_in_six_forms() -> bytes:
    """Дати: 15.03.2022 г., 15.3.22, ISO, сериен номер на Excel / one day written in six forms."""
    forms = ["15.03.2022 г.", "15.3.22", "2022-03-15", 44635, "15/03/2022", " 15.03.2022"]
    return grid_xlsx(movements().fill("discharge_date", forms).grid)


@REGISTER.broken(PATH, quarantined(2, 3, 4, lost=(0, 1, 2)))
def dates_that_are_none() -> bytes:
    """31.02.2022, 00.00.0000 и „март“ / a day that does not exist, zeros, and a word."""
    return grid_xlsx(movements().fill("discharge_date", ["31.02.2022", "00.00.0000", "март"]).grid)


@REGISTER.broken(PATH, accepted(cells={(2, "document_status"): "draft"}))
def states_retyped() -> bytes:
    """Статусът е с главни букви, точка и интервали; има и чернова / the state retyped; one draft."""
    table = movements().put(0, "document_status", "ПОТВЪРДЕН ").put(1, "document_status", "Потвърден.")
    table = table.put(2, "document_status", "Чернова").put(3, "document", "„Документ за отписване“")
    return grid_xlsx(table.put(4, "document", "Документ  за oтписване").grid)


@REGISTER.broken(PATH, quarantined(3, 6, lost=(1, 4)))
def grounds_nobody_mapped() -> bytes:
    """Непознато и празно основание за отписване / an unknown ground and an empty one."""
    return grid_xlsx(movements().put(1, "reason", "по желание на родителя").put(4, "reason", None).grid)


@REGISTER.broken(PATH, refused())
def grounds_left_out() -> bytes:
    """Липсва колоната „Основание за отписване“ / the column with the grounds is missing."""
    return grid_xlsx(movements().without("reason").grid)


@REGISTER.broken(PATH, repaired(cells={(0, "receiving_school"): "0100006", (1, "receiving_school"): "2200123"}))
def moved_out_of_town() -> bytes:
    """Приемащото училище е в друга община, един код е без водеща нула / the receiving school is elsewhere."""
    return grid_xlsx(movements().put(0, "receiving_school", 100006).put(1, "receiving_school", "2200123").grid)


@REGISTER.broken(PATH, accepted(cells={(1, "receiving_school"): None}, told=(3,)))
def receiving_school_by_name() -> bytes:
    """Приемащото училище е с име, не с код; документът пак важи / a name in place of the receiving school's code."""
    return grid_xlsx(movements().put(1, "receiving_school", "СУ „Пример“, гр. Пловдив").grid)


@REGISTER.broken(PATH, accepted())
def school_years_in_many_spellings() -> bytes:
    """Учебна година: 2021-2022, 2021/22, „2021/2022 уч. г.“, 2021 / the school year in six spellings."""
    forms = ["2021-2022", "2021/22", "2021/2022 уч. г.", 2021, "2021 / 2022 г.", "2021–2022"]
    return grid_xlsx(movements().fill("school_year", forms).grid)


@REGISTER.broken(PATH, quarantined(2, 4, 5, lost=(0, 2, 3)))
def school_years_that_are_none() -> bytes:
    """2022/2021, 2021/2023 и „миналата“ / years back to front, two years long, and a word."""
    table = movements().put(0, "school_year", "2022/2021").put(2, "school_year", "2021/2023")
    return grid_xlsx(table.put(3, "school_year", "миналата").grid)


@REGISTER.broken(CSV, accepted())
def mark_and_trailing_separators() -> bytes:
    """utf-8 с BOM, „;“ накрая на всеки ред / a byte order mark, and every line ends in separators."""
    return ("\ufeff" + text(movements().grid).replace("\r\n", ";;\r\n")).encode("utf-8")


@REGISTER.broken(PATH, accepted())
def cells_merged_down() -> bytes:
    """Кодът на училището е в обединена клетка за двама ученици / one merged school code for two pupils."""
    place = movements().names.index("school_code")
    letter = "ABCDEFGHIJKLMN"[place]
    areas = tuple(f"{letter}{row}:{letter}{row + 1}" for row in (2, 4, 6))
    return xlsx(Sheet("Справка", movements().grid, merged=areas))


@REGISTER.broken(PATH, quarantined(2, 8, lost=(0,)))
def two_grounds_for_one_document() -> bytes:
    """Един документ с две различни основания / one document with two different grounds."""
    table = movements()
    return grid_xlsx(table.add(table.rows[0]).put(6, "reason", "заминал в чужбина").grid)


@REGISTER.broken(PATH, refused())
def captions_only() -> bytes:
    """Само заглавен ред / captions without a single row."""
    return grid_xlsx(movements().grid[:1])


@REGISTER.broken(CSV, accepted(or_refused=True))
def nul_bytes() -> bytes:
    """Нулеви байтове в името на училището / NUL bytes inside cells."""
    return text(movements().grid).replace("„Пример“", "„При\x00мер“").encode("utf-8")


@REGISTER.broken(CSV, refused())
def empty_file() -> bytes:
    """Празен файл / a file of no bytes."""
    return b""


@REGISTER.broken("neispuo/movements.ods", accepted())
def title_in_an_open_document() -> bytes:
    """Ods със заглавие и празен ред над таблицата / a LibreOffice table under a title and a blank row."""
    return ods([["Справка за преместени и отписани ученици"], [], *movements().grid])


@REGISTER.broken(CSV, accepted())
def protected_by_formulas() -> bytes:
    """ЕГН, пазено като ="0943…" / numbers kept as text by way of a formula."""
    return csv(movements().change("person_id", lambda value: f'="{value}"').grid)
