"""Faults met while cleaning one source: kept as findings, and as the rows that must be set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.cleaning.cell import Column
from analysis.files import Finding
from analysis.files.findings import Level

Shown = Callable[[int], str]
WHERE = ["file", "sheet", "row"]


@dataclass
class Faults:
    """Collects what was wrong in ``rows`` (a Reading's rows, index 0..n-1) of one source."""

    source: str
    rows: pd.DataFrame
    captions: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    aside: npt.NDArray[np.bool_] = field(init=False)
    repeated: npt.NDArray[np.bool_] = field(init=False)
    silent: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.aside = np.zeros(len(self.rows), dtype=bool)
        self.repeated = np.zeros(len(self.rows), dtype=bool)
        self.silent = np.zeros(len(self.rows), dtype=bool)
        self._places = list(self.rows[WHERE].itertuples(index=False, name=None))

    def place(self, position: int) -> tuple[str, str, int | None]:
        """File, sheet and row of the row at ``position``."""
        file, sheet, row = self._places[position]
        return str(file), "" if pd.isna(sheet) else str(sheet), None if pd.isna(row) else int(row)

    def add(self, position: int, rule: str, level: Level, name: str = "", found: str = "", **params: str) -> None:
        """One fault of one row (of the field ``name``, if of one); a row with a ``quarantined`` fault is set aside."""
        if self.silent[position]:
            return
        file, sheet, row = self.place(position)
        caption = self.captions.get(name, name)
        full = rule if "." in rule else f"findings.{rule}"
        self.findings.append(Finding(self.source, level, full, file, sheet, row, caption, found, params))
        if level == "quarantined":
            self.aside[position] = True

    def add_column(self, name: str, column: Column, shown: Shown, **params: str) -> None:
        """The faults of a whole column: rows set aside and cells mended one by one, notes once a file and text."""
        noted: dict[tuple[str, str, str, str], list[int]] = {}
        for position in np.flatnonzero((column.rules != "") & ~self.silent).tolist():
            rule, level = column.rules[position], column.levels[position]
            if level == "noted":
                file, sheet, _ = self.place(position)
                noted.setdefault((file, sheet, rule, shown(position)), []).append(position)
            else:
                self.add(position, rule, level, name, shown(position), **params)
        for (_, _, rule, found), positions in noted.items():
            self.add(positions[0], rule, "noted", name, found, **params, count=str(len(positions)))

    def set_aside_unreadable(self) -> None:
        """Rows that the reader could not divide into cells (``unreadable`` is its rule): no more is said of them."""
        if "unreadable" not in self.rows:
            return
        unreadable = self.rows["unreadable"].notna().to_numpy(dtype=bool)
        for position in np.flatnonzero(unreadable).tolist():
            self.add(position, str(self.rows["unreadable"].iloc[position]), "quarantined")
        self.silent |= unreadable

    def refuse_file(self, file: str, rule: str, **params: str) -> None:
        """The whole file cannot be used: every row of it is set aside."""
        self.findings.append(Finding(self.source, "refused", f"findings.{rule}", file, params=params))
        self.aside |= (self.rows["file"] == file).to_numpy(dtype=bool)
