"""Thousands of bad designs of every kind: each gives a clear message and no number, never a traceback.

A table and its design (``small_designs``) are broken in one way, or in two at once (``breakages``), and estimated by
the function that the notebooks call. Warnings count as errors: one would mean a number nobody vouches for.
"""

from __future__ import annotations

import warnings
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects import DesignRefused
from analysis.texts.catalogue import catalogue

from .breakages import DRESSED, IMPOSSIBLE, ODD, Break
from .small_designs import KINDS, Declared, small

FLOATS = ["estimate", "se", "ci_low", "ci_high", "band_low", "band_high", "p", "p_wild", "p_randomisation", "mde"]
HEADLINES = ["effect", "effect_participants", "effect_adjusted", "effect_without_pandemic", "change", "pooled"]
VERDICTS = {"shown", "not_shown", "inconclusive", "design_failed", ""}
EVERY: dict[str, Break] = {**IMPOSSIBLE, **DRESSED, **ODD}
NEW_INTERVAL = ("rdrobust",)  # robust and bias corrected: it need not hold the conventional estimate
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def estimated(declared: Declared) -> pd.DataFrame | None:
    """The results table; None where nothing at all could be estimated, said in words that exist."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return declared.estimate()
        except DesignRefused as refusal:
            assert_worded(refusal.rule, refusal.params)
            return None


def assert_worded(rule: str, params: dict[str, str]) -> None:
    for part in ("what", "todo"):
        for language in ("bg", "en"):
            sentence = catalogue()[f"designs.{rule}.{part}"][language]
            assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= set(params), (rule, language)


def assert_sane(results: pd.DataFrame) -> None:
    """Every row carries finite numbers, or none and the reason in words; intervals hold their estimates."""
    for row in results.to_dict("records"):
        numbers = {name: row[name] for name in FLOATS if not pd.isna(row[name])}
        assert not np.isinf(list(numbers.values())).any(), row
        assert row["verdict"] in VERDICTS
        if str(row["note"]).startswith("refused="):
            found = dict(part.split("=", 1) for part in str(row["note"]).split(";"))
            assert_worded(found.pop("refused"), found)
            assert not numbers, row
            continue
        assert "estimate" in numbers, row
        assert all(0 <= row[name] <= 1 for name in ("p", "p_wild", "p_randomisation") if name in numbers), row
        assert numbers.get("se", 0.0) >= 0, row
        assert ("ci_low" in numbers) == ("ci_high" in numbers), row
        if "ci_low" in numbers and row["method"] not in NEW_INTERVAL:
            slack = 1e-9 * abs(row["estimate"])
            assert row["ci_low"] - slack <= row["estimate"] <= row["ci_high"] + slack, row


def assert_silent(declared: Declared, results: pd.DataFrame) -> None:
    """No number where there is nothing to estimate; a break in one of the pooled places spares the other."""
    measures = ["pooled"] if declared.outcome.pooled else HEADLINES
    said = results[results["measure"].isin(measures) & results["estimate"].notna()]
    assert said.empty, said[["result_id", "estimate", "verdict"]].to_string()


def broken(kind: str, way: str, seed: int = 1) -> Declared | None:
    return EVERY[way](small(kind, seed), np.random.default_rng(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_the_designs_are_sound_before_they_are_broken(kind):
    declared = small(kind, 1)
    results = estimated(declared)
    assert results is not None
    assert_sane(results)
    headline = results[results["measure"].isin(["effect", "change"])]
    assert headline["estimate"].notna().all() and len(headline)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_impossible_gives_no_number(kind):
    met = 0
    for way in IMPOSSIBLE:
        declared = broken(kind, way)
        if declared is None:
            continue
        met += 1
        results = estimated(declared)
        if results is not None:
            assert_sane(results)
            assert_silent(declared, results)
    assert met >= 15


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_the_data_changes_nothing(kind):
    """Other types, another index: the same rows with the same numbers, or a refusal."""
    plain = estimated(small(kind, 1))
    assert plain is not None
    refused = []
    for way in DRESSED:
        declared = broken(kind, way)
        if declared is None:
            continue
        results = estimated(declared)
        if results is None:
            refused.append(way)
            continue
        assert list(results["result_id"]) == list(plain["result_id"]), way
        for name in FLOATS:
            np.testing.assert_allclose(results[name], plain[name], rtol=1e-9, atol=1e-9, err_msg=f"{way}: {name}")
    assert set(refused) <= {"objects", "outcome as decimals", "unit as bytes"}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_odd_stays_sane(kind):
    for way in ODD:
        declared = broken(kind, way)
        if declared is not None and (results := estimated(declared)) is not None:
            assert_sane(results)


def broken_twice(kind: str, seed: int, first: str, second: str) -> None:
    """Both breaks, one upon the other where the table still allows it; what is impossible stays so."""
    declared, impossible = small(kind, seed), False
    for way in (first, second):
        try:
            again = EVERY[way](declared, np.random.default_rng(seed))
        except (TypeError, ValueError, LookupError, OverflowError):  # the second break meets what the first one left
            continue
        if again is not None:
            declared, impossible = again, impossible or way in IMPOSSIBLE
    results = estimated(declared)
    if results is not None:
        assert_sane(results)
        if impossible and first in IMPOSSIBLE and second not in ODD:
            assert_silent(declared, results)


WAYS = st.sampled_from(sorted(EVERY))
PAIRS = given(st.sampled_from(sorted(KINDS)), st.integers(1, 10**6), WAYS, WAYS)


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=QUIET)
@PAIRS
def test_two_faults_at_once(kind, seed, first, second):
    broken_twice(kind, seed, first, second)


@pytest.mark.slow
@settings(max_examples=20_000, derandomize=True, deadline=None, suppress_health_check=QUIET, database=None)
@PAIRS
def test_two_faults_at_once_many_times(kind, seed, first, second):
    broken_twice(kind, seed, first, second)
