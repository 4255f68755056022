import numpy as np
import pandas as pd
import pytest

from analysis.effects.own_change import participants_own_change
from analysis.effects.refusal import DesignRefused


def _panel(before, after, joins=True):
    count = len(before)
    rows = {"person": list(range(count)) * 2, "year": [2020] * count + [2021] * count}
    return pd.DataFrame({**rows, "hours": [*before, *after], "joined": [False] * count + [joins] * count})


def _change(panel, members=None):
    chosen = panel if members is None else members
    return participants_own_change(panel, chosen, "hours", "joined", "person", "year", 0.05)


def test_the_change_is_that_of_each_person_since_the_year_before():
    estimate = _change(_panel([10.0, 20.0, 30.0], [8.0, 17.0, 26.0]))
    assert (estimate.estimate, estimate.baseline, estimate.n) == (-3.0, 20.0, 3)
    assert estimate.se == pytest.approx(np.std([-2, -3, -4], ddof=1) / np.sqrt(3))


def test_only_the_first_year_of_taking_part_counts():
    later = pd.DataFrame({"person": [0], "year": [2022], "hours": [100.0], "joined": [True]})
    panel = pd.concat([_panel([10.0, 20.0], [9.0, 18.0]), later], ignore_index=True)
    assert _change(panel).estimate == -1.5


def test_the_year_before_is_found_outside_the_population():
    panel = _panel([10.0, 20.0], [9.0, 18.0])
    assert _change(panel, panel[panel["year"] == 2021]).n == 2


@pytest.mark.parametrize("before", [[0.0, 0.0, 0.0], [np.nan, np.nan, 1.0]])
def test_a_change_that_says_nothing_is_refused(before):
    with pytest.raises(DesignRefused):
        _change(_panel(before, [1.0, 0.0, 1.0]))


def test_chance_alone_makes_the_chosen_improve():
    """Regression to the mean: nothing was done, the worst fifth of last year does better."""
    draws = np.random.default_rng(5).normal(size=(2, 2000))
    worst = draws[0] > np.quantile(draws[0], 0.8)
    estimate = _change(_panel(draws[0][worst], draws[1][worst]))
    assert estimate.ci_high < 0
