"""A small municipality drawn from a profile: pupils by school year, the documents they leave with, marks, and jobs.

Each school year a pupil is promoted, repeats, or drops out, with odds that rest on recorded signs (low marks, a
repeated grade, parents with little schooling) and on whether the school works under the project, which it does from a
year of its own. Another stream of random numbers belongs to each subject and year.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from analysis.demonstration.persons import People
from analysis.demonstration.profile import Table, Town, load_profile
from analysis.demonstration.streams import logistic, stream
from analysis.files import write_bytes

LEVELS = ["primary", "lower_secondary", "upper_secondary", "tertiary"]
LOW_MARK = 3.75


def generate_town(root: Path, study: str) -> Iterator[str]:
    """Write the raw files of the study's profile below ``root``; yields the name of each file when it is written."""
    town = load_profile(root / "studies" / study)
    folder = root / "data" / "raw" / study
    for name, table, rows in _files(town):
        write_bytes(folder / name, _content(table, rows, name))
        yield name


def _files(town: Town) -> Iterator[tuple[str, Table, pd.DataFrame]]:
    people = People()
    years = list(_school_years(town, people))
    numbers = people.table()
    for rows in years:
        rows["number"] = numbers["number"].to_numpy()[rows["person"]]
        rows["sex"] = np.where(numbers["female"].to_numpy()[rows["person"]], "female", "male")
        yield town.pupils.file.format(year=rows["school_year"].iloc[0]), town.pupils, rows
    taught = pd.concat(years[:-1], ignore_index=True)  # of the last autumn only the lists are known
    left = taught[taught["reason"] != ""]
    yield town.movements.file, town.movements, left
    yield town.marks.file, town.marks, taught[taught["reason"] != "dropout"]
    yield town.jobs.table.file, town.jobs.table, _jobs(town)


def _school_years(town: Town, people: People) -> Iterator[pd.DataFrame]:
    """One table a school year, the autumn after the last one too: who is enrolled and how the year ends."""
    stock = pd.DataFrame({"person": [], "school": [], "grade": []}).astype(int)
    for year in range(town.first_year, town.last_year + 2):
        stock = _with_newcomers(town, people, year, stock)
        rows = _lived(town, year, stock)
        yield rows
        stock = _next_autumn(town, rows)


def _with_newcomers(town: Town, people: People, year: int, stock: pd.DataFrame) -> pd.DataFrame:
    """First graders; in the first year pupils of every grade."""
    rng = stream(town.seed, "newcomers", year)
    grades = range(1, town.grades + 1) if stock.empty else [1]
    places = [(place, grade) for place in range(len(town.schools)) for grade in grades]
    counts = [rng.poisson(town.schools[place].pupils_a_grade) for place, _ in places]
    school, grade = np.repeat([place for place, _ in places], counts), np.repeat([one for _, one in places], counts)
    person = people.add(rng, year - 6 - grade, rng.random(len(school)) < 0.48)
    vulnerable = rng.random(len(school)) < np.array([one.vulnerable for one in town.schools])[school]
    chances = np.where(vulnerable[:, None], [0.6, 0.3, 0.1, 0.0], [0.03, 0.12, 0.55, 0.3])
    mother, father = ((rng.random(len(school))[:, None] > chances.cumsum(axis=1)[:, :3]).sum(axis=1) for _ in range(2))
    new = pd.DataFrame({"person": person, "school": school, "grade": grade, "mother": mother, "father": father})
    new = new.assign(repeats=False, before=np.nan, ability=rng.normal(size=len(new)) - 0.9 * vulnerable)
    return pd.concat([stock, new], ignore_index=True) if len(stock) else new


def _lived(town: Town, year: int, stock: pd.DataFrame) -> pd.DataFrame:
    """The year of every pupil: mark, and the ground on which the pupil left (empty: stayed)."""
    rng = stream(town.seed, "year", year)
    mark = np.clip(4.3 + 0.7 * stock["ability"].to_numpy() + rng.normal(0, 0.25, len(stock)), 2, 6).round(2)
    low = (stock[["mother", "father"]].max(axis=1) == 0).to_numpy()
    signs = (stock["before"].to_numpy() < LOW_MARK).astype(int) + stock["repeats"].to_numpy() + low
    starts = np.array([one.start or town.last_year + 9 for one in town.schools])[stock["school"]]
    odds = town.dropout["constant"] + town.dropout["signs"] * signs
    odds = odds + town.dropout["project"] * ((year >= starts) & (signs >= 2))
    drops = rng.random(len(stock)) < logistic(odds)
    reason = np.where(drops, "dropout", np.where(rng.random(len(stock)) < 0.015, "abroad", ""))
    reason = np.where((reason == "") & (stock["grade"] == town.grades), "completed", reason)
    fails = (reason == "") & (mark < 3.2) & (rng.random(len(stock)) < 0.25)
    codes = np.array([one.code for one in town.schools], dtype=object)[stock["school"]]
    day = np.where(reason == "completed", f"{year + 1}-06-30", f"{year + 1}-02-{1 + year % 20:02d}")
    return stock.assign(
        school_year=year, school_code=codes, gpa=mark, reason=reason, fails=fails, discharge_date=day,
        mother_education=np.array(LEVELS, dtype=object)[stock["mother"]],
        father_education=np.array(LEVELS, dtype=object)[stock["father"]],
        repeater=np.where(stock["repeats"], "poor_results", "no"),
        document="discharge", document_status="confirmed",
    )  # fmt: skip


def _next_autumn(town: Town, rows: pd.DataFrame) -> pd.DataFrame:
    stays = rows[rows["reason"] == ""]
    kept = stays[["person", "school", "mother", "father", "ability"]]
    grade = stays["grade"] + ~stays["fails"]
    return kept.assign(grade=grade, repeats=stays["fails"], before=stays["gpa"]).reset_index(drop=True)


def _jobs(town: Town) -> pd.DataFrame:
    """Participants of a job programme and others: what was known before, and work a year after."""
    jobs, rng = town.jobs, stream(town.seed, "jobs")
    count = jobs.participants + jobs.others
    age, female = rng.integers(19, 62, count), rng.random(count) < 0.5
    schooling = rng.choice(["low", "middle", "high"], count, p=[0.45, 0.42, 0.13])
    unemployed = np.minimum(rng.geometric(0.09, count), 60)
    index = 0.03 * (unemployed - 11) + 0.5 * (schooling == "low") + 0.3 * female - 0.015 * (age - 40)
    order = np.argsort(-(index + rng.gumbel(size=count)), kind="stable")
    takes_part = np.isin(np.arange(count), order[: jobs.participants])
    odds = -0.7 - 0.025 * unemployed + 0.7 * (schooling != "low") - 0.02 * (age - 40) + jobs.effect * takes_part
    works = rng.random(count) < logistic(odds)
    months = np.where(works, rng.binomial(12, 0.62, count), rng.binomial(12, 0.12, count))
    return pd.DataFrame({
        "code": [f"L{place:04d}" for place in rng.permutation(count)], "group": np.where(takes_part, "true", "false"),
        "age": age, "sex": np.where(female, "female", "male"), "schooling": schooling,
        "months_unemployed": unemployed, "works": np.where(works, "true", "false"), "months_worked": months,
    })  # fmt: skip


def _content(table: Table, rows: pd.DataFrame, name: str) -> bytes:
    """The rows under the file's own captions and codes, in the form its name ends with."""
    written = pd.DataFrame(
        {
            caption: rows[column].astype("str").map(table.codes[column]) if column in table.codes else rows[column]
            for column, caption in table.captions.items()
        }
    )
    if name.endswith(".sav"):
        return _spss(written)
    text = written.to_csv(index=False, sep=table.separator, lineterminator="\n", decimal=",")
    return text.encode(table.encoding)


CREATED = slice(92, 109)  # the day and time in the header of an SPSS file


def _spss(written: pd.DataFrame) -> bytes:
    """An SPSS file with Latin variable names and the captions as labels; its date of creation is always the same."""
    import tempfile

    names = [f"v{place}" for place in range(1, written.shape[1] + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        labels = dict(zip(names, written.columns, strict=True))
        pyreadstat.write_sav(written.set_axis(names, axis=1), str(path), column_labels=labels)
        content = io.BytesIO(path.read_bytes()).getvalue()
    return content[: CREATED.start] + b"01 Jan 24" + b"00:00:00" + content[CREATED.stop :]
