"""Whatever panel comes in: a table whose numbers are finite or missing, or a refusal; never another error."""

import warnings

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects import DesignRefused, estimate_outcomes
from analysis.study.design_settings import DifferenceInDifferences, Weighting
from analysis.study.settings import Inference, Outcome

FLOATS = ["estimate", "se", "ci_low", "ci_high", "p", "band_low", "band_high", "p_wild", "p_randomisation", "mde"]
COMMON = settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SEEDS = st.integers(0, 10**6)


def attempt(panel, outcome, design, **more):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            results = estimate_outcomes(panel, {"y": outcome}, {"main": design}, Inference(), **more)
    except DesignRefused:
        return
    assert not np.isinf(results[FLOATS].to_numpy()).any()
    probabilities = results[["p", "p_wild", "p_randomisation"]].to_numpy()
    assert ((probabilities >= 0) & (probabilities <= 1) | np.isnan(probabilities)).all()
    shown = results[results["verdict"] == "shown"]
    assert ((shown["ci_low"] > 0) | (shown["ci_high"] < 0) | shown["ci_low"].isna()).all()


@COMMON
@given(SEEDS, st.integers(1, 10), st.integers(1, 6), st.integers(3, 6), st.sampled_from([0.0, 0.3, 0.9]))
def test_school_panels(seed, comparison, treated, years, gaps):
    generator = np.random.default_rng(seed)
    number = int(generator.integers(10, 400))
    school = generator.integers(0, comparison + treated, number)
    y = generator.integers(0, 2, number).astype(float)
    y[generator.random(number) < gaps] = np.nan
    panel = pd.DataFrame({"school": school, "year": 2019 + generator.integers(0, years, number), "y": y})
    panel = panel.assign(treated=school < treated, part=generator.random(number) < 0.3)
    design = DifferenceInDifferences(
        kind="difference_in_differences",
        unit="school",
        time="year",
        cluster="school",
        treated="treated",
        start=2021,
        exclude_times_sensitivity=[2020],
        draws=99,
    )
    outcome = Outcome(
        chapter="other", design="main", populations=["all"], participation="part", better="lower", unit="pp"
    )
    attempt(panel, outcome, design)


@COMMON
@given(SEEDS, st.integers(1, 300), st.sampled_from([0.02, 0.2, 0.5, 0.98]), st.sampled_from([0.0, 0.3, 0.9]))
def test_persons(seed, number, share, gaps):
    generator = np.random.default_rng(seed)
    persons = pd.DataFrame({"person": np.arange(number), "treated": generator.random(number) < share})
    persons["age"] = generator.normal(size=number) + persons["treated"] * generator.choice([0, 0, 1, 4])
    persons["place"] = generator.choice(["a", "b", None], number)
    months = pd.DataFrame({"person": np.repeat(np.arange(number), 5), "month": np.tile([-1, 0, 1, 2, 12], number)})
    months["month_after_exit"] = months["month"] - 6
    months["y"] = generator.integers(0, 2, len(months)).astype(float)
    months.loc[generator.random(len(months)) < gaps, "y"] = np.nan
    design = Weighting(
        kind="weighting", unit="person", treated="treated", covariates=["age", "place"], time="month", draws=99
    )
    outcome = Outcome(chapter="other", design="main", populations=["all"], better="higher", unit="pp")
    attempt(persons, outcome, design, person_months=months, after_exit=[6, 12])
