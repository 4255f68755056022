"""Pupils at risk and pupils who take part: by recorded signs only, unless unobserved motivation is switched on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.pupils import low_education
from analysis.demonstration.schools import plan
from analysis.demonstration.streams import logistic, stream


def signs(stock: pd.DataFrame) -> np.ndarray:
    """How many of the four recorded signs each pupil shows; what is not recorded is not shown."""
    shown = [
        stock["prior_hours"].to_numpy() >= c.RISK_HOURS,
        stock["prior_gpa"].to_numpy() < c.RISK_GPA,
        stock["repeater"].to_numpy() != "no",
        low_education(stock),
    ]
    return np.sum(shown, axis=0)


def takes_part(seed: int, year: int, stock: pd.DataFrame, at_risk: np.ndarray, motivation: float) -> np.ndarray:
    """Who takes part in the project this year: some stay from last year, others join; in project schools only."""
    if year not in c.TREATED_YEARS:
        return np.zeros(len(stock), dtype=bool)
    rng = stream(seed, "participation", year)
    project = plan()["treated"].to_numpy()[stock["school"]]
    hours = np.nan_to_num(stock["prior_hours"].to_numpy(), nan=6.0)
    gpa = np.nan_to_num(stock["prior_gpa"].to_numpy(), nan=4.2)
    index = (
        c.JOIN["constant"] + c.JOIN["at_risk"] * at_risk + c.JOIN["hours"] * (hours - 8) + c.JOIN["gpa"] * (gpa - 4.2)
    )
    index += c.JOIN["repeater"] * (stock["repeater"] != "no").to_numpy() + c.JOIN["parents"] * low_education(stock)
    index += motivation * stock["motivation"].to_numpy()
    draw = rng.random((2, len(stock)))
    before = stock["in_project"].to_numpy(dtype=bool)
    return project & np.where(before, draw[0] < c.STAYS_IN_PROJECT, draw[1] < logistic(index))


def gets_similar_measure(seed: int, year: int, stock: pd.DataFrame) -> np.ndarray:
    """Spill-over: pupils of other schools who get a similar national measure in the project's years."""
    if year not in c.TREATED_YEARS:
        return np.zeros(len(stock), dtype=bool)
    draw = stream(seed, "spillover", year).random(len(stock))
    return ~plan()["treated"].to_numpy()[stock["school"]] & (draw < c.SPILLOVER)
