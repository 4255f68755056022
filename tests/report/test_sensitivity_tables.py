"""What stands beside a headline: second estimators, unrecorded causes, calibration, durations, pooled effects."""

import pytest

from analysis.files import results_table
from analysis.report.content_tables import make_table
from analysis.report.content_tables.key_results import all_headlines
from analysis.report.results import Results
from analysis.report.sensitivity import Sensitivity

HEAD = {
    "chapter": "employment",
    "outcome": "employed",
    "population": "participants",
    "design": "participants_aipw",
    "unit": "share",
}
SIZE = {"n": 900, "n_treated": 300}
EFFECT = {**HEAD, **SIZE, "measure": "effect", "estimate": 0.152, "se": 0.03, "ci_low": 0.093, "ci_high": 0.212}


def row(measure, term, estimate, **more):
    return {**HEAD, **SIZE, "measure": measure, "term": term, "estimate": estimate, **more}


ROWS = {
    "tbl-alternatives": [row("alternative", "matching", 0.137, ci_low=0.05, ci_high=0.22, p=0.002)],
    "tbl-unrecorded": [{**row("robustness_value", "", 0.124), "unit": "share"}],
    "tbl-calibration": [row("calibration", "1", 0.081, baseline=0.079)],
    "tbl-compared": [{**row("hazard_ratio", "", 1.337, ci_low=1.02, ci_high=1.75), "unit": "ratio"}],
}
SHOWN = {
    "tbl-alternatives": "13,7",
    "tbl-unrecorded": "12,4",
    "tbl-calibration": "8,1",
    "tbl-compared": "1,3",
}


@pytest.mark.parametrize("label", sorted(ROWS))
def test_the_table_shows_the_number(report_of, label):
    results = Results(results_table([{**EFFECT, "verdict": "shown"}, *ROWS[label]]))
    table = make_table(report_of(results, "bg").content, label)
    texts = [cell.text for line in table.rows for cell in line.cells]
    assert any(SHOWN[label] in text for text in texts), texts


@pytest.mark.parametrize("label", sorted(ROWS))
@pytest.mark.parametrize("language", ["bg", "en"])
def test_its_caption_and_headers_stand_in_both_languages(report_of, label, language):
    results = Results(results_table([{**EFFECT, "verdict": "shown"}, *ROWS[label]]))
    table = make_table(report_of(results, language).content, label)
    assert table.caption and all(column.title for column in table.columns[1:])


LONG_BEFORE = {**row("pseudo_outcome", "months_employed_earlier", 0.21, ci_low=0.05, ci_high=0.37), "unit": "sd"}


@pytest.mark.parametrize(
    ("state", "language", "words"),
    [
        ("pass", "bg", ["месеци в заетост по-рано", "+0,21", "това не доказва"]),
        ("doubt", "bg", ["Възможно е за участието да има значение"]),
        ("fail", "bg", ["не може да се припише"]),
        ("pass", "en", ["months employed earlier", "+0.21", "does not prove"]),
        ("fail", "en", ["cannot be put down to taking part"]),
    ],
)
def test_what_came_long_before_is_told_by_its_check(report_of, state, language, words):
    head = {**EFFECT, "verdict": "shown", "checks": f"pseudo_outcomes:{state}"}
    content = report_of(Results(results_table([head, LONG_BEFORE])), language).content
    (told,) = [one for one in all_headlines(content) if one.row is not None]
    text = Sensitivity(content).sentences(told).replace("\u00a0", " ")
    assert [one for one in words if one not in text] == []
