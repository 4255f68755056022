"""What each display call puts into the notebook."""

from __future__ import annotations

import base64
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.report import display, style
from analysis.report.tables import MIME, Column, Table, body


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(
        "IPython.display.publish_display_data", lambda data, metadata: outputs.append((data, metadata["evaluation"]))
    )
    return outputs


def test_a_table_travels_as_structure_and_as_html(shown):
    table = Table("tbl-a", "Надпис", (Column("x", "left"),), (body("1"),), note="бележка")
    display.table(table)
    ((data, meta),) = shown
    assert Table.from_json(data[MIME]) == table
    assert data["text/html"].startswith("<table>")
    assert meta == {"kind": "table", "label": "tbl-a", "caption": "Надпис", "note": "бележка"}


def test_a_figure_travels_as_svg_and_png_with_its_numbers_and_is_closed(shown):
    figure, axes = style.new_figure("bg")
    axes.plot([1, 2])
    data = pd.DataFrame({"Година": [2016, 2017], "Дял": [0.5, None], "Име": ["а", "б"]})
    display.figure(figure, "fig-a", "Надпис", "Линията расте.", data, language="en")
    ((bundle, meta),) = shown
    assert bundle["image/svg+xml"].lstrip().startswith("<?xml")
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    behind = Table.from_json(bundle[display.DATA_MIME])
    assert [[cell.text for cell in row.cells] for row in behind.rows] == [["2016", "0.50", "а"], ["2017", "–", "б"]]
    assert meta["alt"] == "Линията расте."
    assert not plt.fignum_exists(figure.number)


@pytest.mark.parametrize(("label", "alt", "message"), [("fig-a", "  ", "alternative text"), ("a", "x", "label")])
def test_a_figure_without_words_or_label_is_refused(shown, label, alt, message):
    figure, _ = style.new_figure("en")
    with pytest.raises(ValueError, match=message):
        display.figure(figure, label, "c", alt)
    plt.close(figure)
    assert shown == []


def test_front_matter_comes_back_as_it_was(shown):
    funded = display.Financing("изявление", font="Arial")
    display.document("Т", "п", "bg", date(2024, 6, 30), facts=(("а", "б"),), authors=("в",), financing=funded)
    ((data, meta),) = shown
    front = display.Document.from_json(data[display.DOCUMENT_MIME])
    assert front == display.Document(
        "Т", "bg", "2024-06-30", "п", authors=("в",), facts=(("а", "б"),), financing=funded
    )
    assert meta == {"kind": "document"}


def test_a_document_needs_a_day(shown):
    with pytest.raises(ValueError, match="2024-06-30"):
        display.document("Т", date="юни 2024")


def test_text_is_markdown(shown):
    display.text("# Увод")
    assert shown[0][0]["text/markdown"] == "# Увод"
    assert shown[0][1] == {"kind": "text"}
