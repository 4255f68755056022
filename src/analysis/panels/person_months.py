"""The person-month panel: work and registration from 12 months before entry to 24 after, read on the 15th."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.panels.keys import require_unique, without_rows
from analysis.panels.labour_status import DAY_IN_MIDMONTH, employed, registered, unsubsidised
from analysis.panels.register_tables import register_table, source_names
from analysis.panels.spells import Window, month_number, month_start
from analysis.study import Study

TYPES = {
    "person_id": "str", "treated": "bool", "month": "int64", "calendar_month": "datetime64[ns]", "employed": "float64",
    "unsubsidised": "float64", "registered": "float64", "month_after_exit": "Int64",
}  # fmt: skip
COLUMNS = list(TYPES)


def person_months(
    study: Study, clean: Mapping[str, pd.DataFrame], persons: pd.DataFrame, employers: pd.DataFrame
) -> pd.DataFrame:
    """One row a person and month since entry, in the order of ``persons``: the columns of COLUMNS.

    ``employed, unsubsidised, registered`` are 1.0 or 0.0; NaN when the 15th lies after the data cut-off or the study
    has no such register. ``calendar_month`` is the first day of the month, ``month_after_exit`` whole months since
    exit (missing without an exit). ``employers``: employer_id of the employers whom the project paid.
    """
    if study.employment is None or persons.empty:
        return without_rows(TYPES)
    require_unique(persons, ["person_id"], "persons")
    months = np.arange(-study.employment.months_before, study.employment.months_after + 1)
    calendar = month_number(persons["entry_month"])[:, None] + months
    statuses = _statuses(study, clean, persons, employers, calendar)
    rows = np.repeat(np.arange(len(persons)), len(months))
    return pd.DataFrame(
        {
            "person_id": persons["person_id"].to_numpy()[rows],
            "treated": persons["treated"].to_numpy()[rows],
            "month": np.tile(months, len(persons)),
            "calendar_month": month_start(calendar.ravel()),
            **{name: values.ravel() for name, values in statuses.items()},
            "month_after_exit": _since_exit(persons["exit_month"], calendar),
        }
    ).astype({"person_id": "str"})


def _statuses(
    study: Study,
    clean: Mapping[str, pd.DataFrame],
    persons: pd.DataFrame,
    employers: pd.DataFrame,
    calendar: np.ndarray,
) -> dict[str, np.ndarray]:
    people = pd.Index(persons["person_id"])
    window = Window(int(calendar.min()), int(calendar.max()))
    contracts = register_table(study, clean, "nra_contracts")
    placements = register_table(study, clean, "labour_placements")
    registrations = register_table(study, clean, "labour_registrations")
    tables = {
        "employed": ("nra_contracts", employed(contracts, people, window)),
        "unsubsidised": ("nra_contracts", unsubsidised(contracts, placements, employers, people, window)),
        "registered": ("labour_registrations", registered(registrations, people, window)),
    }
    rows = np.arange(len(people))[:, None]
    seen = _observed(study, calendar)
    return {
        name: np.where(seen & _present(study, clean, register), table[rows, window.place(calendar)], np.nan)
        for name, (register, table) in tables.items()
    }


def _present(study: Study, clean: Mapping[str, pd.DataFrame], register: str) -> bool:
    return any(name in clean for name in source_names(study, register))


def _observed(study: Study, calendar: np.ndarray) -> np.ndarray:
    """The 15th of the month is not after the data cut-off."""
    cut_off = pd.Timestamp(study.data_cut_off)
    last = cut_off.year * 12 + cut_off.month - 1 - 1970 * 12 - (cut_off.day < DAY_IN_MIDMONTH)
    return calendar <= last


def _since_exit(exit_month: pd.Series, calendar: np.ndarray) -> pd.Series:
    left = exit_month.notna().to_numpy()
    exits = month_number(exit_month.fillna(pd.Timestamp("1970-01-01")))
    months = pd.Series((calendar - exits[:, None]).ravel()).astype("Int64")
    return months.mask(~np.repeat(left, calendar.shape[1]))
