"""Answers as survey tools hand them out: codes of respondents, refusals, ticked options, repetitions."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning.chosen import chosen_parser
from analysis.cleaning.respondents import parse_code
from analysis.cleaning.source import Cleaned, clean_source
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.sources.reading import Reading
from analysis.study import Study, register_of

SOURCE = "survey_residents_start"
GIVEN = {"wave": "baseline", "group": "residents"}


@pytest.fixture
def clean_answers(study: Study):
    def run(*rows: dict[str, str | None]) -> Cleaned:
        captions = {
            field.name: field.header for field in register_of(study, SOURCE).for_source(study.sources[SOURCE]).fields
        }
        table = pd.DataFrame(
            [{**GIVEN, "file": "a.xlsx", "sheet": "", "row": n, **row} for n, row in enumerate(rows, 2)]
        )
        table = table.astype({name: "str" for name in table if name != "row"}).astype({"row": "Int64"})
        return clean_source(study, SOURCE, Reading(table, captions), Pseudonymiser(PUBLIC_KEY))

    return run


@pytest.mark.parametrize("written", ["У012", "у012", "У-012", " У 012 ", "Y012", "y-012", "У012.0"])
def test_one_code_however_it_is_written(written):
    assert parse_code(written) == parse_code("У012")


@given(st.text(alphabet="абвгАБВ0123456789-. ", max_size=12))
def test_two_codes_of_different_signs_stay_two(text):
    """Nothing but blanks, dashes, dots at the end and case is taken from a code."""
    code = parse_code(text).value or ""
    assert [sign for sign in code if sign.isalnum()] == [
        sign for sign in text.casefold().strip().rstrip(". ").removesuffix(".0") if sign.isalnum()
    ] or ".0" in text


def test_the_code_is_kept_as_a_pseudonym_and_the_same_in_every_wave(clean_answers):
    first, second = (clean_answers({"respondent": code}).accepted["respondent"].iloc[0] for code in ("У012", "y-012"))
    assert first == second and len(first) == 32 and "012" not in first


def test_a_form_without_a_code_is_set_aside_with_its_row(clean_answers):
    cleaned = clean_answers({"respondent": None, "age": "30"}, {"respondent": "У1", "age": "31"})
    assert cleaned.accepted["age"].tolist() == [31]
    assert [(f.rule, f.level, f.row) for f in cleaned.findings if f.level == "quarantined"] == [
        ("findings.missing_required", "quarantined", 2)
    ]


@pytest.mark.parametrize(
    ("cell", "rule"), [("99", "refused"), ("98", "unknown"), ("Отказвам да отговоря", "refused"), ("-9", "refused")]
)
def test_a_refusal_is_no_income(clean_answers, cell, rule):
    """99 leva would be a possible income: what the study declares to be no answer is read first."""
    cleaned = clean_answers({"respondent": "У1", "survey_income": cell})
    assert cleaned.accepted["survey_income"].isna().all() and len(cleaned.accepted) == 1
    assert [f.rule for f in cleaned.findings] == [f"findings.answer_{rule}"]


def test_an_age_of_98_is_an_age(clean_answers):
    """An item may say for itself what is no answer: of age, 98 and 99 are possible; the maximum decides."""
    assert clean_answers({"respondent": "У1", "age": "-9"}).accepted["age"].isna().all()
    assert clean_answers({"respondent": "У1", "age": "95"}).accepted["age"].tolist() == [95]


def test_an_unreadable_answer_costs_the_answer_and_not_the_form(clean_answers):
    cleaned = clean_answers({"respondent": "У1", "survey_income": "около 500", "age": "40"})
    assert cleaned.accepted["age"].tolist() == [40] and cleaned.accepted["survey_income"].isna().all()
    assert [(f.level, f.found) for f in cleaned.findings] == [("noted", "около 500")]


def test_two_forms_of_one_code_that_differ_are_both_set_aside_and_equal_ones_count_once(clean_answers):
    differing = clean_answers({"respondent": "У1", "age": "40"}, {"respondent": "у-1", "age": "41"})
    assert differing.accepted.empty and {f.rule for f in differing.findings} >= {"findings.conflicting_key"}
    equal = clean_answers({"respondent": "У1", "age": "40"}, {"respondent": "У1", "age": "40"})
    assert len(equal.accepted) == 1 and equal.findings[0].rule == "findings.duplicate"


FAIR, SPORT = "Празник на квартала, с музика и храна", "Спортен турнир"


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        (FAIR, True),
        (f"{FAIR}, {SPORT}", True),
        (f"{SPORT}, {FAIR}", True),
        (f"{SPORT};{FAIR.upper()}", True),
        (SPORT, False),
        ("с музика и храна", False),
        (f"{FAIR} и още нещо", False),
        ("1", True),
        ("0", False),
    ],
)
def test_an_option_is_ticked_when_it_stands_whole_between_separators(cell, chosen):
    assert chosen_parser({"true": [FAIR]})(cell).value is chosen
