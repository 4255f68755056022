"""Rules over a whole row: dates in order, dates within the project."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.cleaning.faults import Faults
from analysis.study import Register, Study
from analysis.study.registers import Rule


def apply_rules(faults: Faults, typed: pd.DataFrame, register: Register, study: Study) -> None:
    """Set aside every row that breaks a rule of the register; a missing date breaks none."""
    for rule in register.rules:
        if rule.rule == "date_order":
            _date_order(faults, typed, rule)
        else:
            _date_within(faults, typed, rule, study)


def _date_order(faults: Faults, typed: pd.DataFrame, rule: Rule) -> None:
    first, second = typed[str(rule.first)], typed[str(rule.second)]
    for position in (first > second).to_numpy(dtype=bool).nonzero()[0]:
        found = f"{first.iloc[position]:%d.%m.%Y} > {second.iloc[position]:%d.%m.%Y}"
        first_caption = faults.captions.get(str(rule.first), str(rule.first))
        faults.add(int(position), "date_order", "quarantined", str(rule.second), found, first=first_caption)


def _date_within(faults: Faults, typed: pd.DataFrame, rule: Rule, study: Study) -> None:
    values = typed[str(rule.column)]
    start, end = bound(rule.start, study), bound(rule.end, study)
    outside = (values < pd.Timestamp(start or date.min)) if start else pd.Series(False, index=values.index)
    if end:
        outside |= values > pd.Timestamp(end)
    shown_start, shown_end = (f"{day:%d.%m.%Y}" if day else "–" for day in (start, end))
    for position in outside.to_numpy(dtype=bool).nonzero()[0]:
        found = f"{values.iloc[position]:%d.%m.%Y}"
        faults.add(
            int(position), "date_within", "quarantined", str(rule.column), found, start=shown_start, end=shown_end
        )


def bound(name: str | None, study: Study) -> date | None:
    """The day a rule's bound names: project_start, project_end or data_cut_off; None for an open bound."""
    days = {"project_start": study.project.start, "project_end": study.project.end, "data_cut_off": study.data_cut_off}
    return None if name is None else days[name]
