"""Does the road find what the generator put in? Two hundred studies of known effects, five of them through their files.

The claim tested is that of the report: a 95 % interval holds the effect 95 times in 100. With 200 studies chance alone
moves the count; the bounds are the 99 % binomial range around 0.95 (scipy's, not ours).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import one_study
import pandas as pd
import pytest
from scipy.stats import binom

STUDIES, FIRST_SEED = 200, 1001
THROUGH_FILES = 5
LOWEST, HIGHEST = (binom.ppf(q, STUDIES, 0.95) / STUDIES for q in (0.005, 0.995))
HEADLINES = [
    ("dropout_a", "at_risk", "effect", ""),
    ("dropout_a", "at_risk", "effect_participants", ""),
    ("dropout_a", "all", "effect", ""),
    ("total_abs", "at_risk", "effect", ""),
    ("total_abs", "at_risk", "effect_participants", ""),
    ("total_abs", "all", "effect", ""),
    *(
        (outcome, "participants", *point)
        for outcome in ("employed", "unsubsidised")
        for point in [("monthly", "3"), ("monthly", "12"), ("after_exit", "6"), ("after_exit", "12")]
    ),
]
NAIVE = [
    ("employed", "participants", "naive", ""),
    ("employed", "participants", "naive", "after_exit_6"),
    ("unsubsidised", "participants", "naive", ""),
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studies() -> pd.DataFrame:
    return _repeated(one_study.compare_in_memory)


@pytest.fixture(scope="module")
def followed() -> pd.DataFrame:
    return _repeated(one_study.follow_participants)


def _repeated(once: Callable[[int], pd.DataFrame]) -> pd.DataFrame:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        return pd.concat(list(pool.map(once, range(FIRST_SEED, FIRST_SEED + STUDIES))), ignore_index=True)


def _of(studies: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    chosen = studies[(studies[one_study.KEY] == list(key)).all(axis=1)]
    assert len(chosen) == STUDIES
    return chosen


def _coverage(rows: pd.DataFrame) -> float:
    return float(((rows["ci_low"] <= rows["effect"]) & (rows["effect"] <= rows["ci_high"])).mean())


def test_the_bounds_are_those_of_chance():
    assert pytest.approx((0.905, 0.985)) == (LOWEST, HIGHEST)


@pytest.mark.parametrize("key", HEADLINES, ids="/".join)
def test_intervals_hold_the_effect_as_often_as_they_claim(studies, key):
    assert LOWEST <= _coverage(_of(studies, key)) <= HIGHEST


@pytest.mark.parametrize("key", HEADLINES, ids="/".join)
def test_estimates_are_right_on_average(studies, key):
    error = _of(studies, key).eval("estimate - effect")
    assert abs(error.mean()) < 3.5 * error.std() / STUDIES**0.5


@pytest.mark.parametrize("key", NAIVE, ids="/".join)
def test_before_after_misleads(studies, key):
    assert _coverage(_of(studies, key)) < LOWEST


@pytest.mark.parametrize("population", ["at_risk", "all"])
def test_following_participants_alone_misleads(followed, population):
    """Absences, at the shipped size: chosen after a bad year, participants would have improved in any case."""
    rows = followed[followed["population"] == population]
    assert len(rows) == STUDIES
    assert _coverage(rows) < LOWEST
    assert rows.eval("estimate - effect").mean() < 0


def test_the_files_dirt_does_not_hide_the_effects(studies, tmp_path: Path):
    """Quarantine takes few rows, so school estimates move by a part of their standard error.

    Employment estimates move more: under other pseudonyms other pseudo-entry months are drawn. They must cover.
    """
    seeds = range(FIRST_SEED, FIRST_SEED + THROUGH_FILES)
    folders = [tmp_path / str(seed) for seed in seeds]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        tables = list(pool.map(one_study.compare_through_files, seeds, folders))
    keys = [*one_study.KEY, "seed"]
    both = pd.concat(tables).merge(studies, on=keys, suffixes=("", "_in_memory"), validate="one_to_one")
    both = both[both[one_study.KEY].apply(tuple, axis=1).isin(HEADLINES)]
    assert len(both) == THROUGH_FILES * len(HEADLINES)
    schools = both[both["population"] != "participants"]
    moved = (schools["estimate"] - schools["estimate_in_memory"]).abs() / schools["se_in_memory"]
    assert moved.max() < 1.0
    covered = (both["ci_low"] <= both["effect"]) & (both["effect"] <= both["ci_high"])
    assert covered.mean() >= binom.ppf(0.005, THROUGH_FILES * 4, 0.95) / (
        THROUGH_FILES * 4
    )  # four independent questions
