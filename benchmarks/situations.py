"""The situations of our users, each drawn from a seed with a known effect: what every rule says of it, and the naive
comparison beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from few_units import one_school, pooled_groups, time_to_a_job, uneven_trends
from told import DRAWS, LEVEL, Draws, Situation, limits, rejects, told

from analysis.effects import did, staggered
from analysis.effects.cells import collapse
from analysis.effects.covariates import expand
from analysis.effects.curve import Sample, difference_in_means, effect_curve
from analysis.effects.discontinuity import jump_at
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.instrument import Instrumented, RobustSet, instrumented_effect
from analysis.effects.randomisation import assignments
from analysis.effects.randomised import Experiment, adjusted, difference, randomisation_test, wild_p
from analysis.effects.rows import Subject
from analysis.effects.run_group_time import adjusted_effect
from analysis.effects.run_two_waves import measured
from analysis.effects.two_waves import estimated_change
from analysis.study.design_settings import DifferenceInDifferences, Staggered, TwoWaves

SCHOOLS, TREATED, YEARS, START = 24, 6, 7, 5
COMMON_START = DifferenceInDifferences(
    kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=START
)
OWN_STARTS = Staggered(kind="staggered", unit="school", time="year", cluster="school", treated_from="first")
GIVEN_COVARIATES = Staggered(**{**OWN_STARTS.model_dump(), "covariates": ["poor"], "draws": 99})


def schools(seed: int, pupils: int, rate: float, effect: float) -> Draws:
    """6 of 24 schools, seven school years, the last two under the project; a quarter less dropout everywhere then."""
    panel, usual = _school_years([1, seed], pupils, rate)
    panel["project"] = panel["school"] < TREATED
    exposed = (panel["project"] & (panel["year"] >= START)).to_numpy()
    usual = np.clip(usual - 0.25 * rate * (panel["year"] >= START).to_numpy(), 0, 1)
    truth = _drop_out([11, seed], panel, usual, effect * exposed, exposed)
    cells = collapse(panel, "dropout", COMMON_START)
    lots = assignments(cells.cluster_treated, cells.cluster_stratum, DRAWS, 1)
    return _by_clusters(
        did.pooled_effect(cells, LEVEL),
        did.effect_wild_p(cells, DRAWS),
        did.effect_randomisation_p(cells, lots),
        truth,
    ) | {"naive before-after": told(did.before_after(cells, LEVEL), truth)}


def schools_with_own_starts(seed: int, pupils: int, rate: float, effect: float) -> Draws:
    """6 of 24 schools, three from the fourth year on and three from the sixth; the effect grows by half a year."""
    panel, usual = _school_years([4, seed], pupils, rate)
    first = np.full(SCHOOLS, np.nan)
    first[:3], first[3:TREATED] = 3, 5
    panel["first"] = first[panel["school"]]
    since = (panel["year"] - panel["first"]).to_numpy()
    exposed = since >= 0
    usual = np.clip(usual - 0.05 * rate * panel["year"].to_numpy(), 0, 1)
    truth = _drop_out([41, seed], panel, usual, effect * np.where(exposed, 1 + 0.5 * since, 0), exposed)
    cells = collapse(panel, "dropout", OWN_STARTS)
    return _by_clusters(
        did.pooled_effect(cells, LEVEL),
        did.effect_wild_p(cells, DRAWS),
        staggered.randomisation_p(cells, 199, 1),
        truth,
    ) | {"naive before-after": told(did.before_after(cells, LEVEL), truth)}


def schools_given_covariates(seed: int, pupils: int, rate: float, effect: float) -> Draws:
    """The same schools with one start; poorer pupils drop out more, and ever more so, and project schools have more of
    them: trends are parallel only given poverty."""
    panel, usual = _school_years([10, seed], pupils, rate)
    panel["project"] = panel["school"] < TREATED
    panel["first"] = np.where(panel["project"], START, np.nan)
    rng = np.random.default_rng([101, seed])
    panel["poor"] = (rng.random(len(panel)) < np.where(panel["project"], 0.6, 0.4)).astype(float)
    panel["pupil"] = np.arange(len(panel))
    usual = np.clip(usual + rate * panel["poor"] * (0.5 + 0.25 * panel["year"]), 0, 1).to_numpy()
    exposed = (panel["project"] & (panel["year"] >= START)).to_numpy()
    truth = _drop_out([102, seed], panel, usual, effect * exposed, exposed)
    found = adjusted_effect(panel, "dropout", GIVEN_COVARIATES, LEVEL)
    limits = [found.estimate, found.ci_low, found.ci_high]
    naive = did.before_after(collapse(panel, "dropout", COMMON_START), LEVEL)
    return {
        "doubly robust interval, df of the smaller side": [*limits, not limits[1] <= 0 <= limits[2], truth],
        "naive before-after": told(naive, truth),
    }


def _school_years(seed: list[int], pupils: int, rate: float) -> tuple[pd.DataFrame, Floats]:
    """A row a pupil and year, and its chance of dropping out: schools differ, and their shocks last (AR 0.4)."""
    rng = np.random.default_rng(seed)
    sizes = np.maximum(5, np.round(pupils * rng.lognormal(0, 0.5, SCHOOLS))).astype(int)
    shock = np.zeros((SCHOOLS, YEARS))
    shock[:, 0] = rng.normal(0, 0.3 * rate, SCHOOLS)
    for year in range(1, YEARS):
        shock[:, year] = 0.4 * shock[:, year - 1] + rng.normal(0, 0.3 * rate, SCHOOLS)
    school = np.repeat(np.arange(SCHOOLS), sizes * YEARS)
    year = np.concatenate([np.tile(np.arange(YEARS), size) for size in sizes])
    chance = rate + 0.2 * rate * rng.normal(size=SCHOOLS)[school] + shock[school, year]
    return pd.DataFrame({"school": school, "year": year}), chance


def _drop_out(seed: list[int], panel: pd.DataFrame, usual: Floats, change: Floats, exposed: Booleans) -> float:
    """Who drops out (nobody less than never), and the effect that was realised on those exposed."""
    helped = np.clip(usual + change, 0, 1)
    panel["dropout"] = (np.random.default_rng(seed).random(len(panel)) < helped).astype(float)
    return float((helped - usual)[exposed].mean())


def participants(seed: int, effect: float) -> Draws:
    """300 participants against 1,600 others; who takes part has been out of work for longer."""
    rng = np.random.default_rng([2, seed])
    table = pd.DataFrame({"age": rng.normal(size=1900), "months": rng.normal(size=1900), "low": rng.random(1900) < 0.5})
    index = 0.7 * table["months"] + 0.3 * table["low"] - 0.2 * table["age"] + rng.gumbel(size=1900)
    treated = (index.rank(ascending=False) <= 300).to_numpy()
    base = 0.35 - 0.10 * table["months"] + 0.05 * table["age"] - 0.05 * table["low"]
    usual = np.clip(base.to_numpy(), 0, 1)
    helped = np.clip(usual + effect * treated, 0, 1)
    works = (rng.random(1900) < helped).astype(float)
    sample = Sample(treated, expand(table.astype(float), list(table.columns)))
    (found,) = effect_curve(sample, works[:, None], draws=99).estimates
    assert isinstance(found, Estimate)
    naive = difference_in_means(sample, works)
    truth = float((helped - usual)[treated].mean())
    return {"AIPW interval": told(found, truth), "naive raw difference": told(naive, truth)}


def answers(seed: int, effect: float) -> Draws:
    """320 participants and 320 others asked twice; four in ten of those with a low start do not answer again."""
    rng = np.random.default_rng([3, seed])
    treated, x = np.arange(640) < 320, rng.normal(size=640)
    person = rng.normal(size=640)
    first = x + person + rng.normal(size=640)
    last = 2 * x + person + 0.3 + effect * treated + rng.normal(size=640)
    again = rng.random(640) < 1 / (1 + np.exp(-(1.0 + 0.8 * x)))
    base = pd.DataFrame({"respondent": np.arange(640), "treated": pd.array(treated, "boolean"), "x": x})
    waves = pd.concat([base.assign(wave=0, y=first), base.assign(wave=1, y=last)[again]], ignore_index=True)
    design = TwoWaves(kind="two_waves", treated="treated", response=["x"])
    found = measured(Subject("other", "y", "everybody", "d", "points"), waves, design, LEVEL)
    naive = estimated_change(found.changes["treated"], LEVEL)
    return {
        "difference in changes": told(found.estimate, effect),
        "naive change of participants": told(naive, effect),
    }


def lot_of_people(seed: int, effect: float) -> Draws:
    """300 of 600 people drawn by lot within two districts; everybody's earnings grow meanwhile."""
    rng = np.random.default_rng([5, seed])
    stratum, x = np.arange(600) % 2, rng.normal(size=600)
    treated = np.zeros(600, dtype=bool)
    for code in (0, 1):
        treated[rng.permutation(np.flatnonzero(stratum == code))[:150]] = True
    before = x + rng.normal(size=600)
    after = 0.3 + 0.5 * stratum + x + effect * treated + rng.standard_exponential(600)
    experiment = Experiment(after, treated, stratum, x[:, None], None, LEVEL)
    found = difference(experiment)
    drawn_anew = randomisation_test(experiment, DRAWS, 1)[0] <= LEVEL
    naive = _mean_change(after[treated] - before[treated])
    return {
        "HC2 interval": told(found, effect),
        "randomisation inference": [*limits(found), drawn_anew, effect],
        "both agree (the rule)": [*limits(found), rejects(found) and drawn_anew, effect],
        "interval, adjusted for covariates": told(adjusted(experiment), effect),
        "naive change of participants": [*naive, not naive[1] <= 0 <= naive[2], effect],
    }


def _mean_change(changes: Floats) -> list[float]:
    mean, se = float(changes.mean()), float(changes.std(ddof=1) / np.sqrt(len(changes)))
    return [mean, mean - 1.96 * se, mean + 1.96 * se]


def lot_of_schools(seed: int, treated_schools: int, effect: float) -> Draws:
    """Schools of about 40 pupils drawn by lot, 24 in all; pupils of a school are alike (a tenth of the variance)."""
    rng = np.random.default_rng([6, seed])
    sizes = np.maximum(8, np.round(40 * rng.lognormal(0, 0.4, SCHOOLS))).astype(int)
    school = np.repeat(np.arange(SCHOOLS), sizes)
    treated = (rng.permutation(SCHOOLS) < treated_schools)[school]
    score = rng.normal(0, np.sqrt(0.1), SCHOOLS)[school] + rng.normal(0, np.sqrt(0.9), len(school)) + effect * treated
    none = np.zeros((len(school), 0))
    experiment = Experiment(score, treated, np.zeros(len(school), int), none, school, LEVEL)
    anew = randomisation_test(experiment, DRAWS, 1)[0]
    alone = difference(Experiment(score, treated, np.zeros(len(school), int), none, None, LEVEL))
    return _by_clusters(difference(experiment), wild_p(experiment, DRAWS, 1), anew, effect) | {
        "naive: pupils as if drawn one by one": told(alone, effect)
    }


def offer_to_people(seed: int, effect: float) -> Draws:
    """300 of 600 people offered a course; the more able take it, and a few find it without an offer."""
    rng = np.random.default_rng([7, seed])
    offered, able = rng.permutation(600) < 300, rng.normal(size=600)
    return _offer(rng, offered, able, np.zeros(600), None, effect)


def offer_to_schools(seed: int, offered_schools: int, effect: float) -> Draws:
    """The course offered to whole schools of 25 pupils, 24 schools in all."""
    rng = np.random.default_rng([8, seed])
    school = np.repeat(np.arange(SCHOOLS), 25)
    offered, able = (rng.permutation(SCHOOLS) < offered_schools)[school], rng.normal(size=len(school))
    return _offer(rng, offered, able, rng.normal(0, 0.35, SCHOOLS)[school], school, effect)


def _offer(
    rng: np.random.Generator, offered: Booleans, able: Floats, shock: Floats, cluster: np.ndarray | None, effect: float
) -> Draws:
    takes = (rng.random(len(able)) < 1 / (1 + np.exp(-(2.2 * offered - 1.8 + 0.8 * able)))).astype(float)
    score = 0.6 * able + shock + effect * takes + rng.normal(size=len(able))
    found = instrumented_effect(score, takes, offered.astype(float), np.ones((len(able), 1)), cluster, LEVEL)
    sample = Sample(takes > 0, expand(pd.DataFrame({"one": np.zeros(len(able))}), []), None, LEVEL)
    robust = _inside(found.robust_set, found, effect)
    naive = told(difference_in_means(sample, score), effect)
    return {"two-stage interval": told(found.effect, effect), "Anderson-Rubin set": robust, "naive takers": naive}


def _inside(region: RobustSet, found: Instrumented, effect: float) -> list[float]:
    """The set as an interval that holds the truth when the set does; it rejects when zero is not in it."""

    def holds(value: float) -> bool:
        between = region.low <= value <= region.high
        return {"interval": between, "outside": not between, "line": True, "empty": False}[region.kind]

    width = 0.0 if holds(effect) else -1.0
    return [found.effect.estimate, effect - width, effect + width, not holds(0.0), effect]


def threshold(seed: int, effect: float) -> Draws:
    """1,000 people on two sides of a threshold of income; what is measured bends with income."""
    rng = np.random.default_rng([9, seed])
    running = rng.uniform(-1, 1, 1000)
    above = running >= 0
    score = (
        0.5 + 0.8 * running + 0.6 * running**2 - 0.4 * running**3 * above + effect * above + rng.normal(0, 0.5, 1000)
    )
    found = jump_at(score, running, 0.0, level=LEVEL)
    sample = Sample(above, expand(pd.DataFrame({"one": np.zeros(1000)}), []), None, LEVEL)
    return {
        "robust bias-corrected interval": [found.estimate, found.ci_low, found.ci_high, found.p <= LEVEL, effect],
        "naive above against below": told(difference_in_means(sample, score), effect),
    }


def _by_clusters(found: Estimate, wild: float, permuted: float, truth: float) -> Draws:
    """The three tests of a design with few clusters, and the rule that wants all of them."""
    three = [rejects(found), wild <= LEVEL, permuted <= LEVEL]
    names = ("CR2 interval, Satterthwaite", "wild cluster bootstrap", "randomisation inference")
    each = {name: [*limits(found), said, truth] for name, said in zip(names, three, strict=True)}
    return each | {"all three agree (the rule)": [*limits(found), all(three), truth]}


def situations() -> list[Situation]:
    found: list[Situation] = []
    for pupils in (20, 100, 400):
        for rate in (0.02, 0.08):
            name = f"6 of 24 schools, {pupils} pupils each, dropout {100 * rate:.0f} %"
            found.append(Situation(name, schools, -rate / 2, {"pupils": pupils, "rate": rate}))
    staggered_name = "6 of 24 schools with starts of their own, 100 pupils each, dropout 8 %"
    found += [
        Situation(staggered_name, schools_with_own_starts, -0.03, {"pupils": 100, "rate": 0.08}),
        Situation(
            "6 of 24 schools given a covariate, 100 pupils each, dropout 8 %",
            schools_given_covariates,
            -0.04,
            {"pupils": 100, "rate": 0.08},
        ),
        Situation("300 participants, 1,600 others", participants, 0.08),
        Situation("two waves, 320 and 320 people, attrition", answers, 0.5),
        Situation("lot: 300 of 600 people", lot_of_people, 0.3),
        Situation("lot: 12 of 24 schools", lot_of_schools, 0.4, {"treated_schools": 12}),
        Situation("lot: 6 of 24 schools", lot_of_schools, 0.4, {"treated_schools": 6}),
        Situation("offer to 300 of 600 people", offer_to_people, 0.6),
        Situation("offer to 12 of 24 schools", offer_to_schools, 0.8, {"offered_schools": 12}),
        Situation("offer to 6 of 24 schools", offer_to_schools, 0.8, {"offered_schools": 6}),
        Situation("threshold, 1,000 people", threshold, 0.4),
        Situation("time to a job, 150 participants, 450 others", time_to_a_job, 0.5),
        Situation("1 of 20 schools, 16 years, synthetic control", one_school, 0.12, {"did": 0}),
        Situation("1 of 20 schools, 16 years, synthetic DiD", one_school, 0.12, {"did": 1}),
        Situation("8 groups pooled, true effects differ", pooled_groups, 0.12),
        Situation("6 of 24 schools, trends as uneven after as before", uneven_trends, 0.25),
    ]
    return found
