"""Where the propensity scores of both groups lie, as counts that disclosure control protects like any table."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.rows import Row, Subject

STEPS = (0.005, 0.01, 0.02, 0.05, 0.1)  # the first of which ten reach the highest score
GROUPS = {"project": True, "comparison": False}


def score_rows(subject: Subject, score: Floats, treated: Booleans) -> Iterator[Row]:
    """``count``, term ``score_<group>/<lower end>``: people of a group by score, in at most ten steps from zero to the
    highest score; with each group's ``total``, by which disclosure control knows the sum."""
    highest = float(score.max())
    step = next(step for step in STEPS if highest <= 10 * step or step == STEPS[-1])
    edges = step * np.arange(math.ceil(highest / step - 1e-9) + 1)
    place = np.clip(np.searchsorted(edges, score, side="right") - 1, 0, len(edges) - 2)
    for group, mine in GROUPS.items():
        counts = np.bincount(place[treated == mine], minlength=len(edges) - 1)
        for low, count in [*zip(edges[:-1], counts, strict=True), ("total", counts.sum())]:
            term = low if low == "total" else f"{float(low):.3g}"
            yield {**subject.row("count", f"score_{group}/{term}", estimate=float(count)), "unit": "count"}
