"""The report says which bootstrap weights were used and why, and which tests a study left out."""

from dataclasses import replace

import pytest

from analysis.files import results_table
from analysis.report.inference_choices import inference_choices
from analysis.report.results import Results
from analysis.study.settings import Inference

HEAD = {
    "chapter": "education", "outcome": "dropout_a", "population": "at_risk", "design": "school_did", "unit": "count",
    "measure": "bootstrap_weights", "n": 900, "n_treated": 300,
}  # fmt: skip


def told(report_of, language, kind="rademacher", by="rule", clusters=24.0, **inference):
    rows = [{**HEAD, "term": kind, "note": f"by={by}", "estimate": clusters}]
    content = report_of(Results(results_table(rows)), language).content
    study = content.study.model_copy(update={"inference": Inference(**inference)})
    return inference_choices(replace(content, study=study))


@pytest.mark.parametrize(
    ("given", "language", "words"),
    [
        ({}, "bg", "тегла на Радемахер): броят на клъстерите е 24"),
        ({}, "en", "there are 24 clusters, and so enough"),
        ({"kind": "webb", "clusters": 8.0}, "bg", "по Уеб (шест стойности), защото броят на клъстерите е 8"),
        ({"kind": "webb_enumerated", "clusters": 5.0}, "en", "all patterns of Webb’s weights"),
        ({"kind": "rademacher_enumerated", "clusters": 12.0}, "en", "since there are 12 clusters only"),
        ({"kind": "webb", "by": "study"}, "bg", "(по Уеб) са посочени в настройките"),
        ({"tests": ["interval"]}, "bg", "се отхвърля от: доверителния интервал. По правилото"),
        ({"tests": ["interval", "bootstrap"]}, "en", "by: the confidence interval, the cluster bootstrap. By the"),
    ],
)
def test_the_choice_is_said_with_its_reason(report_of, given, language, words):
    assert words in told(report_of, language, **given)


def test_by_the_rule_nothing_is_said_of_tests(report_of):
    assert "rule all tests" not in told(report_of, "en")
