"""The ИСУН 2020 participant workbook: sheet „tablica“, two header rows, 35 columns, "-" to row 1002, hidden sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.demonstration.details import Details, details
from analysis.demonstration.files import dirt
from analysis.demonstration.files.cells import captioned, optional, rows_of
from analysis.demonstration.files.workbooks import save_workbook
from analysis.demonstration.schools import wording
from analysis.study import load_register

LAST_ROW, COLUMNS = 1002, 35
EMPTY = "-"
DATES = ("entry_date", "exit_date")
YES_NO = [
    "is_migrant", "is_foreign_background", "is_minority", "is_roma", "is_disabled", "is_homeless",
    "household_jobless", "household_jobless_children", "household_single_children",
]  # fmt: skip


def write_participants(folder: Path, seed: int, contract: str, table: pd.DataFrame, people: pd.DataFrame) -> None:
    """``isun/microdata_<contract>.xlsx`` from the accepted participants of one contract."""
    told = details(seed, contract, table, people)
    rng = told.rng
    frame = captioned("isun_participants", table, people, _about_participants(told))
    rows = dirt.repeated_rows(rng, rows_of(_spread_dates(_dirty(rng, frame), table)), 0.008)
    for place, row in enumerate(rows):
        row[0] = place + 1
    book = Workbook()
    sheet = book.active
    sheet.title = "tablica"
    _write_header(sheet)
    for row in rows:
        sheet.append([EMPTY if cell is None else cell for cell in row])
    for _ in range(len(rows) + 3, LAST_ROW + 1):
        sheet.append([EMPTY] * COLUMNS)
    _hidden_sheets(book)
    save_workbook(folder / "isun" / f"microdata_{contract}.xlsx", book)


def _about_participants(told: Details) -> dict[str, object]:
    words = wording()
    settlement = words["town"]["name"].removeprefix("гр. ")
    return {
        "age_stated": told.age.astype(object).to_numpy(dtype=object),
        "address_district": words["district"], "address_settlement": settlement,
        "phone": optional(told.has_phone, told.phone),
        "email": optional(told.has_email, "nikoi@primer.invalid"),
        "other_disadvantaged": told.disadvantage,
        "activity_district": words["district"], "activity_settlement": settlement,
    }  # fmt: skip


def _dirty(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame["person_id"].to_numpy(dtype=object)
    kinds = [(0.006, dirt.each(lambda number: f"{number} ")), (0.004, dirt.each(lambda number: f"{int(number)}.0")),
             (0.003, dirt.each(lambda number: "'" + number)), (0.002, dirt.each(dirt.wrong_check_digit))]  # fmt: skip
    numbers = dirt.plant(rng, numbers, kinds)
    frame = frame.assign(person_id=dirt.as_numbers(numbers, rng.random(len(frame)) < 0.25))
    for column in YES_NO:
        frame[column] = dirt.yes_forms(rng, frame[column].to_numpy(dtype=object))
    sex = [
        (0.01, dirt.each(str.capitalize)),
        (0.006, dirt.each(dirt.mixed_alphabet)),
        (0.003, dirt.emptied),
    ]
    frame["sex"] = dirt.plant(rng, frame["sex"].to_numpy(dtype=object), sex)
    status = [
        (0.01, dirt.each(lambda text: f"{text} ")),
        (0.006, dirt.each(str.upper)),
        (0.004, dirt.each(dirt.mixed_alphabet)),
    ]
    frame["labour_status"] = dirt.plant(rng, frame["labour_status"].to_numpy(dtype=object), status)
    education = [(0.01, dirt.each(lambda text: text.replace("  ", " ").upper())), (0.004, dirt.emptied)]
    frame["education"] = dirt.plant(rng, frame["education"].to_numpy(dtype=object), education)
    frame["address_district"] = dirt.plant(
        rng, frame["address_district"].to_numpy(dtype=object), [(0.02, dirt.each(lambda name: f"Област {name}"))]
    )
    names = [
        (0.006, dirt.each(dirt.mixed_alphabet)),
        (0.006, dirt.each(lambda name: f"{name}-{name}")),
        (0.004, dirt.each(str.upper)),
    ]
    frame["last_name"] = dirt.plant(rng, frame["last_name"].to_numpy(dtype=object), names)
    return frame


def _spread_dates(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Each date in three columns: year, month, day as whole numbers."""
    columns: dict[str, object] = {}
    for name in frame:
        if name not in DATES:
            columns[name] = frame[name]
            continue
        parts = table[name].dt
        for part, values in enumerate((parts.year, parts.month, parts.day)):
            columns[f"{name}_{part + 1}"] = values.astype("Int64").astype(object).where(table[name].notna(), None)
    return pd.DataFrame(columns, dtype=object)


def _write_header(sheet: Worksheet) -> None:
    captions = []
    for field in load_register("isun_participants").fields:
        captions += [field.header] + [None] * (field.parts - 1)
    captions[captions.index("e-mail")] = "E-mail"
    captions[captions.index("Дейност")] = "Дейност "
    groups = wording()["isun_groups"]
    top = [groups.get(get_column_letter(column)) for column in range(1, COLUMNS + 1)]
    sheet.append(top)
    sheet.append(captions)
    for span in ("B1:M1", "N1:T1", "U1:W1", "X1:AC1", "AD1:AI1", "X2:Z2", "AE2:AG2"):
        sheet.merge_cells(span)


def _hidden_sheets(book: Workbook) -> None:
    texts = wording()["texts"]
    lists = book.create_sheet("lists")
    for name in (
        "isun_labour_status",
        "isun_education",
        "isun_activity",
        "isun_participation",
        "isun_leaving_reason",
        "isun_exit_status",
    ):
        lists.append(list(texts[name].values()))
    places = book.create_sheet("nasmest")
    places.append([wording()["district"]])
    for place in [wording()["town"], *wording()["villages"]]:
        places.append([place["name"], place["ekatte"]])
    calendar = book.create_sheet("calendar")
    for number in range(1, 32):
        calendar.append([2013 + number if number <= 8 else None, number if number <= 12 else None, number])
    for sheet in (lists, places, calendar):
        sheet.sheet_state = "hidden"
