"""Corrections that the project team lays beside the raw files: one cell each, made for one state of one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cleaning.cell import tidy
from analysis.cleaning.dates import parse_date
from analysis.cleaning.fields import text_of
from analysis.cleaning.kinds import PERSONAL
from analysis.cleaning.look_alikes import comparable
from analysis.cleaning.masking import shown
from analysis.files import Finding
from analysis.sources.reading import Reading
from analysis.study import Register, RegisterField


@dataclass(frozen=True)
class Correction:
    """One corrected cell: where it is (``column`` is the caption in the file), what stood there and what shall stand.

    ``sheet_file`` and ``line`` say where the correction itself is written.
    """

    file: str
    sheet: str
    row: int
    column: str
    old: str
    new: str
    sheet_file: str = "corrections.xlsx"
    line: int | None = None


def apply_corrections(
    source: str, reading: Reading, register: Register, corrections: Iterable[Correction]
) -> tuple[pd.DataFrame, list[Finding]]:
    """The reading's rows with the corrections of its files applied, and a finding for each one applied or refused."""
    rows = reading.rows.reset_index(drop=True)
    files = set(rows["file"])
    own = [correction for correction in corrections if correction.file in files]
    told = []
    for correction in own:
        why = _why_not(rows, reading, register, correction)
        if why:
            told.append(refused(correction, why, source))
        else:
            told.append(_apply(rows, reading, register, correction, source))
    return rows, told


def _why_not(rows: pd.DataFrame, reading: Reading, register: Register, correction: Correction) -> str:
    """The reason why a correction cannot be applied, "" when it can."""
    place = _positions(rows, correction)
    field = _field(reading, register, correction.column)
    if len(place) != 1:
        return "row"
    if field is None:
        return "column"
    cell = text_of(rows.loc[place], field).iloc[0]
    present = "" if pd.isna(cell) else tidy(str(cell).replace("|", " "))
    return "" if present == tidy(correction.old.replace("|", " ")) else "old_value"


def _apply(rows: pd.DataFrame, reading: Reading, register: Register, correction: Correction, source: str) -> Finding:
    """Write the new value into ``rows`` (which is our own copy)."""
    position = _positions(rows, correction)[0]
    field = _field(reading, register, correction.column)
    assert field is not None
    new = tidy(correction.new)
    cells = {field.name: new} if field.parts == 1 else _parts(field, new)
    for name, value in cells.items():
        if name not in rows:
            rows[name] = pd.Series(pd.NA, index=rows.index, dtype="str")
        rows.loc[position, name] = value or pd.NA
    found = "" if field.kind in PERSONAL else shown(new)
    return Finding(
        source, "noted", "findings.correction_applied", correction.file, correction.sheet, correction.row,
        correction.column, found, {"line": str(correction.line or "")},
    )  # fmt: skip


def _parts(field: RegisterField, new: str) -> dict[str, str]:
    """The cells of a date in parts from one new value: a whole date, or year, month and day apart."""
    day = parse_date(new).value
    parts = [str(day.year), str(day.month), str(day.day)] if day else new.split(" ")
    parts = [*parts, *[""] * field.parts][: field.parts]
    return {f"{field.name}_{number}": part for number, part in enumerate(parts, start=1)}


def _positions(rows: pd.DataFrame, correction: Correction) -> Sequence[int]:
    here = (rows["file"] == correction.file) & (rows["row"] == correction.row)
    here &= rows["sheet"].fillna("").map(comparable) == comparable(correction.sheet)
    return list(rows.index[here.fillna(False).to_numpy(dtype=bool)])


def _field(reading: Reading, register: Register, caption: str) -> RegisterField | None:
    wanted = comparable(caption)
    for field in register.fields:
        if wanted in (comparable(reading.captions.get(field.name, field.name)), comparable(field.name)):
            return field
    return None


def refused(correction: Correction, why: str, source: str = "") -> Finding:
    """The finding of a correction that was not applied; ``why``: file, changed, row, column, old_value."""
    params = {"target": correction.file, "target_row": str(correction.row)}
    return Finding(
        source, "noted", f"findings.correction_refused.{why}", correction.sheet_file, row=correction.line,
        column=correction.column, params=params,
    )  # fmt: skip
