"""Monthly absence files: windows-1251, ``|``, no header, sixteen fields; zipped by school year, one member a month."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.demonstration.absences import MONTHS
from analysis.demonstration.files.cells import dates
from analysis.demonstration.files.dirt import NUMBER_DIRT, lost_zero, plant
from analysis.demonstration.files.workbooks import zipped
from analysis.demonstration.streams import stream
from analysis.files import write_bytes

ENCODING = "windows-1251"
TYPES = {"egn": "", "lnch": "1", "other": "2"}
LONG_YEAR = {(2017, 3), (2019, 11)}  # (school year, month) in which the year was typed as 2017/2018
# every third school writes decimal commas, every fourth loses leading zeros, only every third gives the middle name
COMMA_SCHOOLS, NUMERIC_SCHOOLS, SHORT_NAME_SCHOOLS = 3, 4, 3
RATE = 0.1  # identifiers go wrong here ten times more seldom than in lists typed by hand


def write_absences(folder: Path, seed: int, year: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    """``absences/absences_<year>.zip``; ``table``: accepted absences of one school year."""
    rng = stream(seed, "dirt absences", year)
    lines = np.array(_lines(rng, year, table, people.loc[table["person_id"]]), dtype=object)
    months = table["month"].to_numpy()
    parts = []
    for month in MONTHS:
        chosen = lines[months == month]
        if len(chosen):
            again = rng.choice(len(chosen), size=1 + len(chosen) // 4000, replace=False)
            content = "\r\n".join([*chosen, *chosen[again]]) + "\r\n"
            calendar_year = year + (month < 9)
            parts.append((f"absences_{calendar_year}_{month:02d}.txt", content.encode(ENCODING)))
    write_bytes(folder / "absences" / f"absences_{year}.zip", zipped(parts))


def _lines(rng: np.random.Generator, year: int, table: pd.DataFrame, persons: pd.DataFrame) -> list[str]:
    school = table["school_code"].astype(int).to_numpy()
    month = table["month"].to_numpy(dtype=int)
    numbers = persons["number"].to_numpy(dtype=object)
    numbers = plant(rng, numbers, [(rate * RATE, spoil) for rate, spoil in NUMBER_DIRT])
    numbers = lost_zero(numbers, school % NUMERIC_SCHOOLS == 0)
    comma = school % COMMA_SCHOOLS == 0
    stated_year = np.where([(year, m) in LONG_YEAR for m in month], f"{year}/{year + 1}", str(year))
    grade = table["grade"].to_numpy(dtype=int)
    section = table["section"].str.lower().to_numpy(dtype=object)
    class_code = 100_000 + (school - 2_699_000) * 100 + grade
    columns = [
        table["school_code"].to_numpy(dtype=object), stated_year, [f"{m:02d}" for m in month.tolist()],
        persons["id_type"].map(TYPES).to_numpy(dtype=object), numbers,
        persons["first_name"].to_numpy(dtype=object),
        np.where(school % SHORT_NAME_SCHOOLS > 0, "", persons["middle_name"].to_numpy(dtype=object)),
        persons["last_name"].to_numpy(dtype=object),
        [f"{g:02d}" for g in grade.tolist()], class_code, np.where(school > 0, "", ""),
        [f"{g} {letter}" for g, letter in zip(grade.tolist(), section, strict=True)],
        np.where(table["attends"].to_numpy(dtype=bool), "1", "0"),
        np.where(table["discharge_date"].isna(), "", dates(table["discharge_date"])),
        _hours(table["excused_hours"], comma), _hours(table["unexcused_hours"], comma),
    ]  # fmt: skip
    return ["|".join(map(str, fields)) for fields in zip(*columns, strict=True)]


def _hours(values: pd.Series, comma: np.ndarray) -> list[str]:
    texts = [f"{value:.2f}" for value in values.to_numpy()]
    return [text.replace(".", ",") if swap else text for text, swap in zip(texts, comma, strict=True)]
