"""The two participant registers: adults under one programme, pupils, kindergarten children and parents under the
other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.fates import discharge_date
from analysis.demonstration.labour import EDUCATION
from analysis.demonstration.labour_study import LabourStudy
from analysis.demonstration.labour_tables import Identify
from analysis.demonstration.persons import People
from analysis.demonstration.school_years import SchoolYear
from analysis.demonstration.spells import day
from analysis.demonstration.streams import stream
from analysis.demonstration.tables import accepted

PROJECT_END = np.datetime64(c.PROJECT_END, "ns")
FLAGS = [
    "is_migrant", "is_foreign_background", "is_minority", "is_roma", "is_disabled", "is_homeless",
    "household_jobless", "household_jobless_children", "household_single_children",
]  # fmt: skip
FLAG_SHARES = np.array([0.01, 0.01, 0.62, 0.48, 0.05, 0.03, 0.40, 0.25, 0.08])
REASONS = ["other_job", "personal", "moved", "other"]
ISUN_EDUCATION = dict(
    zip(
        EDUCATION,
        ["none", "primary_or_lower_secondary", "primary_or_lower_secondary", "upper_secondary", "tertiary"],
        strict=True,
    )
)


def labour_participants(seed: int, study: LabourStudy, identify: Identify) -> pd.DataFrame:
    """Participants under OPHRD, one row an activity; the second activity of a few has its own row."""
    rng = stream(seed, "labour participants")
    first = np.flatnonzero(study.treated)
    both = first[study.second[first] >= 0]
    people = np.concatenate([first, both])
    is_second = np.arange(len(people)) >= len(first)
    has_second = study.second[people] >= 0
    entry = np.where(is_second, study.second[people], study.entry[people])
    leave = np.where(has_second & ~is_second, study.second[people] - 1, study.leave[people])
    entry_date = day(entry, np.where(is_second, 3, rng.integers(2, 29, size=len(people))))
    exit_date = np.minimum(day(leave, rng.integers(26, 29, size=len(people))), PROJECT_END)
    activity = np.where(is_second, "vocational_training", study.arm[people])
    early = study.early[people]
    columns = {
        "sex": np.where(study.adults.female[people], "female", "male"),
        "labour_status": _labour_status(rng, study, people),
        "education": pd.Series([EDUCATION[place] for place in study.adults.education[people]]).map(ISUN_EDUCATION),
        "entry_date": entry_date,
        "exit_date": exit_date,
        "activity": activity,
        "participation_status": np.where(early, "left_early", "completed"),
        "leaving_reason": pd.Series(rng.choice(REASONS, size=len(people))).where(early),
        "exit_status": _exit_status(study, people, leave),
        **_flags(rng, study, people),
    }
    table = accepted("isun_participants", {**identify(people), **columns}, contract="OPHRD")
    return table.sort_values(["entry_date", "person_id"], kind="stable", ignore_index=True)


class PupilParticipation:
    """Collects, school year by school year, who took part in the project's school activities and when they left."""

    def __init__(self) -> None:
        self._open: pd.DataFrame = pd.DataFrame(
            {"person": pd.Series(dtype=int), "entry_date": pd.Series(dtype="datetime64[ns]")}
        )
        self._closed: list[pd.DataFrame] = []

    def take(self, seed: int, lived: SchoolYear) -> None:
        """Note those who join and leave in this school year; after the last treated year everybody has left."""
        rng = stream(seed, "pupil participants", lived.year)
        now = lived.stock.loc[lived.participant, ["person", "female", "vulnerable", "grade"]].reset_index(drop=True)
        fate = lived.fates[lived.participant].reset_index(drop=True)
        goes_on = self._open[self._open["person"].isin(now["person"])]
        self._close(rng, self._open[~self._open["person"].isin(now["person"])], lived.year)
        first_day = np.datetime64(f"{lived.year}-10-01") + rng.integers(0, 28, size=len(now))
        earlier = now[["person"]].merge(
            goes_on[["person", "entry_date"]], on="person", how="left", validate="one_to_one"
        )
        now["entry_date"] = earlier["entry_date"].fillna(pd.Series(first_day.astype("datetime64[ns]")))
        gone = fate["fate"].isin(["dropout", "abroad", "moved_school"]).to_numpy()
        leaving = now[gone].assign(exit_date=discharge_date(rng, lived.year, fate["leave_month"].to_numpy()[gone]))
        leaving["fate"] = fate["fate"].to_numpy()[gone]
        self._closed.append(leaving)
        self._open = now[~gone].reset_index(drop=True)

    def _close(self, rng: np.random.Generator, rows: pd.DataFrame, year: int) -> None:
        last_day = np.datetime64(f"{year}-05-25") + rng.integers(0, 30, size=len(rows))
        if year > c.TREATED_YEARS[-1]:
            last_day = np.where(rng.random(len(rows)) < 0.5, np.datetime64("2023-10-31"), last_day)
        self._closed.append(rows.assign(exit_date=last_day.astype("datetime64[ns]"), fate=""))

    def spells(self, year_after: int) -> pd.DataFrame:
        """``person, female, vulnerable, grade, entry_date, exit_date, fate``, one row a spell; closes those still
        open.
        """
        self._close(np.random.default_rng(year_after), self._open, year_after)
        self._open = self._open.iloc[:0]
        return pd.concat([rows for rows in self._closed if len(rows)], ignore_index=True)


def school_participants(
    seed: int, spells: pd.DataFrame, people: People, scale: float, parents_in_both: Iterable[int]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Participants under OPSESG: pupils, kindergarten children, parents (some of them also under OPHRD); and who
    they are.
    """
    rng = stream(seed, "school participants")
    children = _kindergarten(rng, people, max(round(c.KINDERGARTEN * scale), 1))
    both = np.array(list(parents_in_both), dtype=int)
    parents = _parents(rng, people, both, max(round((c.PARENTS - c.PARENTS_IN_BOTH) * scale), 1))
    rows = pd.concat([spells.assign(activity="children"), children, parents], ignore_index=True)
    rows = rows.sort_values(["entry_date", "person"], kind="stable", ignore_index=True)
    table = people.table().loc[rows["person"].to_numpy()].reset_index(drop=True)
    adult = (rows["activity"] == "parents").to_numpy()
    flags = _flag_draws(rng, rows["vulnerable"].to_numpy(dtype=bool))
    gone = rows["fate"].isin(["dropout", "abroad", "moved_school"]).to_numpy()
    reasons = rows["fate"].map({"moved_school": "other_school", "abroad": "moved", "dropout": "personal"})
    columns = {
        **identified(table),
        "sex": np.where(table["female"], "female", "male"),
        "labour_status": np.where(adult, "inactive_not_in_education", "inactive_in_education"),
        "education": np.where(adult | (rows["grade"] > 4), "primary_or_lower_secondary", "none"),
        "entry_date": rows["entry_date"],
        "exit_date": rows["exit_date"],
        "activity": rows["activity"],
        "participation_status": np.where(gone, "left_early", "completed"),
        "leaving_reason": reasons.where(gone),
        "exit_status": np.select([adult, rows["fate"] == "dropout"], ["no_offer", "dropped_out"], "in_education"),
        **flags,
    }
    return accepted("isun_participants", columns, contract="OPSESG"), rows["person"].to_numpy()


def identified(table: pd.DataFrame) -> dict[str, object]:
    """``person_id, id_type, birth_year`` of rows of the people's table; a ЛНЧ tells no birth year."""
    known = pd.Series(table["birth_year"].to_numpy(dtype=float)).where(table["id_type"].to_numpy() == "egn")
    return {"person_id": table["person_id"], "id_type": table["id_type"], "birth_year": known}


def _kindergarten(rng: np.random.Generator, people: People, count: int) -> pd.DataFrame:
    female = rng.random(count) < 0.5
    born = people.add(rng, rng.integers(2016, 2019, size=count), female)
    dates = np.datetime64("2021-11-01") + rng.integers(0, 120, size=count)
    return pd.DataFrame(
        {
            "person": born, "female": female, "vulnerable": True, "grade": 0, "activity": "children", "fate": "",
            "entry_date": dates.astype("datetime64[ns]"), "exit_date": np.datetime64("2023-06-15", "ns"),
        }
    )  # fmt: skip


def _parents(rng: np.random.Generator, people: People, both: np.ndarray, count: int) -> pd.DataFrame:
    female = rng.random(count) < 0.8
    new = people.add(rng, rng.integers(1975, 1997, size=count), female)
    persons = np.concatenate([both, new])
    dates = np.datetime64("2022-02-01") + rng.integers(0, 200, size=len(persons))
    return pd.DataFrame(
        {
            "person": persons, "female": False, "vulnerable": True, "grade": 0, "activity": "parents", "fate": "",
            "entry_date": dates.astype("datetime64[ns]"), "exit_date": np.datetime64("2023-05-31", "ns"),
        }
    )  # fmt: skip


def _labour_status(rng: np.random.Generator, study: LabourStudy, people: np.ndarray) -> np.ndarray:
    """As the municipality wrote it at entry: mostly by the time registered, for some by what they said of
    themselves.
    """
    waited = study.realised.waited[study.entry[people], people]
    draw = rng.random(len(people))
    said = [draw < 0.07, draw < 0.12, waited < 6, waited < 12]
    return np.select(
        said, ["inactive_not_in_education", "employed", "unemployed_0_6", "unemployed_6_12"], "unemployed_12_plus"
    )


def _exit_status(study: LabourStudy, people: np.ndarray, leave: np.ndarray) -> np.ndarray:
    works = study.realised.employed[leave, people]
    same = study.job[np.minimum(leave + 1, len(study.job) - 1), people]
    own = study.arm[people] == "self_employment"
    return np.select([own, works, same], ["self_employed", "employed_other", "employed_same"], "no_offer")


def _flags(rng: np.random.Generator, study: LabourStudy, people: np.ndarray) -> dict[str, np.ndarray]:
    drawn = _flag_draws(rng, np.ones(len(study.treated), dtype=bool))
    return {name: values[people] for name, values in drawn.items()}


def _flag_draws(rng: np.random.Generator, vulnerable: np.ndarray) -> dict[str, np.ndarray]:
    draws = rng.random((len(FLAGS), len(vulnerable))) < FLAG_SHARES[:, None] * np.where(vulnerable, 1.0, 0.4)
    flags = dict(zip(FLAGS, draws, strict=True))
    flags["is_minority"] = flags["is_minority"] | flags["is_roma"]
    return flags
