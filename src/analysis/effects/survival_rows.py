"""Survival curves as rows: at few times, each with the counts that disclosure control needs to judge it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from analysis.effects.rows import Row, Subject
from analysis.effects.survival_groups import FEWEST_AT_RISK, Groups

POINTS = 12  # of a curve at most, beside the declared times: no step shows when a single person had the event
GROUPS = {"project": True, "comparison": False}


def grid(horizon: float, times: Sequence[float], points: int = POINTS) -> list[float]:
    """Zero, the declared ``times`` and the horizon, and at most ``points`` equal steps; whole ones where it is long."""
    step = math.ceil(horizon / points) if horizon >= points else horizon / points
    if horizon < points and float(horizon).is_integer():
        step = 1
    even = np.arange(0, horizon, step).tolist()
    return sorted({0.0, *map(float, even), *map(float, times), float(horizon)})


def curve_rows(
    subject: Subject, groups: Groups, horizon: float, times: Sequence[float], level: float, whole: bool
) -> Iterator[Row]:
    """Rows ``survival`` (share without the event), ``at_risk`` (people followed without it) and ``events`` (people who
    had it so far), term ``<time>/<group>``; the two counts are of people, not of weights.

    Without ``whole`` the counts alone and at the declared times alone: they let disclosure control judge the estimates
    there, and curves of overlapping populations could be subtracted from each other.
    """
    declared = sorted({*map(float, times), float(horizon)})
    for name, group in GROUPS.items():
        people = int((groups.treated == group).sum())
        for time in grid(horizon, times) if whole else declared:
            term = f"{time:g}/{name}"
            counts = {"at_risk": groups.still_without(group, time), "events": groups.had_event(group, time)}
            for measure, count in counts.items():
                yield {**subject.row(measure, term, estimate=float(count), n=people), "unit": "count"}
            if whole and groups.at_risk(group, time) >= FEWEST_AT_RISK:
                yield _share(subject, groups, group, time, term, people, level)


def _share(subject: Subject, groups: Groups, group: bool, time: float, term: str, people: int, level: float) -> Row:
    """The limits are those of one time by itself (Greenwood 1926), cut at nothing and at everybody."""
    share, se = groups.share_without(group, time)
    half = float(stats.norm.ppf(1 - level / 2)) * se
    limits = {"ci_low": max(share - half, 0.0), "ci_high": min(share + half, 1.0)}
    return {**subject.row("survival", term, estimate=share, se=se, n=people, **limits), "unit": "share"}
