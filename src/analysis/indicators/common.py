"""The ESF common indicators, CO01 to CO23 and CR01 to CR09, as masks over complete records.

Definitions: Regulation (EU) 1304/2013, Annex I.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

UNEMPLOYED = ["unemployed_0_6", "unemployed_6_12", "unemployed_12_plus"]
INACTIVE = ["inactive", "inactive_not_in_education", "inactive_in_education"]
EMPLOYED = ["employed", "self_employed"]
DROPPED = (
    "CO12",
    "CO13",
    "CO14",
)  # left out of Annex I by Regulation (EU, Euratom) 2018/1046; still in ИСУН's template
SAMPLED = ("CO18", "CO19", "CR06", "CR07", "CR08", "CR09")
PROJECT_LEVEL = ("CO20", "CO21", "CO22", "CO23")
OUTPUTS = [f"CO{number:02}" for number in range(1, 24)]
RESULTS = [f"CR{number:02}" for number in range(1, 10)]
FLAGS = {
    "CO12": ["household_jobless"],
    "CO13": ["household_jobless_children"],
    "CO14": ["household_single_children"],
    "CO15": ["is_migrant", "is_foreign_background", "is_minority", "is_roma"],
    "CO16": ["is_disabled"],
    "CO18": ["is_homeless"],
}


@dataclass(frozen=True)
class Measured:
    """An indicator over the records: who is counted, who could be (``among``), who left too late to be seen.

    ``note``: "" or ``no_data`` (a register is wanting), ``partial`` (one of several is), ``not_measurable``.
    """

    counted: pd.Series
    among: pd.Series
    censored: pd.Series
    note: str = ""


def output_masks(people: pd.DataFrame) -> dict[str, pd.Series]:
    """CO01 to CO18 as truth over records; CO19 cannot be told, since addresses are not kept."""
    status, age, education = people["labour_status"], people["age_at_entry"].astype("float64"), people["education"]
    unemployed = status.isin(UNEMPLOYED)
    long_term = (status == "unemployed_12_plus") | ((age < 25) & (status == "unemployed_6_12"))
    out_of_education = status == "inactive_not_in_education"
    masks = {
        "CO01": unemployed,
        "CO02": long_term,
        "CO03": status.isin(INACTIVE),
        "CO04": out_of_education,
        "CO05": status.isin(EMPLOYED),
        "CO06": age < 25,
        "CO07": age > 54,
        "CO08": (age > 54) & (unemployed | out_of_education),
        "CO09": education == "primary_or_lower_secondary",
        "CO10": education.isin(["upper_secondary", "post_secondary"]),
        "CO11": education == "tertiary",
        **{code: _any_flag(people, columns) for code, columns in FLAGS.items()},
    }
    stated = people["other_disadvantaged"].isin(["stated", "other"])
    masks["CO17"] = stated | (education == "none") | masks["CO18"]
    return {code: masks[code].fillna(False).astype(bool) for code in sorted(masks)}


def disadvantaged(people: pd.DataFrame) -> pd.Series:
    """CO15, CO16 or CO17."""
    masks = output_masks(people)
    return masks["CO15"] | masks["CO16"] | masks["CO17"]


def result_measures(people: pd.DataFrame) -> dict[str, Measured]:
    """CR01 to CR09 over records ``with_results``."""
    outputs = output_masks(people)
    inactive, not_working, poor = outputs["CO03"], ~outputs["CO05"], disadvantaged(people)
    not_learning = people["labour_status"] != "inactive_in_education"
    everybody = pd.Series(True, index=people.index)
    soon, later = people["left"] & ~people["seen_soon"], people["left"] & ~people["seen_later"]
    never = ~everybody
    measured = {
        "CR01": _measured(people, "searches", inactive, soon),
        "CR02": _measured(people, "learns", not_learning, never),
        "CR03": _measured(people, "qualified", everybody, soon),
        "CR04": _measured(people, "works", not_working, never),
        "CR06": _measured(people, "works_later", not_working, later),
        "CR08": _measured(people, "works_later", not_working & outputs["CO07"], later),
        "CR09": _measured(people, "works_later", not_working & poor, later),
    }
    none = pd.Series(False, index=people.index)
    measured["CR07"] = Measured(none, people["left"] & outputs["CO05"], none, "not_measurable")
    measured["CR05"] = _any_result(people, measured, poor)
    return {code: measured[code] for code in RESULTS}


def _any_result(people: pd.DataFrame, measured: dict[str, Measured], poor: pd.Series) -> Measured:
    """CR05: disadvantaged, in any of CR01 to CR04; somebody not seen for one of them and in no other is censored."""
    parts = [measured[code] for code in ("CR01", "CR02", "CR03", "CR04")]
    wanting = [part for part in parts if part.note == "no_data"]
    among = people["left"] & poor
    counted, unseen = pd.Series(False, index=people.index), pd.Series(False, index=people.index)
    for part in parts:
        counted |= part.counted
        unseen |= part.censored
    note = "no_data" if len(wanting) == len(parts) else "partial" if wanting else ""
    return Measured(counted & among, among, unseen & ~counted & among, note)


def _measured(people: pd.DataFrame, column: str, eligible: pd.Series, unseen: pd.Series) -> Measured:
    among = people["left"] & eligible
    known = people.loc[among & ~unseen, column]
    counted = people[column].fillna(False).astype(bool) & among
    note = "no_data" if among.any() and len(known) and known.isna().all() else ""
    return Measured(counted, among, unseen & among, note)


def _any_flag(people: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Sensitive data: what is not stated does not make a record incomplete and is not counted."""
    return people[columns].fillna(False).astype(bool).any(axis=1)
