"""Only marked outputs enter the report, and a notebook that cannot become one is refused with the reason."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from analysis.report import display
from analysis.report.exporters.notebook import NotReportable, read_notebook
from analysis.report.exporters.pandoc import run_pandoc
from analysis.report.tables import Column, Table, body

SMALL = Table("tbl-a", "A", (Column("x", "left"),), (body("1"),))


def show(*texts: str, tables: tuple[Table, ...] = ()) -> None:
    display.document("T", language="en", date="2024-01-31")
    for words in texts:
        display.text(words)
    for table in tables:
        display.table(table)


def in_html(notebook: Any) -> str:
    return run_pandoc(read_notebook(notebook), "html5", {}).decode()


def test_code_markdown_cells_and_prints_stay_out(notebook):
    report = read_notebook(notebook)
    assert "secret_code" not in report.markdown
    assert "stray print" not in report.markdown
    assert "How to use" not in report.markdown
    assert list(report.exhibits) == ["tbl-main", "fig-trend", "tbl-wide", "tbl-long", "tbl-hostile", "tbl-prose"]


def test_a_failed_cell_is_no_report(publish):
    notebook = publish(show, "text")
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="'x'", traceback=[])
    notebook.cells.append(nbformat.v4.new_code_cell("boom", outputs=[error]))
    with pytest.raises(NotReportable, match=r"cell 3 .* KeyError"):
        read_notebook(notebook)


def test_a_notebook_without_front_matter_is_no_report():
    with pytest.raises(NotReportable, match="front matter"):
        read_notebook(nbformat.v4.new_notebook())


def test_one_label_twice_is_refused(publish):
    with pytest.raises(NotReportable, match="tbl-a"):
        read_notebook(publish(lambda: show(tables=(SMALL, SMALL))))


def test_footnotes_of_two_texts_with_one_name_stay_apart(publish):
    html = in_html(publish(show, "a[^1]\n\n[^1]: first", "b[^1]\n\n[^1]: second"))
    assert "first" in html
    assert "second" in html


def test_a_broken_reference_is_refused_but_an_ordinary_at_sign_is_text(publish):
    with pytest.raises(NotReportable, match="@tbl-nowhere"):
        in_html(publish(show, "see @tbl-nowhere"))
    assert "@nobody" in in_html(publish(show, "write to @nobody"))


@pytest.mark.parametrize(
    ("words", "reason"), [("![x](https://example.org/a.png)", "display.figure"), (r"$\frobnicate{x$", "math")]
)
def test_what_no_format_could_show_is_refused(publish, words, reason):
    with pytest.raises(NotReportable, match=reason):
        in_html(publish(show, words))


def test_a_caption_that_is_not_one_paragraph_is_refused(publish):
    table = Table("tbl-a", "one\n\ntwo", SMALL.columns, SMALL.rows)
    notebook = publish(lambda: show(tables=(table,)))
    exhibits = {"tbl-a": {"before": "", "after": "", "end": "", "caption": table.caption, "note": "", "source": ""}}
    with pytest.raises(NotReportable, match="not one paragraph"):
        run_pandoc(read_notebook(notebook), "html5", exhibits)


@pytest.mark.parametrize("language, quoted", [("bg", "„дума“"), ("en", "“дума”")])
def test_straight_quotes_become_the_languages_own(publish, language, quoted):
    def speak() -> None:
        display.document("T", language=language, date="2024-01-31")
        display.text('"дума"')

    assert quoted in in_html(publish(speak))
