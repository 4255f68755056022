"""Does the survey's road find what was planted? Two hundred surveys with attrition, open answers and a skewed sample.

Beside each estimate stands the naive one, the plain change among those who answered twice; where who answers again
depends on what was answered first, only weighting brings the change back.
"""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binom

from analysis.demonstration.survey import survey_tables, survey_truth
from analysis.effects.run_two_waves import estimate_two_waves
from analysis.files import project_root
from analysis.panels import survey_waves
from analysis.study import load_study
from analysis.study.design_settings import TwoWaves

SURVEYS, FIRST_SEED = 200, 2001
LOWEST, HIGHEST = (binom.ppf(q, SURVEYS, 0.95) / SURVEYS for q in (0.005, 0.995))
POPULATION = {"pupils": "survey_pupils"}
MEASURED = [
    "survey_work", "survey_income", "survey_care", "survey_checkup", "survey_events", "survey_conflicts",
    "survey_informed", "survey_attitudes", "survey_motivation",
]  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def surveys() -> pd.DataFrame:
    study = load_study("haskovo-demo", project_root())
    designs = {name: one for name, one in study.designs.items() if isinstance(one, TwoWaves)}
    outcomes = {
        name: one.model_copy(update={"populations": one.populations[:1], "family": None})
        for name, one in study.outcomes.items()
        if one.design in designs
    }
    rows = []
    for seed in range(FIRST_SEED, FIRST_SEED + SURVEYS):
        waves = survey_waves(study, survey_tables(seed))
        found = estimate_two_waves(waves, outcomes, designs, study.inference)
        for name, group, effect, _ in survey_truth(seed):
            (head, *_) = found[name]
            assert head["population"] == POPULATION.get(group, group)
            rows.append(
                {
                    "outcome": name,
                    "effect": effect,
                    **{key: head[key] for key in ("estimate", "se", "ci_low", "ci_high")},
                }
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("outcome", MEASURED)
def test_intervals_hold_the_effect_as_often_as_they_claim(surveys, outcome):
    """The truth is that of the people drawn, so intervals meant for all such people may hold it more often."""
    rows = surveys[surveys["outcome"] == outcome]
    assert len(rows) == SURVEYS
    held = (rows["ci_low"] <= rows["effect"]) & (rows["effect"] <= rows["ci_high"])
    assert held.mean() >= LOWEST


@pytest.mark.parametrize("outcome", MEASURED)
def test_estimates_are_right_on_average(surveys, outcome):
    error = surveys[surveys["outcome"] == outcome].eval("estimate - effect")
    assert abs(error.mean()) <= 3.3 * error.std() / SURVEYS**0.5


def test_the_bounds_are_those_of_chance():
    assert pytest.approx((0.905, 0.985)) == (LOWEST, HIGHEST)
