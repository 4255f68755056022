"""Situations of designs that are rarer among our users: a time until an event, one treated school, effects pooled, and
trends that were never parallel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from told import LEVEL, Draws, told

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.covariates import expand, model_matrix
from analysis.effects.did_sensitivity import events_of
from analysis.effects.duration import restricted_mean_difference
from analysis.effects.estimate import Floats
from analysis.effects.honest_bounds import relative_magnitudes
from analysis.effects.placebo import least_gap, placebos
from analysis.effects.placebo_interval import effects_not_rejected
from analysis.effects.pooling import pool
from analysis.effects.propensity import fit_propensity
from analysis.effects.survival_groups import Groups
from analysis.effects.synthetic import Block, Synthetic, fit, spread_between
from analysis.study.design_settings import DifferenceInDifferences

HORIZON = 12.0
UNEVEN = DifferenceInDifferences(
    kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=5
)


def time_to_a_job(seed: int, effect: float) -> Draws:
    """150 participants and 450 others followed for one to two years; who takes part would find work more slowly. The
    hazard of finding a job rises by exp(effect); told is the mean time without one in the first year."""
    rng = np.random.default_rng([12, seed])
    able = rng.normal(size=600)
    treated = (-0.7 * able + rng.gumbel(size=600)).argsort().argsort() >= 450
    usual = 0.08 * np.exp(0.5 * able)
    helped = usual * np.exp(effect * treated)
    time, until = rng.exponential(1 / helped), rng.uniform(12, 24, 600)
    duration, event = np.minimum(time, until), time <= until
    matrix, _ = model_matrix(expand(pd.DataFrame({"able": able}), ["able"]), treated)
    none = np.zeros(600, dtype=np.int64)
    groups = Groups(duration, event, treated, none, None, matrix, fit_propensity(matrix, treated), LEVEL)
    truth = float((_mean_time(helped) - _mean_time(usual))[treated].mean())
    naive = restricted_mean_difference(duration, event, treated, HORIZON, level=LEVEL)
    return {
        "weighted restricted mean": told(groups.difference_in_mean(HORIZON), truth),
        "naive difference of means": told(naive, truth),
    }


def _mean_time(hazard: Floats) -> Floats:
    """Expected time without the event, at most HORIZON, under a constant hazard."""
    return (1 - np.exp(-HORIZON * hazard)) / hazard


def one_school(seed: int, did: int, effect: float) -> Draws:
    """One of 20 schools from the 13th of 16 years on; schools follow two common movements to different degrees."""
    rng = np.random.default_rng([13, seed])
    movements = rng.normal(0, 0.06, (2, 16)).cumsum(axis=1)
    outcome = 0.5 + rng.normal(0, 0.05, (20, 1)) + rng.random((20, 2)) @ movements + rng.normal(0, 0.02, (20, 16))
    treated = np.arange(20) == int(rng.integers(20))
    outcome[treated, 12:] += effect
    block = Block(outcome, treated, 12)
    found: Synthetic = fit(block, "synthetic_did" if did else "synthetic_control")
    tested = placebos(block, "synthetic_did" if did else "synthetic_control", found, spread_between(block))
    path = outcome[treated][0]
    change = path[12:] - path[:12].mean()
    spread = 1.96 * change.std(ddof=1) / 2
    gap, least = found.path - found.synthetic, least_gap(spread_between(block))
    ours = effects_not_rejected(gap, 12, tested.ratios, LEVEL, least)
    low, high = change.mean() - spread, change.mean() + spread
    return {
        "placebos in space": [found.estimate, *ours, tested.p <= LEVEL, effect],
        "naive before-after": [change.mean(), low, high, not low <= 0 <= high, effect],
    }


def pooled_groups(seed: int, effect: float) -> Draws:
    """Eight groups whose true effects differ by as much as each is uncertain."""
    rng = np.random.default_rng([14, seed])
    errors = rng.uniform(0.04, 0.10, 8)
    estimates = rng.normal(effect, 0.06, 8) + rng.normal(0, errors)
    found = pool(estimates.tolist(), errors.tolist(), LEVEL)
    weights = errors**-2 / (errors**-2).sum()
    mean, half = float(weights @ estimates), 1.96 / float(np.sqrt((errors**-2).sum()))
    ours = [found.estimate, found.ci_low, found.ci_high, not found.ci_low <= 0 <= found.ci_high, effect]
    naive = [mean, mean - half, mean + half, not -half <= mean <= half, effect]
    return {"random effects, Hartung-Knapp": ours, "naive: as if all were one effect": naive}


def uneven_trends(seed: int, effect: float) -> Draws:
    """6 of 24 schools, five years before and two after; the gap between the groups moves by 0.05 a year, now up, now
    down before the start and always down after it: as uneven as before, and never parallel."""
    rng = np.random.default_rng([15, seed])
    panel = pd.DataFrame({"school": np.repeat(np.arange(24), 7), "year": np.tile(np.arange(7), 24)})
    panel["project"] = panel["school"] < 6
    drift = np.array([0.05, 0.0, 0.05, 0.0, 0.05, 0.0, -0.05])
    exposed = (panel["project"] & (panel["year"] >= 5)).to_numpy()
    panel["score"] = (
        rng.normal(0, 0.2, 24)[panel["school"]]
        + rng.normal(0, 0.05, len(panel))
        + drift[panel["year"]] * panel["project"]
        + effect * exposed
    )
    cells = collapse(panel, "score", UNEVEN)
    parallel = did.pooled_effect(cells, LEVEL)
    study = did.event_study(cells, LEVEL, draws=99)
    low, high = relative_magnitudes(events_of(cells, study, parallel.df), 1.0, LEVEL, grid=500, draws=2000)
    return {
        "bounds, as uneven as before (conservative)": [
            parallel.estimate, low, high, not low <= 0 <= high, effect,
        ],
        "naive: as if trends were parallel": told(parallel, effect),
    }  # fmt: skip
