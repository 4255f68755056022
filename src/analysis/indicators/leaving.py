"""What became of participants on leaving and some months later, by the registers: search, certificate, work, services.

Immediate results hold within ``immediate_days`` (four weeks) after the last exit; longer-term ones are the status on
the very day ``months_after`` calendar months later (the last day of the month where that month is shorter). Who left
too near the data cut-off to be seen is censored: neither a success nor a failure.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.registers import has_source, rows_of
from analysis.study import Study
from analysis.study.indicator_settings import Indicators

WORK = ["employed_same", "employed_other", "self_employed"]


def with_results(
    study: Study, clean: Mapping[str, pd.DataFrame], people: pd.DataFrame, settings: Indicators
) -> pd.DataFrame:
    """``people`` (``participant_records``) with what is known of each after leaving.

    Columns, "boolean", missing where it is not known: ``left``; ``works``, ``learns`` (ИСУН's exit status);
    ``searches`` (a registration as unemployed on any day from the exit to so many days after), ``qualified`` (a
    certificate issued from joining to so many days after the exit), ``served`` (attended an activity of services),
    ``works_later`` (a contract in force on the day months after); and ``seen_soon``, ``seen_later``: the window lies
    before the data cut-off. A register without rows leaves its column missing for everybody.
    """
    cut_off = pd.Timestamp(study.data_cut_off)
    left = people["exit_date"].notna()
    until = people["exit_date"] + pd.Timedelta(days=settings.immediate_days)
    later = people["exit_date"] + pd.DateOffset(months=settings.months_after)
    told = people["exit_status"].notna() & left
    found = {
        "works": people["exit_status"].isin(WORK).where(told),
        "learns": (people["exit_status"] == "in_education").where(told),
        "searches": _searches(study, clean, people, until).where(until <= cut_off),
        "qualified": _qualified(study, clean, people, until, settings).where(until <= cut_off),
        "served": _served(study, clean, people, settings).where(left),
        "works_later": _in_force(study, clean, people, later).where(later <= cut_off),
    }
    known = {name: values.astype("boolean") for name, values in found.items()}
    return people.assign(left=left, seen_soon=left & (until <= cut_off), seen_later=left & (later <= cut_off), **known)


def _searches(study: Study, clean: Mapping[str, pd.DataFrame], people: pd.DataFrame, until: pd.Series) -> pd.Series:
    spells = rows_of(study, clean, "labour_registrations")
    spells = spells[spells["group"].fillna("unemployed") == "unemployed"]
    window = people[["person_id", "exit_date"]].assign(until=until)
    pairs = window.merge(spells[["person_id", "start_date", "end_date"]], on="person_id")
    runs = pairs["end_date"].isna() | (pairs["end_date"] >= pairs["exit_date"])
    active = pairs[(pairs["start_date"] <= pairs["until"]) & runs]
    return _known_if(has_source(study, clean, "labour_registrations"), people["person_id"].isin(active["person_id"]))


def _qualified(
    study: Study, clean: Mapping[str, pd.DataFrame], people: pd.DataFrame, until: pd.Series, settings: Indicators
) -> pd.Series:
    issued = rows_of(study, clean, "certificates")
    issued = issued[issued["kind"].isin(settings.qualification_certificates)]
    window = people[["person_id", "entry_date"]].assign(until=until)
    pairs = window.merge(issued[["person_id", "issue_date"]], on="person_id")
    counted = pairs[(pairs["issue_date"] >= pairs["entry_date"]) & (pairs["issue_date"] <= pairs["until"])]
    return _known_if(has_source(study, clean, "certificates"), people["person_id"].isin(counted["person_id"]))


def _served(study: Study, clean: Mapping[str, pd.DataFrame], people: pd.DataFrame, settings: Indicators) -> pd.Series:
    lists = rows_of(study, clean, "attendance_lists")
    attended = lists.loc[lists["activity"].isin(settings.service_activities), "person_id"]
    known = bool(settings.service_activities) and has_source(study, clean, "attendance_lists")
    return _known_if(known, people["person_id"].isin(attended))


def _in_force(study: Study, clean: Mapping[str, pd.DataFrame], people: pd.DataFrame, when: pd.Series) -> pd.Series:
    contracts = rows_of(study, clean, "nra_contracts")
    pairs = (
        people[["person_id"]]
        .assign(when=when)
        .merge(contracts[["person_id", "start_date", "end_date"]], on="person_id")
    )
    runs = pairs["end_date"].isna() | (pairs["end_date"] >= pairs["when"])
    working = pairs[(pairs["start_date"] <= pairs["when"]) & runs]
    return _known_if(has_source(study, clean, "nra_contracts"), people["person_id"].isin(working["person_id"]))


def _known_if(known: bool, values: pd.Series) -> pd.Series:
    return values.astype("boolean") if known else pd.Series(pd.NA, index=values.index, dtype="boolean")
