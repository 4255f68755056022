"""Dose and spill-over: planted ones are found, none where there is none, and each number is that of a separate run."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import checks, estimate_outcomes
from analysis.effects.dose import dose_trend, runs_against
from analysis.effects.dose_bands import band_names, bands_of_persons, bands_over_time
from analysis.effects.panel_effect import PanelEffect, clusters_behind
from analysis.effects.person_effect import PersonEffect
from analysis.effects.refusal import DesignRefused
from analysis.effects.spill_over import never_participants, spill_over
from analysis.study.design_settings import DifferenceInDifferences, Staggered, Weighting
from analysis.study.robustness_settings import Dose
from analysis.study.settings import Inference, Outcome

INFERENCE = Inference(level=0.05, power=0.8)
DESIGN = DifferenceInDifferences(
    kind="difference_in_differences",
    unit="school",
    time="year",
    cluster="school",
    treated="project",
    start=2021,
    person="pupil",
    draws=199,
)
DOSE = Dose(column="months", bands=[3, 6])
TAKES_PART, SIZE = 0.5, 30


def pupils(seed=1, schools=24, treated=8, per_dose=0.0, reaching=0.0):
    """Pupils followed over six years; half of those in project schools take part, for 1 to 9 months, whoever they are.
    ``per_dose``: change a month; ``reaching``: change for the others."""
    rng = np.random.default_rng(seed)
    pupil = np.arange(schools * SIZE)
    school = pupil // SIZE
    project = school < treated
    nature = rng.normal(0, 2, len(pupil))
    takes = project & (rng.random(len(pupil)) < TAKES_PART)
    months = np.where(takes, rng.integers(1, 10, len(pupil)), 0)
    parts = []
    for year in range(2017, 2023):
        after = year >= 2021
        shock = rng.normal(0, 0.3, schools)[school]
        change = after * (per_dose * months + reaching * (project & ~takes))
        values = 10 + nature + shock + change + rng.normal(0, 2, len(pupil))
        part = {"pupil": pupil, "school": school, "year": year, "project": project, "absences": values}
        parts.append(pd.DataFrame({**part, "takes_part": takes & after, "months": months * after}))
    return pd.concat(parts, ignore_index=True)


def panel_effect_on(panel, design=DESIGN):
    return PanelEffect(panel, "absences", "all", design, 0.05)


def outcome(**more):
    settings = {"chapter": "education", "design": "d", "populations": ["all"], "better": "lower", "unit": "hours"}
    return Outcome.model_validate({**settings, "participation": "takes_part", "role": "primary", **more})


def results(panel, design=DESIGN, **more):
    table = estimate_outcomes(panel, {"absences": outcome(**more)}, {"d": design}, INFERENCE)
    return table.set_index(["measure", "term"])


def test_spill_over_is_the_effect_on_those_who_never_take_part():
    panel = pupils(reaching=-1.0)
    ever = panel.groupby("pupil")["takes_part"].transform("any")
    alone = panel[~ever]
    plain = estimate_outcomes(alone, {"absences": outcome(participation=None)}, {"d": DESIGN}, INFERENCE).set_index(
        "measure"
    )
    row = results(panel).loc[("spill_over", "")]
    for field in ("estimate", "se", "ci_low", "ci_high", "p", "n", "n_treated"):
        assert row[field] == pytest.approx(plain.loc["effect", field], rel=1e-9), field
    assert row["mde"] > 0


def test_a_planted_spill_over_is_found_and_doubts_the_effect_per_participant():
    found = results(pupils(reaching=-1.0))
    assert found.loc[("spill_over", ""), "ci_high"] < 0
    assert "spill_over:doubt" in found.loc[("effect_participants", ""), "checks"]
    assert "spill_over" not in found.loc[("effect", ""), "checks"]  # the offer's effect holds what reaches others


def test_none_is_found_where_there_is_none():
    found = [spill_over(panel_effect_on(pupils(seed=seed, per_dose=-0.3)), "takes_part") for seed in range(60)]
    missed = np.mean([not one.ci_low <= 0 <= one.ci_high for one in found])
    assert missed <= 0.12  # 5 % of 60 and three standard errors
    assert abs(np.mean([one.estimate for one in found])) < 3 * np.std([one.estimate for one in found]) / 60**0.5
    assert "spill_over:pass" in results(pupils(seed=1)).loc[("effect_participants", ""), "checks"]


def test_people_who_left_before_the_start_count_on_neither_side():
    panel = pupils()
    early = panel["pupil"] % 5 == 0
    leaves = panel[~(early & (panel["year"] >= 2019))]
    kept = never_participants(panel_effect_on(leaves), "takes_part")
    assert not (kept["pupil"] % 5 == 0).any() and len(kept) > 0


def test_an_outcome_that_ends_presence_is_refused():
    panel = pupils()
    rng = np.random.default_rng(7)
    panel["absences"] = (rng.random(len(panel)) < 0.1).astype(float)
    gone = panel.groupby("pupil")["absences"].cumsum() - panel["absences"] > 0
    assert spill_over(panel_effect_on(panel), "takes_part").n > 0
    with pytest.raises(DesignRefused, match="outcome_ends_presence"):
        spill_over(panel_effect_on(panel[~gone]), "takes_part")
    found = results(panel[~gone], dose={"column": "months", "bands": [3]})
    assert found.loc[("spill_over", ""), "note"] == "refused=outcome_ends_presence;outcome=absences"
    assert found.loc[("dose", ""), "note"] == "refused=outcome_ends_presence;outcome=absences"
    assert "spill_over:doubt" in found.loc[("effect_participants", ""), "checks"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda panel: panel.assign(takes_part=False), "no_participation"),
        (lambda panel: panel.assign(takes_part=panel["project"]), "everybody_takes_part"),
        (lambda panel: panel.drop(columns="pupil"), "column_missing"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(change, rule):
    with pytest.raises(DesignRefused, match=rule):
        spill_over(panel_effect_on(change(pupils())), "takes_part")


def test_bands_are_named_by_their_ends():
    assert band_names([3, 6]) == ["0-3", "3-6", "6+"] and band_names([2.5]) == ["0-2.5", "2.5+"]


def test_each_band_is_its_people_against_the_same_comparison():
    panel = pupils(per_dose=-0.4)
    found = bands_over_time(panel_effect_on(panel), DOSE)
    most = panel.groupby("pupil")["months"].transform("max")
    for name, low, high in (("0-3", 0, 3), ("3-6", 3, 6), ("6+", 6, 99)):
        inside = panel["project"] & (most > low) & (most <= high)
        alone = panel[inside | ~panel["project"]]
        plain = estimate_outcomes(alone, {"absences": outcome(participation=None)}, {"d": DESIGN}, INFERENCE).set_index(
            "measure"
        )
        assert found[name].found.estimate == pytest.approx(plain.loc["effect", "estimate"], rel=1e-9)
        assert found[name].found.se == pytest.approx(plain.loc["effect", "se"], rel=1e-9)
        assert found[name].mean == pytest.approx(most[inside].mean())


def test_a_planted_dose_is_found_and_its_slope_is_near_the_truth():
    found = results(pupils(per_dose=-0.4), dose={"column": "months", "bands": [3, 6]})
    trend = found.loc[("dose_trend", "")]
    assert trend["ci_low"] <= -0.4 <= trend["ci_high"] < 0
    assert list(found.loc["dose"].index) == ["0-3", "3-6", "6+"]
    assert found.loc["dose", "estimate"].is_monotonic_decreasing
    assert "dose_trend:pass" in found.loc[("effect", ""), "checks"] and trend["note"] == "dose=chosen"


def test_the_trend_s_error_counts_that_the_bands_share_their_comparison():
    """Over many panels the slope spreads as its standard error says, and a slope of zero is rarely rejected."""
    trends = [dose_trend(bands_over_time(panel_effect_on(pupils(seed=seed)), DOSE)) for seed in range(80)]
    spread = np.std([one.estimate for one in trends], ddof=1)
    assert spread == pytest.approx(np.mean([one.se for one in trends]), rel=0.25)
    assert np.mean([not one.ci_low <= 0 <= one.ci_high for one in trends]) <= 0.12


def test_the_trend_is_the_line_through_the_bands():
    found = bands_over_time(panel_effect_on(pupils(per_dose=-0.2)), DOSE)
    means, effects = zip(*((one.mean, one.found.estimate) for one in found.values()), strict=True)
    assert dose_trend(found).estimate == pytest.approx(np.polyfit(means, effects, 1)[0])


@pytest.mark.parametrize("staggered", [False, True])
def test_influence_and_clusters_stand_in_one_order(staggered):
    panel = pupils()
    panel["place"] = panel["pupil"] % 7
    panel["from"] = np.where(panel["project"], 2020 + panel["school"] % 2, np.nan)
    panel.loc[panel["school"] == 0, "from"] = 2010  # treated at every time
    panel.loc[panel["school"] == 20, "absences"] = np.nan
    shared = DESIGN.model_dump(include={"unit", "time", "cluster", "person", "draws"})
    design = Staggered(kind="staggered", treated_from="from", **shared) if staggered else DESIGN
    effect = panel_effect_on(panel, design)
    labels = clusters_behind(panel, "absences", design)
    assert len(labels) == len(effect.under({}).influence) == 24 - 1 - staggered
    with_covariates = PanelEffect(panel, "absences", "all", design.model_copy(update={"covariates": ["place"]}), 0.05)
    assert len(labels) == len(with_covariates.under({}).influence)


def persons(seed=2, per_dose=0.0, size=1200, clusters=None):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=size)
    treated = rng.random(size) < 1 / (1 + np.exp(0.5 - 0.7 * x))
    hours = np.where(treated, rng.uniform(0, 60, size), np.nan)
    income = 100 + 5 * x + per_dose * np.nan_to_num(hours) + rng.normal(0, 10, size)
    table = {"person": np.arange(size), "treated": treated, "x": x, "hours": hours, "income": income}
    return pd.DataFrame(table).assign(town=np.arange(size) % (clusters or size))


def weighted(table, **more):
    design = Weighting(kind="weighting", unit="person", treated="treated", covariates=["x"], draws=99, **more)
    return PersonEffect(table, "income", "all", design, 0.05)


HOURS = Dose(column="hours", bands=[20, 40])


def test_bands_of_persons_are_separate_runs():
    table = persons(per_dose=0.2)
    found = bands_of_persons(weighted(table), HOURS)
    for name, low, high in (("0-20", -1, 20), ("20-40", 20, 40), ("40+", 40, 99)):
        alone = table[~table["treated"] | ((table["hours"] > low) & (table["hours"] <= high))]
        declared = outcome(participation=None, better="higher")
        run = estimate_outcomes(alone, {"income": declared}, {"d": weighted(table).design}, INFERENCE)
        row = run.set_index("measure").loc["effect"]
        assert found[name].found.estimate == pytest.approx(row["estimate"], rel=1e-9)
        assert found[name].found.se == pytest.approx(row["se"], rel=1e-9)


@pytest.mark.parametrize("clusters", [None, 60])
def test_the_trend_among_persons_is_found_and_honest(clusters):
    more = {"cluster": "town"} if clusters else {}
    planted = dose_trend(bands_of_persons(weighted(persons(per_dose=0.2, clusters=clusters), **more), HOURS))
    assert planted.ci_low <= 0.2 <= planted.ci_high and planted.ci_low > 0
    none = [
        dose_trend(bands_of_persons(weighted(persons(seed=seed, clusters=clusters), **more), HOURS))
        for seed in range(60)
    ]
    assert np.mean([not one.ci_low <= 0 <= one.ci_high for one in none]) <= 0.12
    spread = np.std([one.estimate for one in none], ddof=1)
    assert spread == pytest.approx(np.mean([one.se for one in none]), rel=0.3)


def test_a_dose_that_runs_against_the_effect_leaves_doubt_or_when_drawn_by_lot_a_failure():
    shown = {"column": "months", "bands": [3, 6]}
    panel = pupils(per_dose=0.0, reaching=0.0)
    change = np.where(panel["months"] > 0, -6 + 0.5 * panel["months"], 0.0)
    panel["absences"] += change
    chosen = results(panel, dose=shown).loc[("effect", "")]
    drawn = results(panel, dose={**shown, "assigned": True}).loc[("effect", "")]
    assert "dose_trend:doubt" in chosen["checks"] and chosen["verdict"] == "shown"
    assert "dose_trend:fail" in drawn["checks"] and drawn["verdict"] == "design_failed"


@pytest.mark.parametrize(
    ("against", "assigned", "state"),
    [(False, False, "pass"), (True, False, "doubt"), (True, True, "fail"), (None, True, "doubt")],
)
def test_thresholds_of_the_dose(against, assigned, state):
    assert checks.dose_trend(against, assigned).outcome == state


@pytest.mark.parametrize(("rejects", "state"), [(False, "pass"), (True, "doubt"), (None, "doubt")])
def test_thresholds_of_spill_over(rejects, state):
    assert checks.spill_over(rejects).outcome == state


def test_one_band_has_no_trend():
    found = results(pupils(), dose={"column": "months", "bands": [50]})
    assert found.loc[("dose_trend", ""), "note"] == "refused=one_band"
    assert found.loc[("dose", "50+"), "note"] == "refused=no_dose;column=months"
    assert "dose_trend:doubt" in found.loc[("effect", ""), "checks"]


def test_a_trend_without_an_effect_is_a_contradiction():
    trend = dose_trend(bands_over_time(panel_effect_on(pupils(per_dose=-0.4)), DOSE))
    effect = panel_effect_on(pupils(per_dose=-0.4)).under({})
    assert runs_against(trend, effect, is_shown=False) is True
    assert runs_against(trend, effect, is_shown=True) is False
