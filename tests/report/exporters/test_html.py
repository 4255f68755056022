"""The HTML report stands alone, is accessible and reads hostile strings as text."""

from __future__ import annotations

import itertools
import re

import pytest
from bs4 import BeautifulSoup

from analysis.report.exporters.html import EvaluationHTMLExporter


@pytest.fixture(scope="module")
def source(notebook):
    return EvaluationHTMLExporter().from_notebook_node(notebook)[0]


@pytest.fixture(scope="module")
def page(source):
    return BeautifulSoup(source, "html.parser")


def test_two_exports_are_the_same_text(notebook, source):
    assert EvaluationHTMLExporter().from_notebook_node(notebook)[0] == source


def test_nothing_is_loaded_from_anywhere(page, source):
    outward = [
        (tag.name, name, value)
        for tag in page.find_all(True)
        for name, value in tag.attrs.items()
        if re.match(r"(https?:)?//", str(value)) and not (tag.name == "a" and name == "href")
    ]
    assert [entry for entry in outward if not entry[1].startswith("xmlns")] == []
    assert not page.find_all(["script", "link", "iframe", "img", "object"])
    assert not re.findall(r"url\((?!data:|#)|@import", source)
    assert "default-src 'none'" in page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert source.count("font/woff2") == 2


def test_language_landmarks_and_headings(page, language):
    assert page.html["lang"] == language
    assert page.main
    assert page.nav.find_all("a")
    assert page.find("a", class_="skip")["href"] == "#main"
    assert len(page.find_all("h1")) == 1
    levels = [int(heading.name[1]) for heading in page.main.find_all(re.compile("^h[1-6]$"))]
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_ids_are_unique_and_internal_links_arrive(page):
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for link in page.find_all("a", href=re.compile("^#")):
        assert link["href"][1:] in ids
    for tag in page.find_all(attrs={"aria-labelledby": True}):
        assert tag["aria-labelledby"] in ids


def test_figures_are_inline_and_named(page):
    (figure,) = page.find_all("figure", class_="figure")
    assert figure.svg.title.text == "Двете линии се разделят след 2017 г."
    assert figure.svg["role"] == "img"
    assert not figure.svg.find("metadata")
    assert "Проектни училища" in figure.svg.text
    assert figure.details.find("td", string=re.compile("1[,.]25"))
    assert not figure.find("style"), "a style of the figure would reach the whole page"


def test_tables_have_captions_scopes_and_scroll(page, language):
    table = page.find(id="tbl-main").table
    number = "Таблица\u00a01." if language == "bg" else "Table\u00a01."
    assert table.caption.text.split() == f"{number} 1. Основни оценки: ефекти и интервали".split()
    assert all(cell.get("scope") for cell in table.find_all("th"))
    assert [cell["scope"] for cell in table.tbody.tr.find_all("th")] == ["rowgroup"]
    for one in page.main.find_all("table"):
        assert one.find_parent(class_="scroll")["tabindex"] == "0"


def test_numbers_keep_their_result(page):
    spans = page.find_all("span", attrs={"data-result": "education/dropout_a/at_risk/school_did/effect"})
    assert [span.text in ("−2,8", "−2.8") for span in spans] == [True]
    assert page.find("span", attrs={"data-result": "a/b"}).text == "−2,8"


def test_references_carry_numbers_and_words_of_the_language(page, language):
    words = [link.text for link in page.main.find_all("a", href="#tbl-main")]
    assert words == (["таблица\u00a01"] if language == "bg" else ["Table\u00a01"])
    assert page.main.find("a", href="#fig-trend").text == ("Фигура\u00a01" if language == "bg" else "1")
    assert page.main.find("a", href="#sec-method").text.endswith("\u00a01.1")


def test_hostile_strings_are_text(page, hostile_cells):
    cells = [cell.text for cell in page.find(id="tbl-hostile").find_all("td")]
    assert cells == list(hostile_cells)
    assert "<script>alert(1)</script>" in page.main.text


def test_formulas_are_mathml_and_banner_is_shown(page, language):
    assert page.find("math")
    assert page.find("aside", class_="banner").text.startswith("ДЕМОНСТРАЦИОННИ" if language == "bg" else "SYNTHETIC")
    assert not page.find(class_="financing")
