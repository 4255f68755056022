"""Субсидирани работни места (АЗ) / subsidised placements."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Sheet, csv, grid_xlsx, noise, text, xlsx
from ..people import ADULTS, employer
from ..tables import Table, table_of

PATH = "labour_office/placements.xlsx"
CSV = "labour_office/placements.csv"
REGISTER = Register("placements")
EMPLOYERS = (employer("12600017"), employer("00012345"), employer("83500029"))


def placements() -> Table:
    rows = [
        {
            "contract_no": f"ДД-{2001 + place}",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "last_name": person.last,
            "programme": "Субсидирана заетост",
            "employer_id": EMPLOYERS[place % 3],
            "employer_name": "„Пример – 1“ ЕООД",
            "start_date": date(2022, 6, 1 + place),
            "end_date": date(2023, 5, 31),
            "status": "сключен ТД",
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("labour_placements", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(placements().grid)


@REGISTER.broken(PATH, repaired(told=(3, 6)))
def employers_without_zeros() -> bytes:
    """ЕИК като число: водещите нули са загубени / employers' numbers as numbers, zeros lost."""
    return grid_xlsx(placements().change("employer_id", lambda value: int(str(value))).grid)


@REGISTER.broken(PATH, quarantined(2, 4, lost=(0, 2), cells={(1, "employer_id"): ADULTS[1].number}))
def employers_beyond_repair() -> bytes:
    """ЕИК с 11 цифри, ЕГН на мястото на ЕИК, име вместо номер / 11 digits, a personal number, and a name."""
    table = placements().put(0, "employer_id", f"{EMPLOYERS[0]}12").put(1, "employer_id", ADULTS[1].number)
    return grid_xlsx(table.put(2, "employer_id", "ЕТ „Пример“").grid)


@REGISTER.broken(PATH, accepted())
def employers_with_vat_prefix() -> bytes:
    """ЕИК с представка BG и интервали / employers' numbers with the VAT prefix and blanks."""
    table = placements().put(0, "employer_id", f"BG{EMPLOYERS[0]}")
    return grid_xlsx(table.put(2, "employer_id", f" {EMPLOYERS[2]} ").grid)


@REGISTER.broken(PATH, accepted(cells={(0, "status"): "signed", (1, "status"): "ended", (2, "status"): "other"}))
def states_retyped() -> bytes:
    """„Сключен тд“, „ПРЕКРАТЕН ТД“ с латински букви и непознат статус / states retyped, one unknown."""
    return grid_xlsx(placements().fill("status", ["Сключен тд", "ПPEКРАТЕН TД", "насочен"]).grid)


@REGISTER.broken(PATH, quarantined(4, 7, lost=(2, 5)))
def end_before_start() -> bytes:
    """Край преди началото; грешен век / an end before its start, and a wrong century."""
    return grid_xlsx(placements().put(2, "end_date", date(2022, 1, 1)).put(5, "start_date", "06.06.0022").grid)


@REGISTER.broken(PATH, quarantined(5, 8, lost=(3,)))
def one_contract_two_employers() -> bytes:
    """Един договор при двама работодатели / one contract with two employers."""
    table = placements()
    return grid_xlsx(table.add(table.rows[3]).put(6, "employer_id", EMPLOYERS[1]).grid)


@REGISTER.broken(PATH, accepted())
def without_names() -> bytes:
    """Без имена и без наименование на работодателя / names of persons and employers were left out."""
    return grid_xlsx(placements().without("first_name", "last_name", "employer_name").grid)


@REGISTER.broken(PATH, accepted())
def columns_back_to_front() -> bytes:
    """Колоните са в обратен ред / the columns stand back to front."""
    table = placements()
    return grid_xlsx(table.order(table.names[::-1]).grid)


@REGISTER.broken(PATH, accepted(told_of_file=True))
def one_sheet_a_year() -> bytes:
    """Данните са в два листа с еднакви глави / the rows are spread over two sheets with equal captions."""
    grid = placements().grid
    return xlsx(Sheet("2022", grid[:4]), Sheet("2023", [grid[0], *grid[4:]]))


@REGISTER.broken(PATH, refused())
def empty_workbook() -> bytes:
    """Празна работна книга / a workbook of one empty sheet."""
    return xlsx(Sheet("Лист1", []))


@REGISTER.broken(PATH, refused())
def zero_bytes() -> bytes:
    """Файл от нула байта / a file of no bytes."""
    return b""


@REGISTER.broken(CSV, refused())
def dos_encoding() -> bytes:
    """Кодировка от DOS (cp866) / the encoding of DOS."""
    whole = text(placements().grid).translate(str.maketrans("–„“", "-''"))
    return whole.encode("cp866")


@REGISTER.broken(CSV, repaired())
def latin_mojibake() -> bytes:
    """windows-1251, прочетена като latin-1 и записана пак / cp1251 read as latin-1 and saved as utf-8."""
    return csv(placements().grid, encoding="cp1251").decode("latin-1").encode("utf-8")


@REGISTER.broken(CSV, quarantined(8, 9))
def closing_lines() -> bytes:
    """„Край на справката“ и дата под таблицата / closing lines below the table."""
    return (text(placements().grid) + "Край на справката\r\nХасково, 01.07.2024 г.\r\n").encode("cp1251")


@REGISTER.broken(PATH, refused())
def picture_named_xlsx() -> bytes:
    """Снимка на екрана, преименувана на .xlsx / a screenshot renamed to .xlsx."""
    return b"\x89PNG\r\n\x1a\n" + noise(1500, seed=3)


@REGISTER.broken(PATH, refused())
def contract_numbers_left_out() -> bytes:
    """Липсва колоната „Номер“ / the column of contract numbers is missing."""
    return grid_xlsx(placements().without("contract_no").grid)
