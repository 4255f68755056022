"""Whatever table comes: `new` does not fail, its YAML parses and its study loads."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from analysis.adapting.files import survey
from analysis.adapting.page import key, quoted
from analysis.adapting.proposal import propose
from analysis.files import Workspace
from analysis.study import load_study

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "да", "не", "ЕГН", "Име", "Клас", "2021", "1,5", "15.03.2022", "м", "ж", "-", "a: b #", "*"]),
    st.integers(-(10**10), 10**10).map(str),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=25)
NAMES = st.sampled_from(["a.csv", "данни 2021.csv", "x[1].csv", "Ж-я.txt", "2020/t.csv", "p'q\".csv", "true.csv"])


def check(root: Path, language: str) -> None:
    proposal = propose("any", survey(Workspace("any", root)), language)
    folder = root / "studies" / "any"
    folder.mkdir(parents=True)
    for file, content in proposal.texts.items():
        (folder / file).write_text(content, encoding="utf-8")
    study = load_study("any", root)
    assert set(study.sources) == {source.name for source in proposal.sources}


def text_tables(files, language: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        for name, table, separator in files:
            path = Path(place) / "data/raw/any" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(separator.join(row) for row in table)
            path.write_bytes(text.encode("utf-8", errors="replace"))
        check(Path(place), language)


def workbook(table, title: str) -> None:
    book = openpyxl.Workbook()
    book.active.title = "".join(letter for letter in title if letter.isalnum())[:30] or "x"
    for row in table:
        book.active.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    stream = io.BytesIO()
    try:
        book.save(stream)
    except (UnicodeEncodeError, ValueError):  # signs that no workbook can hold
        return
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "data/raw/any/t.xlsx"
        path.parent.mkdir(parents=True)
        path.write_bytes(stream.getvalue())
        check(Path(place), "bg")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_read_back_as_it_is(text):
    import yaml

    assert yaml.safe_load(f"{key(text)}: {quoted(text)}") == {text: text}


TEXTS = given(
    st.lists(st.tuples(NAMES, TABLES, st.sampled_from(";,\t|")), min_size=1, max_size=3), st.sampled_from(["bg", "en"])
)
BOOKS = given(TABLES, st.text(min_size=1, max_size=20))
SLOW_MACHINE = [HealthCheck.too_slow]


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW_MACHINE)
@TEXTS
def test_any_text_table_gives_a_study_that_loads(files, language):
    text_tables(files, language)


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW_MACHINE)
@BOOKS
def test_any_workbook_gives_a_study_that_loads(table, title):
    workbook(table, title)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=SLOW_MACHINE)
@TEXTS
def test_any_of_many_text_tables_gives_a_study_that_loads(files, language):
    text_tables(files, language)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW_MACHINE)
@BOOKS
def test_any_of_many_workbooks_gives_a_study_that_loads(table, title):
    workbook(table, title)
