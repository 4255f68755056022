"""Pupils: who is enrolled where, from the first stock through entrants, promotion and moves to the next 1 October.

A pupil is a row of the stock: who (``person``), where (``school``, a place in the plan of schools; ``grade``), what
stays (``vulnerable``, ``habit``, ``ability``, parents) and what the registers recorded the year before
(``prior_hours``, ``prior_gpa``). Given ``vulnerable``, nothing depends on the school: project schools differ in how
many vulnerable pupils they have, not in what those are like. That is what makes trends parallel in expectation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.persons import People
from analysis.demonstration.schools import plan
from analysis.demonstration.steady_state import MAY_CHANGE, MUST_OUTSIDE, expected_pupils
from analysis.demonstration.streams import stream

PARENTS = ["none", "primary", "lower_secondary", "first_upper_secondary", "upper_secondary", "tertiary", None]
PARENT_SHARES = {  # one row a kind of family; both parents are drawn around the family's level
    True: [0.24, 0.48, 0.16, 0.02, 0.05, 0.01, 0.04],
    False: [0.01, 0.04, 0.12, 0.06, 0.47, 0.27, 0.03],
}
HABIT = {True: (np.log(9.2), 0.42), False: (np.log(2.0), 0.45)}  # log of hours a month: mean, spread between pupils
ABILITY = {True: (3.50, 0.40), False: (4.75, 0.52)}
LATE_START, FORM_SHARE = 0.04, 0.02


def first_stock(seed: int, scale: float, year: int, people: People) -> pd.DataFrame:
    """Everybody enrolled on 1 October of the year before the registers begin, school by school in the long-run mix."""
    rng = stream(seed, "first stock")
    counts = rng.poisson(expected_pupils() * scale)
    kind, school, grade = (np.repeat(places.ravel(), counts.ravel()) for places in np.indices(counts.shape))
    start = pd.DataFrame({"school": school, "grade": grade + 1})
    return _new_pupils(rng, start, year, people, kind == 1)


def entrants(seed: int, scale: float, year: int, people: People) -> pd.DataFrame:
    """First-graders of the year, and a few pupils who arrive from elsewhere in any grade."""
    rng = stream(seed, "entrants", year)
    schools = plan()
    first = schools.index[schools["first_grade"] == 1].to_numpy()
    counts = rng.poisson(schools["size"].to_numpy()[first] * scale)
    arrivals = rng.poisson(schools["size"].sum() * scale * 12 * c.ARRIVALS)
    school = rng.choice(first, size=arrivals)
    start = pd.DataFrame(
        {
            "school": np.concatenate([np.repeat(first, counts), school]),
            "grade": np.concatenate([np.ones(counts.sum(), dtype=int), rng.integers(2, 8, size=arrivals)]),
        }
    )
    vulnerable = rng.random(len(start)) < schools["vulnerable"].to_numpy()[start["school"]]
    return _new_pupils(rng, start, year, people, vulnerable)


def next_stock(
    seed: int, year: int, stock: pd.DataFrame, fates: pd.DataFrame, yearly: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pupils of ``year`` who are enrolled on the next 1 October, and the school each one leaves for (-1: none,
    -2: outside).

    ``fates`` and ``yearly`` (``total_abs``, ``gpa``) have the rows of ``stock``.
    """
    rng = stream(seed, "promotion", year)
    stays = fates["fate"].isin(["", "moved_within"]).to_numpy()
    failed = _fails(rng, stock, yearly["gpa"].to_numpy())
    grade = stock["grade"].to_numpy() + ~failed
    school = np.where(fates["new_school"] >= 0, fates["new_school"], stock["school"])
    chosen = _next_school(rng, school, grade, np.where(failed, -9, stock["grade"].to_numpy()))
    completes = stays & (grade > 12)
    onward = stays & ~completes & (chosen >= 0)
    following = stock.assign(
        school=chosen,
        grade=grade,
        repeater=np.where(failed, "poor_results", "no"),
        prior_hours=yearly["total_abs"].to_numpy(),
        prior_gpa=yearly["gpa"].to_numpy(),
    )
    ways = pd.DataFrame(
        {"completes": completes, "leaves_to": np.where(stays & ~completes & (chosen != school), chosen, -1)}
    )
    return following[onward].reset_index(drop=True), ways


def stage(grade: np.ndarray) -> np.ndarray:
    """0 primary (I-IV), 1 lower secondary (V-VII), 2 upper secondary (VIII-XII)."""
    return (np.asarray(grade) > 4).astype(int) + (np.asarray(grade) > 7)


def low_education(pupils: pd.DataFrame) -> np.ndarray:
    """Both parents (or the one known) have at most primary education; False when neither is known."""
    known = pupils[["mother", "father"]].to_numpy()
    unknown = PARENTS.index(None)
    return ((known <= 1) | (known == unknown)).all(axis=1) & (known != unknown).any(axis=1)


def _new_pupils(
    rng: np.random.Generator, start: pd.DataFrame, year: int, people: People, vulnerable: np.ndarray
) -> pd.DataFrame:
    count = len(start)
    female = rng.random(count) < 0.49
    late = rng.random(count) < LATE_START
    birth_year = year - 6 - start["grade"].to_numpy() - late
    family = _parents(rng, vulnerable)
    return start.assign(
        person=people.add(rng, birth_year, female),
        female=female,
        birth_year=birth_year,
        vulnerable=vulnerable,
        habit=_spread(rng, vulnerable, HABIT),
        ability=_spread(rng, vulnerable, ABILITY),
        mother=family[0],
        father=family[1],
        motivation=rng.standard_normal(count),
        commuter=rng.random(count) < 0.12,
        sen=rng.random(count) < 0.03,
        form=rng.random(count) < FORM_SHARE,
        section=rng.integers(2, size=count),
        repeater="no",
        prior_hours=np.nan,
        prior_gpa=np.nan,
        in_project=False,
        spillover=False,
    )


def _spread(rng: np.random.Generator, vulnerable: np.ndarray, by_kind: dict[bool, tuple[float, float]]) -> np.ndarray:
    centre = np.where(vulnerable, by_kind[True][0], by_kind[False][0])
    return centre + np.where(vulnerable, by_kind[True][1], by_kind[False][1]) * rng.standard_normal(len(vulnerable))


def _parents(rng: np.random.Generator, vulnerable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    uniform = rng.random((3, len(vulnerable)))
    alike = uniform[2] < 0.7
    levels = []
    for draw in (uniform[0], np.where(alike, uniform[0], uniform[1])):
        levels.append(np.where(vulnerable, _pick(draw, PARENT_SHARES[True]), _pick(draw, PARENT_SHARES[False])))
    return levels[0], levels[1]


def _pick(draw: np.ndarray, shares: list[float]) -> np.ndarray:
    return np.minimum(np.searchsorted(np.cumsum(shares), draw, side="right"), len(shares) - 1)


def _fails(rng: np.random.Generator, stock: pd.DataFrame, gpa: np.ndarray) -> np.ndarray:
    chance = np.select([gpa < 3.0, gpa < 3.5, gpa < 4.0], [0.28, 0.10, 0.015], 0.0)
    middle = ((stock["grade"] >= 4) & (stock["grade"] < 12)).to_numpy()
    return middle & (rng.random(len(stock)) < chance)


def _next_school(rng: np.random.Generator, school: np.ndarray, grade: np.ndarray, from_grade: np.ndarray) -> np.ndarray:
    """The school of next year: -2 outside the municipality; only a few change without having to."""
    schools = plan()
    upper = schools.index[schools["last_grade"] == 12].to_numpy()
    weights = schools["size"].to_numpy()[upper].astype(float)
    choice = rng.choice(upper, size=len(school), p=weights / weights.sum())
    draw = rng.random(len(school))
    must = grade > schools["last_grade"].to_numpy()[school]
    may = (from_grade == 7) & ~must & (draw < MAY_CHANGE)
    chosen = np.where(must | may, choice, school)
    return np.where(must & (draw < MUST_OUTSIDE), -2, chosen)
