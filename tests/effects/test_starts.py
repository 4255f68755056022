"""Starts found from a column that says yes at some times."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import DesignRefused, estimate_outcomes
from analysis.effects.starts import first_treated, with_starts
from analysis.study.design_settings import Staggered
from analysis.study.settings import Inference, Outcome

NAMED = {"kind": "staggered", "unit": "firm", "time": "year", "cluster": "firm"}
OUTCOME = Outcome(chapter="education", design="main", populations=["all"], better="lower", unit="pp")


@pytest.fixture
def panel():
    """Firms with a grant in one year alone: a from 2, b from 3, c never."""
    table = pd.DataFrame({"firm": np.repeat(["a", "b", "c"], 4), "year": [1, 2, 3, 4] * 3})
    table["grant"] = [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    return table


def test_the_first_yes_is_the_start_whatever_follows(panel):
    found = first_treated(panel.sample(frac=1, random_state=1).sort_index(), Staggered(treated_when="grant", **NAMED))
    assert found[:8].tolist() == [2.0] * 4 + [3.0] * 4 and np.isnan(found[8:]).all()


def test_a_population_without_the_first_year_keeps_the_start(panel):
    design = Staggered(treated_when="grant", **NAMED)
    tables, designs = with_starts({OUTCOME.table: panel}, {"y": OUTCOME}, {"main": design})
    later = tables[OUTCOME.table].query("year != 2")
    assert first_treated(later, designs["main"])[:3].tolist() == [2.0] * 3
    assert first_treated(later.query("firm == 'a'"), design).tolist() != [2.0] * 3  # from these rows alone it is lost


def test_both_ways_of_saying_it_give_the_same_rows(make_pupils):
    table = make_pupils(seed=4).rename(columns={"school": "firm"})
    table["start"] = np.where(table["project"], 2021.0, np.nan)
    table["now"] = table["project"] & (table["year"] >= 2021)
    found = [
        estimate_outcomes(table, {"dropout": OUTCOME}, {"main": Staggered(draws=99, **NAMED, **how)}, Inference())
        for how in ({"treated_from": "start"}, {"treated_when": "now"})
    ]
    pd.testing.assert_frame_equal(*found)


@pytest.mark.parametrize("bad", [{"grant": "x"}, {"grant": 2.0}, {"grant": np.nan}])
def test_what_says_neither_yes_nor_no_is_refused(panel, bad):
    table = panel.assign(dropout=np.arange(12.0), **bad)
    with pytest.raises(DesignRefused, match=r"not_numeric|not_binary|key_missing|column_missing"):
        estimate_outcomes(table, {"dropout": OUTCOME}, {"main": Staggered(treated_when="grant", **NAMED)}, Inference())


def test_a_missing_column_is_named(panel):
    design = Staggered(treated_when="grants", **NAMED)
    with pytest.raises(DesignRefused, match="grants"):
        estimate_outcomes(panel.assign(dropout=1.0), {"dropout": OUTCOME}, {"main": design}, Inference())
