"""The deviations sheet of a study: for each thing that was not done as planned, what, why and to what effect.

``deviations.csv`` or ``deviations.xlsx`` beside study.yml, one row a deviation: ``place`` (the dotted key in study.yml,
such as ``outcomes.dropout_a.design``), and in each language of the study ``what_bg``, ``why_bg``, ``effect_bg``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import Finding, InputRefused, Workspace
from analysis.files.sheets import sheet_table

if TYPE_CHECKING:
    import pandas as pd

SHEET = "deviations"
FORMATS = (".csv", ".xlsx")
TOLD = ("what", "why", "effect")
LEAST_PARTS = 2  # "outcomes" alone would explain everything at once


@dataclass(frozen=True)
class Deviation:
    """One line. ``words`` holds ``what_bg`` and so on, "" where nothing is written; ``missing`` the columns that the
    study's languages need and the line leaves empty; ``row`` is the row of the file as a person counts it."""

    place: str
    words: Mapping[str, str]
    missing: tuple[str, ...]
    file: str
    row: int

    @property
    def is_complete(self) -> bool:
        """Whether the line explains anything: an empty „why“ does not."""
        return not self.missing

    def is_about(self, place: str) -> bool:
        """Whether the line names this place, or what the place is a part of."""
        names_something = self.place.count(".") + 1 >= LEAST_PARTS
        return names_something and (place == self.place or place.startswith(f"{self.place}."))

    def told(self, part: str, language: str) -> str:
        """``what``, ``why`` or ``effect`` in a language; "" where the line leaves it empty."""
        return self.words.get(f"{part}_{language}", "")


def deviation_sheets(folder: Path) -> list[Path]:
    """The deviations sheets that lie in a study's folder."""
    return [path for suffix in FORMATS if (path := folder / f"{SHEET}{suffix}").is_file()]


def read_deviations(workspace: Workspace, languages: Sequence[str]) -> list[Deviation]:
    """Every line of the study's deviations sheet; none where there is no sheet.

    Raises InputRefused when a sheet is no table or has no column ``place``.
    """
    return [
        deviation
        for path in deviation_sheets(workspace.settings)
        for deviation in _lines(path, workspace.shown(path), languages)
    ]


def _lines(path: Path, shown: str, languages: Sequence[str]) -> list[Deviation]:
    try:
        table = sheet_table(path, SHEET)
    except (ValueError, OSError):
        raise InputRefused([Finding(SHEET, "refused", "sheet_unreadable", shown)]) from None
    if "place" not in table:
        raise InputRefused([Finding(SHEET, "refused", "sheet_column_missing", shown, column="place")])
    needed = [f"{part}_{language}" for part in TOLD for language in languages]
    return [_deviation(row, int(place) + 2, shown, needed) for place, row in table.fillna("").iterrows()]


def _deviation(cells: pd.Series, row: int, shown: str, needed: list[str]) -> Deviation:
    words = {str(name): " ".join(str(cell).split()) for name, cell in cells.items() if name != "place"}
    missing = tuple(name for name in needed if not words.get(name))
    return Deviation(str(cells["place"]).strip().removeprefix("plan."), words, missing, shown, row)
