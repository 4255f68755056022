"""The table of respondents and waves: first answers, scales, populations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.files import project_root
from analysis.panels import KeyNotUnique, survey_waves
from analysis.panels.survey import scale_score
from analysis.study import Study, load_study
from analysis.study.survey_settings import Scale

SCALE = Scale(items=["a", "b", "c", "d"], reversed=["d"], low=1, high=5, minimum=3)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("haskovo-demo", project_root())


def answers(rows: list[tuple[str, str, object, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["respondent", "wave", "takes_part", "survey_income"])
    table = table.assign(group="residents", file="a", sheet="", row=range(len(table)))
    return table.astype({"takes_part": "boolean", "survey_income": "float64", "respondent": "str"})


def test_the_first_answer_holds_for_both_waves_and_the_last_where_the_first_is_open(study):
    clean = {
        "survey_residents_start": answers([("x", "baseline", True, 500.0), ("y", "baseline", None, 600.0)]),
        "survey_residents_end": answers([("x", "endline", False, 700.0), ("y", "endline", False, 800.0)]),
    }
    waves = survey_waves(study, clean).set_index(["respondent", "wave"])
    assert waves["takes_part"].tolist() == [True, True, False, False]
    assert waves["survey_income"].tolist() == [500.0, 700.0, 600.0, 800.0]
    assert waves["residents"].all() and not waves["majority"].any()
    assert waves["attitude_1"].isna().all() and str(waves["attitude_1"].dtype) == "Int64"


def test_one_respondent_twice_in_a_wave_stops_the_run(study):
    twice = answers([("x", "baseline", True, 1.0), ("x", "baseline", True, 2.0)])
    with pytest.raises(KeyNotUnique, match="survey"):
        survey_waves(study, {"survey_residents_start": twice})


def test_without_a_survey_the_table_has_no_rows(study):
    assert survey_waves(study.model_copy(update={"survey": None}), {}).empty


def test_a_scale_is_the_mean_of_what_was_answered_with_opposite_questions_turned_round():
    rows = pd.DataFrame({"a": [1, 5, 1], "b": [2, 5, None], "c": [3, 5, None], "d": [5, 1, 1]}).astype("Int64")
    assert scale_score(rows, SCALE).tolist()[:2] == [(1 + 2 + 3 + 1) / 4, 5.0]
    assert np.isnan(scale_score(rows, SCALE).iloc[2])  # two answers of the three that are needed


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(1, 5))] * 4), min_size=1, max_size=20))
def test_a_score_lies_within_the_scale_and_is_missing_exactly_when_too_few_were_answered(rows):
    table = pd.DataFrame(rows, columns=list("abcd")).astype("Int64")
    score = scale_score(table, SCALE)
    assert score.dropna().between(1, 5).all()
    assert (score.isna() == (table.notna().sum(axis=1) < 3)).all()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)))
def test_the_order_of_the_rows_does_not_matter(study, order):
    rows = [(str(place % 3), "baseline" if place < 3 else "endline", True, float(place)) for place in range(6)]
    usual = survey_waves(study, {"survey_residents_start": answers(rows)})
    moved = survey_waves(study, {"survey_residents_start": answers([rows[place] for place in order])})
    pd.testing.assert_frame_equal(usual, moved)
