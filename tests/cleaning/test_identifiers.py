"""Personal numbers: checks, the one safe repair, and what counts as a real person's number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.bg import egn, pnf

from analysis.cleaning.cell import tidy
from analysis.cleaning.identifiers import (
    Identifier,
    birth_date,
    is_egn,
    is_lnch,
    is_real,
    parse_identifier,
    sex,
)


def demo_egn(first_nine: str) -> str:
    return first_nine + str((int(egn.calc_check_digit(first_nine)) + 5) % 10)


def demo_lnch(first_nine: str) -> str:
    return first_nine + str((int(pnf.calc_check_digit(first_nine)) + 5) % 10)


EIGHTIES = demo_egn("800101000")
LOST_ZERO = demo_egn("054101101")[1:]
NINE = st.from_regex(r"\A[0-9]{9}\Z")


def rule(text: str, declared: str | None = None, offset: int = 5) -> str:
    return parse_identifier(text, declared, offset).rule


@settings(derandomize=True, deadline=None, max_examples=200)
@given(NINE)
def test_demonstration_numbers_are_never_real(nine: str) -> None:
    number = demo_egn(nine)
    assert not egn.is_valid(number)
    assert not is_real(number, None)
    assert not is_real(number, "egn")
    assert not is_real(demo_lnch(nine), "lnch")


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=14), st.from_regex(r"\A[0-9]{8,11}(\.0)?\Z")), st.sampled_from([None, "egn", "lnch"]))
def test_whatever_is_accepted_validates(text: str, declared: str | None) -> None:
    for offset in (0, 5):
        parsed = parse_identifier(tidy(text), declared, offset)
        if parsed.value is not None:
            check = is_egn if parsed.value.id_type == "egn" else is_lnch
            assert check(parsed.value.number, offset)
        else:
            assert parsed.rule


def test_forms_that_lose_nothing() -> None:
    expected = Identifier(EIGHTIES, "egn")
    for text in (EIGHTIES, f"{EIGHTIES}.0", f"'{EIGHTIES}", f"{EIGHTIES[:6]} {EIGHTIES[6:]}", f"{EIGHTIES},00"):
        assert parse_identifier(text, None, 5).value == expected
    exact = f"{EIGHTIES[0]}.{EIGHTIES[1:]}E+09"
    assert parse_identifier(exact, None, 5).value == expected


def test_lost_zero_is_put_back_only_when_the_check_agrees() -> None:
    parsed = parse_identifier(LOST_ZERO, "egn", 5)
    assert (parsed.rule, parsed.level) == ("lost_zero", "repaired")
    assert parsed.value == Identifier("0" + LOST_ZERO, "egn")
    wrong = LOST_ZERO[:-1] + str((int(LOST_ZERO[-1]) + 1) % 10)
    assert parse_identifier(wrong, "egn", 5) == (None, "number_length", "quarantined")


def test_nothing_else_is_guessed() -> None:
    assert rule("8.00101E+09") == "number_rounded"
    assert rule("8,0E+09") == "number_rounded"
    assert rule("80O1O1OOO8") == "letters_in_number"
    assert rule(f"{EIGHTIES} Иванов") == "not_a_number"
    assert rule(f"{EIGHTIES}*") == "not_a_number"
    assert rule(EIGHTIES[:8]) == "number_length"
    assert rule(EIGHTIES + "1") == "number_length"
    assert rule(EIGHTIES[:9] + str((int(EIGHTIES[9]) + 1) % 10), "egn") == "invalid_egn"
    assert rule("8013010003", "egn") == "invalid_egn"


def test_lnch_by_type_and_by_check() -> None:
    number = demo_lnch("700000001")
    assert not is_egn(number, 5)
    assert parse_identifier(number, "lnch", 5).value == Identifier(number, "lnch")
    assert parse_identifier(number, None, 5) == (Identifier(number, "lnch"), "lnch_among_egn", "noted")
    assert rule(number, "egn") == "invalid_egn"
    assert rule(number[:9] + str((int(number[9]) + 1) % 10), "lnch") == "invalid_lnch"


def test_what_is_real() -> None:
    real = EIGHTIES[:9] + egn.calc_check_digit(EIGHTIES[:9])
    assert is_real(real, None) and is_real(real, "egn") and is_real(f"{real}.0", "egn")
    assert is_real(("0" + LOST_ZERO)[1:9] + egn.calc_check_digit(("0" + LOST_ZERO)[:9]), "egn")
    assert not is_real(real, "other")
    real_lnch = next(nine + str(digit) for nine in ("700000001",) for digit in range(10) if is_lnch(nine + str(digit)))
    assert is_real(real_lnch, "lnch") and not is_real(real_lnch, None)


@pytest.mark.parametrize(("number", "year"), [("8001010000", 1980), ("1041010000", 2010), ("8021010000", 1880)])
def test_century_in_the_month(number: str, year: int) -> None:
    born = birth_date(number)
    assert born is not None and born.year == year


def test_sex_is_in_the_ninth_digit() -> None:
    assert sex("8001010020") == "male"
    assert sex("8001010010") == "female"
