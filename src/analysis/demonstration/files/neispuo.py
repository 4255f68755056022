"""НЕИСПУО lists: pupils and marks a school year, and one file of transfer and discharge documents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.demonstration.files import dirt
from analysis.demonstration.files.cells import captioned, captions, dates, decimal_comma, rows_of
from analysis.demonstration.files.workbooks import plain_workbook, separated
from analysis.demonstration.schools import plan, schools, wording
from analysis.demonstration.streams import stream

CSV_YEARS = {2018: (";", "cp1251"), 2023: (";", "cp1251")}
MARKS_FORM = {2016: ("csv", ";", "cp1251"), 2019: ("txt", "\t", "utf-16"), 2020: ("csv", ";", "utf-8-sig")}
ROMAN_YEARS = (2017, 2020)
NUMERIC_YEARS = (2019, 2021, 2022)  # the number column came as numbers: leading zeros are lost


def write_pupils(folder: Path, seed: int, year: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    """``neispuo/pupils_<year>.xlsx``, or csv in the years of CSV_YEARS."""
    rng = stream(seed, "dirt pupils", year)
    frame = captioned("neispuo_pupils", table, people, _about_pupils(table))
    frame["birth_date"] = dates(people.loc[table["person_id"], "birth_date"].reset_index(drop=True))
    frame = _dirty_pupils(rng, year, frame)
    rows = dirt.repeated_rows(rng, rows_of(frame), 0.0005)
    header = _header(list(captions("neispuo_pupils").values()), year)
    if year in CSV_YEARS:
        separated(folder / "neispuo" / f"pupils_{year}.csv", header, rows, *CSV_YEARS[year])
    else:
        plain_workbook(folder / "neispuo" / f"pupils_{year}.xlsx", f"{year}-{year + 1}", header, rows)


def write_marks(folder: Path, seed: int, year: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    """``neispuo/marks_<year>``: text with decimal comma; separator and encoding differ between years."""
    rng = stream(seed, "dirt marks", year)
    given = {"school_name": None, "middle_name": None, "school_year": f"{year}/{year + 1}"}
    frame = captioned("neispuo_marks", table, people, given)
    for column in ("gpa_first_term", "gpa_second_term", "gpa"):
        frame[column] = decimal_comma(table[column])
    frame["person_id"] = dirt.plant(rng, frame["person_id"].to_numpy(dtype=object), _fewer(dirt.NUMBER_DIRT, 0.2))
    if year in NUMERIC_YEARS:
        frame["person_id"] = dirt.lost_zero(frame["person_id"].to_numpy(dtype=object), np.ones(len(frame), dtype=bool))
    if year in ROMAN_YEARS:
        frame["grade"] = [dirt.roman_mixed(grade) for grade in table["grade"]]
    extension, separator, encoding = MARKS_FORM.get(year, ("csv", ";", "cp1251"))
    rows = dirt.repeated_rows(rng, rows_of(frame), 0.0005)
    header = list(captions("neispuo_marks").values())
    separated(folder / "neispuo" / f"marks_{year}.{extension}", header, rows, separator, encoding)


def write_movements(folder: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    """``neispuo/movements.xlsx``: one row a document, dates in several forms."""
    rng = stream(seed, "dirt movements")
    years = [f"{year}/{year + 1}" if year % 2 else str(year) for year in table["school_year"]]
    extra = {"school_name": _school_names(table["school_code"]), "school_year": np.array(years, dtype=object)}
    frame = captioned("neispuo_movements", table, people, extra)
    forms = rng.choice(5, size=len(frame), p=[0.86, 0.06, 0.03, 0.03, 0.02])
    frame["discharge_date"] = dirt.date_forms(table["discharge_date"], forms)
    frame["person_id"] = dirt.plant(rng, frame["person_id"].to_numpy(dtype=object), _fewer(dirt.NUMBER_DIRT, 0.5))
    variants = [
        (0.02, dirt.each(lambda reason: f"{reason} ")),
        (0.01, dirt.each(str.upper)),
        (0.01, dirt.each(dirt.mixed_alphabet)),
    ]
    frame["reason"] = dirt.plant(rng, frame["reason"].to_numpy(dtype=object), variants)
    rows = dirt.repeated_rows(rng, rows_of(frame), 0.001)
    plain_workbook(
        folder / "neispuo" / "movements.xlsx", "Документи", list(captions("neispuo_movements").values()), rows
    )


def _dirty_pupils(rng: np.random.Generator, year: int, frame: pd.DataFrame) -> pd.DataFrame:
    grades = frame["grade"].astype(int)
    forms = rng.choice(8, size=len(frame), p=[0.6, 0.1, 0.06, 0.06, 0.04, 0.06, 0.05, 0.03])
    sections = [dirt.section_forms(g, s, f) for g, s, f in zip(grades, frame["section"], forms, strict=True)]
    numbers = dirt.plant(rng, frame["person_id"].to_numpy(dtype=object), dirt.NUMBER_DIRT)
    if year in NUMERIC_YEARS:
        numbers = dirt.as_numbers(numbers, np.ones(len(frame), dtype=bool))
    if year in CSV_YEARS:
        numbers = dirt.lost_zero(numbers, rng.random(len(frame)) < 0.5)
    frame = frame.assign(section=sections, person_id=numbers)
    if year in ROMAN_YEARS:
        mixed = rng.random(len(frame)) < 0.3
        frame["grade"] = [dirt.roman_mixed(g) if m else dirt.roman(g) for g, m in zip(grades, mixed, strict=True)]
    for column in ("has_sen", "is_commuter", "individual_plan"):
        frame[column] = dirt.yes_forms(rng, frame[column].to_numpy(dtype=object))
    names = [(0.004, dirt.each(dirt.mixed_alphabet)), (0.003, dirt.each(lambda name: f"{name} - {name}"))]
    frame["last_name"] = dirt.plant(rng, frame["last_name"].to_numpy(dtype=object), names)
    frame["middle_name"] = dirt.plant(rng, frame["middle_name"].to_numpy(dtype=object), [(0.01, dirt.emptied)])
    return frame


def _about_pupils(table: pd.DataFrame) -> dict[str, object]:
    words, kinds = wording(), plan().set_index("school_code")
    of_school = kinds.loc[table["school_code"]]
    span = of_school["first_grade"].astype(str) + "-" + of_school["last_grade"].astype(str)
    place = _settlements().loc[table["school_code"]]
    return {
        "municipality": words["municipality"],
        "settlement": place["name"].to_numpy(dtype=object),
        "settlement_code": place["ekatte"].to_numpy(dtype=object),
        "school_name": _school_names(table["school_code"]),
        "school_type": span.map(words["school_kinds"]).to_numpy(dtype=object), "funding_code": "2",
        "individual_plan": np.where(table["education_form"] == "individual", "да", "не").astype(object),
    }  # fmt: skip


def _settlements() -> pd.DataFrame:
    """``name, ekatte`` by school code: the town, or one of the villages by the school's number."""
    words, table = wording(), plan()
    places = [
        words["town"] if stratum == "town" else words["villages"][int(code) % len(words["villages"])]
        for code, stratum in zip(table["school_code"], table["stratum"], strict=True)
    ]
    return pd.DataFrame(places, index=table["school_code"])


def _school_names(codes: pd.Series) -> np.ndarray:
    return codes.map(schools().set_index("school_code")["name_bg"]).to_numpy(dtype=object)


def _header(header: list[str], year: int) -> list[str]:
    """Captions as they come: a blank at the end, a line break within, another case."""
    variants = {
        2017: {"Код по НЕИСПУО": "Код по НЕИСПУО ", "Второгодник": "второгодник"},
        2019: {"Пътуващ от друго населено място": "Пътуващ от друго\nнаселено място", "ЕГН": " ЕГН"},
        2021: {"Дата на раждане": "Дата  на раждане", "СОП": "CОП"},
    }
    return [variants.get(year, {}).get(caption, caption) for caption in header]


def _fewer(kinds: list[tuple[float, dirt.Spoil]], factor: float) -> list[tuple[float, dirt.Spoil]]:
    return [(rate * factor, spoil) for rate, spoil in kinds]
