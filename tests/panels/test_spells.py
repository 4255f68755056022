"""Spell counting against a loop that looks at every day by hand."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.panels.spells import Window, month_number, month_start, spells_in_force

DAYS = st.dates(min_value=pd.Timestamp("2019-10-01").date(), max_value=pd.Timestamp("2021-03-31").date())
SPELLS = st.lists(st.tuples(st.sampled_from("abx"), DAYS, st.none() | DAYS), max_size=8)
FIRST, LAST = 600, 611  # January to December 2020


@settings(max_examples=60, derandomize=True, deadline=None)
@given(SPELLS, st.sampled_from([1, 15, 28]))
def test_counts_equal_those_of_a_naive_loop(spells, day):
    table = pd.DataFrame(spells, columns=["owner", "start_date", "end_date"]).astype({"owner": "str"})
    for column in ["start_date", "end_date"]:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[ns]")
    counts = spells_in_force(pd.Index(["a", "b"]), table, Window(FIRST, LAST), day)
    for row, owner in enumerate("ab"):
        for place, month in enumerate(range(FIRST, LAST + 1)):
            date = pd.Timestamp(2020, month - FIRST + 1, day).date()
            naive = sum(o == owner and start <= date and (end is None or date <= end) for o, start, end in spells)
            assert counts[row, place] == naive


def test_a_spell_without_a_start_is_passed_over():
    table = pd.DataFrame({"owner": ["a"], "start_date": pd.to_datetime([None]), "end_date": pd.to_datetime([None])})
    assert spells_in_force(pd.Index(["a"]), table, Window(FIRST, LAST), 15).sum() == 0


def test_months_there_and_back():
    days = pd.Series(pd.to_datetime(["1970-01-31", "2020-12-31"]))
    assert month_number(days).tolist() == [0, LAST]
    assert month_start([LAST]).tolist() == [pd.Timestamp("2020-12-01")]
