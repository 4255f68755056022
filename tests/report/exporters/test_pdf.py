"""The PDF's text, tags, language, alternative texts and pages."""

from __future__ import annotations

import io

import pikepdf
import pypdf
import pytest

from analysis.report import display
from analysis.report.exporters.pdf import EvaluationPDFExporter


@pytest.fixture(scope="module")
def content(notebook):
    return EvaluationPDFExporter().from_notebook_node(notebook)[0]


@pytest.fixture(scope="module")
def pages(content):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.fixture(scope="module")
def elements(content):
    """Every structure element of the PDF as (tag, element)."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), node))
            if "/K" in node:
                walk(node.K)

    document = pikepdf.open(io.BytesIO(content))
    walk(document.Root.StructTreeRoot)
    return found, document


def test_two_exports_are_the_same_bytes(notebook, content):
    assert EvaluationPDFExporter().from_notebook_node(notebook)[0] == content


def test_every_page_has_the_banner_and_its_number(pages, language):
    banner = "ДЕМОНСТРАЦИОННИ СИНТЕТИЧНИ ДАННИ" if language == "bg" else "SYNTHETIC DATA"
    assert all(banner in words for words in pages)
    word = "стр. {} от {}" if language == "bg" else "page {} of {}"
    for number, words in enumerate(pages[1:], start=2):
        assert word.format(number, len(pages)) in words


def test_contents_list_the_chapters_with_page_numbers(pages, language):
    lines = pages[1].splitlines()
    first = "Увод" if language == "bg" else "Introduction"
    assert any(first in line and line.rstrip().endswith("3") for line in lines)


def test_cyrillic_prose_and_numbers_are_text(pages, language):
    words = " ".join(" ".join(pages).split())
    assert ("процентни пункта" if language == "bg" else "percentage points") in words
    assert ("−2,8" if language == "bg" else "−2.8") in words
    assert "data-result" not in words
    assert "secret_code" not in words


def test_hostile_strings_are_text(pages, hostile_cells):
    words = "".join("".join(pages).split())
    for cell in hostile_cells:
        assert "".join(cell.split()) in words, cell


def test_language_title_and_standards(elements, language):
    document = elements[1]
    assert str(document.Root.Lang) == ("bg-BG" if language == "bg" else "en-GB")
    assert bool(document.Root.MarkInfo.Marked)
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["pdfaid:part"] == "2"
        assert metadata["dc:title"] in ("Оценка на въздействието", "Impact evaluation")


def test_every_figure_and_formula_has_words(elements):
    tags = [(tag, str(node.get("/Alt", ""))) for tag, node in elements[0] if tag in ("/Figure", "/Formula")]
    assert ("/Figure", "Двете линии се разделят след 2017 г.") in tags
    assert all(words for _, words in tags)


def test_tables_are_tagged_with_headers_and_captions(elements, language):
    tags = [tag for tag, _ in elements[0]]
    assert tags.count("/Table") == (6 if language == "bg" else 5)
    assert tags.count("/Caption") >= 6
    assert tags.count("/TH") > 5
    assert "/Note" in tags
    assert "/H1" in tags


def test_long_tables_repeat_their_head_and_lose_no_row(pages):
    words = " ".join(" ".join(pages).split())
    for row in (*range(2, 40), *range(41, 81)):
        assert f"Ред {row} " in words
    holding = [page for page in pages if "Ред 45 " in page or "Ред 79 " in page]
    assert len(holding) == 2
    assert all("Брой" in page for page in holding)


def test_wide_tables_turn_the_page_and_keep_every_column(content):
    turned = [p for p in pypdf.PdfReader(io.BytesIO(content)).pages if p.mediabox.width > p.mediabox.height]
    assert len(turned) == 1
    words = turned[0].extract_text()
    assert all(f"{year}/{(year + 1) % 100}" in words for year in range(2012, 2023))


def test_fonts_are_embedded_and_ours(content):
    names = {
        str(font["/BaseFont"]).split("+")[-1]
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for font in (reference.get_object() for reference in page["/Resources"]["/Font"].values())
    }
    assert any(name.startswith("SofiaSans") for name in names)
    assert any(name.startswith("SourceSerif4") for name in names)


def test_the_financing_block_is_drawn_when_declared(publish):
    def show() -> None:
        funded = display.Financing("Документът е създаден с финансовата подкрепа на програмата.", "Европейски съюз")
        display.document("Т", language="bg", date="2024-01-31", financing=funded)
        display.text("# Глава\n\nТекст.")

    content = EvaluationPDFExporter().from_notebook_node(publish(show))[0]
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert "финансовата подкрепа" in reader.pages[0].extract_text()
    assert "ДЕМОНСТРАЦИОННИ" not in reader.pages[0].extract_text()
