from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts import day, money, number, p_value, percent, school_year


@pytest.mark.parametrize(
    ("value", "digits", "bulgarian", "english"),
    [
        (0, 0, "0", "0"),
        (1234, 0, "1234", "1,234"),
        (12345.5, 1, "12\u00a0345,5", "12,345.5"),
        (1589860.38, 2, "1\u00a0589\u00a0860,38", "1,589,860.38"),
        (-2.75, 1, "\u22122,8", "\u22122.8"),
        (-0.04, 1, "0,0", "0.0"),
        (float("nan"), 1, "–", "–"),
        (None, 0, "–", "–"),
    ],
)
def test_numbers_as_each_language_writes_them(value, digits, bulgarian, english):
    assert number(value, "bg", digits) == bulgarian
    assert number(value, "en", digits) == english


def test_sign_is_shown_on_request_but_never_on_a_rounded_zero():
    assert number(2.1, "en", 1, sign=True) == "+2.1"
    assert number(0.04, "en", 1, sign=True) == "0.0"


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_a_printed_number_reads_back_as_the_rounded_value(value, digits):
    for language, marks in (("bg", {"\u00a0": "", ",": "."}), ("en", {",": ""})):
        shown = number(value, language, digits).replace("\u2212", "-")
        for mark, meaning in marks.items():
            shown = shown.replace(mark, meaning)
        assert float(shown) == pytest.approx(round(value, digits), abs=0.51 * 10**-digits)


def test_money_dates_and_shares():
    assert money(1589860.38, "bg") == "1\u00a0589\u00a0860,38\u00a0лв. (812\u00a0882,70\u00a0евро)"
    assert money(1589860.38, "en") == "BGN\u00a01,589,860.38 (EUR\u00a0812,882.70)"
    assert day(date(2021, 10, 1), "bg") == "01.10.2021\u00a0г."
    assert day(date(2021, 10, 1), "en") == "1 October 2021"
    assert percent(0.1234, "bg") == "12,3\u00a0%"
    assert percent(0.1234, "en") == "12.3%"
    assert school_year(1999) == "1999/00"
    assert p_value(0.0004, "bg") == "<\u00a00,001"
    assert p_value(0.05, "en") == "0.050"
