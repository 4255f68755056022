"""The results table before publication: what must go, what must stay."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import protect
from analysis.files import results_table
from analysis.files.results import COUNTS, FLOATS
from analysis.study.settings import Disclosure

RULES = Disclosure(threshold=5, minimum_denominator=10)


def counts(values, population="at_risk", outcome="pupils", prefix="2021/"):
    base = {"chapter": "education", "outcome": outcome, "population": population, "measure": "count", "unit": "count"}
    return [{**base, "term": prefix + term, "estimate": float(value)} for term, value in values.items()]


def level(estimate, n, term="2021/project", unit="share", measure="mean", **more):
    base = {"chapter": "education", "outcome": "dropout_a", "population": "at_risk", "measure": measure, "unit": unit}
    return {**base, "term": term, "estimate": estimate, "n": n, **more}


def hidden(rows, rules=RULES):
    table = protect(results_table(rows), rules)
    assert table.loc[table["note"] == "suppressed", [*FLOATS, *COUNTS]].isna().all(axis=None)
    return [row.term for row in table.itertuples() if row.note == "suppressed"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"project": 40, "comparison": 90, "total": 130}, []),
        ({"project": 0, "comparison": 90, "total": 90}, []),
        ({"project": 3, "comparison": 90, "total": 93}, ["2021/project", "2021/comparison"]),
        ({"a": 3, "b": 9, "c": 50, "total": 62}, ["2021/a", "2021/b"]),
        ({"a": 1, "b": 2, "c": 50, "total": 53}, ["2021/a", "2021/b", "2021/c"]),
        ({"a": 4, "b": 2, "c": 50, "total": 56}, ["2021/a", "2021/b"]),
        ({"a": 3, "b": 0, "c": 0, "total": 3}, ["2021/a", "2021/total"]),
    ],
)
def test_small_counts_go_and_take_company(values, expected):
    assert hidden(counts(values)) == expected


@pytest.mark.parametrize(
    ("treated", "expected"),
    [
        ({"0-3": 40, "3-6": 60, "6+": 30}, []),
        ({"0-3": 3, "3-6": 60, "6+": 30}, ["0-3", "6+"]),  # else 3 is what is left of all the treated
        ({"0-3": 2, "3-6": 1, "6+": 30}, ["0-3", "3-6", "6+"]),
    ],
)
def test_a_hidden_band_of_a_dose_takes_another_with_it(treated, expected):
    rows = [level(0.1, 400 + n, term, measure="dose", n_treated=n) for term, n in treated.items()]
    assert hidden(rows) == expected


def test_each_dimension_adds_up_for_itself():
    sex = [{**row, "design": "sex"} for row in counts({"male": 3, "female": 57}, prefix="")]
    age = [{**row, "design": "age"} for row in counts({"young": 20, "old": 40}, prefix="")]
    assert hidden([*counts({"total": 60}, prefix=""), *sex, *age]) == ["male", "female"]


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2, 4, 5, 7, 30]), min_size=2, max_size=5))
def test_no_hidden_count_follows_from_the_total(values):
    table = protect(results_table(counts({**dict(enumerate_terms(values)), "total": sum(values)})), RULES)
    parts, total = table["estimate"].iloc[:-1], table["estimate"].iloc[-1]
    gone = parts.isna()
    if gone.any() and pd.notna(total):
        assert total - parts.sum() >= 5  # each hidden part lies anywhere between nothing and this
        assert gone.sum() >= 2
    assert gone[[0 < value < 5 for value in values]].all()


def enumerate_terms(values):
    return ((f"c{place}", value) for place, value in enumerate(values))


@pytest.mark.parametrize(
    ("estimate", "n", "is_hidden"),
    [
        (0.30, 9, True),  # too few persons
        (0.04, 100, True),  # four with the trait
        (0.96, 100, True),  # four without
        (0.05, 100, False),
        (0.0, 49, True),  # nobody of a small group
        (1.0, 49, True),
        (0.0, 50, False),
        (0.5, 10, False),
    ],
)
def test_shares_of_few_persons_go(estimate, n, is_hidden):
    assert bool(hidden([level(estimate, n)])) is is_hidden


def test_mean_hours_need_a_group():
    assert hidden([level(12.0, 9, unit="hours"), level(12.0, 10, term="x", unit="hours")]) == ["2021/project"]


def test_levels_of_a_group_whose_count_is_hidden_go_too():
    rows = [*counts({"project": 3, "comparison": 30, "total": 33}), level(0.5, 30, term="2021/comparison")]
    assert hidden(rows) == ["2021/project", "2021/comparison", "2021/comparison"]


def test_a_hidden_share_beside_its_total_takes_another_with_it():
    rows = [level(0.5, n, term=f"2021/{t}") for t, n in [("a", 6), ("b", 20), ("c", 40), ("total", 66)]]
    assert hidden(rows) == ["2021/a", "2021/b"]


@pytest.mark.parametrize(
    ("n", "n_treated", "is_hidden"),
    [(9, 5, True), (200, 4, True), (200, 197, True), (200, 100, False), (200, 200, False)],
)
def test_estimates_on_few_persons_go(n, n_treated, is_hidden):
    row = level(-0.03, n, term="", measure="effect", n_treated=n_treated, verdict="shown", checks="pretrend:pass")
    table = protect(results_table([row]), RULES)
    assert (table["note"][0] == "suppressed") is is_hidden
    assert (table["verdict"][0] == "") is is_hidden and table["result_id"][0].endswith("/effect")


def test_rows_of_files_and_numbers_without_persons_stay():
    files = {"chapter": "data", "population": "pupils"}
    pretrend = {"chapter": "education", "outcome": "dropout_a", "measure": "pretrend", "term": "all", "unit": "p"}
    rows = [
        {**files, "outcome": "rows", "measure": "count", "term": "read", "estimate": 3.0},
        {**files, "outcome": "match", "measure": "rate", "unit": "share", "term": "marks", "estimate": 0.99, "n": 100},
        {"chapter": "education", "outcome": "schools", "measure": "count", "term": "project", "estimate": 2.0},
        {**pretrend, "estimate": 0.4},
    ]
    before = results_table(rows)
    pd.testing.assert_frame_equal(protect(before, RULES), before)


def test_counts_are_rounded_when_declared():
    rules = Disclosure(threshold=5, rounding=5)
    table = protect(results_table([*counts({"project": 12, "comparison": 33, "total": 45}), level(0.5, 13)]), rules)
    assert table["estimate"].tolist() == [10, 35, 45, 0.5] and table["n"][3] == 15


def test_an_empty_table_stays_empty():
    assert protect(results_table([]), RULES).empty
