"""Survival curves before publication: which of their points may stand, so that no step between two of them tells when
one of a few people had the event, or was lost.

What an attacker can work out of two neighbouring points are the people who had the event in between and the people
whose follow-up ended in between. The first must be at least ``threshold``; of the second there must be none, or as
many. At every point at least ``minimum_denominator`` people must be left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.study.settings import Disclosure

COUNTED = ("at_risk", "events")
CURVE = ("survival", *COUNTED)
SUBJECT = ["chapter", "outcome", "population", "design"]
FAMILY = ["chapter", "outcome", "design"]


@dataclass(frozen=True)
class Point:
    """Of one group at a time: ``left`` followed without the event, ``events`` so far, ``ended``: follow-ups so far."""

    time: float
    left: int
    events: int
    ended: int


Counted = tuple[pd.DataFrame, dict[str, tuple[list[Point], int]]]  # rows of a subject, and its groups


def hidden_on_curves(rows: pd.DataFrame, settings: Disclosure) -> pd.Series:
    """True for rows on the time until an event that may not be published.

    ``rows`` with ``dimension`` (the time) and ``category`` (the group) of their terms. Where a group had fewer events
    than ``threshold``, all that rests on them goes: an estimate's standard error gives their number away.
    """
    hidden = pd.Series(False, index=rows.index)
    subjects = [mine for _, mine in rows[rows["measure"].isin([*CURVE, "incidence"])].groupby(SUBJECT, sort=False)]
    counted = [(mine, groups) for mine in subjects if (groups := _groups(mine))]
    for place in _withheld(counted, settings):
        hidden |= (rows[SUBJECT] == counted[place][0][SUBJECT].iloc[0]).all(axis=1)
    for mine, groups in counted:
        compared = {float(term) for term in mine.loc[mine["measure"] == "incidence", "term"]}
        kept = {group: kept_times(points, compared, settings) for group, (points, _) in groups.items()}
        hidden |= _off_the_kept(mine, kept).reindex(rows.index, fill_value=False)
    return hidden


def _withheld(counted: list[Counted], settings: Disclosure) -> set[int]:
    """Which of the subjects are not published at all: those with few events, and where that is one population of
    several beside the first (which may be their sum), the one with the fewest events of the others."""
    found = {
        place
        for place, (_, groups) in enumerate(counted)
        if any(_telling(points, people, settings) for points, people in groups.values())
    }
    families: dict[tuple[str, ...], list[int]] = {}
    for place, (mine, _) in enumerate(counted):
        if not _has_curve(mine):
            families.setdefault(tuple(mine[FAMILY].iloc[0]), []).append(place)
    for places in families.values():
        others = [place for place in places if place not in found]
        if len(others) == len(places) - 1 and others:
            found.add(min(others, key=lambda place: _events(counted[place][1])))
    return found


def _has_curve(mine: pd.DataFrame) -> bool:
    return bool((mine["measure"] == "survival").any())


def _events(groups: dict[str, tuple[list[Point], int]]) -> int:
    return sum(points[-1].events for points, _ in groups.values())


def kept_times(points: list[Point], compared: Iterable[float], settings: Disclosure) -> set[float]:
    """The times of a curve that may be shown: ``compared`` ones first, then those that still fit between them."""
    origin, known = points[0], points[-1]  # the events up to the last time stand beside the estimate, shown or not
    others = [point for point in points[1:] if point.left >= settings.minimum_denominator]
    first = [point for point in others if point.time in set(compared)]

    def before_known(point: Point) -> bool:
        return point is origin or known.events - point.events >= settings.threshold

    kept = _chain(first, origin, lambda point: point is known, settings)
    kept = kept or _chain(first, origin, before_known, settings)
    shown = [origin]
    for low, high in zip([origin, *kept], [*kept, None], strict=True):
        after = [point for point in others if point.time > low.time and (high is None or point.time < high.time)]
        closes = before_known if high is None else partial(_apart, second=high, settings=settings)
        shown += [*_chain(after, low, closes, settings), *([high] if high else [])]
    return {point.time for point in shown if point.left >= settings.minimum_denominator}


def _chain(points: list[Point], low: Point, closes: Callable[[Point], bool], settings: Disclosure) -> list[Point]:
    """The most of ``points``, in order of time, that may stand behind ``low`` and each other, the last one fit to be
    the last."""
    chains: dict[Point, list[Point]] = {low: []}
    for point in points:
        longer = [[*chain, point] for end, chain in chains.items() if _apart(end, point, settings)]
        if longer:
            chains[point] = max(longer, key=len)
    finished = [chain for end, chain in chains.items() if closes(end)]
    return max(finished, key=len, default=[])


def _apart(first: Point, second: Point, settings: Disclosure) -> bool:
    events, ended = second.events - first.events, second.ended - first.ended
    return events >= settings.threshold and (ended == 0 or ended >= settings.threshold)


def _telling(points: list[Point], people: int, settings: Disclosure) -> bool:
    """Few events up to the horizon, or none in a group so small that this tells the fate of each."""
    events = points[-1].events
    nobody = events == 0 and people < settings.threshold * settings.minimum_denominator
    return nobody or 0 < events < settings.threshold or 0 < points[0].events < settings.threshold


def _groups(mine: pd.DataFrame) -> dict[str, tuple[list[Point], int]]:
    """Group -> its points in order of time, and its number of people."""
    found = {}
    counted = mine[mine["measure"].isin(COUNTED) & mine["estimate"].notna()]
    for group, part in counted.groupby("category", sort=False):
        times = part.assign(time=part["dimension"].astype(float))
        wide = times.pivot(index="time", columns="measure", values="estimate").sort_index()
        people = int(part["n"].iloc[0])
        points = [
            Point(float(time), int(left), int(events), people - int(left) - int(events))
            for time, left, events in zip(wide.index, wide["at_risk"], wide["events"], strict=True)
        ]
        found[str(group)] = _from_start(points, people), people
    return found


def _from_start(points: list[Point], people: int) -> list[Point]:
    """Everybody is followed at the start, whether or not a row says so."""
    return points if points[0].time == 0 else [Point(0.0, people, 0, 0), *points]


def _off_the_kept(mine: pd.DataFrame, kept: dict[str, set[float]]) -> pd.Series:
    """Points whose time is not kept in their group; comparisons whose time is not kept in both; and the counts that
    were handed on for this judgement alone, without a curve."""
    on_curve, has_curve = mine["measure"].isin(CURVE), _has_curve(mine)
    off = pd.Series(False, index=mine.index)
    for place in mine.index[on_curve]:
        shown = float(mine.at[place, "dimension"]) in kept[mine.at[place, "category"]]
        off[place] = not (shown and has_curve)
    both = set.intersection(*kept.values())
    for place in mine.index[~on_curve]:
        off[place] = float(mine.at[place, "term"]) not in both
    return off
