"""The survey in numbers, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.files import project_root
from analysis.indicators import describe_survey
from analysis.study import load_study


@pytest.fixture
def described() -> pd.Series:
    study = load_study("haskovo-demo", project_root())
    waves = pd.DataFrame(
        {
            "respondent": ["a", "a", "b", "c", "d"],
            "wave": pd.array([0, 1, 0, 0, 1], dtype="Int64"),
            "group": "residents",
            "survey_income": [1.0, None, 3.0, None, 5.0],
            "survey_care": pd.array([None] * 5, dtype="boolean"),
        }
    )
    return describe_survey(study, waves).set_index("result_id")["estimate"]


def test_forms_are_counted_by_wave_and_who_answered_again_of_those_asked_first(described):
    found = [described[f"survey/respondents/residents/-/count/{term}"] for term in ("baseline", "endline", "both")]
    assert found == [3, 2, 1]
    assert described["survey/answered_again/residents/-/rate"] == pytest.approx(1 / 3)


def test_open_questions_are_counted_where_the_group_was_asked(described):
    assert described["survey/open/residents/-/rate/survey_income"] == pytest.approx(2 / 5)
    assert "survey/open/residents/-/rate/survey_care" not in described
