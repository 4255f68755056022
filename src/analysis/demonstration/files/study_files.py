"""All files of a study: from a drawn one, or streamed school year by school year."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.demonstration import schools
from analysis.demonstration.drawing import YEARLY, Demonstration, stages_of
from analysis.demonstration.files.absence_files import write_absences
from analysis.demonstration.files.isun import write_participants
from analysis.demonstration.files.labour_files import write_labour
from analysis.demonstration.files.neispuo import write_marks, write_movements, write_pupils
from analysis.demonstration.files.project_files import write_project
from analysis.demonstration.files.survey_files import write_survey
from analysis.demonstration.persons import People
from analysis.demonstration.school_years import Switches
from analysis.files import write_text

STUDY = "haskovo-demo"
YEAR_WRITERS = {"pupils": write_pupils, "marks": write_marks, "absences": write_absences}


def write(demonstration: Demonstration, folder: Path) -> None:
    """Write the raw files of a drawn study below ``folder``, dirt included."""
    people, clean = demonstration.people.set_index("person_id"), demonstration.clean
    for year in sorted(clean["pupils"]["school_year"].unique()):
        tables = {name: clean[name][clean[name]["school_year"] == year] for name in YEARLY if name != "movements"}
        _write_year(folder, demonstration.seed, int(year), tables, people)
    _write_rest(folder, demonstration.seed, clean, people)


def generate(root: Path, seed: int = 1, scale: float = 1.0) -> Iterator[str]:
    """Write raw files and sheets of the demonstration study below ``root``; yields the name of each part when it is
    written.

    One school year is held at a time, so memory does not grow with the number of years; from scale 30 on it holds
    the pupils of a large city. ``write(draw(seed, scale), folder)`` gives the same bytes.
    """
    folder = root / "data" / "raw" / STUDY
    people = People()
    movements: list[pd.DataFrame] = []
    for stage in stages_of(seed, scale, people, Switches()):
        known = people.table().set_index("person_id")
        if stage.year is None:
            _write_rest(folder, seed, {**stage.tables, "movements": pd.concat(movements, ignore_index=True)}, known)
            yield "labour"
            continue
        _write_year(folder, seed, stage.year, stage.tables, known)
        movements += [stage.tables["movements"]] if "movements" in stage.tables else []
        yield str(stage.year)
    write_sheets(root / "studies" / STUDY)
    yield "sheets"


def write_sheets(folder: Path) -> None:
    """``schools.csv`` and ``project_employers.csv`` beside study.yml."""
    table = schools.schools().rename(columns={"school_code": "code"})
    table["treated"] = table["treated"].map({True: "да", False: "не"})
    write_text(folder / "schools.csv", table.to_csv(index=False, lineterminator="\n"))
    write_text(folder / "project_employers.csv", schools.project_employers().to_csv(index=False, lineterminator="\n"))


def _write_year(folder: Path, seed: int, year: int, tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> None:
    for name, writer in YEAR_WRITERS.items():
        if name in tables and len(tables[name]):
            writer(folder, seed, year, tables[name].reset_index(drop=True), people)


def _write_rest(folder: Path, seed: int, tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> None:
    write_movements(folder, seed, tables["movements"], people)
    write_participants(folder, seed, "OPHRD", tables["participants_ophrd"], people)
    write_participants(folder, seed, "OPSESG", tables["participants_opsesg"], people)
    write_labour(folder, seed, tables, people)
    write_project(folder, seed, tables, people)
    write_survey(folder, seed)
