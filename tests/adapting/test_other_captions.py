"""Captions as other offices might write them, made from the registers' own by rules nobody tuned the proposals to:
how many columns are still found, and that hardly any is given to the wrong field without a mark to check it."""

from __future__ import annotations

import random
from datetime import date

import pytest
from stdnum.bg import egn

from analysis.adapting.columns import found_table
from analysis.adapting.matching import all_known_captions, best_register, registers_with_captions, usual_fields
from analysis.adapting.template_cells import template_column
from analysis.sources.tables import RawTable

REGISTERS = {register.register_name: register for register in registers_with_captions()}
ROWS = 40


def shortened(caption: str) -> str:
    """Long words cut to an abbreviation: „Учебна година“ -> „Учеб. годи.“"""
    return " ".join(word if len(word) < 7 else f"{word[:5]}." for word in caption.split())


def longer(caption: str) -> str:
    return f"{caption} на лицето"


def turned(caption: str) -> str:
    return " ".join(reversed(caption.split()))


def misspelt(caption: str) -> str:
    """One letter in the middle is lost; short captions stay."""
    middle = len(caption) // 2
    return caption if len(caption) < 6 else caption[:middle] + caption[middle + 1 :]


def shouted(caption: str) -> str:
    return caption.upper().replace(" ", "_")


def remarked(caption: str) -> str:
    return f"{caption} (по образец)"


WAYS = [shortened, longer, turned, misspelt, shouted, remarked]


def number(at: int) -> str:
    nine = f"08{41 + at % 12:02d}{1 + at % 28:02d}{at:03d}"
    return nine + str((int(egn.calc_check_digit(nine)) + 5) % 10)


def cell(field, at: int) -> str:
    column = template_column(field)
    if field.kind == "identifier":
        return number(at)
    if column.options:
        return column.options[at % len(column.options)]
    day = date(2022, 1 + at % 12, 1 + at % 28).strftime("%d.%m.%Y")
    low = int(field.minimum or 0)
    by_kind = {
        "date": day, "birth_date": day, "grade": str(1 + at % 12), "section": "абв"[at % 3], "school_year": "2021",
        "school_code": f"269900{at % 9}", "employer": f"9900000{at % 90:02d}", "text": f"текст {at}", "personal": "Име",
    }  # fmt: skip
    return by_kind.get(field.kind, str(low + at % 4))


def table_of(register, way, order: random.Random):
    """Every column of a register in another order under a changed caption, with the field that each is."""
    fields = list(usual_fields(register))
    order.shuffle(fields)
    rows = [[way(str(field.header)) for field in fields], *([cell(f, at) for f in fields] for at in range(ROWS))]
    return found_table(RawTable(rows), all_known_captions()), fields


def is_used(field) -> bool:
    """Whether the column is kept for the analysis: not a name, an address or one that is read and dropped."""
    return field.use == "keep" and field.kind != "personal"


def outcome(way) -> tuple[int, int, int, list[str]]:
    """Over all registers: used columns right, columns given wrongly and unmarked, used columns, registers missed."""
    right = wrong = columns = 0
    missed = []
    for name, register in REGISTERS.items():
        table, fields = table_of(register, way, random.Random(name))
        match = best_register(table)
        if match is None or match.register.register_name != name:
            missed.append(name)
            continue
        columns += sum(map(is_used, fields))
        for field_name, place in match.places.items():
            is_right = fields[place.column.place].name == field_name
            right += is_right and is_used(fields[place.column.place])
            wrong += not is_right and place.is_sure
    return right, wrong, columns, missed


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_changed_captions_are_still_found(way):
    right, wrong, columns, missed = outcome(way)
    assert missed == []
    assert wrong == 0
    assert right >= 0.96 * columns, (right, columns)


def test_data_that_look_like_captions_are_not_taken_for_them():
    """„ЕГН“ is a caption in one register and, in many, what stands in the column of the number's type."""
    rows = [["Лице", "Вид №", "Кога"], *(["егн", "завършил", f"0{at}.02.2022"] for at in range(1, 9))]
    assert found_table(RawTable(rows), all_known_captions()).header_row == 1
