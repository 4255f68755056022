"""Tables hold together: text and number agree, parts fit, JSON and HTML lose nothing."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.tables import (
    Cell,
    Column,
    Spanner,
    Table,
    body,
    group,
    number_cell,
    plain,
    printed_decimals,
    total,
)

COLUMNS = (Column("Име", "left"), Column("A"), Column("B"))


def table_of(*rows, **more) -> Table:
    return Table("tbl-x", "Надпис", COLUMNS, rows, **more)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    value=st.floats(-1e7, 1e7),
    language=st.sampled_from(["bg", "en"]),
    unit=st.sampled_from(["number", "percent", "points", "count"]),
    digits=st.integers(0, 3),
    sign=st.booleans(),
)
def test_a_number_cell_always_agrees_with_its_own_text(value, language, unit, digits, sign):
    cell = number_cell(value, language, unit, digits, sign)
    assert printed_decimals(cell) == (0 if unit == "count" else digits)
    table_of(body("a", cell, "x"))


@pytest.mark.parametrize(
    ("text", "number"), [("−2,8", -0.028), ("2,8\u00a0%", 2.8), ("1,234", 1.3), ("12\u00a0345", 12.345), ("5", 6)]
)
def test_a_number_other_than_the_printed_one_is_refused(text, number):
    with pytest.raises(ValueError, match="tbl-x: the cell prints"):
        table_of(body("a", Cell(text, number), "x"))


def test_grouping_and_decimal_commas_are_told_apart_by_the_number():
    assert printed_decimals(Cell("1,234", 1234)) == 0
    assert printed_decimals(Cell("1,234", 1.234)) == 3
    assert printed_decimals(Cell("1,234,567.5", 1234567.5)) == 1


def test_small_p_values_print_as_a_bound_and_keep_their_number():
    assert number_cell(0.00004, "bg", "p") == Cell("<\u00a00,001", 0.00004)
    assert number_cell(float("nan"), "bg") == Cell("–")
    assert number_cell(None, "en") == Cell("–")


def test_rows_of_the_wrong_width_and_bad_labels_are_refused():
    with pytest.raises(ValueError, match="row 2: 2 cells instead of 3"):
        table_of(body("a", "b", "c"), body("a", "b"))
    with pytest.raises(ValueError, match="label"):
        Table("table 1", "", COLUMNS, ())


@pytest.mark.parametrize("spanners", [(Spanner("a", 0, 1), Spanner("b", 1, 2)), (Spanner("a", 1, 3),)])
def test_spanners_that_overlap_or_leave_the_table_are_refused(spanners):
    with pytest.raises(ValueError, match="spanners"):
        table_of(spanners=spanners)


def test_json_brings_the_same_table_back():
    table = table_of(
        group("Г"),
        body("a", number_cell(1.5, "bg"), "x"),
        total("T", "1", "2"),
        note="n",
        spanners=(Spanner("s", 1, 2),),
    )
    assert Table.from_json(json.loads(json.dumps(table.to_json()))) == table
    assert Table.from_json(json.dumps(table.to_json())) == table


def test_html_has_scopes_groups_and_escaped_text():
    table = table_of(group("Група"), body("<b>", "1 & 2", "x"), spanners=(Spanner("над", 1, 2),), note="[3]{.number}")
    page = BeautifulSoup(table.to_html(), "html.parser")
    assert [cell["scope"] for cell in page.find_all("th")] == ["colgroup", *["col"] * 3, "rowgroup", "row"]
    assert page.find("th", scope="colgroup")["colspan"] == "2"
    assert [cell.text for cell in page.tbody.find_all(["th", "td"])] == ["Група", "<b>", "1 & 2", "x"]
    assert page.p.text == "3"


def test_plain_takes_spans_and_emphasis_off():
    assert plain('Спад с **[−2,8]{.number data-result="a/b"}** пункта') == "Спад с −2,8 пункта"
