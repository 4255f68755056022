"""What the project's team itself keeps: attendance lists, certificates, and the sheet of activities and spending.

All of it follows from who took part in what, by random streams of its own: nothing drawn elsewhere changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.streams import stream
from analysis.demonstration.tables import accepted, typed
from analysis.study import load_register
from analysis.texts.yaml_text import from_yaml

PLANS = Path(__file__).with_name("activities.yml")
OWN_ACTIVITY = {
    "motivation_training": "R2",
    "vocational_training": "R3",
    "subsidised_employment": "R4",
    "self_employment": "R5",
}
HOURS = {
    "R1": (4, 10), "R2": (20, 30), "R3": (240, 300), "R4": (900, 1900), "R5": (18, 30), "R6": (2, 16),
    "N1": (30, 90), "N2": (30, 120), "N3": (4, 14), "N5": (4, 10), "N6": (4, 8),
}  # fmt: skip
SHARES = {"R6": 0.55, "N1": 0.35, "N2": 0.70, "N3": 0.30, "N6": 0.60}
FINISHES = {"R1": 0.96, "R6": 0.90, "N5": 0.90}  # of those who stay to the end; elsewhere all of them
OLD_ENOUGH = 2009  # born at the latest, for career guidance
COLUMNS = ["person_id", "id_type", "birth_year"]


@cache
def plans() -> list[dict[str, Any]]:
    """The planned activities, as ``activities.yml`` has them."""
    content: list[dict[str, Any]] = from_yaml(PLANS.read_text(encoding="utf-8"))
    return content


def project_tables(seed: int, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """``attendance``, ``certificates`` and ``activity_spending`` from the participants and their trainings."""
    attendance = _attendance(seed, tables["participants_ophrd"], tables["participants_opsesg"])
    return {
        "attendance": attendance,
        "certificates": _certificates(seed, attendance, tables["trainings"]),
        "activity_spending": _spending(attendance),
    }


def _attendance(seed: int, labour: pd.DataFrame, school: pd.DataFrame) -> pd.DataFrame:
    rng = stream(seed, "attendance")
    rows = pd.concat([*_labour_rows(rng, labour), *_school_rows(rng, school)], ignore_index=True)
    low, high = (rows["activity"].map({code: ends[end] for code, ends in HOURS.items()}) for end in (0, 1))
    span = np.select([rows["activity"] == "R1", rows["activity"] == "R2"], [20, 45], 900)
    last = np.minimum(rows["exit_date"], rows["first_day"] + pd.to_timedelta(span, unit="D"))
    finishes = rng.random(len(rows)) < rows["activity"].map(FINISHES).fillna(1.0)
    completed = (rows["participation_status"] == "completed") & finishes
    hours = np.round(low + rng.random(len(rows)) * (high - low)) * np.where(completed, 1.0, 0.4)
    columns = {**rows, "last_day": last, "hours": np.round(hours), "completed": completed}
    table = accepted("attendance_lists", columns)
    return table.sort_values(["activity", "first_day", "person_id"], kind="stable", ignore_index=True)


def _labour_rows(rng: np.random.Generator, labour: pd.DataFrame) -> list[pd.DataFrame]:
    """Everybody is met by a mediator (R1), attends the own activity, and about half use the services (R6)."""
    people = labour.drop_duplicates("person_id")
    own = labour.assign(activity=labour["activity"].map(OWN_ACTIVITY), first_day=labour["entry_date"])
    served = people[rng.random(len(people)) < SHARES["R6"]]
    return [
        people.assign(activity="R1", first_day=people["entry_date"]),
        own[own["activity"].notna()],
        served.assign(activity="R6", first_day=_later(rng, served)),
    ]


def _school_rows(rng: np.random.Generator, school: pd.DataFrame) -> list[pd.DataFrame]:
    """Children attend some of N1, N2, N3, N6 and at least one; kindergarten children N1, parents N5."""
    children, parents = (school[school["activity"] == kind] for kind in ("children", "parents"))
    young = (children["birth_year"].astype("float64") >= 2016).to_numpy()
    draws = {code: rng.random(len(children)) < SHARES[code] for code in ("N1", "N2", "N3", "N6")}
    draws["N6"] &= (children["birth_year"].astype("float64") <= OLD_ENOUGH).to_numpy()
    draws["N1"] |= young
    for code in ("N2", "N6"):
        draws[code] &= ~young
    draws["N2"] |= ~young & ~np.any(list(draws.values()), axis=0)
    parts = [children[take].assign(activity=code) for code, take in draws.items()]
    parts.append(parents.assign(activity="N5"))
    return [part.assign(first_day=_later(rng, part)) for part in parts]


def _later(rng: np.random.Generator, rows: pd.DataFrame) -> pd.Series:
    """A day up to a month after joining, never after leaving."""
    begun = rows["entry_date"] + pd.to_timedelta(rng.integers(0, 30, size=len(rows)), unit="D")
    return pd.Series(np.minimum(begun, rows["exit_date"]), index=rows.index)


def _certificates(seed: int, attendance: pd.DataFrame, trainings: pd.DataFrame) -> pd.DataFrame:
    """Who finished R2 or R3 and, where the Labour Office knows of the training, got a certificate there."""
    rng = stream(seed, "certificates")
    known = trainings.drop_duplicates("person_id").set_index("person_id")["result"]
    rows = attendance[attendance["activity"].isin(["R2", "R3"])].reset_index(drop=True)
    result = rows["person_id"].map(known).fillna("certificate")
    rows = rows[rows["completed"] & (result == "certificate")].reset_index(drop=True)
    vocational = (rows["activity"] == "R3").to_numpy()
    kind = np.where(vocational, "part_of_profession", "motivation")
    kind = np.where(vocational & (rng.random(len(rows)) < 0.15), "professional_qualification", kind)
    issued = rows["last_day"] + pd.to_timedelta(rng.integers(1, 36, size=len(rows)), unit="D")
    columns = {
        **rows.drop(columns=["hours"]),
        "kind": kind,
        "training": np.where(vocational, "Обучение по част от професия", "Мотивационно обучение"),
        "hours": np.where(vocational, 300.0, 30.0),
        "issue_date": issued,
    }
    table = accepted("certificates", columns)
    return table.sort_values(["issue_date", "person_id"], kind="stable", ignore_index=True)


def _spending(attendance: pd.DataFrame) -> pd.DataFrame:
    attended = attendance.groupby("activity")["person_id"].nunique()
    rows = [_spending_row(plan, attended) for plan in plans()]
    types = load_register("activity_spending").accepted_types()
    frame = pd.DataFrame(rows)
    kept = {name: typed(frame[name], dtype) for name, dtype in types.items() if name != "birth_year"}
    return pd.DataFrame(kept).assign(file="", sheet="", row=pd.array(range(1, len(rows) + 1), dtype="Int64"))


def _spending_row(plan: dict[str, Any], attended: pd.Series) -> dict[str, object]:
    begins, ends = (pd.Timestamp(day) for day in plan["planned"])
    begun, ended = (pd.Timestamp(day) for day in plan["actual"])
    delivered = attended.get(plan["code"], 0) if plan["delivered"] is None else plan["delivered"]
    contract = c.CONTRACTS[plan["contract"]]
    return {
        "activity": plan["code"],
        "name": plan["name"],
        "contract": contract,
        "duration_months": _months(begins, ends),
        "start_month": _months(pd.Timestamp(c.PROJECT_START), begins),
        "planned_start": begins, "planned_end": ends, "actual_start": begun, "actual_end": ended,
        "status": "completed",
        "measured_in": plan["unit"],
        "planned_units": plan["units"], "delivered_units": delivered,
        "planned_hours": plan["hours"], "delivered_hours": plan["delivered_hours"],
        "planned_bgn": plan["bgn"], "spent_bgn": round(plan["bgn"] * plan["spent"], 2),
        "description": plan["results"],
        "reasons": plan["reasons"] or None,
        "results_period": plan["results"], "results_cumulative": plan["results"],
        "service_contracts": None,
    }  # fmt: skip


def _months(first: pd.Timestamp, last: pd.Timestamp) -> int:
    """Calendar months from the first to the last, both counted."""
    return int((last.year - first.year) * 12 + last.month - first.month + 1)
