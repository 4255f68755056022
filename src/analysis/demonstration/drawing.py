"""Drawing a whole demonstration in memory, and streaming one to files school year by school year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration import schools
from analysis.demonstration.details import with_details
from analysis.demonstration.labour import as_dates
from analysis.demonstration.labour_study import LabourStudy, draw_labour
from analysis.demonstration.labour_tables import labour_tables
from analysis.demonstration.participants import PupilParticipation, identified, labour_participants, school_participants
from analysis.demonstration.persons import People
from analysis.demonstration.project_tables import project_tables
from analysis.demonstration.school_tables import school_tables
from analysis.demonstration.school_years import SchoolYear, Switches, school_years
from analysis.demonstration.streams import stream
from analysis.demonstration.survey import survey_tables
from analysis.demonstration.tables import texts

YEARLY = ("pupils", "movements", "marks", "absences")


@dataclass(frozen=True)
class Demonstration:
    """One synthetic study.

    ``clean``: accepted tables by source name; ``schools``, ``employers``: the sheets beside study.yml, as panels
    read them; ``truth``: ``pupil_years`` and ``person_months`` with both potential outcomes of every unit (columns
    ``<outcome>_without`` and ``<outcome>_with``); ``people``: the fictitious persons behind ``person_id`` (``number,
    id_type``, names, birth date).
    """

    seed: int
    scale: float
    clean: dict[str, pd.DataFrame]
    schools: pd.DataFrame
    employers: pd.DataFrame
    truth: dict[str, pd.DataFrame]
    people: pd.DataFrame


@dataclass(frozen=True)
class Stage:
    """A part of the study as it becomes ready: a school year (``year``) or, at the end, the rest (``year`` None)."""

    year: int | None
    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]


def draw(
    seed: int, scale: float = 1.0, *, unobserved_motivation: float = 0.0, differential_trend: float = 0.0
) -> Demonstration:
    """Draw a study in memory; equal arguments give equal tables.

    ``scale`` 1 is the shipped size: some 3,000 pupils a year, a third of the municipality; labour registers are at
    full size from scale 0.3 on and shrink below. The two switches are explained at ``school_years.Switches``.
    """
    people = People()
    stages = list(stages_of(seed, scale, people, Switches(unobserved_motivation, differential_trend)))
    names = {name for stage in stages for name in stage.tables}
    clean = {
        name: _together([stage.tables[name] for stage in stages if name in stage.tables]) for name in sorted(names)
    }
    kinds = {name for stage in stages for name in stage.truth}
    truth = {kind: _together([stage.truth[kind] for stage in stages if kind in stage.truth]) for kind in sorted(kinds)}
    employers = schools.project_employers()
    return Demonstration(seed, scale, clean, schools.schools(), employers, truth, people.table())


def stages_of(seed: int, scale: float, people: People, switches: Switches) -> Iterator[Stage]:
    """The school years one by one, then the labour registers and the participants; nothing earlier is kept but who
    took part.
    """
    labour = draw_labour(seed, scale / 0.3, switches.unobserved_motivation)
    adults = people.add(stream(seed, "adult names"), labour.adults.birth_year, labour.adults.female)
    taking_part = PupilParticipation()
    for lived in school_years(seed, scale, switches, people):
        tables = school_tables(seed, lived, people, last=lived.year == c.LAST_YEAR)
        if lived.year in c.TREATED_YEARS:
            taking_part.take(seed, lived)
        yield Stage(
            lived.year, tables, {} if lived.year == c.LAST_YEAR else {"pupil_years": _pupil_truth(lived, tables)}
        )
    spells = taking_part.spells(c.TREATED_YEARS[-1] + 1)
    both = adults[: round(c.PARENTS_IN_BOTH * min(1.0, scale / 0.3))]
    children, _ = school_participants(seed, spells, people, scale, both)
    identify = _identifier(people, adults)
    tables = {
        "participants_ophrd": labour_participants(seed, labour, identify),
        "participants_opsesg": children,
        **labour_tables(seed, labour, identify),
    }
    known = people.table().set_index("person_id")
    for name, contract in (("participants_ophrd", "OPHRD"), ("participants_opsesg", "OPSESG")):
        tables[name] = with_details(seed, contract, tables[name], known)
    tables |= project_tables(seed, tables) | survey_tables(seed)
    yield Stage(None, tables, {"person_months": _labour_truth(labour, identify)})


def _identifier(people: People, adults: np.ndarray) -> Callable[[np.ndarray], dict[str, object]]:
    table = people.table()

    def identify(places: np.ndarray) -> dict[str, object]:
        return identified(table.loc[adults[places]].reset_index(drop=True))

    return identify


def _pupil_truth(lived: SchoolYear, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["pupils"][["person_id", "school_year", "school_code"]].reset_index(drop=True)
    return rows.assign(
        project_school=schools.plan()["treated"].to_numpy()[lived.stock["school"]],
        at_risk=lived.at_risk,
        participant=lived.participant,
        spillover=lived.spillover,
        **{name: lived.truth[name].to_numpy() for name in lived.truth},
    )


def _labour_truth(study: LabourStudy, identify: Callable[[np.ndarray], dict[str, object]]) -> pd.DataFrame:
    """Person-months of all persons, from a year before the first entry to the cut-off."""
    count = len(study.treated)
    months = np.arange(study.entry[study.treated].min() - 12, len(study.job))
    person = np.repeat(np.arange(count), len(months))
    ids = np.asarray(identify(np.arange(count))["person_id"], dtype=object)
    usual, realised = study.without.employed[months].T.ravel(), study.realised.employed[months].T.ravel()
    job = study.job[months].T.ravel()
    entry, leave = (
        pd.Series(as_dates(np.maximum(values, 0))).where(study.treated) for values in (study.entry, study.leave)
    )
    return pd.DataFrame(
        {
            "person_id": texts(ids, person),
            "treated": study.treated[person],
            "entry_month": entry.to_numpy()[person],
            "exit_month": leave.to_numpy()[person],
            "calendar_month": np.tile(as_dates(months), count),
            "employed_without": usual.astype(float),
            "employed_with": (realised | job).astype(float),
            "unsubsidised_without": usual.astype(float),
            "unsubsidised_with": realised.astype(float),
        }
    )


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
