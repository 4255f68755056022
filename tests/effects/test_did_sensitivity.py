"""What a referee asks of a difference-in-differences, each against a run by hand or a plain regression."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from analysis.effects import DesignRefused, checks, did
from analysis.effects.cell_subsets import subset
from analysis.effects.cells import collapse
from analysis.effects.extended_two_way import extended_two_way
from analysis.effects.honest_bounds import EventEstimates
from analysis.effects.interaction import interaction
from analysis.effects.left_out import hangs_on_one, leave_one_out
from analysis.effects.linear import partial_out, scale_and_absorb
from analysis.effects.placebo_date import placebo_date
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.effects.trend_bounds import detectable_slope, event_estimates, trend_bounds
from analysis.effects.two_way import two_way
from analysis.study.design_settings import Staggered
from analysis.study.settings import Inference, Outcome

OUTCOME = Outcome(chapter="education", design="main", populations=["all"], better="lower", unit="pp")


def rows_of(panel, design, measure):
    found = estimate_difference_in_differences(panel, "dropout", OUTCOME, design, Inference())
    return [row for row in found if row["measure"] == measure]


def checks_of(panel, design):
    (effect,) = rows_of(panel, design, "effect")
    return dict(part.split(":") for part in effect["checks"].split(";"))


@pytest.fixture
def starts(make_pupils):
    """Schools that start in 2019 and 2021, with effects that grow every year."""
    panel = make_pupils(seed=5, treated=0)
    start = panel["school"].map({"s00": 2019, "s01": 2019, "s02": 2019, "s03": 2021, "s04": 2021}).astype("Int64")
    since = (panel["year"] - start).astype("float64")
    panel["dropout"] += np.where(since >= 0, 0.1 * (1 + since), 0.0)
    return panel.assign(treated_from=start)


@pytest.fixture
def staggered_design():
    named = {"unit": "school", "time": "year", "cluster": "school", "treated_from": "treated_from"}
    return Staggered(kind="staggered", draws=99, **named)


def test_each_school_left_out_is_a_run_without_it(make_pupils, school_design):
    panel = make_pupils(seed=3)
    by_hand = sorted(
        did.pooled_effect(collapse(panel[panel["school"] != school], "dropout", school_design)).estimate
        for school in panel.loc[panel["project"], "school"].unique()
    )
    cells = collapse(panel, "dropout", school_design)
    found = leave_one_out(cells, did.pooled_effect(cells))
    assert [one.estimate for one in found] == pytest.approx(by_hand, abs=1e-12)
    assert {(one.clusters, one.clusters_treated) for one in found} == {(23, 5)}


def test_of_many_schools_those_that_matter_most_are_left_out(make_pupils, school_design):
    cells = collapse(make_pupils(seed=3, schools=60, treated=36), "dropout", school_design)
    effect = did.pooled_effect(cells)
    found = leave_one_out(cells, effect)
    every = sorted(
        did.pooled_effect(subset(cells, cells.cluster != one)).estimate for one in np.flatnonzero(cells.cluster_treated)
    )
    assert len(found) == 30
    assert (found[0].estimate, found[-1].estimate) == pytest.approx((every[0], every[-1]))


def test_an_effect_of_one_school_alone_hangs_on_it(make_pupils, school_design):
    assert checks_of(make_pupils(seed=2, effect=-0.14, pupils=400), school_design)["leave_one_out"] == "pass"
    panel = make_pupils(seed=3, pupils=400)
    alone = (panel["school"] == "s00") & (panel["year"] >= 2021)
    panel.loc[alone, "dropout"] = 1.0
    cells = collapse(panel, "dropout", school_design)
    by_one = [one for one in leave_one_out(cells, did.pooled_effect(cells)) if abs(one.estimate) < 0.05]
    assert len(by_one) == 1  # without that school little is left
    shown = did.pooled_effect(collapse(make_pupils(seed=3, effect=-0.12, pupils=400), "dropout", school_design))
    assert hangs_on_one(shown, by_one)


def test_a_made_up_start_is_a_run_on_the_years_before(make_pupils, school_design):
    panel = make_pupils(seed=3)
    placebo = placebo_date(collapse(panel, "dropout", school_design))
    before = panel[panel["year"] < 2021]
    by_hand = did.pooled_effect(collapse(before, "dropout", school_design.model_copy(update={"start": 2018})))
    assert placebo.moved == 3
    assert placebo.effect().estimate == pytest.approx(by_hand.estimate, abs=1e-12)
    assert placebo.effect().se == pytest.approx(by_hand.se, abs=1e-12)


def test_a_drift_shows_at_a_made_up_start(make_pupils, school_design):
    assert checks_of(make_pupils(seed=3, pupils=400, trend=0.03), school_design)["placebo_date"] == "doubt"
    assert checks_of(make_pupils(seed=3, pupils=400), school_design)["placebo_date"] == "pass"


def test_one_year_before_has_no_made_up_start(make_pupils, school_design):
    panel = make_pupils(seed=3).query("year >= 2020")
    with pytest.raises(DesignRefused, match="no_trend_before"):
        placebo_date(collapse(panel, "dropout", school_design))
    assert rows_of(panel, school_design, "placebo_date") == []


def test_the_second_estimator_imputes_what_treated_cells_would_have_had(second, starts, staggered_design):
    """Borusyak, Jaravel & Spiess by hand: unit and time effects among untreated cells, and the mean gap to the rest."""
    each = starts.groupby(["school", "year"]).head(17)  # schools of one size: else cells of a cohort weigh unequally
    cells = collapse(each, "dropout", staggered_design)
    assert set(cells.size) == {17.0}
    table = pd.DataFrame({"y": cells.mean, "unit": cells.unit, "time": cells.time, "size": cells.size})
    treated = cells.treated & cells.post
    untreated = smf.wls("y ~ C(unit) + C(time)", data=table[~treated], weights=table["size"][~treated]).fit()
    gap = table["y"][treated] - untreated.predict(table[treated])
    by_hand = np.average(gap, weights=cells.size[treated])
    found = extended_two_way(cells)
    second("staggered", "statsmodels", "extended two-way, by imputation", by_hand, found.estimate, 1e-9)
    headline = did.pooled_effect(cells)
    assert found.estimate != pytest.approx(headline.estimate, abs=1e-6) and found.se < headline.se
    assert checks_of(starts, staggered_design)["second_estimators"] == "pass"


def test_a_drift_before_sets_the_two_estimators_apart(starts, staggered_design):
    """A drift towards the other sign before the start cancels what the last year before it does not see."""
    treated = starts["treated_from"].notna()
    drift = 0.15 * (starts["treated_from"] - starts["year"] - 1).clip(lower=0).fillna(0).astype(float)
    drifting = starts.assign(dropout=starts["dropout"] + drift.where(treated, 0.0))
    assert checks_of(drifting, staggered_design)["second_estimators"] == "doubt"


def test_two_way_is_the_regression_with_dummies(second, starts, staggered_design):
    found = two_way(collapse(starts, "dropout", staggered_design))
    starts["now"] = (starts["year"] >= starts["treated_from"]).fillna(False).astype(float)
    plain = smf.ols("dropout ~ now + C(school) + C(year)", data=starts).fit()
    second("staggered", "statsmodels", "two-way coefficient", plain.params["now"], found.estimate.estimate, 1e-8)


def test_two_way_with_one_start_is_the_effect_itself(make_pupils, school_design):
    cells = collapse(make_pupils(seed=3), "dropout", school_design)
    found = two_way(cells)
    assert found.estimate.estimate == pytest.approx(did.pooled_effect(cells).estimate, abs=1e-12)
    assert found.negative == 0


def test_negative_weights_of_three_units():
    """Two units that start at 2 and 3, no other, three times: the first unit's last time has a negative weight
    (de Chaisemartin & D'Haultfoeuille 2020, section II, print weights 1/2, 1, -1/2)."""
    table = pd.DataFrame({"unit": np.repeat(["a", "b", "c"], 3), "time": [1, 2, 3] * 3})
    table["start"] = table["unit"].map({"a": 2, "b": 3}).astype("Int64")
    table["y"] = [0.0, 1, 4, 0, 0, 1, 0, 0, 0.5]
    named = {"unit": "unit", "time": "time", "cluster": "unit", "treated_from": "start"}
    cells = collapse(table, "y", Staggered(kind="staggered", **named))
    both = cells.cluster_treated[cells.cluster]
    now = (cells.treated & cells.post)[both].astype(float)
    kept = np.column_stack([now, (cells.time[both] == 2), (cells.time[both] == 3)]).astype(float)
    scaled = scale_and_absorb(kept, cells.size[both], cells.unit[both])
    residual = partial_out(scaled[:, :1], scaled[:, 1:])[:, 0]
    assert residual[now == 1] / residual[now == 1].sum() == pytest.approx([1, -0.5, 0.5])
    assert two_way(cells).negative >= 0


def test_weights_reproduce_the_coefficient(starts, staggered_design):
    """With effects known cell by cell and no noise the coefficient is their weighted sum, below every one of them when
    weights are negative."""
    cells = collapse(starts, "dropout", staggered_design)
    effect = np.where(cells.treated & cells.post, (cells.time - cells.first + 1.0) ** 2, 0.0)
    late = cells.with_outcome(effect)
    assert two_way(late).estimate.estimate < did.pooled_effect(late).estimate


def test_interaction_is_the_difference_of_two_effects(make_pupils, school_design):
    panel = make_pupils(seed=3)
    apart = panel.assign(half=panel["school"] + panel["at_risk"].map({True: "/risk", False: "/other"}))
    apart["second"] = panel["at_risk"].astype(float)
    own = school_design.model_copy(update={"unit": "half"})
    cells = collapse(apart, "dropout", own, "second")
    found = interaction(cells, cells.participation > 0.5)
    effects = [
        did.pooled_effect(collapse(panel[panel["at_risk"] == side], "dropout", school_design)).estimate
        for side in (False, True)
    ]
    assert found.estimate == pytest.approx(effects[1] - effects[0], abs=1e-12)
    assert found.clusters == 24


def test_bounds_at_none_are_the_interval_with_few_clusters():
    """One time after the start: parallel trends give estimate -+ t quantile x se, up to a step of the grid."""
    influence = np.random.default_rng(1).normal(size=(12, 3)) / 12
    values = (0.1, 0.0, 0.5)
    estimates = [did.Estimate(value, 0.1, influence[:, k], "x", 10, 5, df=6.0) for k, value in enumerate(values)]
    events = event_estimates([2018, 2019, 2021], estimates, 2021, np.ones(3), df=6.0)
    low, high = trend_bounds(events).intervals[0.0]
    half = stats.t.isf(0.025, 6) * math.sqrt((influence[:, 2] ** 2).sum())
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.04 * half)


def test_bounds_widen_with_what_is_allowed(make_pupils, school_design):
    for seed in range(6):
        panel = make_pupils(seed=seed, effect=-0.06, pupils=100)
        found = {row["term"]: row for row in rows_of(panel, school_design, "honest_bound")}
        lows, highs = ([found[bar][end] for bar in ("0", "0.5", "1", "2")] for end in ("ci_low", "ci_high"))
        assert lows == sorted(lows, reverse=True) and highs == sorted(highs)


def test_too_many_times_after_the_start_are_refused():
    events = EventEstimates(np.zeros(9), np.eye(9), 2, np.full(7, 1 / 7))
    with pytest.raises(DesignRefused, match="too_many_times"):
        trend_bounds(events)


def test_the_detectable_slope_is_found_with_the_declared_power():
    generator = np.random.default_rng(4)
    root = generator.normal(size=(40, 3)) / 40
    distances = [-4, -3, -2]
    estimates = [did.Estimate(0.0, 0.1, root[:, k], "x", 10, 5) for k in range(3)]
    slope = detectable_slope(distances, estimates, 0.05, 0.80)
    covariance = root.T @ root
    drawn = generator.multivariate_normal(slope * np.array(distances), covariance, size=20_000)
    wald = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(covariance), drawn)
    assert (wald > stats.chi2.isf(0.05, 3)).mean() == pytest.approx(0.80, abs=0.012)


def test_the_undetected_drift_is_what_such_a_slope_adds(make_pupils, school_design):
    panel = make_pupils(seed=3)
    cells = collapse(panel, "dropout", school_design)
    study = did.event_study(cells, draws=99)
    before = [place for place, time in enumerate(study.times) if time < 2021]
    slope = detectable_slope(
        [study.times[place] - study.reference for place in before], [study.estimates[place] for place in before]
    )
    (row,) = rows_of(panel, school_design, "undetected_drift")
    tilted = panel.assign(dropout=panel["dropout"] + slope * panel["year"] * panel["project"])
    added = did.pooled_effect(collapse(tilted, "dropout", school_design)).estimate - did.pooled_effect(cells).estimate
    assert row["estimate"] == pytest.approx(added, abs=1e-10)


def test_a_strong_effect_of_large_schools_stands_and_a_weak_one_does_not(make_pupils, school_design):
    strong = checks_of(make_pupils(seed=2, effect=-0.14, pupils=400), school_design)
    assert strong["breakdown"] == "pass" and strong["undetected_drift"] == "pass"
    weak = checks_of(make_pupils(seed=2, effect=-0.08, pupils=400), school_design)
    assert weak["breakdown"] == "doubt"
    assert "breakdown" not in checks_of(make_pupils(seed=12), school_design)  # nothing is shown that could break down


def test_an_effect_that_a_drift_already_seen_would_explain_has_failed(make_pupils, school_design):
    panel = make_pupils(seed=5, effect=0.03, pupils=400, trend=0.01)
    (effect,) = rows_of(panel, school_design, "effect")
    assert {"pretrend:doubt", "placebo_date:doubt", "breakdown:fail"} <= set(effect["checks"].split(";"))
    assert effect["verdict"] == "design_failed"


def test_one_sign_of_a_drift_alone_leaves_doubt(make_pupils, school_design):
    found = checks_of(make_pupils(seed=3, effect=0.03, pupils=400, trend=0.006), school_design)
    assert (found["pretrend"], found["placebo_date"], found["breakdown"]) == ("doubt", "pass", "doubt")


@pytest.mark.parametrize(
    ("magnitude", "uneven_before", "outcome"),
    [(1.0, True, "pass"), (0.95, False, "doubt"), (0.95, True, "fail"), (math.nan, True, "fail")],
)
def test_breakdown_weighs_more_where_trends_were_already_uneven(magnitude, uneven_before, outcome):
    assert checks.breakdown(magnitude, uneven_before).outcome == outcome


def test_rows_bear_the_headlines_counts(make_pupils, school_design):
    found = estimate_difference_in_differences(make_pupils(seed=3), "dropout", OUTCOME, school_design, Inference())
    (headline,) = [row for row in found if row["measure"] == "effect"]
    asked = [row for row in found if row["measure"] in ("honest_bound", "breakdown", "without_cluster", "placebo_date")]
    assert len(asked) == 12
    assert {(row["n"], row["n_treated"]) for row in asked} == {(headline["n"], headline["n_treated"])}


def test_three_treated_schools_give_no_bounds(make_pupils, school_design):
    panel = make_pupils(seed=3, treated=3)
    assert rows_of(panel, school_design, "honest_bound") == rows_of(panel, school_design, "without_cluster") == []


def test_covariates_have_bounds_too(make_pupils, school_design):
    panel = make_pupils(seed=3, pupils=100)
    panel["older"] = panel["school"].str[-1].astype(int) % 3
    given = school_design.model_copy(update={"covariates": ["older"]})
    assert [row["term"] for row in rows_of(panel, given, "honest_bound")] == ["0", "0.5", "1", "2"]
    assert len(rows_of(panel, given, "undetected_drift")) == 1
