"""Absences: lesson hours missed a month, excused and unexcused, without and with the project.

Hours are the sum of illness, common to all, and of a pupil's own habit. The distance teaching of 2020 and 2021
changes only the first part, alike for everybody; so trends stay parallel in hours while levels jump.

What the measure does to the hours of a year is made so that it never changes who is at risk the year after: hours
below the threshold of the rule fall by a share and stay below, of hours above it the excess is cut and they stay
above. Otherwise the project would itself select the at-risk pupils of its second year, and no comparison of at-risk
pupils would give its effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.pupils import stage
from analysis.demonstration.streams import stream

MONTHS = np.array([9, 10, 11, 12, 1, 2, 3, 4, 5, 6])
ILLNESS = np.array([1.4, 2.6, 3.2, 3.4, 4.0, 4.6, 3.4, 2.6, 2.6, 1.8])
DISTANCE = {2019: [6, 7, 8, 9], 2020: [2, 3, 4, 6, 7], 2021: [2]}  # months (0 = September) taught mostly at a distance
HABIT_STAGE = (0.95, 1.05, 1.15)
HABIT_CHANGES, MONTHLY_SHAPE = 0.42, 2.5
BENEFIT_LIMIT = 5  # unexcused hours a month that end the child benefit, since August 2019
MOVED_TO_EXCUSED = {False: 0.44, True: 0.52}


@dataclass(frozen=True)
class Hours:
    """Pupils x months of one school year. ``taught``: the grade has lessons in that month."""

    illness: np.ndarray
    habit: np.ndarray
    unexcused_share: np.ndarray
    reclassify: np.ndarray
    taught: np.ndarray


def draw_hours(seed: int, year: int, stock: pd.DataFrame, shock: np.ndarray) -> Hours:
    """Hours as they would be without any measure; ``shock``: log of habitual hours of the pupil's school this year."""
    rng = stream(seed, "absences", year)
    shape = (len(stock), len(MONTHS))
    illness = np.where(np.isin(np.arange(len(MONTHS)), DISTANCE.get(year, [])), 0.25, 1.0) * ILLNESS
    ill = rng.poisson(rng.gamma(0.9, 1 / 0.9, size=shape) * illness)
    change = HABIT_CHANGES * rng.standard_normal(len(stock))
    mean = np.exp(stock["habit"].to_numpy() + change + shock) * np.take(HABIT_STAGE, stage(stock["grade"]))
    own = rng.poisson(rng.gamma(MONTHLY_SHAPE, 1 / MONTHLY_SHAPE, size=shape) * mean[:, None]).astype(float)
    own += 0.5 * (rng.random(shape) < 0.12)  # coming late counts half an hour
    share = np.where(rng.random(shape) < 0.12, 0.0, rng.beta(1.8, 2.6, size=shape))
    return Hours(ill.astype(float), own, share, rng.random(shape), _taught(stock["grade"].to_numpy()))


def months_enrolled(leave_month: np.ndarray) -> np.ndarray:
    """Pupils x months: still enrolled when the month began (``leave_month`` -1: to the end)."""
    last = np.where(leave_month < 0, len(MONTHS), leave_month)
    return np.arange(len(MONTHS))[None, :] <= last[:, None]


def with_measure(hours: Hours, months: np.ndarray) -> Hours:
    """The same hours under the measure: hours below RISK_HOURS times HOURS_FACTOR, the excess above times
    EXCESS_FACTOR.
    """
    level = yearly_mean(hours.illness + hours.habit, months)
    high = level >= c.RISK_HOURS
    target = np.where(high, c.RISK_HOURS + c.EXCESS_FACTOR * (level - c.RISK_HOURS), c.HOURS_FACTOR * level)
    factor = (target / np.where(level > 0, level, 1.0))[:, None]
    return Hours(_halves(hours.illness * factor, high), _halves(hours.habit * factor, high), *_rest(hours))


def _halves(hours: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Half hours, rounded up for some pupils and down for the others."""
    return np.where(up[:, None], np.ceil(hours * 2), np.floor(hours * 2)) / 2


def before_dropping_out(hours: Hours, leave_month: np.ndarray, dropout: np.ndarray) -> Hours:
    """Who drops out during the year is hardly seen at school in the last two months before the document."""
    to_go = leave_month[:, None] - np.arange(len(MONTHS))[None, :]
    last = (dropout & (leave_month < len(MONTHS)))[:, None] & (to_go >= 0) & (to_go < 2)
    return Hours(hours.illness, np.where(last, 2 * hours.habit + 20, hours.habit), *_rest(hours))


def _rest(hours: Hours) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return hours.unexcused_share, hours.reclassify, hours.taught


def split(hours: Hours, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Excused and unexcused hours. Unexcused ones heap below the limit that ends the child benefit."""
    unexcused = np.round(hours.habit * hours.unexcused_share * 2) / 2
    over = (unexcused >= BENEFIT_LIMIT) & (hours.reclassify < MOVED_TO_EXCUSED[year >= 2019])
    unexcused = np.where(over, BENEFIT_LIMIT - 1, unexcused)
    return hours.illness + hours.habit - unexcused, unexcused


def yearly_mean(hours: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Hours per month over the months that count; NaN without any."""
    count = months.sum(axis=1)
    return np.divide((hours * months).sum(axis=1), count, out=np.full(len(hours), np.nan), where=count > 0)


def _taught(grade: np.ndarray) -> np.ndarray:
    to_may = (grade <= 3) | (grade == 12)
    return ~(to_may[:, None] & (np.arange(len(MONTHS))[None, :] == 9))
