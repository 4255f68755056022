"""Обучения по линия на АЗ / trainings of the Employment Agency."""

from __future__ import annotations

from datetime import date

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Sheet, csv, grid_xlsx, text, xlsx
from ..people import ADULTS
from ..tables import Table, table_of

PATH = "labour_office/trainings.xlsx"
CSV = "labour_office/trainings.csv"
REGISTER = Register("trainings")


def trainings() -> Table:
    rows = [
        {
            "id_type": "ЕГН",
            "person_id": person.number,
            "first_name": person.first,
            "last_name": person.last,
            "training_kind": "Ключови компетенции",
            "measure": "Програма",
            "name": "Дигитална компетентност",
            "start_date": date(2022, 1, 10 + place),
            "end_date": date(2022, 3, 10 + place),
            "result": "Завършил със свидетелство",
        }
        for place, person in enumerate(ADULTS)
    ]
    return table_of("labour_trainings", rows)


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return grid_xlsx(trainings().grid)


@REGISTER.broken("labour_office/trainings.txt", accepted())
def tabs_in_windows_text() -> bytes:
    """Текст с табулации в windows-1251 / tab-separated text in cp1251."""
    return csv(trainings().grid, "\t", "cp1251")


@REGISTER.broken(CSV, accepted(cells={(1, "name"): 'Обучение „Компютър; начални умения" и "Интернет"'}))
def quotes_and_line_breaks() -> bytes:
    """Кавички, „;“ и нов ред в наименованието / quotes, a separator and a line break inside a name."""
    return csv(trainings().put(1, "name", 'Обучение „Компютър; начални\nумения" и "Интернет"').grid)


@REGISTER.broken(PATH, accepted(cells={(2, "training_kind"): "other", (3, "result"): "other"}))
def kinds_retyped() -> bytes:
    """Видът е с главни и латински букви; непознат вид и резултат / kinds retyped; an unknown kind and result."""
    table = (
        trainings().put(0, "training_kind", "КЛЮЧОВИ КОМПЕТЕНТНОСТИ").put(1, "training_kind", "Kлючoви  компетенции")
    )
    table = table.put(2, "training_kind", "семинар").put(3, "result", "неизвестно защо прекъснато")
    return grid_xlsx(table.put(4, "result", "завършил със свидетелство.").grid)


@REGISTER.broken(PATH, quarantined(2, 3, 4, lost=(0, 1, 2)))
def cells_left_empty() -> bytes:
    """Празна начална дата, празно ЕГН, празно наименование / an empty start, number and name."""
    table = trainings().put(0, "start_date", None).put(1, "person_id", "  ")
    return grid_xlsx(table.put(2, "name", None).grid)


@REGISTER.broken(PATH, accepted())
def table_not_in_the_corner() -> bytes:
    """Таблицата започва от клетка C4 / the table begins in cell C4."""
    return grid_xlsx([[], [], [None, None, "Обучени лица"], *[[None, None, *line] for line in trainings().grid]])


@REGISTER.broken(PATH, refused())
def two_columns_of_one_name() -> bytes:
    """Две колони „Начална дата“ (планирана и действителна) / two columns bear the same caption."""
    table = trainings()
    planned = ["Начална дата", *[date(2021, 12, 1)] * 6]
    return grid_xlsx([[*line, extra] for line, extra in zip(table.grid, planned, strict=True)])


@REGISTER.broken(PATH, quarantined(6))
def two_tables_below_each_other() -> bytes:
    """Две таблици една под друга с повторен заглавен ред / two tables one below the other, captions again."""
    table = trainings()
    blank = [None] * len(table.names)
    return grid_xlsx(table.add(table.captions, at=3).add(blank, at=3).grid)


@REGISTER.broken(PATH, quarantined(3, 6, lost=(1, 4)))
def end_before_start() -> bytes:
    """Край преди начало; 2022 вместо дата / an end before its start, and a year in place of a date."""
    return grid_xlsx(trainings().put(1, "end_date", date(2021, 3, 1)).put(4, "start_date", "пролетта на 2022").grid)


@REGISTER.broken(CSV, refused())
def blanks_only() -> bytes:
    """Само празни редове и интервали / blank lines and spaces only."""
    return b" \r\n\r\n   \r\n"


@REGISTER.broken(CSV, accepted())
def first_line_names_the_separator() -> bytes:
    """Първият ред е „sep=;“ / the first line is a hint for Excel."""
    return ("sep=;\r\n" + text(trainings().grid)).encode("utf-8-sig")


@REGISTER.broken(CSV, accepted())
def everything_quoted_with_commas() -> bytes:
    """Разделител запетая, всичко в кавички / commas between quoted cells."""
    lines = ([str(cell) if cell is not None else "" for cell in line] for line in trainings().grid)
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode("utf-8")


@REGISTER.broken(PATH, quarantined(8, 9, 10))
def rows_pasted_twice() -> bytes:
    """Три реда са копирани още веднъж с други интервали / three rows pasted again with other blanks."""
    table = trainings()
    for row in range(3):
        table = table.add(table.rows[row]).put(6 + row, "name", " Дигитална  компетентност ")
    return grid_xlsx(table.grid)


@REGISTER.broken(PATH, quarantined(5, lost=(3,)))
def number_where_the_type_is() -> bytes:
    """На един ред ЕГН стои в „Вид идентификатор“ / in one row the number stands in the type's column."""
    return grid_xlsx(trainings().exchange(3, "id_type", "person_id").grid)


@REGISTER.broken(PATH, refused())
def password_in_words() -> bytes:
    """Лист с бележка „паролата е…“ вместо данни / a note about a password in place of data."""
    return xlsx(Sheet("Sheet1", [["Данните са изпратени с куриер."]]), Sheet("Sheet2", []))


@REGISTER.broken(PATH, repaired(told=(5,)))
def zeros_lost_under_a_banner() -> bytes:
    """Обединено заглавие и числови ЕГН / a merged banner, and numbers as numbers."""
    table = trainings().change("person_id", lambda value: int(str(value)))
    return xlsx(Sheet("Справка", [["Списък на обучените лица"], *table.grid], merged=("A1:J1",)))
