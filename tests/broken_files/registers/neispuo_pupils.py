"""Списък с деца/ученици по институции (НЕИСПУО) / pupil list by institution."""

from __future__ import annotations

from datetime import date, datetime

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Sheet, csv, grid_xlsx, html, ods, text, xls, xlsx
from ..people import FOREIGNER, PUPILS
from ..tables import Table, table_of

PATH = "neispuo/pupils_2021.xlsx"
CSV = "neispuo/pupils_2021.csv"
REGISTER = Register("pupils")
BIRTHS = (
    date(2009, 3, 12),
    date(2009, 10, 2),
    date(2010, 6, 25),
    date(2008, 12, 31),
    date(2007, 4, 1),
    date(2010, 1, 19),
)


def pupils() -> Table:
    rows = [
        {
            "district": "Хасково",
            "municipality": "Хасково",
            "settlement": "гр. Хасково",
            "settlement_code": "77195",
            "school_code": f"269900{1 + place % 3}",
            "school_name": "Училище „Пример“",
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "id_type": "ЕГН",
            "person_id": person.number,
            "birth_date": BIRTHS[place],
            "sex": person.sex,
            "nationality": "българска",
            "grade": "8" if place % 2 else "7",
            "section": "А",
            "education_form": "дневна",
            "individual_plan": "не",
            "is_commuter": "не",
            "repeater": "не",
            "has_sen": "не",
            "has_resource_support": "не",
            "mother_education": "основна степен",
            "father_education": "средно",
        }
        for place, person in enumerate(PUPILS)
    ]
    return table_of("neispuo_pupils", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(pupils().grid)


@REGISTER.broken(CSV, repaired(told=(2, 3, 5, 6)))
def saved_from_excel_as_csv() -> bytes:
    """csv от Excel: windows-1251, „;“, загубени нули / csv from Excel: cp1251, semicolons, leading zeros lost."""
    return csv(pupils().change("person_id", lambda value: int(str(value))).grid, encoding="cp1251")


@REGISTER.broken(CSV, accepted())
def unicode_text() -> bytes:
    """„Текст в Юникод“ от Excel: utf-16 с табулации / Excel's Unicode text: utf-16 with tabs."""
    return csv(pupils().grid, "\t", "utf-16")


@REGISTER.broken("neispuo/pupils_2021.xls", accepted())
def old_workbook() -> bytes:
    """Стар формат .xls / the old .xls format."""
    return xls(pupils().grid)


@REGISTER.broken("neispuo/pupils_2021.ods", accepted())
def open_document() -> bytes:
    """Таблица на LibreOffice / a LibreOffice spreadsheet."""
    return ods(pupils().grid)


@REGISTER.broken("neispuo/pupils_2021.xls", refused())
def web_page_named_xls() -> bytes:
    """Уеб страница, записана като .xls / a web page saved as .xls."""
    return html(pupils().grid)


@REGISTER.broken(CSV, refused())
def twice_encoded() -> bytes:
    """utf-8, прочетено като windows-1251 и записано пак / utf-8 read as cp1251 and saved once more."""
    return text(pupils().grid).encode("utf-8").decode("cp1251", errors="replace").encode("utf-8")


@REGISTER.broken(CSV, accepted(told_of_file=True))
def one_line_in_another_encoding() -> bytes:
    """Един ред е залепен в друга кодировка / one line pasted in another encoding."""
    table = pupils().put(3, "sex", "мъж")
    lines = text(table.grid).splitlines(keepends=True)
    return b"".join(line.encode("utf-8" if place == 4 else "cp1251") for place, line in enumerate(lines))


@REGISTER.broken(PATH, accepted())
def grades_in_many_spellings() -> bytes:
    """Випуск: VІІ с украинско І, „8 клас“, „VІІа“, 8.0, „VIII“ / grades as schools write them."""
    return grid_xlsx(pupils().fill("grade", ["VІІ", "8 клас", "VІІа", 8.0, "7", "VIII"]).grid)


@REGISTER.broken(PATH, accepted())
def sections_in_many_spellings() -> bytes:
    """Паралелка: „а“, латинско A, „"а"“, „7 а“, „VIII-а“, „7а“ / sections as schools write them."""
    return grid_xlsx(pupils().fill("section", ["а", "A", '"а"', "8 а", "VII-а", "8а"]).grid)


@REGISTER.broken(PATH, quarantined(4, 6, lost=(2, 4)))
def excel_made_grades_dates() -> bytes:
    """Excel е направил „7-май“ от випуска / Excel turned a grade and section into a date."""
    return grid_xlsx(pupils().put(2, "grade", datetime(2021, 5, 7)).put(4, "grade", "7-май").grid)


@REGISTER.broken(PATH, accepted(cells={(1, "section"): None}, told=(3,)))
def excel_made_a_section_a_date() -> bytes:
    """Excel е направил дата от паралелка „8-1“ / Excel turned the section into a date; the pupil is still a pupil."""
    return grid_xlsx(pupils().put(1, "section", datetime(2021, 1, 8)).grid)


@REGISTER.broken(PATH, quarantined(2, 5, 7, lost=(0, 3, 5)))
def schools_nobody_knows() -> bytes:
    """Непознат код, къс код и име вместо код / a code outside the list, a short code, a name in place of a code."""
    table = pupils().put(0, "school_code", "2699999").put(3, "school_code", "26991")
    return grid_xlsx(table.put(5, "school_code", "СУ „Пример“").grid)


@REGISTER.broken(PATH, accepted())
def school_codes_as_numbers() -> bytes:
    """Кодът по НЕИСПУО е число, на места с „.0“ / school codes as numbers and floats."""
    table = pupils().change("school_code", lambda value: int(str(value)))
    return grid_xlsx(table.put(1, "school_code", "2699002.0").put(2, "school_code", 2699003.0).grid)


@REGISTER.broken(PATH, quarantined(5))
def captions_repeated_on_each_page() -> bytes:
    """Заглавният ред се повтаря по средата / the captions come again in the middle."""
    table = pupils()
    return grid_xlsx(table.add(table.captions, at=3).grid)


@REGISTER.broken(PATH, accepted())
def total_and_signature() -> bytes:
    """„Общо ученици“ и „Изготвил“ в колона, която не се пази / a total and a signature where no kept column is."""
    table = pupils()
    table = table.add(table.note("Общо ученици: 6")).add([None] * len(table.names))
    return grid_xlsx(table.add(table.note(f"Изготвил: {PUPILS[0].first} {PUPILS[0].last}, ЗАС")).grid)


@REGISTER.broken(PATH, accepted(cells={(4, "person_id"): FOREIGNER, (4, "id_type"): "lnch"}))
def foreigner_with_its_type() -> bytes:
    """Ученик с ЛНЧ и вярно посочен вид / a pupil with a foreigner's number, properly marked."""
    return grid_xlsx(pupils().put(4, "person_id", FOREIGNER).put(4, "id_type", "1").grid)


@REGISTER.broken(
    PATH,
    accepted(
        cells={(0, "mother_education"): None, (1, "mother_education"): None, (2, "sex"): None, (3, "repeater"): None,
               (4, "education_form"): "other"},
        told=(2, 3, 4, 5),
    ),
)  # fmt: skip
def answers_that_are_none() -> bytes:
    """Отказ, „н.д.“ и текстове извън номенклатурите / refusals, no data, and texts outside the code lists."""
    table = pupils().put(0, "mother_education", "отказ").put(1, "mother_education", "н.д.").put(2, "sex", "?")
    return grid_xlsx(table.put(3, "repeater", "може би").put(4, "education_form", "по домовете").grid)


@REGISTER.broken(PATH, accepted(cells={(row, "mother_education"): None for row in range(6)}))
def other_columns_than_last_year() -> bytes:
    """Липсва образованието на майката, има нови колони / one optional column is gone, unknown ones are new."""
    table = pupils().without("mother_education")
    return grid_xlsx([[*line, extra] for line, extra in zip(table.grid, ["Забележка", *"абвгде"], strict=True)])


@REGISTER.broken("neispuo/pupils_all.xlsx", refused())
def no_year_in_the_name() -> bytes:
    """В името на файла няма учебна година / the file's name does not give the school year."""
    return grid_xlsx(pupils().grid)


@REGISTER.broken(PATH, accepted(told=(2, 3), cells={(1, "sex"): "female"}))
def number_contradicted() -> bytes:
    """Датата на раждане и полът не съответстват на ЕГН / date of birth and sex disagree with the number."""
    return grid_xlsx(pupils().put(0, "birth_date", date(2011, 3, 12)).put(1, "sex", "жена").grid)


@REGISTER.broken(CSV, quarantined(5, lost=(3,)))
def one_separator_too_many() -> bytes:
    """Неограден „;“ в името на училището измества реда / an unquoted separator in one cell shifts its row."""
    lines = text(pupils().grid).splitlines(keepends=True)
    lines[4] = lines[4].replace("Училище „Пример“", "Училище; „Пример“")
    return "".join(lines).encode()


@REGISTER.broken(CSV, accepted())
def line_breaks_inside_cells() -> bytes:
    """Нов ред и кавички в клетки / line breaks and quotes inside cells."""
    table = pupils().put(1, "school_name", 'СУ "Пример"\nгр. Хасково').put(4, "pupil_settlement", "гр. Хасково;\nкв. 1")
    return csv(table.grid)


@REGISTER.broken(PATH, quarantined(2, 3, 4, 5, 6, 7))
def sent_twice() -> dict[str, bytes]:
    """Същият списък е изпратен и като „копие (1)“ / the same list was sent once more as a copy."""
    table = pupils()
    return {PATH: grid_xlsx(table.grid), "neispuo/pupils_2021 (1).xlsx": grid_xlsx(table.grid, "Sheet1")}


@REGISTER.broken(PATH, accepted())
def only_a_pivot_in_front() -> bytes:
    """Първият лист е обобщена таблица, списъкът е втори / a pivot table comes first, the list second."""
    pivot = Sheet("Обобщение", [["Код по НЕИСПУО", "Брой"], ["2699001", 2], ["2699002", 2], ["2699003", 2]])
    return xlsx(pivot, Sheet("Списък", pupils().grid))
