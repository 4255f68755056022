"""Programme indicators: children of minorities reached, and disadvantaged people who left into something better."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.common import Measured, disadvantaged
from analysis.study.indicator_settings import Indicators, ProgrammeIndicator

LIMBS = {
    "searching": "searches",
    "work": "works",
    "education": "learns",
    "qualification": "qualified",
    "services": "served",
}
STRICT = ("work", "education", "qualification")
UNSEEN = ("searching", "qualification")  # limbs that need the days after leaving


def programme_measures(
    people: pd.DataFrame, settings: Indicators, indicator: ProgrammeIndicator
) -> dict[str, Measured]:
    """Version of the indicator -> who counts; ``any`` is the official reading.

    An output has the version ``any`` alone. A result has each limb of the official text, ``any`` of them and
    ``strict`` (work, education or qualification): one service alone is enough for the official reading.
    """
    if indicator.rule == "minority_children":
        return {"any": _minority_children(people, settings)}
    among = people["left"] & disadvantaged(people)
    limbs = {limb: _limb(people, limb, among) for limb in LIMBS}
    return {"any": _union(limbs, list(LIMBS), among), "strict": _union(limbs, list(STRICT), among), **limbs}


def _minority_children(people: pd.DataFrame, settings: Indicators) -> Measured:
    wanted = frozenset(settings.child_activities)
    among = people["activities"].map(lambda codes: bool(codes & wanted)).astype(bool)
    minority = people[["is_minority", "is_roma"]].fillna(False).astype(bool).any(axis=1)
    return Measured(minority & among, among, pd.Series(False, index=people.index))


def _limb(people: pd.DataFrame, limb: str, among: pd.Series) -> Measured:
    column = LIMBS[limb]
    unseen = among & ~people["seen_soon"] if limb in UNSEEN else pd.Series(False, index=people.index)
    counted = people[column].fillna(False).astype(bool) & among
    known = people.loc[among & ~unseen, column]
    return Measured(counted, among, unseen, "no_data" if len(known) and known.isna().all() else "")


def _union(limbs: dict[str, Measured], names: list[str], among: pd.Series) -> Measured:
    counted, unseen = pd.Series(False, index=among.index), pd.Series(False, index=among.index)
    for name in names:
        counted |= limbs[name].counted
        unseen |= limbs[name].censored
    wanting = [name for name in names if limbs[name].note == "no_data"]
    note = "no_data" if len(wanting) == len(names) else "partial" if wanting else ""
    return Measured(counted, among, unseen & ~counted, note)
