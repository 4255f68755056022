"""Rows of totals are no cases; a total that is not the sum of its rows is told with both amounts."""

from __future__ import annotations

import pytest

LINE = {
    "activity": "R1", "name": "Обучение", "contract": "C", "planned_bgn": "100,50", "spent_bgn": "90",
}  # fmt: skip
OTHER = {**LINE, "activity": "R2", "planned_bgn": "1 000"}


@pytest.mark.parametrize("word", ["Общо", "ОБЩО:", " всичко", "Сума", "Total"])
@pytest.mark.parametrize("column", ["activity", "name"])
def test_a_row_of_totals_is_set_aside_once_and_for_what_it_is(clean, word, column):
    total = {"activity": None, "name": None, "planned_bgn": "1100,50", "spent_bgn": "180", column: word}
    cleaned = clean("activity_spending", [LINE, OTHER, total])
    assert cleaned.accepted["activity"].tolist() == ["R1", "R2"]
    assert [(f.rule, f.row) for f in cleaned.findings if f.level == "quarantined"] == [("findings.total_row", 4)]


def test_a_wrong_total_is_told_with_both_amounts(clean):
    total = {"activity": "Общо", "planned_bgn": "1 200,00 лв.", "spent_bgn": "180"}
    (finding,) = [f for f in clean("activity_spending", [LINE, OTHER, total]).findings if f.level == "quarantined"]
    assert finding.rule == "findings.total_row_differs"
    assert finding.params == {"written": "1200,00", "summed": "1100,50"}


def test_a_second_total_adds_up_the_rows_since_the_first(clean):
    rows = [LINE, {"activity": "Общо", "planned_bgn": "100,50"}, OTHER, {"activity": "Общо", "planned_bgn": "1000"}]
    found = clean("activity_spending", rows).findings
    assert [f.rule for f in found if f.level == "quarantined"] == ["findings.total_row"] * 2


def test_an_activity_whose_name_begins_so_is_none(clean):
    cleaned = clean("activity_spending", [{**LINE, "name": "Общо управление"}])
    assert len(cleaned.accepted) == 1
