"""Tables in Typst: text is never markup, every layout fits its page."""

from __future__ import annotations

import io
import random

import pypdf
import pytest

from analysis.report import display
from analysis.report.exporters.notebook import read_notebook
from analysis.report.exporters.pdf import pdf_bytes
from analysis.report.exporters.typst_table import LANDSCAPE, LAYOUTS, PORTRAIT, Layout, layout_of, literal
from analysis.report.tables import Column, Table, body

SIGNS = "#$*_`~<>@=-+/\\[](){}\"'.,;:!?%&|^1a\u044f "


def grid(columns: int, word: str, rows: int = 2) -> Table:
    line = body(*[word] * columns)
    return Table("tbl-x", "Надпис", tuple(Column("Кол", "left") for _ in range(columns)), (line,) * rows)


def test_strings_that_typst_could_read_as_markup_come_out_as_they_went_in(publish):
    draw = random.Random(7)
    words = ["x" + "".join(draw.choices(SIGNS, k=draw.randint(1, 12))) + "z" for _ in range(300)]
    table = Table("tbl-x", "Низове", (Column("", "left"),), tuple(body(word) for word in words))

    def show() -> None:
        display.document("Т", language="bg", date="2024-01-31")
        display.table(table)
        for word in words[:60]:
            display.text("Дума: " + "".join("\\" + sign if sign in SIGNS[:34] else sign for sign in word))

    pages = pypdf.PdfReader(io.BytesIO(pdf_bytes(read_notebook(publish(show))))).pages
    shown = "".join("".join(page.extract_text() for page in pages).split())
    missing = [word for word in words if "".join(word.split()) not in shown]
    assert missing == []


@pytest.mark.parametrize(
    ("columns", "word", "expected"),
    [(4, "12,5", LAYOUTS[0]), (13, "1234,5", LAYOUTS[1]), (13, "1234,56", LAYOUTS[2]), (30, "12345", LAYOUTS[-1])],
)
def test_the_layout_is_the_first_in_which_no_word_is_cut(columns, word, expected):
    assert layout_of(grid(columns, word)) == expected


@pytest.mark.parametrize(("columns", "word"), [(4, "12,5"), (11, "1234,5"), (13, "1234,56"), (16, "12 345,67")])
def test_no_cell_leaves_the_page(publish, columns, word):
    table = grid(columns, word)

    def show() -> None:
        display.document("Т", language="bg", date="2024-01-31")
        display.table(table)

    page = pypdf.PdfReader(io.BytesIO(pdf_bytes(read_notebook(publish(show))))).pages[-1]
    edges = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: edges.append(cm[4] + tm[4]) if text.strip() else None
    )
    assert min(edges) > 0
    assert max(edges) < float(page.mediabox.width) - 60
    assert (page.mediabox.width > page.mediabox.height) == layout_of(table).landscape


def test_literals_escape_what_ends_a_string():
    assert literal('a"b\\c\n') == '"a\\"b\\\\c\\n"'
    assert literal("a\u0007b\u00a0c") == '"ab\u00a0c"'


def test_landscape_is_wider():
    assert LANDSCAPE > PORTRAIT
    assert Layout(8.8) == LAYOUTS[0]
