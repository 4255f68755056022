"""Микроданни за участниците (ИСУН 2020) / participant microdata."""

from __future__ import annotations

from ..case import Register, accepted, quarantined, refused, repaired
from ..formats import Formula, Sheet, csv, encrypted_office, grid_xlsx, noise, xlsx
from ..people import ADULTS, FOREIGNER, misprinted
from ..tables import Grid, Table, table_of

PATH = "isun/participants_OPHRD.xlsx"
REGISTER = Register("participants_ophrd")
LEVELS = (
    "Основно образование (начално  или прогимназиално)",
    "Средно образование (гимназия, техникум и т.н.)",
    "Следгимназиално (професионално обучение след средно образование – ІV степен)",
    "Висше образование",
    "Без образование",
    "Средно образование (гимназия, техникум и т.н.)",
)
FLAGS = (
    "is_migrant", "is_foreign_background", "is_minority", "is_roma", "is_disabled", "is_homeless",
    "household_jobless", "household_jobless_children", "household_single_children",
)  # fmt: skip
GROUPS = {
    "first_name": "Общи данни за всички участници",
    "is_migrant": "Уязвими групи",
    "household_jobless": "Домакинство",
    "entry_date_1": "Информация за участие",
    "participation_status": "Информация при напускане на проекта",
}


def participants() -> Table:
    rows = [
        {
            "row_no": place + 1,
            "first_name": person.first,
            "middle_name": person.middle,
            "last_name": person.last,
            "person_id": person.number,
            "sex": person.sex,
            "labour_status": "безработно лице над 12 месеца",
            "education": LEVELS[place],
            "address_district": "Хасково",
            "address_settlement": "гр.Хасково",
            **dict.fromkeys(FLAGS, "не"),
            "is_minority": "да",
            "entry_date_1": 2022,
            "entry_date_2": 2 + place,
            "entry_date_3": 14,
            "activity": "Професионално обучение",
            "participation_status": "лицето е участвало до планирания край на дейностите",
            "exit_date_1": 2023,
            "exit_date_2": 3,
            "exit_date_3": 31,
            "exit_status": "което е заето при друг работодател",
        }
        for place, person in enumerate(ADULTS)
    ]
    table = table_of("isun_participants", rows)
    for name in table.names:
        table = table.change(name, lambda value: "-" if value is None else value)
    return table


def grid(table: Table) -> Grid:
    groups = [GROUPS.get(name) for name in table.names]
    return [groups, *table.grid]


def book(table: Table) -> bytes:
    return xlsx(Sheet("tablica", grid(table)), Sheet("lists", [["да"], ["не"]], hidden=True))


@REGISTER.clean_file(PATH)
def clean() -> bytes:
    return book(participants())


@REGISTER.broken(PATH, accepted())
def template_filled_to_the_last_row() -> bytes:
    """Образецът е с „-“ и формули за № до ред 60 / rows below the data hold only dashes and a formula."""
    table = participants()
    empty = ["-"] * (len(table.names) - 1)
    for row in range(9, 61):
        table = table.add([Formula("ROW()-2", row - 2), *empty])
    return book(table)


@REGISTER.broken(PATH, accepted())
def merged_captions() -> bytes:
    """Обединени клетки в двата реда на главата / merged cells in both rows of the head."""
    areas = ("B1:M1", "N1:T1", "U1:W1", "X1:AC1", "AD1:AI1", "X2:Z2", "AE2:AG2")
    return xlsx(Sheet("tablica", grid(participants()), merged=areas))


@REGISTER.broken(PATH, repaired(told=(5,)))
def numbers_as_numbers() -> bytes:
    """ЕГН е число: една водеща нула е загубена, друго е „….0“ / ЕГН as numbers: a zero lost, another ends in .0."""
    table = participants().change("person_id", lambda value: int(str(value)))
    return book(table.put(0, "person_id", f"{ADULTS[0].number}.0"))


@REGISTER.broken(PATH, accepted())
def spaces_and_apostrophes() -> bytes:
    """Интервали и апостроф около ЕГН / blanks, a no-break space and an apostrophe around the number."""
    table = participants().put(0, "person_id", f" {ADULTS[0].number}\xa0")
    return book(table.put(1, "person_id", f"'{ADULTS[1].number}"))


@REGISTER.broken(PATH, quarantined(3, 4, 5, lost=(0, 1, 2)))
def numbers_beyond_repair() -> bytes:
    """Буква О вместо нула, сгрешена контролна цифра, закръглено от Excel / letter O, wrong check digit, rounded."""
    number = ADULTS[0].number
    table = participants().put(0, "person_id", number.replace("0", "О", 1))
    table = table.put(1, "person_id", misprinted(ADULTS[1].number))
    return book(table.put(2, "person_id", "3,45178E+08"))


@REGISTER.broken(PATH, accepted(cells={(0, "is_minority"): True, (1, "is_roma"): True, (2, "is_roma"): True}))
def yes_in_many_spellings() -> bytes:
    """„Да“, „ДА “, „да“ с латинско a, „х“, „НЕ“ / yes and no as people type them."""
    table = participants().fill("is_minority", ["Да", "ДА ", "дa", "х", "x", "да."])
    table = table.put(1, "is_roma", "yes").put(2, "is_roma", "х")
    return book(table.put(3, "is_roma", "НЕ").put(4, "is_roma", " не "))


@REGISTER.broken(PATH, accepted())
def look_alike_letters() -> bytes:
    """Латински букви сред кирилицата и обратно / look-alike letters of the other alphabet in coded cells."""
    table = participants().put(0, "sex", "жeнa").put(2, "education", LEVELS[2].replace("ІV", "IV"))
    table = table.put(3, "education", "Bисше обpазoвание").put(0, "education", LEVELS[0].replace("  ", " "))
    return book(table.put(5, "labour_status", "Безработно лицe над 12 месeца "))


@REGISTER.broken(PATH, accepted())
def captions_retyped() -> bytes:
    """Заглавия с нов ред, крайни интервали, главни букви / captions with line breaks, blanks and capitals."""
    table = participants().caption("labour_status", "Статут на\nпазара на труда ").caption("email", "E-MAIL")
    table = table.caption("person_id", " егн ").caption("education", "Степен на  завършено\r\nобразование")
    return book(table.caption("household_jobless", "Участници, които живеят в\nбезработни домакинства"))


@REGISTER.broken(PATH, quarantined(3, 4, 5, lost=(0, 1, 2)))
def impossible_entry_dates() -> bytes:
    """31 февруари, липсващ ден, 13-и месец / 31 February, no day, month 13."""
    table = participants().put(0, "entry_date_2", 2).put(0, "entry_date_3", 31)
    return book(table.put(1, "entry_date_3", "-").put(2, "entry_date_2", 13))


@REGISTER.broken(PATH, quarantined(4, 6, 7, lost=(1, 3, 4)))
def dates_out_of_order() -> bytes:
    """Напускане преди включване; включване извън проекта / exit before entry, entry outside the project."""
    table = participants().put(1, "exit_date_1", 2021).put(3, "entry_date_1", 2031).put(3, "exit_date_1", 2032)
    return book(table.put(4, "entry_date_1", 2012))


@REGISTER.broken(PATH, accepted())
def instructions_come_first() -> bytes:
    """Първо са указанията и скрит лист, таблицата е трета / instructions and a hidden sheet stand before the table."""
    guide = Sheet("Указания", [["Указания за попълване"], ["1. Попълнете всички колони."]])
    hidden = Sheet("nasmest", [["гр.Хасково"], ["с.Динево"]], hidden=True)
    return xlsx(guide, hidden, Sheet("tablica", grid(participants())))


@REGISTER.broken(PATH, accepted())
def sheet_renamed() -> bytes:
    """Листът е преименуван, пред него има скрит / the sheet bears another name, a hidden one stands first."""
    return xlsx(Sheet("lists", [["да"]], hidden=True), Sheet("Лист1", grid(participants())))


@REGISTER.broken(PATH, accepted())
def heading_above_the_template() -> bytes:
    """Над образеца са добавени два реда със заглавие / two title rows were put above the template."""
    title = [["ПРИЛОЖЕНИЕ 5"], ["Списък на участниците към 31.10.2023 г."]]
    return xlsx(Sheet("tablica", [*title, *grid(participants())]))


@REGISTER.broken(PATH, refused())
def no_number_column() -> bytes:
    """Колоната ЕГН е изтрита / the column of personal numbers was deleted."""
    return book(participants().without("person_id"))


@REGISTER.broken(PATH, accepted())
def names_and_contacts_removed() -> bytes:
    """Имената и контактите са изтрити, както иска ОРЗД / names and contacts were deleted, as data protection asks."""
    return book(participants().without("first_name", "middle_name", "last_name", "phone", "email"))


@REGISTER.broken(PATH, accepted())
def columns_in_another_order() -> bytes:
    """Колоните са разместени заедно със заглавията / columns moved together with their captions."""
    table = participants()
    dates = table.names.index("entry_date_1")
    front = ("activity", *table.names[dates : dates + 3])
    return book(table.order([*front, *[name for name in table.names if name not in front]]))


@REGISTER.broken(PATH, quarantined(6, lost=(3,)))
def number_in_the_surname() -> bytes:
    """На един ред ЕГН и фамилия са разменени / in one row number and surname were typed into each other's cell."""
    return book(participants().exchange(3, "person_id", "last_name"))


@REGISTER.broken(PATH, quarantined(9))
def row_pasted_twice() -> bytes:
    """Един ред е копиран два пъти / one row was pasted twice."""
    table = participants()
    return book(table.add(table.rows[2]).put(6, "row_no", 7))


@REGISTER.broken(PATH, quarantined(5, 9, lost=(2,)))
def two_stories_of_one_person() -> bytes:
    """Два реда за едно лице и дата с различно образование и пол / two rows of one person and day that disagree."""
    table = participants()
    return book(table.add(table.rows[2]).put(6, "education", LEVELS[3]).put(6, "sex", "мъж"))


@REGISTER.broken(PATH, quarantined(9))
def total_below_the_table() -> bytes:
    """Под последния ред стои „Общо: 6 лица“ / a line with the total right below the last row."""
    table = participants()
    return book(table.add(table.blank(last_name="Общо: 6 лица")))


@REGISTER.broken(PATH, accepted(lost=(3, 4, 5), told_of_file=True))
def blank_row_in_the_middle() -> bytes:
    """Празен ред по средата: ИСУН спира там / a blank row in the middle, where ISUN itself stops reading."""
    table = participants()
    return book(table.add([None] * len(table.names), at=3))


@REGISTER.broken(
    PATH,
    repaired(
        told=(5,),
        cells={
            (2, "person_id"): FOREIGNER,
            (2, "id_type"): "lnch",
            (2, "birth_year"): None,
            (2, "age_at_entry"): None,
        },
    ),
)
def foreigner_among_citizens() -> bytes:
    """ЛНЧ в колоната за ЕГН / a foreigner's number in the column of personal numbers."""
    return book(participants().put(2, "person_id", FOREIGNER))


@REGISTER.broken(PATH, accepted(cells={(0, "labour_status"): None, (1, "education"): None}, told=(3, 4)))
def texts_outside_the_lists() -> bytes:
    """Статут и образование извън номенклатурата / labour status and education outside the code lists."""
    return book(participants().put(0, "labour_status", "на борсата").put(1, "education", "8 клас"))


@REGISTER.broken(PATH, accepted())
def csv_named_xlsx() -> bytes:
    """Файлът е csv, преименуван на .xlsx / a csv file renamed to .xlsx."""
    return csv(grid(participants()))


@REGISTER.broken(PATH, refused())
def cut_in_half() -> bytes:
    """Прекъснато копиране: половин файл / half of a file, after a broken copy."""
    content = book(participants())
    return content[: len(content) // 2]


@REGISTER.broken(PATH, refused())
def locked_with_a_password() -> bytes:
    """Файл с парола / a workbook with a password."""
    return encrypted_office()


@REGISTER.broken(PATH, refused())
def random_bytes() -> bytes:
    """Случайни байтове / random bytes."""
    return noise()


@REGISTER.broken(PATH, refused())
def letter_instead_of_table() -> bytes:
    """Придружително писмо вместо таблица / the covering letter in place of the table."""
    return grid_xlsx([["До Община Хасково"], ["Приложено изпращаме исканата справка."], ["С уважение"]], "Писмо")
