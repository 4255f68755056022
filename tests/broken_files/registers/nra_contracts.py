"""Регистър на трудовите договори (НАП) / register of employment contracts."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Sheet, csv, encrypted_office, grid_xlsx, text, xlsx
from ..people import ADULTS, FOREIGNER, employer, misprinted
from ..tables import Table, table_of

PATH = "nra/contracts.xlsx"
CSV = "nra/contracts.csv"
REGISTER = Register("contracts")
EMPLOYERS = (employer("12600017"), employer("00012345"), employer("83500029"))


def contracts() -> Table:
    rows = [
        {
            "employer_id": EMPLOYERS[place % 3],
            "employer_name": "„Пример – 1“ ЕООД",
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "start_date": date(2021, 10, 1 + place),
            "end_date": date(2022, 10, 25) if place % 2 else None,
            "basis": "01",
            "economic_activity": "8121",
            "occupation": "91120001",
            "wage_bgn": 1200.5,
            "ekatte": "77195",
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("nra_contracts", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(contracts().grid)


@REGISTER.broken(PATH, accepted())
def wages_in_many_spellings() -> bytes:
    """„1 200,50 лв.“, неразделим интервал, 1.200,50, „1 200, 50 лв.“ / one wage in six spellings."""
    forms = ["1 200,50 лв.", "1\xa0200,50", "1.200,50", "1 200, 50 лв.", "1200.50", "1,200.50 лв"]
    return grid_xlsx(contracts().fill("wage_bgn", forms).grid)


@REGISTER.broken(PATH, accepted(cells={(row, "wage_bgn"): None for row in (0, 1, 3)}, told=(2, 3, 5)))
def wages_that_are_none() -> bytes:
    """„МРЗ“, отрицателна и 1 200 500 / a word, a negative wage, and a thousandfold one."""
    return grid_xlsx(contracts().put(0, "wage_bgn", "МРЗ").put(1, "wage_bgn", -900).put(3, "wage_bgn", 1200500).grid)


@REGISTER.broken(PATH, accepted())
def dates_in_six_forms() -> bytes:
    """Сериен номер като текст, „01.10.2021 г.“, с час, ISO с T / dates in six forms."""
    days = ["44470", "02.10.2021 г.", "2021-10-03T00:00:00", "04.10.2021 00:00", 44474, "6.10.21"]
    return grid_xlsx(contracts().fill("start_date", days).grid)


@REGISTER.broken(PATH, quarantined(2, 3, 5, lost=(0, 1, 3)))
def dates_that_are_none() -> bytes:
    """30.02.2022, край преди начало, „безсрочен“ вместо дата / no such day, an end too early, a word for a date."""
    table = contracts().put(0, "start_date", "30.02.2022").put(1, "end_date", date(2020, 1, 1))
    return grid_xlsx(table.put(3, "start_date", "безсрочен").grid)


@REGISTER.broken(PATH, quarantined(3, 4, lost=(1, 2)))
def employers_rounded() -> bytes:
    """ЕИК като 1,26E+08 и с текст / employers' numbers rounded by Excel, and a word."""
    return grid_xlsx(contracts().put(1, "employer_id", "1,26E+08").put(2, "employer_id", "няма").grid)


ONE = {(1, "person_id"): FOREIGNER, (1, "id_type"): "lnch", (1, "birth_year"): None}


@REGISTER.broken(PATH, quarantined(4, lost=(2,), cells=ONE))
def foreigners() -> bytes:
    """ЛНЧ с вид „ЛНЧ“; сгрешено ЕГН / a foreigner properly marked, and a wrong number."""
    table = contracts().put(1, "person_id", FOREIGNER).put(1, "id_type", "ЛНЧ")
    return grid_xlsx(table.put(2, "person_id", misprinted(ADULTS[2].number)).grid)


@REGISTER.broken(PATH, quarantined(4, 8, lost=(2,)))
def one_contract_two_wages() -> bytes:
    """Един договор с две заплати / one contract with two wages."""
    table = contracts()
    return grid_xlsx(table.add(table.rows[2]).put(6, "wage_bgn", 1850.0).grid)


@REGISTER.broken(PATH, refused())
def locked_with_a_password() -> bytes:
    """Файл с парола / a workbook with a password."""
    return encrypted_office()


@REGISTER.broken(CSV, quarantined(7, lost=(5,)))
def cut_in_the_last_line() -> bytes:
    """Прекъснат csv: последният ред свършва в ЕГН / a csv that ends within the last line's personal number."""
    whole = text(contracts().grid)
    return whole[: whole.rindex(ADULTS[5].number) + 6].encode("cp1251")


@REGISTER.broken(CSV, accepted())
def hint_and_mark() -> bytes:
    """„sep=;“, BOM и празен ред отгоре / a hint for Excel, a byte order mark and a blank line on top."""
    return ("\ufeffsep=;\r\n\r\n" + text(contracts().grid)).encode("utf-8")


@REGISTER.broken(CSV, repaired(told=(3, 4, 6)))
def opened_and_saved_in_excel() -> bytes:
    """Отворен и записан в Excel: нулите на ЕГН и ЕИК ги няма / opened and saved in Excel: all leading zeros gone."""
    table = contracts().change("person_id", lambda value: int(str(value)))
    return csv(table.change("employer_id", lambda value: int(str(value))).grid, encoding="cp1251")


@REGISTER.broken(PATH, accepted())
def captions_retyped() -> bytes:
    """„EИК / БУЛСТАТ“ с латинско E, нови редове, интервали / captions with a Latin letter, breaks and blanks."""
    table = contracts().caption("employer_id", "EИК/БУЛCТАТ ").caption("start_date", "Дата на\nсключване")
    return grid_xlsx(table.caption("person_id", "ЕГН:").caption("wage_bgn", "ЗАПЛАТА").grid)


@REGISTER.broken(PATH, refused())
def dates_left_out() -> bytes:
    """Липсва колоната „Дата на сключване“ / the column of starting dates is missing."""
    return grid_xlsx(contracts().without("start_date").grid)


@REGISTER.broken(PATH, quarantined(8))
def total_of_wages() -> bytes:
    """Ред „Общо“ със сбора на заплатите / a row with the sum of the wages."""
    table = contracts()
    return grid_xlsx(table.add(table.blank(employer_name="Общо", wage_bgn=7203.0)).grid)


@REGISTER.broken(PATH, accepted())
def criteria_sheet_first() -> bytes:
    """Първият лист описва критериите на справката / the first sheet tells the criteria of the query."""
    criteria = Sheet("Критерии", [["Дата на справката", "01.07.2024"], ["Вид", "Всички"], ["ЕГН", "по списък"]])
    return xlsx(criteria, Sheet("Договори", contracts().grid))


@REGISTER.broken(PATH, quarantined(2, 3, 4, 5, 6, 7, lost=(0, 1, 2, 3, 4, 5), or_refused=True))
def two_columns_swapped() -> bytes:
    """Заглавията „ЕГН“ и „ЕИК/БУЛСТАТ“ са разменени / the captions of person and employer were exchanged."""
    table = contracts()
    one, other = table.captions[table.at("person_id")], table.captions[table.at("employer_id")]
    return grid_xlsx(table.caption("person_id", other).caption("employer_id", one).grid)


@REGISTER.broken(CSV, accepted())
def captions_in_quotes_with_breaks() -> bytes:
    """Заглавия в кавички с нов ред вътре, табулации / quoted captions with a line break, tabs between cells."""
    return csv(contracts().caption("end_date", "Дата на\nпрекратяване").grid, "\t")
