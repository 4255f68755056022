"""Difference-in-differences: against pupil-level regressions, under changes that must not matter, under the null."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects import did
from analysis.effects.cells import Cells, collapse
from analysis.effects.cluster import cr2
from analysis.effects.linear import fit_linear
from analysis.effects.randomisation import assignments
from analysis.effects.wild_bootstrap import wild_bootstrap_p


def summary(panel, design):
    """Everything that is said about the effect, in one vector."""
    cells = collapse(panel, "dropout", design, "participant")
    effect, study = did.pooled_effect(cells), did.event_study(cells)
    chances = assignments(cells.cluster_treated, cells.cluster_stratum, 999, 1)
    per_participant, uptake = did.per_participant(cells)
    return np.array(
        [
            *(effect.estimate, effect.se, effect.df, effect.baseline, per_participant.estimate, per_participant.se),
            *(uptake.estimate, did.before_after(cells).se, did.raw_difference(cells).estimate, study.band_factor),
            *(event.estimate for event in study.estimates),
            *(event.se for event in study.estimates),
            did.effect_randomisation_p(cells, chances),
            did.effect_wild_p(cells, 999, 1),
            did.pretrend_p(study, 999, 1)[0],
        ]
    )


RESAMPLED = slice(-3, None)


def test_cells_equal_the_pupil_level_linear_probability_model(make_pupils, school_design):
    panel = make_pupils(seed=2, effect=-0.05)
    cells = collapse(panel, "dropout", school_design)
    school, _ = pd.factorize(panel["school"], sort=True)
    years = [(panel["year"] == year).to_numpy() for year in range(2017, 2023)]
    exposed = (panel["project"] & (panel["year"] >= 2021)).to_numpy()
    fit = fit_linear(
        panel["dropout"].to_numpy(), np.column_stack([exposed, *years]).astype(float), school, groups=school
    )
    pupils, collapsed = cr2(fit, [0]), did.pooled_effect(cells)
    assert collapsed.n == len(panel) and collapsed.clusters == 24 and collapsed.clusters_treated == 6
    assert collapsed.estimate == pytest.approx(fit.coefficients[0], abs=1e-10)
    assert collapsed.se == pytest.approx(pupils.se[0], abs=1e-10)
    assert collapsed.df == pytest.approx(pupils.df[0], abs=1e-8)
    np.testing.assert_allclose(collapsed.influence, pupils.influence[:, 0], atol=1e-10)
    assert did.effect_wild_p(cells, 999, 1) == pytest.approx(wild_bootstrap_p(fit, [0], 999, 1), abs=1e-10)


def test_the_effect_is_the_difference_in_differences_of_means_when_sizes_are_equal(school_design):
    generator = np.random.default_rng(1)
    panel = pd.DataFrame([(f"s{s}", year, s < 3) for s in range(9) for year in range(2019, 2023)])
    panel.columns = ["school", "year", "project"]
    panel["dropout"] = generator.normal(size=len(panel))
    mean = panel.groupby(["project", panel["year"] >= 2021])["dropout"].mean()
    expected = (mean[True, True] - mean[True, False]) - (mean[False, True] - mean[False, False])
    estimate = did.pooled_effect(collapse(panel, "dropout", school_design))
    assert estimate.estimate == pytest.approx(expected, abs=1e-12)
    assert estimate.baseline == pytest.approx(mean[True, True] - expected, abs=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda panel: panel.sample(frac=1, random_state=3),
        lambda panel: panel.assign(dropout=panel["dropout"] + 5),
        lambda panel: panel.assign(dropout=panel["dropout"] + panel["school"].str[1:].astype(int) - panel["year"] / 10),
        lambda panel: panel.assign(project=panel["project"].astype("Int64"), year=panel["year"].astype("Int64")),
        lambda panel: panel.set_index(panel.index[::-1]),
    ],
    ids=["shuffled", "shifted", "school and year effects added", "nullable types", "another index"],
)
def test_changes_that_do_not_matter(make_pupils, school_design, change):
    panel = make_pupils(seed=8, effect=-0.04)
    before, after = summary(panel, school_design), summary(change(panel), school_design)
    invariant = [
        i for i in range(len(before)) if i not in (3, 7, 8)
    ]  # baseline, naive and raw figures do move with levels
    np.testing.assert_allclose(after[invariant], before[invariant], rtol=1e-8, atol=1e-10)


def test_relabelled_schools_change_no_estimate_and_drawn_p_values_little(make_pupils, school_design):
    panel = make_pupils(seed=8, effect=-0.04)
    names = sorted(panel["school"].unique())
    shuffled = dict(zip(names, np.random.default_rng(2).permutation(names), strict=True))
    before = summary(panel, school_design)
    after = summary(panel.assign(school=panel["school"].map(shuffled)), school_design)
    exact = [i for i in range(len(before) - 3) if i != 9]  # the band is drawn, too
    np.testing.assert_allclose(after[exact], before[exact], atol=1e-10)
    np.testing.assert_allclose(after[RESAMPLED], before[RESAMPLED], atol=4 * np.sqrt(2 * 0.25 / 999))


def test_scaling_the_outcome_scales_estimates_and_leaves_p_values(make_pupils, school_design):
    panel = make_pupils(seed=8, effect=-0.04)
    cells, scaled = (
        collapse(panel.assign(dropout=factor * panel["dropout"]), "dropout", school_design) for factor in (1, -250)
    )
    one, other = did.pooled_effect(cells), did.pooled_effect(scaled)
    assert other.estimate == pytest.approx(-250 * one.estimate, rel=1e-10)
    assert (other.se, other.df, other.p) == pytest.approx((250 * one.se, one.df, one.p), rel=1e-10)
    assert did.effect_wild_p(scaled, 999) == did.effect_wild_p(cells, 999)


def test_per_participant_is_the_instrumental_variables_estimate_with_its_cluster_error(make_pupils, school_design):
    panel = make_pupils(seed=3, effect=-0.06)
    cells = collapse(panel, "dropout", school_design, "participant")
    effect, uptake = did.per_participant(cells)
    itt = did.pooled_effect(cells)
    assert effect.estimate == pytest.approx(itt.estimate / uptake.estimate, rel=1e-12)
    # The error of the ratio is that of "no effect" for outcome - ratio * participation (Fieller's numerator).
    adjusted = panel.assign(dropout=panel["dropout"] - effect.estimate * panel["participant"])
    residual = did.pooled_effect(collapse(adjusted, "dropout", school_design))
    assert residual.estimate == pytest.approx(0, abs=1e-12)
    assert effect.se == pytest.approx(residual.se / uptake.estimate, rel=1e-10)
    taking_part = panel[panel["participant"]]
    assert effect.baseline == pytest.approx(taking_part["dropout"].mean() - effect.estimate, rel=1e-10)


def test_event_study_starts_from_the_last_time_before_and_its_band_is_wider(make_pupils, school_design):
    study = did.event_study(collapse(make_pupils(seed=5), "dropout", school_design))
    assert (study.reference, study.times) == (2020, [2016, 2017, 2018, 2019, 2021, 2022])
    assert study.band_factor > max(event.critical_value for event in study.estimates)
    without = did.event_study(collapse(make_pupils(seed=5), "dropout", school_design, excluded_times=[2019, 2020]))
    assert (without.reference, without.times) == (2018, [2016, 2017, 2021, 2022])


def test_a_diverging_trend_is_noticed_and_parallel_ones_pass(make_pupils, school_design):
    def p(trend):
        panel = make_pupils(seed=5, trend=trend, pupils=150)
        return did.pretrend_p(did.event_study(collapse(panel, "dropout", school_design)), 999)

    assert p(0.0)[0] > 0.1
    assert p(0.06)[0] < 0.05
    assert p(0.06)[1] == 4


def test_rows_without_outcome_are_dropped_and_counted(make_pupils, school_design):
    panel = make_pupils(seed=5)
    panel.loc[:30, "dropout"] = np.nan
    cells = collapse(panel, "dropout", school_design)
    assert (cells.dropped, cells.rows) == (31, len(panel) - 31)
    complete = did.pooled_effect(collapse(panel.dropna(), "dropout", school_design))
    assert did.pooled_effect(cells).estimate == pytest.approx(complete.estimate, rel=1e-12)


def null_cells(generator, schools=24, treated=6, years=7):
    """School-years without any effect: sizes uneven, shocks correlated over time (AR(1), 0.4), binomial noise."""
    size = np.round(generator.lognormal(4, 0.6, schools)) + 3
    shock = np.empty((schools, years))
    shock[:, 0] = generator.normal(size=schools)
    for year in range(1, years):
        shock[:, year] = 0.4 * shock[:, year - 1] + np.sqrt(1 - 0.16) * generator.normal(size=schools)
    mean = 0.02 * shock + generator.normal(size=(schools, years)) * np.sqrt(0.07 * 0.93 / size)[:, None]
    unit, status = np.repeat(np.arange(schools), years), np.arange(schools) < treated
    stratum, starts = np.zeros(schools, dtype=np.int64), np.full(schools, 2021)
    time = np.tile(np.arange(2016, 2016 + years), schools)
    weight = np.repeat(size, years)
    names = pd.RangeIndex(len(status))
    known = (unit, time, unit, status[unit], weight, mean.ravel(), None, None, status, stratum, starts)
    return Cells(*known, cluster_names=names, start=2021, dropped=0)


@pytest.mark.slow
def test_no_true_null_is_rejected_too_often_with_six_treated_schools():
    """Fails when the 99 % binomial interval of a test's size at the 5 % level lies above 7 %."""
    generator, repetitions = np.random.default_rng(20), 2000
    rejected = dict.fromkeys(["cr2", "wild", "randomisation", "pretrend"], 0)
    for _ in range(repetitions):
        cells = null_cells(generator)
        chances = assignments(cells.cluster_treated, cells.cluster_stratum, 499, 1)
        rejected["cr2"] += did.pooled_effect(cells).p <= 0.05
        rejected["wild"] += did.effect_wild_p(cells, 499) <= 0.05
        rejected["randomisation"] += did.effect_randomisation_p(cells, chances) <= 0.05
        rejected["pretrend"] += did.pretrend_p(did.event_study(cells, draws=99), 499)[0] <= 0.05
    for test, number in rejected.items():
        low = stats.binomtest(int(number), repetitions).proportion_ci(0.99).low
        assert low <= 0.07, f"{test}: {number / repetitions:.3f}"
