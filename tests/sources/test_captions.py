"""Captions are found whatever was done to them, and never by guessing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources.captions import fold, match_captions, missing_columns
from analysis.sources.tables import Refused
from analysis.study import RegisterField

NAME = RegisterField(name="name", kind="text", header="Име на институция", required=True)
DATE = RegisterField(name="entry", kind="date", header="Дата (година, месец, ден)", parts=3)
MAIL = RegisterField(name="mail", kind="text", header="e-mail")


def columns(*captions: str) -> list[tuple[str, ...]]:
    return [(caption,) for caption in captions]


@pytest.mark.parametrize(
    "written",
    ["ИМЕ НА ИНСТИТУЦИЯ", " Име  на\nинституция ", "Имe нa институция", "„Име на институция“", "Име на институция:"],
)
def test_blanks_case_quotes_and_look_alikes_do_not_matter(written):
    assert match_captions(columns("Друго", written), [NAME]).columns == {"name": [1]}


def test_a_latin_caption_meets_its_cyrillic_look_alike():
    assert fold("E-mail") == fold("е-mаil")


def test_a_longer_caption_is_another_caption():
    match = match_captions(columns("Име на институцията"), [NAME])
    assert match.columns == {}
    assert missing_columns(match) == ("„Име на институция“", "„Име на институцията“")


@pytest.mark.parametrize(
    "captions",
    [["x", DATE.header, "", ""], ["x", DATE.header, DATE.header, DATE.header], ["x", *[DATE.header] * 3, "y"]],
)
def test_a_date_in_three_columns(captions):
    assert match_captions(columns(*captions), [DATE]).columns == {"entry": [1, 2, 3]}


def test_repeated_captions_are_refused_with_their_letters():
    with pytest.raises(Refused) as refused:
        match_captions(columns("e-mail", "x", "E-mail"), [MAIL])
    assert refused.value.params == {"caption": "e-mail", "letters": "A, C"}
    with pytest.raises(Refused):
        match_captions(columns(DATE.header, "x", DATE.header, DATE.header), [DATE])


def test_columns_without_a_field_are_listed():
    match = match_captions(columns("Бележки", "e-mail", ""), [MAIL])
    assert match.unknown == ["Бележки"]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
