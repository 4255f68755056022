"""The answers of the synthetic study's survey, with both potential answers of everybody who was asked.

Three groups are asked at the start and at the end: residents of the project's neighbourhoods (participants and
others), a sample of the majority, and pupils of project schools. Who answers again depends on what was answered at the
start, so weighting by the recorded answers makes the second wave comparable; the majority's sample holds too many women
and old people, so weighting to the population's shares does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration.streams import logistic, stream

RESIDENTS, MAJORITY, PUPILS = 640, 700, 480
WAVES = ("baseline", "endline")
MARGINS = {"is_female": {"true": 0.52, "false": 0.48}, "age_group": {"young": 0.22, "middle": 0.46, "old": 0.32}}
REVERSED = {"attitude_3", "attitude_5", "motivation_3"}
ATTITUDES = [f"attitude_{place}" for place in range(1, 7)]
MOTIVATION = [f"motivation_{place}" for place in range(1, 6)]
SCALES = {"majority": ("survey_attitudes", ATTITUDES), "pupils": ("survey_motivation", MOTIVATION)}
Table = dict[str, np.ndarray]


@dataclass(frozen=True)
class Answers:
    """One group: ``baseline`` and ``endline`` by column (endline as lived), ``without``: endline answers without the
    project, ``again``: who answers at the end; ``weight`` of each in the population."""

    group: str
    code: np.ndarray
    baseline: Table
    endline: Table
    without: Table
    again: np.ndarray
    weight: np.ndarray


def draw_survey(seed: int) -> list[Answers]:
    """The answers of the three groups under a seed."""
    return [_residents(stream(seed, "residents")), _majority(stream(seed, "majority")), _pupils(stream(seed, "pupils"))]


def survey_tables(seed: int) -> dict[str, pd.DataFrame]:
    """Accepted tables by the sources' names; the respondent's code stands in for the pseudonym."""
    tables = {}
    for answers in draw_survey(seed):
        start, end = waves_of(seed, answers)
        if answers.group == "pupils":
            tables["survey_pupils"] = pd.concat([start, end], ignore_index=True)
        else:
            tables |= {f"survey_{answers.group}_start": start, f"survey_{answers.group}_end": end}
    return {name: _placed(table) for name, table in tables.items()}


def waves_of(seed: int, answers: Answers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Start and end of one group as answered: who left is not there, some questions are left open."""
    rng = stream(seed, f"open {answers.group}")
    known = {name: column for name, column in answers.baseline.items() if name not in answers.endline}
    start = _answered(rng, answers, answers.baseline, "baseline")
    end = _answered(rng, answers, {**known, **answers.endline}, "endline")
    return start, end[answers.again].reset_index(drop=True)


def survey_truth(seed: int) -> Iterator[tuple[str, str, float, int]]:
    """(outcome, population, mean effect on those who take part, how many); of the majority the whole population's."""
    for answers in draw_survey(seed):
        concerned = answers.baseline.get("takes_part", np.ones(len(answers.code), dtype=bool)).astype(bool)
        asked = [name for name in answers.without if name.startswith("survey_")]
        outcomes = {name: answers.endline[name] - answers.without[name].astype(float) for name in asked}
        if answers.group in SCALES:
            name, items = SCALES[answers.group]
            outcomes[name] = score(answers.endline, items) - score(answers.without, items)
        for name, change in outcomes.items():
            mean = np.average(change[concerned], weights=answers.weight[concerned])
            yield name, answers.group, float(mean), int(concerned.sum())


def score(answers: Mapping[str, np.ndarray], items: list[str]) -> np.ndarray:
    """The mean of the questions of a scale, opposite ones turned round."""
    return np.mean([6 - answers[name] if name in REVERSED else answers[name] for name in items], axis=0)


def _residents(rng: np.random.Generator) -> Answers:
    count = RESIDENTS
    takes_part = np.arange(count) < count // 2
    age, female = rng.integers(18, 65, count), rng.random(count) < 0.54
    schooling = rng.choice(["low", "middle", "high"], count, p=[0.56, 0.37, 0.07])
    learned = schooling != "low"
    person = rng.normal(size=count)
    luck = {name: rng.random(count) for name in ("work", "care", "checkup", "events", "conflicts")}
    usual = logistic(-0.7 + 0.9 * learned - 0.35 * takes_part + 1.2 * person)  # in work, without the project
    work = luck["work"] < usual
    baseline = {
        "is_female": female, "age": age, "schooling": schooling, "takes_part": takes_part,
        "survey_work": work, "survey_income": _income(rng, work, person, 0.0),
        "survey_care": luck["care"] < logistic(0.4 + 0.3 * person),
        "survey_checkup": luck["checkup"] < logistic(-0.8 + 0.2 * female),
        "survey_events": luck["events"] < logistic(-1.0 + 0.1 * person),
        "survey_conflicts": luck["conflicts"] < logistic(-0.3 - 0.2 * person),
    }  # fmt: skip
    again = rng.random(count) < logistic(1.0 + 0.9 * learned + 0.02 * (age - 40) - 0.6 * work + 0.4 * takes_part)
    state = rng.bit_generator.state
    drawn = []
    for helped in (takes_part, np.zeros(count, dtype=bool)):  # the same luck with and without the project
        rng.bit_generator.state = state
        drawn.append(_residents_later(rng, baseline, usual, person, helped))
    endline, without = drawn
    codes = np.array([f"У{place:03d}" for place in rng.permutation(count) + 1], dtype=object)
    return Answers("residents", codes, baseline, endline, without, again, np.ones(count))


def _residents_later(
    rng: np.random.Generator, before: Table, usual: np.ndarray, person: np.ndarray, helped: np.ndarray
) -> Table:
    """The answers at the end. In work with the usual probability and a little more, in both groups alike: trends are
    parallel, which a chance of keeping or finding a job would not make them where one group starts lower."""
    count = len(person)
    work = rng.random(count) < usual + 0.02 + 0.11 * helped
    care = rng.random(count) < logistic(0.45 + 0.3 * person + 0.55 * helped)
    checkup = rng.random(count) < logistic(-0.75 + 0.2 * before["is_female"] + 0.85 * helped)
    events = rng.random(count) < logistic(-0.95 + 0.1 * person + 0.75 * helped)
    conflicts = rng.random(count) < logistic(-0.35 - 0.2 * person - 0.15 * helped)
    return {
        "survey_work": work, "survey_income": _income(rng, work, person, 45.0) + 20.0 * helped, "survey_care": care,
        "survey_checkup": checkup, "survey_events": events, "survey_conflicts": conflicts,
    }  # fmt: skip


def _income(rng: np.random.Generator, work: np.ndarray, person: np.ndarray, inflation: float) -> np.ndarray:
    usual = 520 + inflation + 330 * work + 90 * person + rng.normal(0, 110, len(person))
    return np.round(np.maximum(usual, 120) / 10) * 10


def _majority(rng: np.random.Generator) -> Answers:
    count = MAJORITY
    female = rng.random(count) < 0.63
    age = rng.choice(["young", "middle", "old"], count, p=[0.12, 0.38, 0.50])
    leaning = 2.9 - 0.35 * (age == "old") + 0.12 * female + rng.normal(0, 0.7, count)
    again = rng.random(count) < logistic(1.3 + 0.5 * (age == "old") - 0.5 * (age == "young"))
    before = _attitudes(rng, leaning, informed=False)
    state = rng.bit_generator.state
    drawn = []
    for shift in (0.22, 0.0):
        rng.bit_generator.state = state
        drawn.append(_attitudes(rng, leaning + shift, informed=shift > 0))
    baseline = {"is_female": female, "age_group": age, **before}
    share = {"true": 0.63, "false": 0.37, "young": 0.12, "middle": 0.38, "old": 0.50}
    weight = np.where(
        female, MARGINS["is_female"]["true"] / share["true"], MARGINS["is_female"]["false"] / share["false"]
    )
    weight = weight * np.array([MARGINS["age_group"][one] / share[one] for one in age])
    codes = np.array([f"М{place:03d}" for place in rng.permutation(count) + 1], dtype=object)
    return Answers("majority", codes, baseline, drawn[0], drawn[1], again, weight)


def _attitudes(rng: np.random.Generator, leaning: np.ndarray, informed: bool) -> Table:
    found = _scale(rng, leaning, ATTITUDES, 0.85)
    return {**found, "survey_informed": rng.random(len(leaning)) < (0.34 if informed else 0.08)}


def _pupils(rng: np.random.Generator) -> Answers:
    count = PUPILS
    takes_part = np.arange(count) < count // 2
    female, grades = rng.random(count) < 0.5, rng.choice(["lower", "upper"], count, p=[0.6, 0.4])
    will = 3.3 + 0.15 * female - 0.15 * takes_part + rng.normal(0, 0.6, count)
    again = rng.random(count) < logistic(1.4 - 0.5 * (grades == "upper") + 0.3 * takes_part)
    baseline = {
        "is_female": female, "grade_group": grades, "takes_part": takes_part, **_scale(rng, will, MOTIVATION, 0.8),
    }  # fmt: skip
    state = rng.bit_generator.state
    drawn = []
    for helped in (takes_part, np.zeros(count, dtype=bool)):
        rng.bit_generator.state = state
        drawn.append(_scale(rng, will - 0.05 + 0.30 * helped, MOTIVATION, 0.8))
    codes = np.array([f"П{place:03d}" for place in rng.permutation(count) + 1], dtype=object)
    return Answers("pupils", codes, baseline, drawn[0], drawn[1], again, np.ones(count))


def _scale(rng: np.random.Generator, leaning: np.ndarray, items: list[str], noise: float) -> Table:
    """Answers from 1 to 5 around what each respondent leans to; opposite questions the other way round."""
    found = {}
    for name in items:
        answer = np.clip(np.round(leaning + rng.normal(0, noise, len(leaning))), 1, 5).astype(int)
        found[name] = 6 - answer if name in REVERSED else answer
    return found


OPEN = {"survey_income": 0.09, "survey_care": 0.05}  # left open more often than other questions
NEVER_OPEN = {"takes_part", "is_female", "wave"}


def _answered(rng: np.random.Generator, answers: Answers, columns: Table, wave: str) -> pd.DataFrame:
    """The answers of a wave in the types that cleaning gives, some of them open."""
    table = {"respondent": pd.array(answers.code, dtype="str")}
    for name, column in columns.items():
        values = pd.Series(column)
        dtype = {"b": "boolean", "i": "Int64", "f": "float64"}.get(column.dtype.kind, "str")
        is_open = rng.random(len(values)) < (0.0 if name in NEVER_OPEN else OPEN.get(name, 0.02))
        table[name] = values.astype(dtype).mask(is_open).array
    count = len(answers.code)
    return pd.DataFrame(table).assign(
        wave=pd.array([wave] * count, dtype="str"), group=pd.array([answers.group] * count, dtype="str")
    )


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    nowhere = pd.array([""] * len(table), dtype="str")
    return table.assign(file=nowhere, sheet=nowhere, row=pd.array(np.arange(1, len(table) + 1), dtype="Int64"))
