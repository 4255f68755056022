"""What the analyses notice when the demonstration's switches break the design: causes nobody recorded, and trends that
were never parallel.

Two of the four expectations are not met, and stand here as such (``xfail``, strict: one that is met some day says so).
Causes that nobody recorded leave no trace in the data; the measures say how strong one would have to be, and a bias
that makes the effect larger makes them larger as well. A trend in dropout is lost in the noise of a rare outcome.
"""

from __future__ import annotations

import warnings
from functools import cache

import pandas as pd
import pytest
from one_study import KEY, QUICK, SCALE

from analysis.demonstration import answer_key, draw
from analysis.effects import estimate_outcomes
from analysis.panels import person_months, persons, pupil_years
from analysis.study import load_study

SEEDS = range(1001, 1007)
MOST = len(SEEDS) - 1  # of the studies; one may go the other way by chance
MOTIVATION = {"unobserved_motivation": 1.0}
TREND = {"differential_trend": 0.3}
ENOUGH = {"draws": 499}  # a p below 0.01, at which the test of trends fails, must be possible

pytestmark = pytest.mark.slow


@cache
def schools(**switches: float) -> pd.DataFrame:
    """The headlines of the school design, a row an outcome, population and seed."""
    study = load_study("haskovo-demo")
    designs = {name: design.model_copy(update=ENOUGH) for name, design in study.designs.items()}
    outcomes = {name: study.outcomes[name] for name in ("dropout_a", "total_abs")}
    found = []
    for seed in SEEDS:
        drawn = draw(seed, SCALE, **switches)
        pupils = pupil_years(study, drawn.clean, drawn.schools)
        found.append(estimate_outcomes(pupils, outcomes, designs, study.inference).assign(seed=seed))
    whole = pd.concat(found, ignore_index=True)
    return whole[whole["measure"] == "effect"]


@cache
def people(**switches: float) -> pd.DataFrame:
    """All rows of the employment design on all participants, with the effects realised where there are any."""
    study = load_study("haskovo-demo")
    designs = {name: design.model_copy(update=QUICK) for name, design in study.designs.items()}
    found = []
    for seed in SEEDS:
        drawn = draw(seed, SCALE, **switches)
        members = persons(study, drawn.clean)
        months = person_months(study, drawn.clean, members, drawn.employers)
        pupils = pupil_years(study, drawn.clean, drawn.schools)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcomes = study.outcomes_of("employment")
            results = estimate_outcomes(members, outcomes, designs, study.inference, person_months=months)
        realised = answer_key(drawn.truth, pupils, members, months).astype({"term": "str"})
        found.append(results.merge(realised[[*KEY, "effect"]], on=KEY, how="left").assign(seed=seed))
    whole = pd.concat(found, ignore_index=True)
    return whole[whole["population"] == "participants"]


def failed(rows: pd.DataFrame, outcome: str) -> int:
    """In how many studies the design failed in the whole school, its trends before the start not being parallel."""
    chosen = rows[(rows["outcome"] == outcome) & (rows["population"] == "all")]
    assert len(chosen) == len(SEEDS)
    noticed = chosen["checks"].str.contains("pretrend:fail") & (chosen["verdict"] == "design_failed")
    return int(noticed.sum())


def covered(rows: pd.DataFrame, outcome: str) -> int:
    chosen = rows[(rows["outcome"] == outcome) & (rows["measure"] == "monthly") & (rows["term"] == "12")]
    assert len(chosen) == len(SEEDS)
    return int(((chosen["ci_low"] <= chosen["effect"]) & (chosen["effect"] <= chosen["ci_high"])).sum())


def doubted(rows: pd.DataFrame, outcome: str) -> int:
    chosen = rows[(rows["outcome"] == outcome) & (rows["measure"] == "effect")]
    said = chosen["checks"].str.contains("unrecorded_causes:doubt|unrecorded_causes:fail")
    return int((said | (chosen["verdict"] != "shown")).sum())


def test_unparallel_absences_are_noticed_and_change_the_verdict():
    assert failed(schools(), "total_abs") <= 1
    assert failed(schools(**TREND), "total_abs") >= MOST


@pytest.mark.xfail(strict=True, reason="dropout is too rare for the test of trends at a third of the town's size")
def test_unparallel_dropout_is_noticed():
    assert failed(schools(**TREND), "dropout_a") >= MOST


@pytest.mark.parametrize("outcome", ["employed", "unsubsidised"])
def test_motivation_that_nobody_recorded_misleads(outcome):
    """The switch does what it is for: intervals that held the effect no longer do."""
    assert covered(people(), outcome) >= MOST
    assert covered(people(**MOTIVATION), outcome) <= len(SEEDS) // 2


def test_recorded_causes_explain_more_of_a_misleading_effect():
    """Oster's delta falls: the effect moves with what is recorded, as it does when much is not recorded."""

    def delta(rows: pd.DataFrame) -> float:
        return float(rows[(rows["measure"] == "oster") & (rows["outcome"] == "employed")]["estimate"].median())

    assert 1 < delta(people(**MOTIVATION)) < delta(people()) / 2


@pytest.mark.xfail(strict=True, reason="a cause that nobody recorded leaves no trace in data it is not in")
def test_motivation_that_nobody_recorded_is_noticed():
    """Work of any kind; in unsubsidised work, with a small effect, about half of the studies are left in doubt."""
    assert doubted(people(**MOTIVATION), "employed") >= MOST
