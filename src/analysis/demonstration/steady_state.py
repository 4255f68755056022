"""How many vulnerable and other pupils each school and grade holds in the long run.

The first stock is drawn from this, so that the make-up of schools does not drift while the study runs: a drift would be
a difference in trends between project and other schools that no project caused.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.demonstration import calibration as c
from analysis.demonstration.schools import plan

GRADES = 12
AT_RISK = np.array([[0.001, 0.004, 0.004], [0.24, 0.69, 0.70]])  # by kind and stage, as the rule turns out in the draws
RETAINED = np.array([[0.0025, 0.0025, 0.0015], [0.080, 0.075, 0.062]])  # repeat the grade, from grade IV on
MUST_OUTSIDE, MAY_CHANGE = 0.05, 0.25  # after grade VII: leave the municipality; change school without having to


@cache
def expected_pupils() -> np.ndarray:
    """Expected pupils at scale 1: kind (0 other, 1 vulnerable) x school x grade (0 is grade I)."""
    schools = plan()
    pupils = np.zeros((2, len(schools), GRADES))
    starts = np.where(schools["first_grade"] == 1, schools["size"], 0.0)
    inflow = np.stack([starts * (1 - schools["vulnerable"]), starts * schools["vulnerable"]])
    for grade in range(1, GRADES + 1):
        stage = (grade > 4) + (grade > 7)
        stays = 1 - _leaving(stage)
        fails = RETAINED[:, stage] if 4 <= grade < GRADES else np.zeros(2)
        pupils[:, :, grade - 1] = inflow / (1 - stays * fails)[:, None]
        moved = _after_moves(pupils[:, :, grade - 1] * stays[:, None], grade)
        inflow = _at_next_school(moved * (1 - fails)[:, None], grade)
        inflow = inflow + _arrivals(grade + 1)
    return pupils


def _leaving(stage: int) -> np.ndarray:
    """Share of each kind that leaves within a year; returners are taken off."""
    dropout = AT_RISK[:, stage] * c.DROPOUT_AT_RISK[stage] + (1 - AT_RISK[:, stage]) * c.DROPOUT_OTHERS[stage]
    return c.ABROAD[stage] + c.MOVED_AWAY + dropout * (1 - c.RETURNS)


def _after_moves(pupils: np.ndarray, grade: int) -> np.ndarray:
    """Pupils who change school within the year go to any school that has the grade's stage."""
    pool = _upper() if grade > 7 else (plan()["first_grade"] == 1).to_numpy()
    moved = pupils.sum(axis=1, keepdims=True) * c.MOVED_WITHIN * pool / pool.sum()
    return pupils * (1 - c.MOVED_WITHIN) + moved


def _at_next_school(pupils: np.ndarray, grade: int) -> np.ndarray:
    """Pupils of the next grade by school: who must, or after VII may, goes on to an upper-secondary one."""
    schools = plan()
    must = (schools["last_grade"] <= grade).to_numpy()
    leaves = np.where(must, 1.0, MAY_CHANGE if grade == 7 else 0.0)
    weight = np.where(_upper(), schools["size"], 0.0)
    arriving = (pupils * leaves * np.where(must, 1 - MUST_OUTSIDE, 1.0)).sum(axis=1, keepdims=True)
    return pupils * (1 - leaves) + arriving * weight / weight.sum()


def _arrivals(grade: int) -> np.ndarray:
    """Pupils from elsewhere who join the primary and lower secondary grades."""
    schools = plan()
    lower = (schools["first_grade"] == 1).to_numpy()
    each = schools["size"].sum() * 12 * c.ARRIVALS / 6 / lower.sum() if 2 <= grade <= 7 else 0.0
    vulnerable = schools["vulnerable"].to_numpy()
    return each * lower * np.stack([1 - vulnerable, vulnerable])


def _upper() -> np.ndarray:
    return (plan()["last_grade"] == GRADES).to_numpy()
