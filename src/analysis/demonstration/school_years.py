"""One school year after the other: enrolment, measure, fate, absences, marks; only one year is held at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration import absences as ab
from analysis.demonstration import calibration as c
from analysis.demonstration.fates import draw_fates
from analysis.demonstration.participation import gets_similar_measure, signs, takes_part
from analysis.demonstration.persons import People
from analysis.demonstration.pupils import entrants, first_stock, next_stock
from analysis.demonstration.schools import plan
from analysis.demonstration.streams import stream


@dataclass(frozen=True)
class Switches:
    """What makes an honest design fail, off by default.

    ``unobserved_motivation``: standard deviation, in log-odds, of a motivation that no register records; it moves
    both taking part and the outcome. ``differential_trend``: by how much a year dropout and habitual absences of
    project schools grow relative to those of the others (0.05: five per cent a year), counted from 2018/19.
    """

    unobserved_motivation: float = 0.0
    differential_trend: float = 0.0


@dataclass(frozen=True)
class SchoolYear:
    """What happened in one school year; all tables have the rows of ``stock`` (hours: pupils x months)."""

    year: int
    stock: pd.DataFrame
    at_risk: np.ndarray
    participant: np.ndarray
    spillover: np.ndarray
    fates: pd.DataFrame
    ways: pd.DataFrame
    recorded: np.ndarray
    excused: np.ndarray
    unexcused: np.ndarray
    gpa: pd.DataFrame
    truth: pd.DataFrame


def school_years(seed: int, scale: float, switches: Switches, people: People) -> Iterator[SchoolYear]:
    """The school years from FIRST_YEAR to LAST_YEAR; of the last only the enrolment means anything."""
    stock = first_stock(seed, scale, c.HIDDEN_YEAR, people)
    away: dict[int, pd.DataFrame] = {}
    shocks = np.zeros((2, len(plan())))
    for year in range(c.HIDDEN_YEAR, c.LAST_YEAR + 1):
        shocks = _next_shocks(seed, year, shocks)
        lived, following = _live(seed, year, stock, shocks + _trend(year, switches), switches)
        if year >= c.FIRST_YEAR:
            yield lived
        away[year + 2] = _returners(seed, year, lived)
        arrivals = [entrants(seed, scale, year + 1, people), away.pop(year + 1, stock.iloc[:0])]
        stock = pd.concat([following, *arrivals], ignore_index=True)


def _live(
    seed: int, year: int, stock: pd.DataFrame, shocks: np.ndarray, switches: Switches
) -> tuple[SchoolYear, pd.DataFrame]:
    school = stock["school"].to_numpy()
    at_risk = signs(stock) >= c.RISK_SIGNS
    participant = takes_part(seed, year, stock, at_risk, switches.unobserved_motivation)
    spillover = gets_similar_measure(seed, year, stock)
    measure = participant | spillover
    fates = draw_fates(seed, year, stock, at_risk, measure, shocks[0][school], switches.unobserved_motivation)
    hours = ab.draw_hours(seed, year, stock, shocks[1][school])
    without, realised = _worlds(hours, fates, measure, year)
    gpa = _marks(seed, year, stock, fates)
    following, ways = next_stock(
        seed, year, stock.assign(in_project=participant), fates, gpa.assign(total_abs=realised["total_abs"])
    )
    lived = SchoolYear(
        year, stock, at_risk, participant, spillover, fates, ways,
        realised["recorded"], realised["excused"], realised["unexcused"], gpa, _truth(fates, without, realised),
    )  # fmt: skip
    return lived, following


def _worlds(hours: ab.Hours, fates: pd.DataFrame, measure: np.ndarray, year: int) -> tuple[dict, dict]:
    """Absences without the measure and as they came about; in each world a pupil is there until leaving in that
    world.
    """
    leaves = np.where(fates["fate"] == "moved_within", -1, fates["leave_month"])
    leaves_without = np.where(fates["dropout_without"], fates["month_if_dropout"], leaves)
    usual = hours.taught & ab.months_enrolled(np.full(len(fates), -1))
    reduced = ab.with_measure(hours, usual)
    mixed = ab.Hours(
        np.where(measure[:, None], reduced.illness, hours.illness),
        np.where(measure[:, None], reduced.habit, hours.habit),
        hours.unexcused_share, hours.reclassify, hours.taught,
    )  # fmt: skip
    without = _world(hours, leaves_without, fates["dropout_without"].to_numpy(), year)
    return without, _world(mixed, leaves, fates["dropout_with"].to_numpy(), year)


def _world(hours: ab.Hours, leaves: np.ndarray, dropout: np.ndarray, year: int) -> dict[str, np.ndarray]:
    hours = ab.before_dropping_out(hours, leaves, dropout)
    recorded = hours.taught & ab.months_enrolled(leaves)
    excused, unexcused = ab.split(hours, year)
    total = ab.yearly_mean(excused + unexcused, recorded)
    return {
        "recorded": recorded,
        "excused": excused,
        "unexcused": unexcused,
        "total_abs": total,
        "unexc_abs": ab.yearly_mean(unexcused, recorded),
        "chronic_abs": (total >= c.CHRONIC_HOURS).astype(float),
    }


def _truth(fates: pd.DataFrame, without: dict, realised: dict) -> pd.DataFrame:
    abroad = (fates["fate"] == "abroad").to_numpy()
    explicit = (fates["if_dropout"] == "dropout").to_numpy()
    columns = {}
    for world, numbers, dropout in [
        ("without", without, fates["dropout_without"].to_numpy()),
        ("with", realised, fates["dropout_with"].to_numpy()),
    ]:
        columns[f"dropout_a_{world}"] = dropout.astype(float)
        columns[f"dropout_b_{world}"] = (dropout | abroad).astype(float)
        columns[f"dropout_c_{world}"] = (dropout & explicit).astype(float)
        for name in ("total_abs", "unexc_abs", "chronic_abs"):
            columns[f"{name}_{world}"] = numbers[name]
    return pd.DataFrame(columns)


def _marks(seed: int, year: int, stock: pd.DataFrame, fates: pd.DataFrame) -> pd.DataFrame:
    """``first_term, second_term, gpa`` (2-6) from grade IV; none for a term that the pupil left before it ended."""
    rng = stream(seed, "marks", year)
    level = stock["ability"].to_numpy() + 0.18 * rng.standard_normal(len(stock))
    noise = 0.12 * rng.standard_normal((2, len(stock)))
    first, second = (np.round(np.clip(level + part, 2, 6), 2) for part in noise)
    leaves = np.where(fates["fate"].isin(["", "moved_within"]), ab.MONTHS.size, fates["leave_month"])
    graded = (stock["grade"] >= 4).to_numpy()
    first = np.where(graded & (leaves >= 5), first, np.nan)
    second = np.where(graded & (leaves >= ab.MONTHS.size), second, np.nan)
    return pd.DataFrame({"first_term": first, "second_term": second, "gpa": np.round((first + second) / 2 + 1e-9, 2)})


def _next_shocks(seed: int, year: int, shocks: np.ndarray) -> np.ndarray:
    rng = stream(seed, "shocks", year)
    spread = np.array([[c.DROPOUT_SHOCK], [c.HOURS_SHOCK]])
    fresh = spread * rng.standard_normal(shocks.shape)
    persistence = 0.0 if year == c.HIDDEN_YEAR else c.SHOCK_PERSISTENCE
    return persistence * shocks + np.sqrt(1 - persistence**2) * fresh


def _trend(year: int, switches: Switches) -> np.ndarray:
    return switches.differential_trend * (year - 2018) * plan()["treated"].to_numpy().astype(float)


def _returners(seed: int, year: int, lived: SchoolYear) -> pd.DataFrame:
    """Some who dropped out come back after a year away, into the grade they left."""
    back = stream(seed, "returns", year).random(len(lived.stock)) < c.RETURNS
    rows = lived.stock[back & lived.fates["dropout_with"].to_numpy()]
    return rows.assign(
        repeater="returned_after_dropout", prior_hours=np.nan, prior_gpa=np.nan, in_project=False, spillover=False
    )
