"""Bounds when trends were not quite parallel: the size is that of the event study, not of the data."""

from __future__ import annotations

import numpy as np

from speed.task import Numbers, Task

BEFORE, AFTER, BAR, GRID = 5, 2, 1.0, 1000
Events = tuple[np.ndarray, np.ndarray]


def events(rows: int) -> Events:
    """Seven coefficients and their covariance, correlated over time."""
    place = np.arange(BEFORE + AFTER)
    covariance = 0.009**2 * 0.5 ** np.abs(place[:, None] - place)
    return np.array([-0.009, -0.003, -0.006, 0.002, 0.004, 0.046, 0.069]), covariance


def relative_magnitude(data: Events) -> Numbers:
    from analysis.effects.honest_bounds import EventEstimates, relative_magnitudes

    first = np.eye(AFTER)[0]
    low, high = relative_magnitudes(EventEstimates(*data, BEFORE, first), BAR, grid=GRID)
    return {"from": low, "to": high}


def relative_magnitude_moderndid(data: Events) -> Numbers:
    from moderndid import compute_conditional_cs_rm

    coefficients, covariance = data
    found = compute_conditional_cs_rm(
        coefficients, covariance, BEFORE, AFTER, l_vec=np.eye(AFTER)[:, [0]], m_bar=BAR, alpha=0.05,
        hybrid_flag="LF", grid_points=GRID, seed=0,
    )  # fmt: skip
    inside = np.asarray(found["grid"])[np.asarray(found["accept"]) > 0]
    return {"from": float(inside.min()), "to": float(inside.max())}


TASKS = [
    Task(
        f"bounds on relative magnitudes, {BEFORE} times before and {AFTER} after",
        events, relative_magnitude, relative_magnitude_moderndid, "moderndid",
        rows=(BEFORE + AFTER,), smaller=(), by_chance={"from": 8e-4, "to": 8e-4},
        note="A least favourable first step is simulated, and the grids differ by up to 0.0004.",
    )
]  # fmt: skip
