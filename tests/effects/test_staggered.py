"""Different starts: published group-time effects, brute force, recovery, and the lots of randomisation inference."""

import gzip
import itertools
from importlib.resources import files
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from analysis.effects import DesignRefused, did, staggered
from analysis.effects.cells import collapse
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.study.design_settings import DifferenceInDifferences, Staggered
from analysis.study.settings import Inference, Outcome


@pytest.fixture(scope="module")
def counties():
    """mpdta: 500 counties 2003-2007, log teen employment, minimum wage raised in 2004, 2006 or 2007 (or not)."""
    packed = files("moderndid").joinpath("core/datasets/mpdta_long.pkl.gz").read_bytes()
    table = pd.read_pickle(BytesIO(gzip.decompress(packed)))
    start = table["first.treat"].astype("float64")
    return table.assign(treated_from=start.where(start > 0).astype("Int64"))


def declared(**more):
    given = {"unit": "countyreal", "time": "year", "cluster": "countyreal", "treated_from": "treated_from", **more}
    return Staggered(kind="staggered", **given)


@pytest.fixture(scope="module")
def cells(counties):
    return collapse(counties, "lemp", declared())


SAID = ("staggered", "Callaway & Sant'Anna (2021), did vignette, csdid (mpdta)")
# Callaway & Sant'Anna (2021), as the did vignette and Stata's csdid help print them (base: the last year before).
AFTER = {
    (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
    (2006, 2006): -0.0046, (2006, 2007): -0.0412, (2007, 2007): -0.0261,
}  # fmt: skip


def test_the_published_effects_by_cohort_and_time(in_print, cells):
    effects = staggered.cohort_times(cells)
    fit = staggered._fit(cells, [effect.column for effect in effects])
    found = {(effect.start, effect.time): fit.coefficients[place] for place, effect in enumerate(effects)}
    for (start, time), value in AFTER.items():
        in_print(*SAID, f"ATT({start}, {time}), one regression", value, found[start, time], 4)


def test_the_published_averages(in_print, cells):
    """Simple: -0.0400 (did vignette); by time since the start 0..3: -0.0199, -0.0510, -0.1373, -0.1008."""
    in_print(*SAID, "simple average", -0.0399513, did.pooled_effect(cells).estimate, 7)
    study = did.event_study(cells, draws=99)
    found = dict(zip(study.times, (one.estimate for one in study.estimates), strict=True))
    for time, value in {0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}.items():
        in_print(*SAID, f"years since the start: {time}", value, found[time], 4)
    assert did.pooled_effect(cells).se == pytest.approx(0.0120340, rel=0.02)  # analytic there, CR2 here


def test_averages_are_the_weighted_means_of_the_effects(cells):
    effects = staggered.cohort_times(cells)
    fit = staggered._fit(cells, [effect.column for effect in effects])
    after = [(fit.coefficients[at], effect.rows) for at, effect in enumerate(effects) if effect.since_start >= 0]
    values, rows = np.array(after).T
    assert did.pooled_effect(cells).estimate == pytest.approx(np.average(values, weights=rows), rel=1e-9)


def panel_of(seed=1, effect=0.0, trend=0.0, schools=20):
    """Pupils of schools that start in 2020, 2021 or never; the effect grows with time since the start."""
    generator, parts = np.random.default_rng(seed), []
    for school in range(schools):
        start = {0: 2020, 1: 2020, 2: 2021, 3: 2021, 4: 2021}.get(school)
        level = generator.normal(0, 0.5)
        for year in range(2016, 2023):
            pupils = int(generator.integers(20, 60))
            gain = effect * (1 + year - start) if start and year >= start else 0.0
            mean = (
                level + 0.1 * (year - 2016) + gain + (trend * (year - 2016) if start else 0) + generator.normal(0, 0.1)
            )
            parts.append(pd.DataFrame({
                "school": f"s{school:02d}", "year": year, "treated_from": pd.array([start] * pupils, dtype="Int64"),
                "score": mean + generator.normal(size=pupils),
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


SCHOOLS = {"unit": "school", "cluster": "school"}


def test_a_growing_effect_is_found_where_two_way_fixed_effects_would_miss_it():
    panels = [panel_of(seed, effect=0.5) for seed in range(40)]
    found = [did.pooled_effect(collapse(table, "score", declared(**SCHOOLS))) for table in panels]
    truth = []
    for table in panels:
        after = table[table["year"] >= table["treated_from"].astype("float64")]
        truth.append((0.5 * (1 + after["year"] - after["treated_from"].astype(float))).mean())
    errors = np.array([one.estimate for one in found]) - truth
    assert abs(errors.mean()) < 3 * errors.std() / np.sqrt(40)
    inside = [one.ci_low <= value <= one.ci_high for one, value in zip(found, truth, strict=True)]
    assert np.mean(inside) >= 0.85


def test_with_one_start_it_agrees_with_the_common_design_on_the_last_year_alone():
    """One start and one year on each side: both designs are the same difference in differences."""
    table = panel_of(3, effect=0.5)
    table = table[table["year"].isin([2020, 2021]) & ~table["school"].isin(["s00", "s01"])]
    ours = did.pooled_effect(collapse(table, "score", declared(**SCHOOLS)))
    common = DifferenceInDifferences(
        kind="difference_in_differences", unit="school", time="year", cluster="school", treated="ever", start=2021
    )
    other = did.pooled_effect(collapse(table.assign(ever=table["treated_from"].notna()), "score", common))
    assert ours.estimate == pytest.approx(other.estimate, rel=1e-9) and ours.se == pytest.approx(other.se, rel=1e-9)


def test_randomisation_inference_counts_how_the_starts_could_have_fallen():
    cells = collapse(panel_of(5, effect=2.0, schools=8), "score", declared(**SCHOOLS))
    assert staggered.possible_assignments(cells) == 8 * 7 // 2 * (6 * 5 * 4 // 6)  # two start in 2020, three in 2021
    assert staggered.smallest_p(cells, 9999) == pytest.approx(1 / 560)
    assert staggered.randomisation_p(cells, 499, 1) < 0.03
    none = [
        staggered.randomisation_p(collapse(panel_of(seed, schools=8), "score", declared(**SCHOOLS)), 99, 1)
        for seed in range(60)
    ]
    assert np.mean(np.array(none) <= 0.1) < 0.22  # size 0.1, 60 draws: three simulation errors


def test_brute_force_over_every_deal_of_a_small_study():
    cells = collapse(panel_of(9, effect=0.4, schools=7), "score", declared(**SCHOOLS))
    starts = staggered._starts(cells)
    deals = np.array(sorted(set(itertools.permutations(starts.tolist()))))
    observed = staggered._statistics(cells, starts[None, :])[0]
    every = np.nan_to_num(staggered._statistics(cells, deals), nan=np.inf)
    exact = np.mean(every >= observed * (1 - 1e-9))
    assert len(deals) == staggered.possible_assignments(cells)
    assert staggered.randomisation_p(cells, 999, 2) == pytest.approx(exact, abs=0.05)


def test_the_statistic_at_the_actual_deal_is_that_of_the_regression():
    cells = collapse(panel_of(4, effect=0.4), "score", declared(**SCHOOLS))
    fit = staggered.fit_average(cells)
    scores = np.bincount(fit.clusters, (fit.design @ fit.bread[:, 0]) * fit.residuals)
    expected = fit.coefficients[0] ** 2 / (scores**2).sum()
    assert staggered._statistics(cells, staggered._starts(cells)[None, :])[0] == pytest.approx(expected, rel=1e-8)


def rows_of(table):
    outcome = Outcome(chapter="other", design="d", populations=["everybody"], better="higher", unit="points")
    design = declared(**SCHOOLS, draws=199)
    return estimate_difference_in_differences(table, "score", outcome, design, Inference())


def test_all_rows_come_out_and_differing_trends_are_noticed():
    rows = rows_of(panel_of(1, trend=0.6))
    assert {row["measure"] for row in rows} >= {"effect", "pretrend", "event", "naive", "raw_difference"}
    (effect,) = [row for row in rows if row["measure"] == "effect"]
    assert "pretrend:fail" in str(effect["checks"]) and effect["verdict"] == "design_failed"
    assert [row["term"] for row in rows if row["measure"] == "event"] == ["-5", "-4", "-3", "-2", "-1", "0", "1", "2"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t.assign(treated_from=pd.array([pd.NA] * len(t), dtype="Int64")), "no_treated"),
        (lambda t: t.assign(treated_from=pd.array([2021] * len(t), dtype="Int64")), "no_comparison"),
        (lambda t: t.assign(treated_from=pd.array([2016] * len(t), dtype="Int64")), "no_period_before"),
        (lambda t: t.drop(columns="treated_from"), "column_missing"),
        (lambda t: t.assign(treated_from=t["year"] + (t["school"] > "s05")), "changes_within"),
    ],
)
def test_designs_that_cannot_be_are_refused_by_name(change, rule):
    with pytest.raises(DesignRefused) as refused:
        collapse(change(panel_of()), "score", declared(**SCHOOLS))
    assert refused.value.rule == rule


def test_units_treated_throughout_are_left_out():
    table = panel_of(2)
    table.loc[table["school"] == "s00", "treated_from"] = 2010
    cells = collapse(table, "score", declared(**SCHOOLS))
    assert len(cells.cluster_treated) == 19 and cells.cohorts == [2020, 2021]
