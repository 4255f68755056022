"""Randomisation inference against brute force: every assignment, every regression refitted."""

import itertools
from math import comb

import numpy as np
import pytest

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.randomisation import assignments


def brute_force_p(panel, groups, treated_number):
    """Pupil-level regressions with school and year dummies for each way of choosing schools within groups."""
    school = panel["school"].str[1:].astype(int).to_numpy()
    year = panel["year"].to_numpy()
    others = np.column_stack([np.eye(school.max() + 1)[school], *(year == time for time in range(2017, 2023))])

    def squared_t(chosen):
        exposed = np.isin(school, chosen) & (year >= 2021)
        design = np.column_stack([exposed, others]).astype(float)
        bread = np.linalg.inv(design.T @ design)
        coefficients = bread @ design.T @ panel["dropout"].to_numpy()
        scores = design * (panel["dropout"].to_numpy() - design @ coefficients)[:, None]
        meat = np.stack([scores[school == code].sum(axis=0) for code in range(school.max() + 1)]) @ bread[:, 0]
        return coefficients[0] ** 2 / (meat**2).sum()

    ways = itertools.product(*(itertools.combinations(group, treated_number) for group in groups))
    statistics = {way: squared_t([code for part in way for code in part]) for way in ways}
    observed = statistics[tuple(tuple(group[:treated_number]) for group in groups)]
    return np.mean(np.array(list(statistics.values())) >= observed * (1 - 1e-9))


def test_every_assignment_by_brute_force(make_pupils, school_design):
    panel = make_pupils(seed=4, schools=8, treated=3, effect=0.05, pupils=12)
    cells = collapse(panel, "dropout", school_design)
    chances = assignments(cells.cluster_treated, cells.cluster_stratum)
    assert (chances.exhaustive, len(chances.treated)) == (True, comb(8, 3))
    expected = brute_force_p(panel, [list(range(8))], 3)
    assert did.effect_randomisation_p(cells, chances) == pytest.approx(expected, abs=1e-12)


def test_every_assignment_within_strata_by_brute_force(make_pupils, school_design):
    panel = make_pupils(seed=6, schools=10, treated=4, effect=0.05, pupils=12)
    panel["kind"] = (panel["school"].str[1:].astype(int) % 2).map({0: "town", 1: "village"})
    design = school_design.model_copy(update={"stratum": "kind"})
    cells = collapse(panel, "dropout", design)
    chances = assignments(cells.cluster_treated, cells.cluster_stratum)
    assert len(chances.treated) == comb(5, 2) ** 2
    groups = [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]]
    expected = brute_force_p(panel, groups, 2)
    assert did.effect_randomisation_p(cells, chances) == pytest.approx(expected, abs=1e-12)


def test_drawn_assignments_keep_the_number_treated_in_each_stratum():
    treated = np.array([True, False, False, False, True, True, False, False, False] * 3)
    strata = np.repeat([0, 1, 2], 9)
    drawn = assignments(treated, strata, draws=300, seed=2)
    assert not drawn.exhaustive and drawn.treated.shape == (300, 27)
    for stratum in range(3):
        assert (drawn.treated[:, strata == stratum].sum(axis=1) == 3).all()
    assert assignments(treated, strata, draws=300, seed=2) is drawn
    assert (assignments(treated, strata, draws=300, seed=3).treated != drawn.treated).any()
    share = assignments(treated, strata, draws=9999, seed=1).treated.mean(axis=0)
    np.testing.assert_allclose(share, 1 / 3, atol=0.02)


def test_no_alternative_assignment_gives_no_p(make_pupils, school_design):
    panel = make_pupils(schools=8, treated=3)
    panel["kind"] = panel["project"].map({True: "a", False: "b"})
    cells = collapse(panel, "dropout", school_design.model_copy(update={"stratum": "kind"}))
    chances = assignments(cells.cluster_treated, cells.cluster_stratum)
    assert (chances.possible, chances.smallest_p) == (1, 1.0)
    assert np.isnan(did.effect_randomisation_p(cells, chances))
