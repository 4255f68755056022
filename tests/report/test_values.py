"""Numbers in text and tables: the right unit and sign, and a ledger that leads back to the results."""

from __future__ import annotations

import pytest

from analysis.files import results_table
from analysis.report.results import Results

KEY = "education/dropout_a/at_risk/school_did"


@pytest.fixture
def values(report_of):
    base = {"chapter": "education", "outcome": "dropout_a", "population": "at_risk", "design": "school_did"}
    effect = {**base, "measure": "effect", "unit": "share", "estimate": -0.0284, "ci_low": -0.0441, "ci_high": -0.0127}
    effect |= {"baseline": 0.0712, "mde": 0.039, "p_wild": 0.0004, "p": 0.0123, "n": 12345, "clusters": 21}
    rows = [
        effect,
        {**base, "measure": "mean", "term": "2016/project", "unit": "share", "estimate": 0.071},
        {**base, "outcome": "total_abs", "measure": "effect", "unit": "hours", "estimate": -1.0},
        {**base, "outcome": "pupils", "measure": "count", "unit": "count", "estimate": 21.0},
        {**base, "outcome": "pupils", "measure": "count", "unit": "count", "term": "few", "note": "suppressed"},
    ]
    return lambda language: report_of(Results(results_table(rows)), language).content.values


def plain(span: str) -> str:
    text, _, rest = span.partition("]{")
    return text.removeprefix("[") + rest.partition("}")[2]


@pytest.mark.parametrize(
    ("language", "field", "expected"),
    [
        ("bg", "estimate", "−2,8\u00a0процентни пункта"),
        ("en", "estimate", "−2.8\u00a0percentage points"),
        ("bg", "mde", "3,9\u00a0процентни пункта"),
        ("bg", "baseline", "7,1\u00a0%"),
        ("en", "baseline", "7.1%"),
        ("bg", "n", "12\u00a0345"),
        ("en", "n", "12,345"),
        ("bg", "p", "0,012"),
        ("bg", "se", "няма данни"),
    ],
)
def test_a_number_is_printed_by_unit_and_language(values, language, field, expected):
    assert plain(values(language).value(f"{KEY}/effect", field)) == expected


def test_a_level_is_a_percentage_and_a_difference_is_in_points(values):
    assert plain(values("bg").value(f"{KEY}/mean/2016/project")) == "7,1\u00a0%"
    assert plain(values("bg").value("education/total_abs/at_risk/school_did/effect")) == "−1,0\u00a0час"


def test_the_span_names_its_result(values):
    assert values("bg").value(f"{KEY}/effect").startswith(f'[−2,8]{{.number data-result="{KEY}/effect"}}')


def test_p_values_carry_their_relation(values):
    row = values("bg").results.get(f"{KEY}/effect")
    assert values("bg").p(row, "p_wild").replace("\u00a0", " ").startswith("p [< 0,001]")
    assert values("en").p(row, "p").replace("\u00a0", " ").startswith("p = [0.012]")


def test_a_count_agrees_with_its_noun(values):
    row = values("bg").results.get(f"{KEY}/effect")
    assert plain(values("bg").noun(row, "clusters", "schools")) == "21\u00a0училища"


def test_what_is_missing_or_hidden_is_said(values):
    assert values("bg").value("education/nothing/at_risk/school_did/effect") == "няма данни"
    assert values("en").value(f"{KEY.replace('dropout_a', 'pupils')}/count/few") == "(hidden)"


def test_every_number_is_recorded_where_it_was_printed(values):
    printer = values("bg")
    printer.chapter, printer.exhibit = "summary", "tbl-x"
    printer.cell(printer.results.get(f"{KEY}/effect"), "ci_low")
    (entry,) = printer.ledger.table().to_dict("records")
    assert entry["chapter"] == "summary" and entry["exhibit"] == "tbl-x" and entry["result_id"] == f"{KEY}/effect"
    assert (entry["field"], entry["printed"], float(entry["value"])) == ("ci_low", "−4,4", -0.0441)


def test_a_cell_holds_what_it_prints(values):
    printer = values("bg")
    row = printer.results.get(f"{KEY}/effect")
    assert printer.cell(row).text == "−2,8" and printer.cell(row).number == pytest.approx(-2.84)
    assert printer.cell(row, "baseline").number == pytest.approx(0.0712)
    assert printer.interval_cell(row).text == "[−4,4; −1,3]"


@pytest.mark.parametrize(
    ("language", "path", "expected"),
    [
        ("bg", "project.start", "01.10.2021\u00a0г."),
        ("en", "data_cut_off", "30 June 2024"),
        ("bg", "education.at_risk.gpa_below", "3,75"),
        ("bg", "education.at_risk.absence_hours_per_month", "12"),
        ("bg", "project.beneficiary", "Община Хасково"),
    ],
)
def test_facts_come_from_the_settings(values, language, path, expected):
    assert values(language).fact(path) == expected


def test_money_is_in_both_currencies(values):
    assert (
        values("bg").money("project.declared_total_bgn").replace("\u00a0", " ") == "1 589 860,38 лв. (812 882,70 евро)"
    )
    printer = values("en")
    printer.money("project.declared_total_bgn")
    (entry,) = printer.ledger
    assert entry.source == "settings" and entry.field == "project.declared_total_bgn"
