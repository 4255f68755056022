"""What a study says of its survey must hold together; each slip is named."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.study import Study
from analysis.study.survey_agreement import of_survey

WORDS = {"bg": "x", "en": "x"}
FILE = {
    "survey": True,
    "files": "a.csv",
    "constants": {"wave": "baseline", "group": "all"},
    "columns": {"respondent": "Код", "sex": "Пол", "q1": "В1", "q2": "В2"},
    "codes": {"sex": {"f": ["жена"]}},
}
SURVEY = {
    "items": [
        {"name": "sex", "kind": "code"},
        {"name": "q1", "kind": "integer"},
        {"name": "q2", "kind": "integer"},
    ],
    "scales": {"trust": {"items": ["q1", "q2"], "reversed": ["q2"]}},
    "known_once": ["sex"],
    "populations": {"women": {"sex": ["f"]}},
}


def study_with(source: dict[str, Any] | None = None, survey: dict[str, Any] | None = None) -> Study:
    return Study.model_validate(
        {
            "name": "trial",
            "project": {"name": WORDS, "beneficiary": WORDS, "start": "2020-01-01", "end": "2020-12-31"},
            "data_cut_off": "2020-12-31",
            "sources": {"answers": {**FILE, **(source or {})}},
            "survey": {**SURVEY, **(survey or {})},
            "designs": {},
            "outcomes": {},
            "report": {"chapters": []},
        }
    )


def test_a_survey_that_holds_together_has_no_problem():
    assert list(of_survey(study_with())) == []


@pytest.mark.parametrize(
    ("source", "survey", "place", "kind"),
    [
        ({"columns": {"sex": "Пол"}}, {}, "sources.answers.columns.respondent", "missing_key"),
        ({"constants": {"wave": "baseline"}}, {}, "sources.answers.columns.group", "missing_key"),
        ({"columns": {**FILE["columns"], "q11": "В1"}}, {}, "sources.answers.columns.q11", "unknown_key"),
        ({"codes": {}}, {}, "sources.answers.codes.sex", "missing_key"),
        ({"codes": {**FILE["codes"], "q1": {"1": ["да"]}}}, {}, "sources.answers.codes.q1", "unknown_key"),
        ({}, {"scales": {"trust": {"items": ["q1", "sex"]}}}, "survey.scales.trust.items", "wrong_choice"),
        ({}, {"scales": {"trust": {"items": ["q1", "q2"], "reversed": ["q3"]}}}, "survey.scales.trust.reversed",
         "wrong_choice"),
        ({}, {"scales": {"q1": {"items": ["q1", "q2"]}}}, "survey.scales", "twice"),
        ({}, {"known_once": ["sexx"]}, "survey.known_once.sexx", "unknown_key"),
        ({}, {"populations": {"women": {"seks": ["f"]}}}, "survey.populations.women.seks", "unknown_key"),
        ({}, {"items": [*SURVEY["items"], {"name": "q1", "kind": "integer"}]}, "survey.items", "twice"),
    ],
)  # fmt: skip
def test_each_slip_is_named(source: dict[str, Any], survey: dict[str, Any], place: str, kind: str):
    assert (place, kind) in [found[:2] for found in of_survey(study_with(source, survey))]


def test_answers_without_questions_are_refused():
    study = study_with().model_copy(update={"survey": None})
    assert [found[:2] for found in of_survey(study)] == [("sources.answers.survey", "missing_key")]


def test_an_unknown_question_says_which_was_meant():
    found = list(of_survey(study_with({"columns": {**FILE["columns"], "sexx": "Пол"}})))
    assert found == [("sources.answers.columns.sexx", "unknown_key", "sex")]
