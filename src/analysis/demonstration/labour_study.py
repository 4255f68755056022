"""Who takes part in the labour measures, and who is drawn for comparison.

Everybody has one reference month, drawn from the distribution of entries. Who is eligible in that month may take
part, with a chance log-linear in the covariates of that month. Recent loss of work raises it, hence the dip before
entry.

Comparison persons are drawn from those who do not take part, from the Labour Office's lists month by month: who is
on more lists of the entry months comes in more easily. Together with the rule of the panels (one of a person's
eligible months, with the probability that participants entered in it) every comparison person stands for a random
one of those eligible in the pseudo-entry month; without it, short spells of unemployment would be over-represented.
The draw also undoes the little that not taking part tells about the future.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.demonstration import calibration as c
from analysis.demonstration.labour import (
    MONTHS,
    RETAINED,
    SUBSIDY_MONTHS,
    Adults,
    Effect,
    Paths,
    covariates,
    live,
    month_place,
    random_population,
)
from analysis.demonstration.streams import stream

INDEX = {
    "age": 0.02, "is_female": 0.25, "education_lower": 0.35, "education_upper": -0.35, "months_employed_12": 0.04,
    "months_employed_24": 0.02, "employed_lag_1": 0.55, "employed_lag_3": 0.40, "months_unemployed": -0.012,
    "long_term_unemployed": 0.30,
}  # fmt: skip
CONSTANT = -4.2
MOST_WILLING = 0.95
SPARE = 1.12  # a few more are willing than there are places
DURATIONS = {"motivation_training": (1, 3), "vocational_training": (5, 7), "self_employment": (7, 9)}
LEAVES_EARLY = 0.08


@dataclass(frozen=True)
class LabourStudy:
    """Participants and comparison persons with both worlds; arrays are months x persons or one entry a person.

    ``work``: unsubsidised work on the 15th, ``job``: work in a project job, ``entry``/``leave``: places of months
    (-1 for comparison persons), ``arm``: the activity; ``second``: the month of a second activity or -1.
    """

    adults: Adults
    treated: np.ndarray
    entry: np.ndarray
    leave: np.ndarray
    arm: np.ndarray
    second: np.ndarray
    early: np.ndarray
    without: Paths
    realised: Paths
    job: np.ndarray


def draw_labour(seed: int, scale: float, motivation: float) -> LabourStudy:
    """The labour study; ``scale`` up to 1 shrinks the numbers of persons, above it they stay."""
    size = min(1.0, scale)
    adults, luck, paths = random_population(seed, max(int(c.POOL * size), 900), motivation)
    entry, odds_to_join = _choose(seed, adults, paths, round(c.PARTICIPANTS * size), motivation)
    takers = np.flatnonzero(entry >= 0)
    others = _compare(seed, paths, entry, odds_to_join, round(c.COMPARISONS * size))
    arm, leave, second, early = _arms(seed, paths, takers, entry[takers], size)
    retained = stream(seed, "retained").random(len(takers)) < RETAINED
    effect = Effect(entry[takers], leave, arm == "subsidised_employment", retained, paths.employed[:, takers])
    realised = live(adults.some(takers), luck.of(takers), effect)
    people = np.concatenate([takers, others])
    return LabourStudy(
        adults=adults.some(people),
        treated=np.arange(len(people)) < len(takers),
        entry=_filled(effect.entry, len(others), -1),
        leave=_filled(leave, len(others), -1),
        arm=_filled(arm, len(others), ""),
        second=_filled(second, len(others), -1),
        early=_filled(early, len(others), False),
        without=_of_both(paths, takers, paths, others),
        realised=_of_both(realised, np.arange(len(takers)), paths, others),
        job=np.pad(effect.in_job(np.arange(MONTHS)[:, None]), ((0, 0), (0, len(others)))),
    )


def _choose(seed: int, adults: Adults, paths: Paths, wanted: int, motivation: float) -> tuple[np.ndarray, np.ndarray]:
    """Entry month of each (-1: does not take part), and months x persons the chance to take part if it is the
    reference month.
    """
    rng = stream(seed, "labour participation")
    months, weights = entry_months()
    chances = np.zeros(paths.employed.shape, dtype=np.float64)
    for month in months:
        values = covariates(adults, paths, month)
        index = CONSTANT + sum(weight * values[name] for name, weight in INDEX.items()) + motivation * adults.motivation
        chances[month] = paths.eligible[month] * np.exp(index)
    reference = rng.choice(months, size=len(adults.birth_year), p=weights)
    own = chances[reference, np.arange(len(reference))]
    factor = _scaled(own, SPARE * wanted)
    chances = np.minimum(chances * factor, MOST_WILLING)
    joins = np.flatnonzero(rng.random(len(reference)) < chances[reference, np.arange(len(reference))])
    kept = rng.permutation(joins)[:wanted]
    entry = np.full(len(reference), -1)
    entry[kept] = reference[kept]
    return entry, chances * (len(kept) / max(len(joins), 1))


def _scaled(odds: np.ndarray, wanted: float) -> float:
    """The factor that makes the expected number of takers the one wanted (bisection on the log)."""
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        expected = np.minimum(odds * np.exp(middle), MOST_WILLING).sum()
        low, high = (middle, high) if expected < wanted else (low, middle)
    return float(np.exp(low))


def _compare(seed: int, paths: Paths, entry: np.ndarray, chances: np.ndarray, wanted: int) -> np.ndarray:
    months, weights = entry_months()
    entered = np.bincount(entry[entry >= 0], minlength=len(paths.employed)).astype(float)
    on_lists = entered[months] @ paths.eligible[months]
    stays_out = 1 - weights @ chances[months]
    weight = np.where(entry < 0, on_lists / stays_out, 0.0)
    return _proportional_sample(stream(seed, "comparison"), weight, wanted)


def _proportional_sample(rng: np.random.Generator, weight: np.ndarray, wanted: int) -> np.ndarray:
    """Places drawn without replacement, each with a chance exactly proportional to its weight (systematic sampling of a
    shuffled list); those whose chance would pass one are all taken.
    """
    wanted = min(wanted, int((weight > 0).sum()))
    chance = weight / weight.sum() * wanted
    while (chance > 1).any():
        sure = chance >= 1
        rest = np.where(sure, 0.0, weight)
        chance = np.where(sure, 1.0, rest / rest.sum() * (wanted - sure.sum()))
    order = rng.permutation(len(weight))
    steps = np.floor(np.cumsum(chance[order]) + rng.random() + 1e-9)
    return np.sort(order[np.diff(steps, prepend=0.0) > 0])


def entry_months() -> tuple[np.ndarray, np.ndarray]:
    """Places of the months in which participants enter, and how likely each is."""
    first, last = (month_place(month) for month in c.ENTRY_MONTHS)
    weights = np.array(c.ENTRY_WEIGHTS, dtype=float)
    return np.arange(first, last + 1), weights / weights.sum()


def _arms(
    seed: int, paths: Paths, takers: np.ndarray, entry: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Activity, month of leaving, month of a second activity (-1: none) and whether left early, for each
    participant.
    """
    rng = stream(seed, "arms")
    arm = np.full(len(takers), "motivation_training", dtype=object)
    order = rng.permutation(len(takers))
    free = ~paths.employed[entry, takers] & (entry + SUBSIDY_MONTHS <= month_place("2023-09"))
    subsidised = order[free[order]][: round(c.ARMS["subsidised_employment"] * size)]
    arm[subsidised] = "subsidised_employment"
    rest = order[~np.isin(order, subsidised)]
    vocational, own = (round(c.ARMS[name] * size) for name in ("vocational_training", "self_employment"))
    arm[rest[:vocational]] = "vocational_training"
    arm[rest[vocational : vocational + own]] = "self_employment"
    low, high = (np.array([DURATIONS.get(name, (SUBSIDY_MONTHS,) * 2)[side] for name in arm]) for side in (0, 1))
    duration = rng.integers(low, high + 1)
    early = (arm != "subsidised_employment") & (rng.random(len(takers)) < LEAVES_EARLY)
    duration = np.where(early, np.maximum(duration // 2, 1), duration)
    second = np.full(len(takers), -1)
    both = rest[(arm[rest] == "motivation_training") & ~early[rest]][: round(c.TWO_ACTIVITIES * size)]
    second[both] = entry[both] + duration[both] + 1
    duration[both] += 6
    return arm, entry + duration, second, early


def _filled(values: np.ndarray, more: int, fill: object) -> np.ndarray:
    return np.concatenate([values, np.full(more, fill, dtype=values.dtype)])


def _of_both(first: Paths, some: np.ndarray, second: Paths, others: np.ndarray) -> Paths:
    names = ("employed", "began", "registered", "eligible", "waited")
    return Paths(*(np.concatenate([getattr(first, n)[:, some], getattr(second, n)[:, others]], axis=1) for n in names))
