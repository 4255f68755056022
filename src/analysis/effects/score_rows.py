"""Where the propensity scores of both groups lie, as counts that disclosure control protects like any table."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.rows import Row, Subject

BINS = 10
GROUPS = {"project": True, "comparison": False}


def score_rows(subject: Subject, score: Floats, treated: Booleans) -> Iterator[Row]:
    """``count``, term ``score_<group>/<lower end>``: people of a group by score, in BINS equal steps from zero to the
    highest score (rounded up to a tenth); with each group's ``total``, by which disclosure control knows the sum."""
    top = math.ceil(10 * float(score.max()) - 1e-9) / 10
    edges = np.linspace(0, top, BINS + 1)
    for group, mine in GROUPS.items():
        counts, _ = np.histogram(score[treated == mine], edges)
        for low, count in [*zip(edges[:-1], counts, strict=True), ("total", counts.sum())]:
            term = low if low == "total" else f"{float(low):.3g}"
            yield {**subject.row("count", f"score_{group}/{term}", estimate=float(count)), "unit": "count"}
