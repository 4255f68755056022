"""Files that the team keeps: attendance lists, certificates, activities and spending. All formats are assumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.demonstration.files import dirt
from analysis.demonstration.files.cells import captioned, captions, dates, decimal_comma, rows_of
from analysis.demonstration.files.workbooks import plain_workbook, separated
from analysis.demonstration.schools import wording
from analysis.demonstration.streams import stream

NBSP = "\u00a0"
MONEY = ("planned_bgn", "spent_bgn")
DAYS = ("planned_start", "planned_end", "actual_start", "actual_end")


def write_project(folder: Path, seed: int, tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> None:
    """``project/attendance_<R|N>``, ``project/certificates.xlsx`` and ``project/activity_spending.xlsx``."""
    attendance = tables["attendance"]
    labour = (attendance["activity"].str[0] == "R").to_numpy()
    here = folder / "project"
    _write_attendance(here / "attendance_R.xlsx", seed, attendance[labour].reset_index(drop=True), people)
    _write_attendance(here / "attendance_N.csv", seed, attendance[~labour].reset_index(drop=True), people)
    _write_certificates(here / "certificates.xlsx", seed, tables["certificates"], people)
    _write_spending(here / "activity_spending.xlsx", seed, tables["activity_spending"])


def _write_attendance(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, f"dirt {path.stem}")
    types = people.loc[table["person_id"], "id_type"].map(wording()["texts"]["id_type"]).to_numpy(dtype=object)
    frame = _dirty_numbers(rng, captioned("attendance_lists", table, people, {"id_type": types}))
    codes = [(0.02, dirt.each(_cyrillic_code)), (0.01, dirt.each(lambda code: f"{code} "))]
    frame["activity"] = dirt.plant(rng, frame["activity"].to_numpy(dtype=object), codes)
    frame["completed"] = dirt.yes_forms(rng, frame["completed"].to_numpy(dtype=object))
    forms = rng.choice(5, size=len(frame), p=[0.93, 0.04, 0.01, 0.01, 0.01])
    for column in ("first_day", "last_day"):
        frame[column] = dirt.date_forms(table[column], forms)
    is_text = path.suffix == ".csv"
    if is_text:
        frame["hours"] = decimal_comma(table["hours"], 1)
    header = list(captions("attendance_lists").values())
    rows = dirt.repeated_rows(rng, rows_of(frame), 0.004)
    if is_text:
        separated(path, header, rows, ";", "cp1251")
    else:
        plain_workbook(path, "Присъствие", header, rows)


def _write_certificates(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, "dirt certificates")
    issued = table["issue_date"].dt.year
    extra = {
        "certificate_no": np.array([f"{year}-{place + 101:04d}" for place, year in enumerate(issued)], dtype=object),
        "id_type": people.loc[table["person_id"], "id_type"].map(wording()["texts"]["id_type"]).to_numpy(dtype=object),
    }
    frame = _dirty_numbers(rng, captioned("certificates", table, people, extra))
    kinds = [(0.02, dirt.each(str.upper)), (0.02, dirt.each(dirt.mixed_alphabet))]
    frame["kind"] = dirt.plant(rng, frame["kind"].to_numpy(dtype=object), kinds)
    frame["issue_date"] = dates(table["issue_date"], "%d.%m.%Y г.")
    plain_workbook(
        path, "Документи", list(captions("certificates").values()), dirt.repeated_rows(rng, rows_of(frame), 0.01)
    )


def _write_spending(path: Path, seed: int, table: pd.DataFrame) -> None:
    """One row an activity and, as people do, a row of sums below; some amounts are text with the currency."""
    rng = stream(seed, "dirt spending")
    frame = captioned("activity_spending", table, pd.DataFrame())
    for column in DAYS:
        frame[column] = dirt.date_forms(table[column], np.where(table.index % 5 == 3, 1, 0))
    totals = {column: float(table[column].sum().round(2)) for column in MONEY}
    for column in MONEY:
        amounts = frame[column].to_numpy(dtype=object)
        frame[column] = dirt.plant(rng, amounts, [(0.2, _with_currency)])
    frame.loc[3, "activity"] = _cyrillic_code(str(frame.loc[3, "activity"]))
    header = list(captions("activity_spending").values())
    last: list[object] = [totals.get(name) for name in frame]
    last[1] = "Общо"
    plain_workbook(path, "Дейности", header, [*rows_of(frame), last])


def _dirty_numbers(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame["person_id"].to_numpy(dtype=object)
    whole = np.flatnonzero([len(str(number)) == 10 for number in numbers])
    spoiled = dirt.plant(rng, numbers, [(rate * 0.5, spoil) for rate, spoil in dirt.NUMBER_DIRT], whole)
    return frame.assign(person_id=spoiled)


def _cyrillic_code(code: str) -> str:
    """Р3 and Н3 as a Bulgarian keyboard writes them."""
    return code.translate(str.maketrans("RN", "РН"))


def _with_currency(values: list[object]) -> list[object]:
    return [f"{float(str(value)):,.2f}".replace(",", NBSP).replace(".", ",") + " лв." for value in values]
