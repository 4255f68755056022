"""How the report's tables look in Word: rules, repeated heads, sizes that fit the page."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.table import Table as WordTable
from docx.table import _Row as WordRow

# The format fixes the order of a table's properties; Word calls a file broken that does not keep it.
AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
AFTER_WIDTH = ("w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders", *AFTER_BORDERS)
TEXT_WIDTH = 9185  # twips between the margins
FEWEST, LONGEST_WORD, MOST = 3, 18, 60  # characters that count for a column's width
CHARACTER, PADDING = 112, 230  # twips: a character of the usual size, with air; what a cell keeps free at its sides
STRONG, FINE = {"sz": "8", "color": "1C2430"}, {"sz": "4", "color": "D3D9E1"}


def element(tag: str, **attributes: str) -> Any:
    """``element("shd", fill="...")``: an element of the w: namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def dress_tables(document: WordDocument) -> None:
    """Every table of the document: full text width, rules above and below, rows that do not break."""
    for table in document.tables:
        _fit(table)
        _rule(table._tbl.tblPr, {"top": STRONG, "bottom": STRONG, "insideH": FINE})
        size = Pt(8.8 if len(table.columns) < 8 else 7.6 if len(table.columns) < 11 else 6.8)
        for row in table.rows:
            _dress_row(row, size)


def _fit(table: WordTable) -> None:
    table.autofit = True
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    properties.insert_element_before(element("tblW", type="pct", w="5000"), *AFTER_WIDTH)
    widths = _column_widths(table)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table._tbl.tr_lst:
        position = 0
        for cell in row.tc_lst:
            cell.width = Twips(sum(widths[position : position + cell.grid_span]))
            position += cell.grid_span


def _column_widths(table: WordTable) -> list[int]:
    """Twips a column: room for its longest word, and what is left shared by how long its lines are."""
    words, lines = [FEWEST] * len(table.columns), [FEWEST] * len(table.columns)
    for row in table._tbl.tr_lst:
        position = 0
        for cell in row.tc_lst:
            if cell.grid_span == 1:
                word, line = _longest(cell)
                words[position] = max(words[position], min(word, LONGEST_WORD))
                lines[position] = max(lines[position], min(line, MOST))
            position += cell.grid_span
    needed = [CHARACTER * word + PADDING for word in words]
    wanted = [1 + max(line - word, 0) for word, line in zip(words, lines, strict=True)]
    spare = max(TEXT_WIDTH - sum(needed), 0)
    widths = [need + spare * want / sum(wanted) for need, want in zip(needed, wanted, strict=True)]
    return [int(TEXT_WIDTH * width / sum(widths)) for width in widths]


def _longest(cell: Any) -> tuple[int, int]:
    """Characters of the longest word and the longest line that are read; blanks between the file's elements are not."""
    marks = cell.iter(qn("w:t"), qn("w:br"))
    text = "".join("\n" if mark.tag == qn("w:br") else mark.text or "" for mark in marks)
    lines = text.split("\n")
    return max(len(word) for line in lines for word in line.split(" ")), max(map(len, lines))


def _dress_row(row: WordRow, size: Pt) -> None:
    properties = row._tr.get_or_add_trPr()
    is_head = properties.find(qn("w:tblHeader")) is not None
    properties.insert(0, element("cantSplit"))
    is_group = not is_head and len(row._tr.tc_lst) == 1
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            if is_head and cell.grid_span > 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
            paragraph.paragraph_format.keep_with_next = is_head or is_group
            for run in paragraph.runs:
                run.font.size = size
                run.font.bold = True if is_head else run.font.bold


def _rule(properties: Any, sides: dict[str, dict[str, str]]) -> None:
    borders = element("tblBorders")
    for side, look in sides.items():
        borders.append(element(side, val="single", space="0", **look))
    properties.insert_element_before(borders, *AFTER_BORDERS)
