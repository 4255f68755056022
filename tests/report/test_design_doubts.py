"""What is said of uneven trends, single units, a made-up start and subgroups: by rule, in both languages."""

import re

import pytest

from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.results import Results
from analysis.study import load_study

STUDY = "haskovo-demo"
HEAD = {"chapter": "education", "outcome": "dropout_a", "population": "at_risk", "design": "school_did"}
SIZE = {"unit": "share", "n": 5000, "n_treated": 1500}
CHECKS = "pretrend:pass;breakdown:{breakdown};leave_one_out:{out};undetected_drift:{drift};placebo_date:{date}"


def row(measure, term="", **numbers):
    return {**HEAD, **SIZE, "measure": measure, "term": term, **numbers}


def asked(breakdown=1.4, bound="pass", out="pass", drift="pass", date="pass"):
    said = CHECKS.format(breakdown=bound, out=out, drift=drift, date=date)
    effect = row("effect", estimate=-0.05, se=0.01, ci_low=-0.07, ci_high=-0.03, p=0.001, verdict="shown", checks=said)
    return [
        effect,
        row("honest_bound", "0", estimate=-0.048, ci_low=-0.068, ci_high=-0.028),
        row("honest_bound", "1", estimate=-0.048, ci_low=-0.091, ci_high=-0.007),
        {**row("breakdown", estimate=breakdown), "unit": "coefficient"},
        row("undetected_drift", estimate=0.021),
        row("without_cluster", "1", estimate=-0.061, ci_low=-0.08, ci_high=-0.04, p=0.001),
        row("without_cluster", "2", estimate=-0.043, ci_low=-0.06, ci_high=-0.02, p=0.002),
        row("placebo_date", "-2", estimate=0.004, ci_low=-0.01, ci_high=0.02, p=0.6),
    ]


def content_of(rows, language):
    return Content.of(load_study(STUDY), language, Workspace.of(STUDY), Results(results_table(rows)))


def told(rows, language):
    return " ".join(item for item in Report(content_of(rows, language)).render("robustness") if isinstance(item, str))


def plain(text):
    """Without the marks around numbers."""
    return re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changed", "language", "words"),
    [
        ({}, "en", ["at most 1.40 times as much as before", "hangs on no single unit", "no “effect” is seen"]),
        ({}, "bg", ["най-много 1,40 пъти колкото преди", "не зависи от никоя отделна единица", "не се вижда „ефект“"]),
        ({"drift": "doubt"}, "en", ["does not rule such an explanation out"]),
        ({"drift": "pass"}, "bg", ["Оценката е по-голяма от това."]),
        ({"out": "doubt"}, "en", ["the conclusion hangs on it"]),
        ({"date": "doubt"}, "bg", ["се изменяли различно още преди проекта"]),
        ({"breakdown": float("nan")}, "en", ["Even with exactly parallel trends its interval"]),
        ({"breakdown": float("nan")}, "bg", ["Дори при напълно успоредни тенденции"]),
    ],
)
def test_the_sentence_follows_the_check(changed, language, words):
    text = plain(told(asked(**changed), language))
    assert [one for one in words if one not in text] == []


def test_the_tables_hold_the_bounds_and_the_extreme_estimates():
    content = content_of(asked(), "bg")
    bounds = [[cell.text for cell in line.cells] for line in make_table(content, "tbl-trend-bounds").rows]
    assert [cells[-1] for cells in bounds if "колкото най-голямото" in cells[0]] == ["[−9,1; −0,7]"]
    single = [[cell.text for cell in line.cells] for line in make_table(content, "tbl-single-units").rows]
    assert [cells[1] for cells in single if "Без една единица" in cells[0]] == ["−6,1", "−4,3"]


def difference(p):
    half = 0.02 if p <= 0.05 else 0.04
    ends = {"ci_low": 0.03 - half, "ci_high": 0.03 + half}
    base = row("interaction", "girls_at_risk", estimate=0.03, se=half / 2, **ends, p=p)
    return [*asked(), {**base, "population": "boys_at_risk", "note": f"holm={p}"}]


@pytest.mark.parametrize(
    ("p", "language", "words"),
    [
        (0.14, "en", "No difference can be shown"),
        (0.14, "bg", "Не може да се установи разлика"),
        (0.01, "en", "differs from that for"),
        (0.01, "bg", "се различава от тази при групата „момичета в риск“"),
    ],
)
def test_groups_differ_only_when_their_difference_says_so(p, language, words):
    assert words in plain(told(difference(p), language))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_hidden_results_say_nothing(language):
    hidden = [{**one, "note": "suppressed", "estimate": float("nan")} for one in asked()]
    assert "Рамбачан" not in told(hidden, language) and "1.40" not in told(hidden, language)


def test_a_placebo_outcome_stands_in_its_own_table_alone():
    placebo = row("effect", estimate=0.01, se=0.01, ci_low=-0.01, ci_high=0.03, p=0.3, verdict="not_shown")
    content = content_of([*asked(), {**placebo, "outcome": "parents_low_education"}], "en")
    listed = [line.cells[0].text for line in make_table(content, "tbl-placebo-outcomes").rows]
    assert any("Parents with little education" in name for name in listed)
    others = make_table(content, "tbl-education-other")
    assert others is None or not any("Parents" in line.cells[0].text for line in others.rows)


def test_a_family_is_printed_with_its_corrections():
    corrected = {"holm": 0.012, "romano_wolf": 0.009}
    adjusted = [{**row("p_adjusted", name, estimate=p), "unit": "p"} for name, p in corrected.items()]
    table = make_table(content_of([*asked(), *adjusted], "bg"), "tbl-families")
    assert [cell.text for cell in table.rows[0].cells][1:4] == ["0,001", "0,012", "0,009"]
