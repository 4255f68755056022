"""Relative magnitudes: the published intervals, and what must hold of any such interval."""

import moderndid
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from analysis.effects.honest_bounds import (
    EventEstimates,
    _restrictions,
    _truncated_quantile,
    _vertices,
    breakdown,
    relative_magnitudes,
)
from analysis.effects.linear import fit_linear, sum_by_group

# Rambachan & Roth (2023), README of HonestDiD: Medicaid expansion, effect in 2014, Mbar -> 95 % interval.
PUBLISHED = {0.5: (0.0241, 0.0673), 1.0: (0.0171, 0.0720), 1.5: (0.00859, 0.0796), 2.0: (-0.00107, 0.0883)}
GRID_STEP = 4e-4  # of the published grid, which is not ours
PARAMETERS = 15  # as counted in the published standard errors


@pytest.fixture(scope="module")
def medicaid() -> EventEstimates:
    table = pd.DataFrame(moderndid.load_ehec().to_dict(as_series=False))
    table = table[(table["year"] < 2016) & (table["yexp2"] != 2015)].reset_index(drop=True)
    treated, years = (table["yexp2"] == 2014).to_numpy(), sorted(table["year"].unique())
    shown = [year for year in years if year != 2013]
    events = [treated & (table["year"] == year).to_numpy() for year in shown]
    times = [(table["year"] == year).to_numpy() for year in years[1:]]
    state = pd.factorize(table["stfips"])[0]
    fit = fit_linear(
        table["dins"].to_numpy(float), np.column_stack([*events, *times]).astype(float), state, groups=state
    )
    scores = sum_by_group((fit.design @ fit.bread[:, : len(shown)]) * fit.residuals[:, None], state)
    count = fit.cluster_count
    factor = count / (count - 1) * (len(table) - 1) / (len(table) - PARAMETERS)
    return EventEstimates(fit.coefficients[: len(shown)], factor * scores.T @ scores, 5, np.array([1.0, 0.0]))


@pytest.mark.parametrize(("bar", "interval"), PUBLISHED.items())
def test_medicaid(in_print, medicaid, bar, interval):
    for end, printed, ours in zip(("from", "to"), interval, relative_magnitudes(medicaid, bar), strict=True):
        said = ("bounds on trends", "Rambachan & Roth (2023), HonestDiD README (Medicaid)")
        in_print(*said, f"relative magnitude {bar}, {end}", printed, ours, 4, 5e-4)  # one step of their grid: 0.0004


def test_breakdown_lies_where_the_interval_first_holds_zero(medicaid):
    found = breakdown(medicaid)
    assert relative_magnitudes(medicaid, found)[0] > 0
    low, high = relative_magnitudes(medicaid, found + 0.05)
    assert low <= 0 <= high


def test_a_larger_bar_never_narrows_the_interval(medicaid):
    widths = [high - low for low, high in (relative_magnitudes(medicaid, bar) for bar in (0.0, 0.5, 1.0, 2.0))]
    assert widths == sorted(widths)


def test_the_vertices_reach_what_linear_programming_reaches(medicaid):
    """The dual of the test's programme, on moments drawn at random: its best vertex is the optimum."""
    moments = _restrictions(medicaid, 1.5)[3]
    scale = np.sqrt(np.diag(moments @ medicaid.covariance @ moments.T))
    vertices, _ = _vertices(medicaid, moments, scale)
    basis = np.vstack([medicaid.weights, [0.0, 1.0]])
    nuisance = (moments[:, medicaid.before :] @ np.linalg.inv(basis))[:, 1:]
    for drawn in np.random.default_rng(3).normal(size=(20, len(scale))):
        best = linprog(-drawn, A_eq=np.vstack([scale, nuisance.T]), b_eq=[1.0, 0.0])
        assert (vertices @ drawn).max() == pytest.approx(-best.fun, rel=1e-8)


def test_tails_far_from_the_cut_are_not_lost():
    """Cut at -60 deviations the normal is whole: the quantile that made intervals shrink as the bar grew."""
    found = _truncated_quantile(0.95, np.ones(3), np.array([-60.0, -np.inf, 38.0]), np.array([9.0, 60.0, np.inf]))
    assert found[:2] == pytest.approx([1.6448536] * 2)
    assert found[2] == pytest.approx(38 + 0.0787, abs=2e-3)  # beyond 38, nearly exponential: log(20) / 38


def test_a_change_of_scale_scales_the_interval(medicaid):
    scaled = EventEstimates(100 * medicaid.coefficients, 1e4 * medicaid.covariance, 5, medicaid.weights)
    assert relative_magnitudes(scaled, 1.0) == pytest.approx(np.multiply(relative_magnitudes(medicaid, 1.0), 100))


def test_turning_the_signs_mirrors_the_interval(medicaid):
    turned = EventEstimates(-medicaid.coefficients, medicaid.covariance, 5, medicaid.weights)
    low, high = relative_magnitudes(medicaid, 1.0)
    assert relative_magnitudes(turned, 1.0) == pytest.approx((-high, -low), abs=GRID_STEP)


def test_no_effect_breaks_down_at_once():
    events = EventEstimates(np.array([0.1, -0.1, 0.02]), np.eye(3) * 0.01, 2, np.array([1.0]))
    assert breakdown(events) == -1.0


def test_coverage_when_trends_move_as_much_as_before():
    """The set must cover the effect when the violation after the start equals the largest one before: 200 draws."""
    generator = np.random.default_rng(7)
    covariance = 0.01 * (0.5 * np.eye(4) + 0.5)
    trend = np.array([-0.3, -0.1, 0.2, 0.4])  # largest change before: 0.2, after: 0.2
    covered = 0
    for _ in range(200):
        drawn = generator.multivariate_normal(trend, covariance)
        low, high = relative_magnitudes(EventEstimates(drawn, covariance, 2, np.array([1.0, 0.0])), 1.0, draws=300)
        covered += low <= 0 <= high
    assert covered / 200 >= 0.905
