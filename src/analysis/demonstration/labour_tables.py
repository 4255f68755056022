"""The labour registers as cleaning would accept them: contracts, registrations, placements and trainings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.demonstration.labour import EDUCATION, MONTHS, SUBSIDY_MONTHS, as_dates, month_place
from analysis.demonstration.labour_study import LabourStudy
from analysis.demonstration.schools import EMPLOYERS, employer_id, wording
from analysis.demonstration.spells import day, open_at_cut_off, runs, split_at_change
from analysis.demonstration.streams import stream
from analysis.demonstration.tables import accepted

FIRST_EMPLOYER, LAST_EMPLOYER = EMPLOYERS + 1, 160
MINIMUM_WAGE = {2018: 510, 2019: 560, 2020: 610, 2021: 650, 2022: 710, 2023: 780, 2024: 933}
ACTIVITY_CODES = ["1413", "4711", "5610", "8121", "8130", "4120", "1071", "4941"]
OCCUPATIONS = ["9112", "9412", "9313", "8153", "5223", "9214", "9333", "5131"]
BASES = ["01", "02", "04", "08"]

Identify = Callable[[np.ndarray], dict[str, object]]


def labour_tables(seed: int, study: LabourStudy, identify: Identify) -> dict[str, pd.DataFrame]:
    """``contracts, registrations, placements, trainings``.

    ``identify`` gives ``person_id, id_type, birth_year`` of persons by their place in the study.
    """
    jobs = _project_jobs(seed, study)
    return {
        "registrations": _registrations(seed, study, identify),
        "trainings": _trainings(seed, study, identify),
        "placements": _placements(seed, study, jobs, identify),
        "contracts": _contracts(seed, study, jobs, identify),
    }


def _contracts(seed: int, study: LabourStudy, jobs: pd.DataFrame, identify: Identify) -> pd.DataFrame:
    rng = stream(seed, "contracts")
    usual = _usual_jobs(rng, study)
    project = jobs[["person", "employer", "start_date", "end_date"]]
    rows = pd.concat([usual, project, _second_jobs(rng, usual)], ignore_index=True)
    rows = rows.sort_values(["employer", "person", "start_date"], kind="stable", ignore_index=True)
    rows = rows.drop_duplicates(["person", "employer", "start_date"], ignore_index=True)
    kind = rows["employer"].to_numpy() % len(OCCUPATIONS)
    columns = {
        "employer_id": rows["employer"].map(employer_id),
        "start_date": rows["start_date"],
        "annex_date": _annexes(rng, rows),
        "end_date": rows["end_date"],
        "basis": np.array(BASES, dtype=object)[rng.choice(len(BASES), size=len(rows), p=[0.62, 0.2, 0.1, 0.08])],
        "term_date": rows["end_date"].where(rng.random(len(rows)) < 0.2),
        "economic_activity": np.array(ACTIVITY_CODES, dtype=object)[kind],
        "occupation": np.array(OCCUPATIONS, dtype=object)[kind],
        "wage_bgn": _wages(rng, rows["start_date"]),
    }
    return accepted("nra_contracts", {**identify(rows["person"].to_numpy()), **columns})


def _usual_jobs(rng: np.random.Generator, study: LabourStudy) -> pd.DataFrame:
    spells = split_at_change(rng, runs(study.realised.employed, study.realised.began))
    changed = spells[spells["changes"] >= 0]
    change_day = rng.integers(16, 21, size=len(spells))
    whole = spells.assign(start=day(spells["first"], rng.integers(2, 15, size=len(spells))))
    end = day(spells["last"], np.where(rng.random(len(spells)) < 0.5, 31, rng.integers(16, 31, size=len(spells))))
    whole["end"] = pd.Series(end).mask(open_at_cut_off(spells["last"]))
    change = pd.Series(day(np.maximum(spells["changes"], 0), change_day))
    first = whole.assign(end=whole["end"].mask(spells["changes"] >= 0, change))
    second = whole.loc[changed.index].assign(start=change.loc[changed.index] + pd.Timedelta(days=1))
    rows = pd.concat([first, second], ignore_index=True)
    return pd.DataFrame(
        {
            "person": rows["person"],
            "employer": rng.integers(FIRST_EMPLOYER, LAST_EMPLOYER, size=len(rows)),
            "start_date": rows["start"],
            "end_date": rows["end"],
        }
    )


def _second_jobs(rng: np.random.Generator, jobs: pd.DataFrame) -> pd.DataFrame:
    """A few people hold two contracts at once: the second lies wholly within the first."""
    length = (jobs["end_date"] - jobs["start_date"]).dt.days
    rows = jobs[(length > 120) & (rng.random(len(jobs)) < 0.05)]
    start = rows["start_date"] + pd.to_timedelta(rng.integers(10, 50, size=len(rows)), unit="D")
    end = start + pd.to_timedelta(rng.integers(20, 60, size=len(rows)), unit="D")
    employer = FIRST_EMPLOYER + (rows["employer"] - FIRST_EMPLOYER + 7) % (LAST_EMPLOYER - FIRST_EMPLOYER)
    return pd.DataFrame({"person": rows["person"], "employer": employer, "start_date": start, "end_date": end})


def _project_jobs(seed: int, study: LabourStudy) -> pd.DataFrame:
    """``person, employer, start_date, end_date, subsidy_end``: jobs that the project paid, and how long they really
    lasted.
    """
    rng = stream(seed, "project jobs")
    people = np.flatnonzero(study.job.any(axis=0))
    entry, last = study.entry[people], MONTHS - 1 - study.job[::-1, people].argmax(axis=0)
    subsidy_end = pd.Series(day(entry + SUBSIDY_MONTHS, np.full(len(people), 31)))
    start = pd.Series(day(entry + 1, rng.integers(2, 15, size=len(people))))
    kept = last > entry + SUBSIDY_MONTHS
    employer = 1 + np.arange(len(people)) % EMPLOYERS
    return pd.DataFrame(
        {
            "person": people,
            "employer": employer,
            "start_date": start,
            "end_date": subsidy_end.where(~kept).astype("datetime64[ns]"),
            "subsidy_end": subsidy_end,
        }
    )


def _placements(seed: int, study: LabourStudy, jobs: pd.DataFrame, identify: Identify) -> pd.DataFrame:
    """Jobs of the project, and a few of a national programme that ended long before anybody's entry."""
    rng = stream(seed, "placements")
    spells = runs(study.realised.employed, study.realised.began)
    early = spells[(spells["last"] < month_place("2020-06")) & (spells["last"] > spells["first"])]
    early = early[rng.random(len(early)) < 0.12].drop_duplicates("person")
    programmes = wording()["placement_programmes"]
    employer = rng.integers(FIRST_EMPLOYER, LAST_EMPLOYER, size=len(early))
    national = pd.DataFrame(
        {
            "person": early["person"],
            "employer": employer,
            "start_date": day(early["first"], np.full(len(early), 15)),
            "subsidy_end": day(early["last"], np.full(len(early), 15)),
            "programme": programmes["national"],
        }
    )
    rows = pd.concat([national, jobs.assign(programme=programmes["project"])], ignore_index=True)
    rows = rows.sort_values(["start_date", "person"], kind="stable", ignore_index=True)
    columns = {
        "contract_no": [f"РД-{15 + place % 3}-{place + 1:04d}" for place in range(len(rows))],
        "programme": rows["programme"],
        "employer_id": rows["employer"].map(employer_id),
        "start_date": rows["start_date"],
        "end_date": rows["subsidy_end"],
        "status": np.where(rows["subsidy_end"] > as_dates(np.array([MONTHS - 1]))[0], "signed", "ended"),
    }
    return accepted("labour_placements", {**identify(rows["person"].to_numpy()), **columns})


def _registrations(seed: int, study: LabourStudy, identify: Identify) -> pd.DataFrame:
    rng = stream(seed, "registrations")
    spells = runs(study.realised.registered, study.realised.waited == 0)
    person, last = spells["person"].to_numpy(), spells["last"].to_numpy()
    subsidised = study.job[last, person]
    worked = study.realised.employed[last, person] | subsidised
    running = open_at_cut_off(last) & ~worked
    end = np.where(worked, day(last, np.ones(len(last), dtype=int)), day(last, rng.integers(16, 29, size=len(last))))
    reason = np.select([running, subsidised, worked], ["", "subsidised", "found_work"], "no_show").astype(object)
    quits = (reason == "no_show") & (rng.random(len(last)) < 0.2)
    reason[quits] = "own_wish"
    reason[running] = None
    start = pd.Series(day(spells["first"] - 1, rng.integers(20, 32, size=len(last))))
    office_number = rng.permutation(len(last)) + 1
    columns = {
        "registration_no": [f"26-{date.year}-{number:05d}" for date, number in zip(start, office_number, strict=True)],
        "group": np.full(len(last), "unemployed"),
        "sex": np.where(study.adults.female[person], "female", "male"),
        "education": np.array(EDUCATION, dtype=object)[study.adults.education[person]],
        "start_date": start,
        "end_date": pd.Series(end).mask(running),
        "end_reason": reason,
        "status": np.where(running, "active", "ended"),
    }
    table = accepted("labour_registrations", {**identify(person), **columns})
    return table.sort_values(["start_date", "registration_no"], kind="stable", ignore_index=True)


def _trainings(seed: int, study: LabourStudy, identify: Identify) -> pd.DataFrame:
    """Trainings of the project's participants and a few national ones of the others."""
    rng = stream(seed, "trainings")
    kinds = {"motivation_training": "motivation", "vocational_training": "vocational"}
    own = np.flatnonzero(np.isin(study.arm, list(kinds)))
    others = np.flatnonzero(~study.treated & (rng.random(len(study.treated)) < 0.04))
    others_month = rng.integers(month_place("2018-09"), month_place("2020-09"), size=len(others))
    rows = pd.DataFrame(
        {"person": np.concatenate([own, others]), "month": np.concatenate([study.entry[own], others_month])}
    )
    rows["kind"] = [kinds.get(arm, "key_competences") for arm in study.arm[rows["person"]]]
    project = study.treated[rows["person"]]
    names = wording()["training_names"]
    start = day(rows["month"] + project, np.full(len(rows), 3))
    length = np.where(rows["kind"] == "vocational", 110, 20) - 10 * study.early[rows["person"]]
    columns = {
        "training_kind": rows["kind"],
        "measure": np.where(
            project, wording()["training_measures"]["project"], wording()["training_measures"]["national"]
        ),
        "name": [names[kind][place % len(names[kind])] for place, kind in enumerate(rows["kind"])],
        "start_date": start,
        "end_date": pd.Series(start) + pd.to_timedelta(length, unit="D"),
        "result": np.where(
            study.early[rows["person"]],
            "interrupted",
            np.where(rng.random(len(rows)) < 0.9, "certificate", "no_certificate"),
        ),
    }
    return accepted("labour_trainings", {**identify(rows["person"].to_numpy()), **columns})


def _annexes(rng: np.random.Generator, rows: pd.DataFrame) -> pd.Series:
    """The last annex of a contract lies between its start and its end (or the cut-off)."""
    end = rows["end_date"].fillna(pd.Timestamp("2024-06-30"))
    middle = rows["start_date"] + ((end - rows["start_date"]) * rng.uniform(0.2, 0.9, size=len(rows))).dt.floor("D")
    return middle.where((rng.random(len(rows)) < 0.25) & ((end - rows["start_date"]).dt.days > 60))


def _wages(rng: np.random.Generator, start: pd.Series) -> np.ndarray:
    least = start.dt.year.clip(2018, 2024).map(MINIMUM_WAGE).to_numpy(dtype=float)
    above = np.where(rng.random(len(start)) < 0.45, 0.0, rng.gamma(1.2, 0.22, size=len(start)))
    part_time = np.where(rng.random(len(start)) < 0.15, 0.5, 1.0)
    return np.round(least * (1 + above) * part_time, 2)
