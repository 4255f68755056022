"""The reliability of declared scales, as rows of the results table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.effects import estimate_scales
from analysis.effects.scales import cronbach_alpha
from analysis.files import project_root
from analysis.study import load_study

ITEMS = [f"motivation_{place}" for place in range(1, 6)]


@pytest.fixture
def study():
    return load_study("haskovo-demo", project_root())


@pytest.fixture
def waves():
    """Five questions around one leaning; the third one opposite. Members of the population, and one who is not."""
    rng = np.random.default_rng(4)
    lean = rng.normal(3, 1, 200)
    answers = {name: np.clip(np.round(lean + rng.normal(0, 0.8, 200)), 1, 5) for name in ITEMS}
    answers["motivation_3"] = 6 - answers["motivation_3"]
    table = (
        pd.DataFrame(answers).astype("Int64").assign(wave=0, survey_pupils=pd.array([True] * 199 + [False], "boolean"))
    )
    later = table.assign(wave=1, **dict.fromkeys(ITEMS, 3))
    return pd.concat([table, later], ignore_index=True)


def test_alpha_is_that_of_the_first_wave_with_the_opposite_question_turned(study, waves):
    first = waves[(waves["wave"] == 0) & waves["survey_pupils"]][ITEMS].astype(float).to_numpy()
    first[:, 2] = 6 - first[:, 2]
    rows = estimate_scales(
        study, waves.assign(majority=False, **dict.fromkeys(study.survey.scales["survey_attitudes"].items, 1))
    )
    found = rows.set_index("result_id")
    alpha = found.loc["other/survey_motivation/survey_pupils/-/alpha"]
    assert alpha["estimate"] == pytest.approx(cronbach_alpha(np.cov(first, rowvar=False))) and alpha["n"] == 199
    assert alpha["ci_low"] < alpha["estimate"] < alpha["ci_high"]
    assert 0.7 < found.loc["other/survey_motivation/survey_pupils/-/omega", "estimate"] < 1


def test_a_scale_that_nobody_answered_says_so(study, waves):
    empty = waves.assign(majority=False, **dict.fromkeys(study.survey.scales["survey_attitudes"].items, 1))
    rows = estimate_scales(study, empty).set_index("outcome")
    assert rows.loc["survey_attitudes", "note"].startswith("refused=scale_too_few_answers")
