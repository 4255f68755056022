"""The Word document: native tables, pictures with words, language, contents, and an order of elements Word accepts."""

from __future__ import annotations

import io
import tempfile
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from analysis.report import display
from analysis.report.exporters.docx import EvaluationDOCXExporter
from analysis.report.exporters.html import EvaluationHTMLExporter
from analysis.report.exporters.word import AFTER_SHADE
from analysis.report.exporters.word_tables import AFTER_WIDTH


@pytest.fixture(scope="module")
def content(notebook):
    return EvaluationDOCXExporter().from_notebook_node(notebook)[0]


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def table_of(document, words):
    return next(table for table in document.tables if words in table.cell(0, 0).text or words in table.cell(1, 0).text)


def test_two_exports_are_the_same_bytes(notebook, content):
    assert EvaluationDOCXExporter().from_notebook_node(notebook)[0] == content


def test_pictures_have_alternative_texts(document):
    pictures = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert [picture.get("descr") for picture in pictures] == ["Двете линии се разделят след 2017 г."]
    assert len(document.inline_shapes) == 1


def test_head_rows_repeat_and_rows_do_not_break(document):
    table = table_of(document, "Показател")
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, *[False] * 6]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_group_and_total_rows_are_bold_and_others_are_not(document):
    rows = table_of(document, "Показател").rows
    bold = {row.cells[0].text: all(run.bold for run in row.cells[0].paragraphs[0].runs) for row in rows[2:]}
    assert bold["Образование"]
    assert bold["Общо"]
    assert not bold["Отсъствия, часове"]


def test_hostile_strings_are_text(document, hostile_cells):
    table = table_of(document, "#set")
    assert [row.cells[1].text for row in table.rows[1:]] == list(hostile_cells)


def test_captions_footnotes_and_references(document, content, language):
    words = [paragraph.text for paragraph in document.paragraphs]
    prefix = "Таблица\u00a01." if language == "bg" else "Table\u00a01."
    assert any(line.startswith(prefix) for line in words)
    names = {mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    anchors = {link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))} - {None}
    assert anchors
    assert anchors <= names
    notes = zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml").decode()
    assert ("Втора бележка" if language == "bg" else "Second note") in notes


def test_contents_are_filled_and_ask_nothing_at_opening(content, language):
    archive = zipfile.ZipFile(io.BytesIO(content))
    body = archive.read("word/document.xml").decode()
    assert r'TOC \o "1-2"' in body
    assert f">{'1.1  Метод' if language == 'bg' else '1.1  Method'}<" in body
    assert "dirty" not in body
    assert "updateFields" not in archive.read("word/settings.xml").decode()


def test_language_banner_and_page_numbers(document, language):
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:val")) == ("bg-BG" if language == "bg" else "en-GB")
    section = document.sections[0]
    assert section.header.paragraphs[0].text.startswith("ДЕМО" if language == "bg" else "SYNTH")
    codes = [code.text.strip() for code in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_formulas_are_native(document):
    assert document.element.body.findall(f".//{qn('m:oMath')}")


def test_properties_stand_in_the_order_the_format_demands(document):
    for following, tag, parents in (
        (AFTER_WIDTH, "w:tblW", document.element.body.iter(qn("w:tblPr"))),
        (AFTER_SHADE, "w:shd", document.element.body.iter(qn("w:pPr"))),
    ):
        for parent in parents:
            order = [child.tag for child in parent]
            if qn(tag) in order:
                after = order[order.index(qn(tag)) + 1 :]
                allowed = [qn(name) for name in following]
                assert after == sorted(after, key=allowed.index)


def test_stamps_come_from_the_document_not_the_clock(document, content):
    assert document.core_properties.created.date().isoformat() == "2024-06-30"
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_path_of_this_machine_is_in_the_document(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert not any(tempfile.gettempdir().encode() in archive.read(name) for name in archive.namelist())


def test_a_funded_report_carries_statement_and_emblem_in_word_and_html(publish):
    def show() -> None:
        funded = display.Financing("Изявление за подкрепата.", "Европейски съюз", font="Arial")
        display.document("Т", language="bg", date="2024-01-31", financing=funded)
        display.text("# Глава")

    notebook = publish(show)
    document = docx.Document(io.BytesIO(EvaluationDOCXExporter().from_notebook_node(notebook)[0]))
    assert "Изявление за подкрепата." in [paragraph.text.strip() for paragraph in document.paragraphs]
    (picture,) = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert picture.get("descr") == "Знаме на Европейския съюз"
    page = EvaluationHTMLExporter().from_notebook_node(notebook)[0]
    assert "Изявление за подкрепата." in page
    assert page.count("<polygon") == 12
    assert "font-family:&#39;Arial&#39;" in page or "font-family:'Arial'" in page
