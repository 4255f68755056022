"""A small sound table with its declared design, for every kind of design: what the tests of bad designs then break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.effects import estimate_chapter
from analysis.study import Study
from analysis.study.design_settings import (
    Design,
    DifferenceInDifferences,
    Discontinuity,
    Offer,
    Randomised,
    Staggered,
    TwoWaves,
    Weighting,
)
from analysis.study.duration_settings import Duration
from analysis.study.settings import MONTHS, PERSONS, Inference, Outcome
from analysis.study.synthetic_settings import SyntheticControl

FEW = {"draws": 99}


@dataclass(frozen=True)
class Declared:
    """``table`` and (where outcomes are followed by month) ``months``; ``role`` says which column does what."""

    design: Design
    table: pd.DataFrame
    role: dict[str, str]
    outcome: Outcome
    months: pd.DataFrame | None = None

    def estimate(self) -> pd.DataFrame:
        """The results table, by the function that the notebooks call."""
        study = Study.model_construct(
            employment=None, outcomes={"y": self.outcome}, designs={"main": self.design}, inference=Inference()
        )
        tables = {self.outcome.table: self.table}
        return estimate_chapter(study, "other", tables if self.months is None else {**tables, MONTHS: self.months})

    @property
    def measured(self) -> pd.DataFrame:
        """The table that holds the outcome."""
        return self.table if self.months is None else self.months

    def with_measured(self, table: pd.DataFrame) -> Declared:
        return replace(self, table=table) if self.months is None else replace(self, months=table)

    def with_design(self, **changes: object) -> Declared:
        return replace(self, design=self.design.model_copy(update=changes))


def _outcome(**more: Any) -> Outcome:
    usual = {"chapter": "other", "design": "main", "panel": "t", "populations": ["all"], "better": "higher"}
    return Outcome(**{**usual, "unit": "points", **more})


def _people(rng: np.random.Generator, number: int) -> pd.DataFrame:
    table = pd.DataFrame({"who": [f"p{n:03d}" for n in range(number)], "x": rng.normal(size=number)})
    table["place"] = rng.choice(["north", "south"], number)
    table["group"] = [f"g{n % 12:02d}" for n in range(number)]
    table["one"] = np.arange(number) % 24 < 12
    table["treated"] = rng.permutation(np.arange(number) % 2 == 0)
    table["y"] = 0.4 * table["x"] + 0.5 * table["treated"] + rng.normal(size=number)
    return table


PERSON = {"outcome": "y", "unit": "who", "treated": "treated", "covariate": "x"}


def randomised(rng: np.random.Generator) -> Declared:
    design = Randomised(kind="randomised", unit="who", treated="treated", stratum="place", covariates=["x"], **FEW)
    return Declared(design, _people(rng, 80), {**PERSON, "stratum": "place"}, _outcome(populations=["all", "one"]))


def randomised_clusters(rng: np.random.Generator) -> Declared:
    table = _people(rng, 96)
    table["treated"] = table["group"] < "g06"
    design = Randomised(kind="randomised", unit="who", treated="treated", cluster="group", covariates=["x"], **FEW)
    return Declared(design, table, {**PERSON, "cluster": "group"}, _outcome())


def pooled(rng: np.random.Generator) -> Declared:
    design = Randomised(kind="randomised", unit="who", treated="treated", covariates=[], **FEW)
    table = _people(rng, 120).assign(other=lambda people: ~people["one"])
    role = {name: column for name, column in PERSON.items() if name != "covariate"}
    return Declared(design, table, role, _outcome(populations=["one", "other"], pooled=["one", "other"]))


def offer(rng: np.random.Generator) -> Declared:
    table = _people(rng, 80)
    table["taken"] = table["treated"] & (rng.random(80) < 0.7)
    design = Offer(kind="offer", unit="who", offered="treated", treatment="taken", by_lot=True, covariates=["x"], **FEW)
    return Declared(design, table, {**PERSON, "treatment": "taken"}, _outcome())


def offer_clusters(rng: np.random.Generator) -> Declared:
    table = _people(rng, 96)
    table["treated"] = table["group"] < "g06"
    table["taken"] = table["treated"] * rng.uniform(0, 2, 96)
    design = Offer(kind="offer", unit="who", offered="treated", treatment="taken", by_lot=True, cluster="group", **FEW)
    role = {"outcome": "y", "unit": "who", "treated": "treated", "treatment": "taken", "cluster": "group"}
    return Declared(design, table, role, _outcome())


def _school_years(rng: np.random.Generator, pupils: int) -> pd.DataFrame:
    schools, years = 12, range(2018, 2023)
    grid = pd.MultiIndex.from_product([range(schools), years, range(pupils)], names=["school", "year", "pupil"])
    table = grid.to_frame(index=False)
    table["project"] = table["school"] < 6
    table["first"] = table["school"].map(lambda school: {0: 2020, 1: 2021}.get(school // 3, np.nan))
    level, x = rng.normal(size=schools), rng.normal(size=schools)
    table["x"] = x[table["school"]]
    table["part"] = table["project"] & (table["year"] >= 2021) & (rng.random(len(table)) < 0.6)
    noise = rng.normal(size=len(table))
    table["y"] = level[table["school"]] + 0.2 * (table["year"] - 2018) + 0.6 * table["part"] + noise
    return table.assign(school=[f"s{school:02d}" for school in table["school"]])


SCHOOL = {"outcome": "y", "unit": "school", "time": "year", "cluster": "school", "treated": "project"}
PUPILS = {"several_rows": "a row a pupil"}


def difference_in_differences(rng: np.random.Generator) -> Declared:
    """Pupils of schools: several rows a unit and time, which is right."""
    design = DifferenceInDifferences(
        kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=2021,
        exclude_times_sensitivity=[2019], **FEW,
    )  # fmt: skip
    return Declared(design, _school_years(rng, 4), {**SCHOOL, **PUPILS}, _outcome(participation="part"))


def difference_in_differences_persons(rng: np.random.Generator) -> Declared:
    """The same with pupils who are followed from year to year."""
    declared = difference_in_differences(rng)
    table = declared.table.assign(person=declared.table["school"] + declared.table["pupil"].astype("str"))
    return replace(declared.with_design(person="person"), table=table, role={**declared.role, "person": "person"})


def difference_in_differences_rows(rng: np.random.Generator) -> Declared:
    """A row a unit and time."""
    design = DifferenceInDifferences(
        kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=2021,
        **FEW,
    )  # fmt: skip
    return Declared(design, _school_years(rng, 1), SCHOOL, _outcome())


def difference_in_differences_covariates(rng: np.random.Generator) -> Declared:
    design = DifferenceInDifferences(
        kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=2021,
        covariates=["x"], **FEW,
    )  # fmt: skip
    return Declared(design, _school_years(rng, 1), {**SCHOOL, "covariate": "x"}, _outcome())


def staggered(rng: np.random.Generator) -> Declared:
    design = Staggered(kind="staggered", unit="school", time="year", cluster="school", treated_from="first", **FEW)
    return Declared(
        design, _school_years(rng, 3), {**SCHOOL, "treated": "first", **PUPILS}, _outcome(participation="part")
    )


def staggered_later(rng: np.random.Generator) -> Declared:
    design = Staggered(
        kind="staggered", unit="school", time="year", cluster="school", treated_from="first",
        comparison="not_yet_treated", covariates=["x"], **FEW,
    )  # fmt: skip
    role = {**SCHOOL, "treated": "first", "covariate": "x"}
    return Declared(design, _school_years(rng, 1), role, _outcome())


def weighting(rng: np.random.Generator) -> Declared:
    design = Weighting(kind="weighting", unit="who", treated="treated", covariates=["x", "place"], **FEW)
    return Declared(design, _people(rng, 100), PERSON, _outcome())


def weighting_everybody(rng: np.random.Generator) -> Declared:
    design = Weighting(
        kind="weighting", unit="who", treated="treated", covariates=["x"], estimand="ate", score="probit", trim=0.05,
        cluster="group", **FEW,
    )  # fmt: skip
    return Declared(design, _people(rng, 100), {**PERSON, "cluster": "group"}, _outcome())


def weighting_months(rng: np.random.Generator) -> Declared:
    people, times = _people(rng, 70), [-1, 0, 6, 12]
    months = pd.DataFrame({"who": np.repeat(people["who"], len(times)), "month": np.tile(times, len(people))})
    months["y"] = rng.integers(0, 2, len(months)).astype(float)
    design = Weighting(kind="weighting", unit="who", treated="treated", covariates=["x"], time="month", **FEW)
    role = {**PERSON, "time": "month"}
    return Declared(design, people.drop(columns="y"), role, _outcome(panel=PERSONS), months.reset_index(drop=True))


def _waves(rng: np.random.Generator, number: int) -> pd.DataFrame:
    first = _people(rng, number).assign(wave=0)
    last = first.assign(wave=1, y=first["y"] + 0.3 * first["treated"] + rng.normal(size=number))
    return pd.concat([first, last[rng.random(number) < 0.85]], ignore_index=True)


WAVES = {**PERSON, "time": "wave"}


def two_waves(rng: np.random.Generator) -> Declared:
    design = TwoWaves(kind="two_waves", unit="who", treated="treated", response=["x"], **FEW)
    return Declared(design, _waves(rng, 90), WAVES, _outcome())


def two_waves_repeated(rng: np.random.Generator) -> Declared:
    design = TwoWaves(kind="two_waves", unit=None, treated="treated", **FEW)
    role = {"outcome": "y", "treated": "treated", "time": "wave"}
    return Declared(design, _waves(rng, 90), role, _outcome())


def two_waves_change(rng: np.random.Generator) -> Declared:
    """Nobody to compare with: a change and no effect."""
    margins = {"place": {"north": 0.6, "south": 0.4}}
    design = TwoWaves(kind="two_waves", unit="who", margins=margins, response=["x"], **FEW)
    role = {"outcome": "y", "unit": "who", "time": "wave", "covariate": "x", "margin": "place"}
    return Declared(design, _waves(rng, 90), role, _outcome())


def discontinuity(rng: np.random.Generator) -> Declared:
    table = _people(rng, 160).assign(score=lambda people: people["x"])
    table["y"] = table["score"] + (table["score"] >= 0) + rng.normal(size=160)
    table["age"] = rng.normal(size=160)
    design = Discontinuity(kind="discontinuity", unit="who", running="score", covariates=["age"])
    role = {"outcome": "y", "unit": "who", "running": "score", "covariate": "age"}
    return Declared(design, table, role, _outcome())


def duration(rng: np.random.Generator) -> Declared:
    design = Duration(kind="duration", unit="who", event="event", treated="treated", horizon=6, times=[3])
    return Declared(
        design, _followed(rng), {"outcome": "y", "unit": "who", "treated": "treated", "event": "event"}, _outcome()
    )


def duration_weighted(rng: np.random.Generator) -> Declared:
    design = Duration(
        kind="duration", unit="who", event="event", treated="treated", horizon=6, covariates=["x"], cluster="group"
    )
    return Declared(design, _followed(rng), {**PERSON, "event": "event", "cluster": "group"}, _outcome())


def _followed(rng: np.random.Generator) -> pd.DataFrame:
    table = _people(rng, 80)
    time, end = rng.exponential(8, 80), rng.uniform(5, 12, 80)
    return table.assign(y=np.ceil(np.minimum(time, end)), event=time <= end)


def synthetic_did(rng: np.random.Generator) -> Declared:
    design = SyntheticControl(
        kind="synthetic_control", unit="unit", time="year", treated="treated", start=2006, persons="people", draws=99
    )
    role = {"outcome": "y", "unit": "unit", "time": "year", "treated": "treated", "persons": "people"}
    return Declared(design, _regions(rng), role, _outcome())


def synthetic_control(rng: np.random.Generator) -> Declared:
    declared = synthetic_did(rng)
    role = {name: column for name, column in declared.role.items() if name != "persons"}
    return replace(declared.with_design(method="synthetic_control", persons=None, aggregates=True), role=role)


def _regions(rng: np.random.Generator) -> pd.DataFrame:
    factor, loads = rng.normal(size=(2, 9)).cumsum(axis=1), rng.uniform(0, 2, (10, 2))
    grid = loads @ factor + rng.normal(0, 0.1, (10, 9))
    index = pd.MultiIndex.from_product([[f"u{n:02d}" for n in range(10)], range(2000, 2009)], names=["unit", "year"])
    table = pd.DataFrame({"y": grid.ravel()}, index).reset_index()
    return table.assign(treated=table["unit"] == "u00", people=50)


KINDS: dict[str, Callable[[np.random.Generator], Declared]] = {
    make.__name__: make
    for make in (
        randomised, randomised_clusters, pooled, offer, offer_clusters, difference_in_differences,
        difference_in_differences_persons, difference_in_differences_rows, difference_in_differences_covariates,
        staggered, staggered_later, weighting, weighting_everybody, weighting_months, two_waves, two_waves_repeated,
        two_waves_change, discontinuity, duration, duration_weighted, synthetic_did, synthetic_control,
    )
}  # fmt: skip


def small(kind: str, seed: int) -> Declared:
    """The sound table and design of a kind."""
    return KINDS[kind](np.random.default_rng(seed))
