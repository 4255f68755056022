"""Numbers in the report's text and tables: each comes from a result or from the study's settings, and is recorded."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from analysis.report.ledger import Entry, Ledger
from analysis.report.quantities import MISSING, Quantity, quantity, short_unit, unit_word
from analysis.report.results import Result, Results
from analysis.report.tables import Cell
from analysis.report.unit_words import worded
from analysis.study import Study
from analysis.texts import day, money, number, text
from analysis.texts.formats import NBSP, percent


class Values:
    """Prints numbers in one language and writes each into the ledger under the current chapter and exhibit."""

    def __init__(self, study: Study, language: str, results: Results, ledger: Ledger) -> None:
        self.study, self.language, self.results, self.ledger = study, language, results, ledger
        self.chapter = ""
        self.exhibit = ""

    def has(self, result_id: str, field: str = "estimate") -> bool:
        row = self.results.get(result_id)
        return row is not None and not row.is_suppressed and row.has(field)

    def value(self, result_id: str, field: str = "estimate", signed: bool = True) -> str:
        """The number with its unit, for prose. A result that is missing or hidden says so instead."""
        row = self.results.get(result_id)
        if row is None:
            return text("labels.no_data", self.language)
        return self.amount(row, field, signed)

    def amount(self, row: Result, field: str = "estimate", signed: bool = True) -> str:
        """The number of a row with its unit: ``−2,8 процентни пункта``."""
        if row.is_suppressed:
            return text("labels.hidden", self.language)
        shown = self.quantity(row, field, signed)
        if shown.text == MISSING:
            return text("labels.no_data", self.language)
        word = self.unit_word(shown)
        return self.span(row, field, shown) + (NBSP + word if word else "")

    def quantity(self, row: Result, field: str, signed: bool = True) -> Quantity:
        """The number in a field of a row as it is printed in this study."""
        own = {name: unit.decimals for name, unit in self.study.units.items()}
        return quantity(row, field, self.language, signed, own)

    def unit_word(self, shown: Quantity, count: int | None = None) -> str:
        """The unit in full behind a number; agreeing with it, or with ``count``."""
        if shown.unit in self.study.units:
            return self.study.units[shown.unit].name[self.language]
        if count is None or not shown.unit:
            return unit_word(shown, self.language)
        return text(f"labels.units.{shown.unit}", self.language, count=count)

    def short_unit(self, unit: str, is_difference: bool = True) -> str:
        """The unit for a column head or an axis."""
        if unit in self.study.units:
            return self.study.units[unit].name[self.language]
        return short_unit(unit, self.language, is_difference)

    def span(self, row: Result, field: str, shown: Quantity) -> str:
        self._record(row, field, shown.text)
        return f'[{shown.text}]{{.number data-result="{row.result_id}"}}'

    def interval(self, row: Result, low: str = "ci_low", high: str = "ci_high") -> str:
        """``от −4,4 до −1,2 процентни пункта``."""
        ends = [self.quantity(row, field) for field in (low, high)]
        if any(end.text == MISSING for end in ends):
            return text("labels.no_data", self.language)
        shown = [self.span(row, field, end) for field, end in zip((low, high), ends, strict=True)]
        word = self.unit_word(ends[1], count=2)
        return text("labels.interval", self.language, low=shown[0], high=shown[1]) + (NBSP + word if word else "")

    def p(self, row: Result, field: str) -> str:
        """``p = 0,012`` or ``p < 0,001``."""
        shown = self.quantity(row, field)
        relation = "" if shown.text.startswith("<") else f"={NBSP}"
        return f"p{NBSP}{relation}{self.span(row, field, shown)}"

    def noun(self, row: Result, field: str, noun: str) -> str:
        """A count of a row with its noun: ``24 училища``."""
        shown = self.quantity(row, field)
        if shown.text == MISSING:
            return text("labels.no_data", self.language)
        word = text(worded(self.study, f"labels.nouns.{noun}"), self.language, count=round(getattr(row, field)))
        return f"{self.span(row, field, shown)}{NBSP}{word}"

    def cell(self, row: Result | None, field: str = "estimate") -> Cell:
        """The number as a table's cell, without unit."""
        if row is None or row.is_suppressed or not row.has(field):
            return Cell(text("labels.hidden", self.language) if row is not None and row.is_suppressed else MISSING)
        shown = self.quantity(row, field)
        self._record(row, field, shown.text)
        value = float(getattr(row, field))
        return Cell(shown.text, 100 * value if shown.unit == "pp" else value)

    def exact_cell(self, row: Result, field: str, digits: int) -> Cell:
        """The number with so many digits behind the point, in the unit of the data (a share stays a share)."""
        return self.number_cell(row, field, getattr(row, field), digits)

    def number_cell(self, row: Result, field: str, value: float, digits: int) -> Cell:
        """A number that follows from a field of a row."""
        if row.is_suppressed:
            return Cell(text("labels.hidden", self.language))
        if math.isnan(value):
            return Cell(MISSING)
        printed = number(value, self.language, digits)
        self._record(row, field, printed)
        return Cell(printed, value)

    def interval_cell(self, row: Result | None, low: str = "ci_low", high: str = "ci_high") -> Cell:
        """``−4,4; −1,2`` in one cell."""
        ends = [self.cell(row, field) for field in (low, high)]
        if any(end.number is None for end in ends):
            return Cell(ends[0].text)
        return Cell(f"[{ends[0].text}; {ends[1].text}]")

    def fact(self, path: str) -> str:
        """A declared number or text of ``study.yml`` by its dotted key, such as ``project.declared_months``."""
        found = self.setting(path)
        if isinstance(found, date):
            return self.declared(path, day(found, self.language))
        if isinstance(found, float | int) and not isinstance(found, bool):
            digits = len(str(found).partition(".")[2]) if isinstance(found, float) and found % 1 else 0
            return self.declared(path, number(found, self.language, digits))
        return str(found[self.language] if hasattr(found, "bg") else found)

    def share(self, path: str) -> str:
        """A declared share as a percentage."""
        return self.declared(path, percent(self.setting(path), self.language, 0))

    def money(self, path: str) -> str:
        """A declared amount in BGN, with EUR at the fixed rate in brackets."""
        return self.declared(path, self.both_currencies(self.setting(path)))

    def day(self, path: str) -> str:
        return self.fact(path)

    def declared(self, path: str, printed: str) -> str:
        """Record a number that the settings hold or that follows from them alone, and give it back."""
        self.ledger.add(Entry(self.chapter, self.exhibit, "settings", "", path, "", printed))
        return printed

    def setting(self, path: str) -> Any:
        node: Any = self.study
        for part in path.split("."):
            node = node[int(part)] if part.isdigit() else getattr(node, part)
        return node

    def both_currencies(self, bgn: float) -> str:
        """An amount in BGN with EUR in brackets, at the declared rate."""
        return money(bgn, self.language, per_eur=self.study.project.bgn_per_eur)

    def _record(self, row: Result, field: str, printed: str) -> None:
        value = repr(getattr(row, field))
        self.ledger.add(Entry(self.chapter, self.exhibit, "results", row.result_id, field, value, printed))
