"""Group-time effects with covariates: print, an independent implementation, and the declared design."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import estimate_outcomes
from analysis.effects.covariates import expand
from analysis.effects.group_time import group_time_effects
from analysis.effects.group_time_averages import by_cohort, by_time, dynamic, simple
from analysis.effects.staggered import NEVER
from analysis.effects.units_over_time import Observed
from analysis.study.design_settings import Staggered
from analysis.study.settings import Inference, Outcome

SAID = ("staggered, group-time effects", "Callaway & Sant'Anna (2021), did vignette (mpdta)")
PUBLISHED = {
    (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
    (2006, 2004): 0.0065, (2006, 2005): -0.0028, (2006, 2006): -0.0046, (2006, 2007): -0.0412,
    (2007, 2004): 0.0305, (2007, 2005): -0.0027, (2007, 2006): -0.0311, (2007, 2007): -0.0261,
}  # fmt: skip
DYNAMIC = {-3: 0.0305, -2: -0.0006, -1: -0.0245, 0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}


@pytest.fixture(scope="module")
def counties():
    import moderndid

    table = pd.DataFrame(moderndid.load_mpdta().to_dict(as_series=False))
    return table.rename(columns={"countyreal": "county", "first.treat": "first"})


def seen(table, covariates=()):
    unit = pd.factorize(table["county"], sort=True)[0].astype(np.int64)
    start = np.where(table["first"] == 0, NEVER, table["first"]).astype(np.int64)
    time, outcome = table["year"].to_numpy(np.int64), table["lemp"].to_numpy(float)
    return Observed(unit, unit, time, start, outcome, expand(table, list(covariates)))


def error(influence):
    return float(np.sqrt((influence**2).sum()))


def test_all_effects_and_averages_in_print(in_print, counties):
    effects = group_time_effects(seen(counties), base="varying")
    ours = {
        (int(cohort), int(time)): value
        for cohort, time, value in zip(effects.cohort, effects.time, effects.estimate, strict=True)
    }
    assert ours.keys() == PUBLISHED.keys()
    for key, value in PUBLISHED.items():
        in_print(*SAID, f"ATT{key}", value, ours[key], 4)
    curve, cohorts = dynamic(effects), by_cohort(effects)
    for label, value in zip(curve.labels, curve.estimate, strict=True):
        in_print(*SAID, f"{label} years since the start", DYNAMIC[label], value, 4)
    in_print(*SAID, "dynamic, overall", -0.0772, curve.overall, 4)
    in_print(*SAID, "dynamic, overall, SE", 0.0200, curve.overall_se, 4)
    for value, printed in zip(cohorts.estimate, (-0.0797, -0.0229, -0.0261), strict=True):
        in_print(*SAID, "by cohort", printed, value, 4)
    in_print(*SAID, "by cohort, overall", -0.0310, cohorts.overall, 4)
    in_print(*SAID, "by cohort, overall, SE", 0.0124, cohorts.overall_se, 4)
    in_print(*SAID, "dynamic, cohorts seen a year after", -0.0288, dynamic(effects, 1).overall, 4)


def test_the_average_given_population_in_print(in_print, counties):
    average, influence = simple(group_time_effects(seen(counties, ["lpop"])))
    said = (SAID[0], "Stata csdid help (mpdta, dripw, lpop)")
    in_print(*said, "simple", -0.0417518, average, 7)
    in_print(*said, "simple, SE", 0.0115028, error(influence), 7)


@pytest.mark.parametrize("covariates", [[], ["lpop"]])
@pytest.mark.parametrize("comparison", ["never_treated", "not_yet_treated"])
def test_every_average_agrees_with_another_implementation(second, counties, comparison, covariates):
    from diff_diff import CallawaySantAnna

    table = counties.assign(first=counties["first"].astype(int))
    model = CallawaySantAnna(
        control_group=comparison, estimation_method="dr", n_bootstrap=0, base_period="varying", pscore_trim=1e-9
    )
    theirs = model.fit(
        table, outcome="lemp", unit="county", time="year", first_treat="first",
        covariates=covariates or None, aggregate="all",
    )  # fmt: skip
    ours = group_time_effects(seen(counties, covariates), comparison, "varying")
    for cohort, time, value, se in zip(ours.cohort, ours.time, ours.estimate, ours.se, strict=True):
        other = theirs.group_time_effects[(int(cohort), int(time))]
        assert value == pytest.approx(other["effect"], abs=1e-5)  # five decimals; print above is met to seven
        assert se == pytest.approx(other["se"], rel=2e-3)
    average, influence = simple(ours)
    said = f"mpdta, {comparison}, {'given lpop' if covariates else 'no covariates'}"
    second("staggered, group-time effects", "diff-diff", said, theirs.overall_att, average, 2e-4)
    second("staggered, group-time effects", "diff-diff", f"{said}, SE", theirs.overall_se, error(influence), 5e-3)
    curve = dynamic(ours)
    for label, value in zip(curve.labels, curve.estimate, strict=True):
        assert value == pytest.approx(theirs.event_study_effects[label]["effect"], abs=1e-5)


def test_calendar_averages_by_hand(counties):
    effects = group_time_effects(seen(counties))
    found = dict(zip(zip(effects.cohort.tolist(), effects.time.tolist(), strict=True), effects.estimate, strict=True))
    share = effects.share
    expected = (share[2004] * found[2004, 2006] + share[2006] * found[2006, 2006]) / (share[2004] + share[2006])
    times = by_time(effects)
    assert times.labels == [2004, 2005, 2006, 2007]
    assert times.estimate[2] == pytest.approx(expected, abs=1e-12)


def test_imputation_of_the_untreated_outcome_points_the_same_way(counties):
    """Borusyak, Jaravel & Spiess (2024): two-way effects fitted on untreated rows alone."""
    untreated = (counties["first"] == 0) | (counties["year"] < counties["first"])
    dummies = pd.get_dummies(counties[["county", "year"]].astype(str), drop_first=False).to_numpy(float)
    fitted = dummies @ np.linalg.lstsq(dummies[untreated], counties["lemp"][untreated], rcond=None)[0]
    imputed = float((counties["lemp"] - fitted)[~untreated].mean())
    average, influence = simple(group_time_effects(seen(counties), "not_yet_treated"))
    assert abs(imputed - average) < error(influence)
    assert imputed == pytest.approx(-0.0477, abs=5e-4)


def declared(table, **more):
    study = {"unit": "county", "time": "year", "cluster": "county", "treated_from": "from", "draws": 999, **more}
    outcome = Outcome(chapter="other", design="d", panel="c", populations=["everybody"], better="higher", unit="pp")
    table = table.assign(**{"from": table["first"].where(table["first"] > 0)})
    return estimate_outcomes(table, {"lemp": outcome}, {"d": Staggered(kind="staggered", **study)}, Inference())


def test_a_declared_covariate_gives_the_doubly_robust_effect(counties):
    rows = declared(counties, covariates=["lpop"]).set_index("measure")
    effect = rows.loc["effect"]
    assert effect["estimate"] == pytest.approx(-0.0417518, abs=5e-8)
    assert effect["se"] == pytest.approx(0.01150284 * np.sqrt(500 / 499), rel=1e-6)
    assert effect["df"] == 190 and effect["method"] == "group_time_dr" and effect["verdict"] == "shown"
    events = rows.loc["event"].set_index("term")
    assert events.loc["-1", "note"] == "reference"
    assert (events["band_low"].dropna() < events["ci_low"].dropna()).all()


def test_without_covariates_and_with_never_treated_nothing_changes(counties):
    plain = declared(counties)
    pd.testing.assert_frame_equal(plain, declared(counties, covariates=[], comparison="never_treated"))
    assert set(plain.loc[plain["measure"] == "effect", "method"]) == {"staggered_cr2"}


def test_only_later_starters_can_compare_when_everybody_starts(counties):
    started = counties[counties["first"] > 0]
    refused = pytest.raises(Exception, match="no_comparison")
    with refused:
        declared(started)
    effect = declared(started, comparison="not_yet_treated").set_index("measure").loc["effect"]
    assert np.isfinite(effect["estimate"]) and "effects_without_comparison" in effect["note"]


def test_few_treated_clusters_get_no_interval(counties):
    few = counties[(counties["first"] == 0) | counties["county"].isin(counties.query("first == 2006")["county"][:15])]
    few = few[(few["first"] == 0) | few["county"].isin(sorted(set(few.query("first == 2006")["county"]))[:3])]
    effect = declared(few, comparison="not_yet_treated").set_index("measure").loc["effect"]
    assert effect["clusters_treated"] == 3
    assert np.isnan(effect["se"]) and np.isnan(effect["p"]) and effect["verdict"] == "inconclusive"


def test_pupils_seen_once_make_cross_sections(make_pupils):
    pupils = make_pupils(effect=0.3)
    generator = np.random.default_rng(1)
    pupils = pupils.assign(
        girl=generator.random(len(pupils)) < 0.5, start=np.where(pupils["project"], 2021.0, np.nan)
    ).astype({"girl": float})
    outcome = {
        "dropout": Outcome(chapter="other", design="d", panel="c", populations=["all"], better="lower", unit="pp")
    }
    study = {"unit": "school", "time": "year", "cluster": "school", "treated_from": "start", "covariates": ["girl"]}
    rows = estimate_outcomes(pupils, outcome, {"d": Staggered(kind="staggered", draws=999, **study)}, Inference())
    effect = rows.set_index("measure").loc["effect"]
    assert effect["df"] == 5 and effect["clusters_treated"] == 6
    assert abs(effect["estimate"] - 0.3) < 3 * effect["se"]


def test_print_with_errors_by_influence_functions_is_held_against_the_group_time_average(counties):
    """Without covariates the headline has CR2; the error beside print is csdid's (Python, 0.4.3, analytic)."""
    said = {"bg": "csdid", "en": "csdid"}
    published = {"estimate": -0.0399513, "se": 0.0120340, "decimals": 6, "source": said}
    outcome = Outcome(
        chapter="other", panel="counties", design="raised", populations=["everybody"], better="higher", unit="log",
        published={**published, "standard_errors": "influence_functions"},
    )  # fmt: skip
    design = Staggered(kind="staggered", unit="county", time="year", cluster="county", treated_from="start", draws=99)
    panel = counties.assign(start=counties["first"].where(counties["first"] > 0).astype("Int64"))
    rows = estimate_outcomes(panel, {"lemp": outcome}, {"raised": design}, Inference())
    ours = rows.set_index("measure")
    assert ours.loc["as_published", "method"] == "group_time_dr"
    assert ours.loc["effect", "method"] == "staggered_cr2"
    assert ours.loc["published", "note"].endswith("reproduced=yes")
