"""What the analyses notice when the demonstration's switches break the design: causes nobody recorded, and trends that
were never parallel.

The trend is looked for in the shipped size, a third of the municipality's pupils: in a third of that a rare outcome
such as dropout hides it. Motivation shows in work long before entry, which nothing adjusts for (``pseudo_outcomes``);
no measure of how strong a cause would have to be can show that there is one.
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
    """The headlines of the school design in the whole school, a row an outcome and seed."""
    study = load_study("haskovo-demo")
    designs = {name: design.model_copy(update=ENOUGH) for name, design in study.designs.items()}
    outcomes = {
        name: study.outcomes[name].model_copy(update={"populations": ["all"]}) for name in ("dropout_a", "total_abs")
    }
    found = []
    for seed in SEEDS:
        drawn = draw(seed, **switches)
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


def failed(rows: pd.DataFrame, outcome: str, *tests: str) -> int:
    """In how many studies the design failed, one of the ``tests`` having failed."""
    chosen = rows[(rows["outcome"] == outcome) & (rows["measure"] == "effect")]
    assert len(chosen) == len(SEEDS)
    noticed = chosen["checks"].str.contains("|".join(f"{test}:fail" for test in tests))
    return int((noticed & (chosen["verdict"] == "design_failed")).sum())


def covered(rows: pd.DataFrame, outcome: str) -> int:
    chosen = rows[(rows["outcome"] == outcome) & (rows["measure"] == "monthly") & (rows["term"] == "12")]
    assert len(chosen) == len(SEEDS)
    return int(((chosen["ci_low"] <= chosen["effect"]) & (chosen["effect"] <= chosen["ci_high"])).sum())


@pytest.mark.parametrize("outcome", ["total_abs", "dropout_a"])
def test_unparallel_trends_are_noticed_and_change_the_verdict(outcome):
    assert failed(schools(), outcome, "pretrend", "breakdown") <= 1
    assert failed(schools(**TREND), outcome, "pretrend", "breakdown") >= MOST


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


@pytest.mark.parametrize("outcome", ["employed", "unsubsidised"])
def test_motivation_that_nobody_recorded_is_noticed_and_changes_the_verdict(outcome):
    assert failed(people(), outcome, "pseudo_outcomes") <= 1
    assert failed(people(**MOTIVATION), outcome, "pseudo_outcomes") >= MOST
