"""The workbook of findings for the project team: what was wrong, where, and what to do, in one language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.cleaning.corrections_sheet import COLUMNS as CORRECTION_COLUMNS
from analysis.cleaning.corrections_sheet import raw_file
from analysis.cleaning.masking import is_verbatim
from analysis.cleaning.quality import cells_of
from analysis.cleaning.same_bytes import workbook_bytes
from analysis.files import Workspace, sha256
from analysis.study import Study, load_register
from analysis.texts import has_text, text

WIDTHS = {
    "source": 30, "file": 38, "sheet": 14, "row": 8, "column": 26, "found": 26, "what": 60, "todo": 60, "level": 20,
    "count": 9, "rows_read": 12, "accepted": 12, "quarantined": 12, "old_value": 24, "new_value": 24, "file_sha256": 20,
    "note": 30,
}  # fmt: skip
MOST_SHOWN = 500
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LEVELS = ["refused", "quarantined", "repaired", "noted"]
HEAD = PatternFill("solid", fgColor="DDE6EE")
Row = Sequence[object]


def findings_workbook(
    study: Study, workspace: Workspace, findings: pd.DataFrame, conservation: pd.DataFrame, language: str
) -> bytes:
    """An .xlsx with a summary, corrections to fill in, the findings and the files; equal contents give equal bytes.

    ``findings`` as ``findings_table`` gives them, ``conservation`` as ``count_rows`` does.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    titles = source_titles(study, language)
    summary = ["source", "file", "level", "what", "todo", "count"]
    _sheet(
        book,
        "summary",
        summary,
        _captions("columns", summary, language),
        _summary(findings, titles, language),
        language,
    )
    captions = _captions("corrections", CORRECTION_COLUMNS, language)
    template = _sheet(book, "corrections", CORRECTION_COLUMNS, captions, _template(findings, workspace), language)
    _explain(template, workspace, language)
    told = ["source", "file", "sheet", "row", "column", "found", "what", "todo", "level", "count"]
    _sheet(book, "findings", told, _captions("columns", told, language), _told(findings, titles, language), language)
    files = ["source", "file", "sheet", "rows_read", "accepted", "quarantined"]
    counted = [(titles.get(r[0], r[0]), *r[1:]) for r in conservation[files].itertuples(index=False, name=None)]
    _sheet(book, "files", files, _captions("columns", files, language), counted, language)
    book.properties.title = text("workbook.title", language)
    return workbook_bytes(book)


def source_titles(study: Study, language: str) -> dict[str, str]:
    """Source name -> title of its register, with the source's own name where several sources share one."""
    names = [source.register_name for source in study.sources.values()]
    titles = {name: load_register(source.register_name).title[language] for name, source in study.sources.items()}
    return {
        name: f"{title} – {name}" if names.count(study.sources[name].register_name) > 1 else title
        for name, title in titles.items()
    }


def worded(finding: Any, part: str, language: str) -> str:
    """The text (``what`` or ``todo``) of a row of the findings table; the rule's name where the catalogue has none."""
    params = json.loads(finding.params)
    if "count" in params and str(params["count"]).isdigit():
        params["count"] = int(params["count"])
    key = f"{finding.rule}.{part}"
    place = {"file": finding.file, "sheet": finding.sheet, "row": finding.row, "column": finding.column}
    return text(key, language, **{**place, "found": finding.found, **params}) if has_text(key) else str(finding.rule)


def _captions(area: str, names: Iterable[str], language: str) -> list[str]:
    return [text(f"workbook.{area}.{name}", language) for name in names]


def _summary(findings: pd.DataFrame, titles: dict[str, str], language: str) -> list[Row]:
    """One row a file and rule, the gravest first; texts without the details that differ between rows."""
    rows: list[tuple[int, tuple[object, ...]]] = []
    for (source, file, level, _), group in findings.groupby(["source", "file", "level", "rule"], sort=True):
        first = next(group.itertuples(index=False))
        count = sum(cells_of(params) for params in group["params"]) if level != "refused" else len(group)
        words = (_level(level, language), worded(first, "what", language), worded(first, "todo", language))
        rows.append((LEVELS.index(level), (titles.get(source, source), file, *words, count)))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _told(findings: pd.DataFrame, titles: dict[str, str], language: str) -> Iterator[Row]:
    """The findings one by one, at most MOST_SHOWN a file and rule, with a line that counts the others."""
    seen = findings.groupby(["file", "rule"], sort=False).cumcount()
    sizes = findings.groupby(["file", "rule"], sort=False)["rule"].transform("size")
    for finding, before, size in zip(findings.itertuples(index=False), seen, sizes, strict=True):
        if before < MOST_SHOWN:
            place = (titles.get(finding.source, finding.source), finding.file, finding.sheet, _number(finding.row))
            words = (worded(finding, "what", language), worded(finding, "todo", language))
            level = _level(finding.level, language)
            yield (*place, finding.column, finding.found, *words, level, cells_of(finding.params))
        elif before == MOST_SHOWN:
            note = text("workbook.more", language, shown=MOST_SHOWN, more=size - MOST_SHOWN)
            yield (titles.get(finding.source, finding.source), finding.file, "", "", "", "", note, "", "", "")


def _template(findings: pd.DataFrame, workspace: Workspace) -> Iterator[Row]:
    """A row to fill in for every cell that set a row aside; with its old value only where nothing was masked."""
    prints: dict[str, str] = {}
    cells = findings[(findings["level"] == "quarantined") & (findings["column"] != "") & findings["row"].notna()]
    cells = cells[cells.groupby(["file", "rule"], sort=False).cumcount() < MOST_SHOWN]
    for finding in cells.drop_duplicates(["file", "sheet", "row", "column"]).itertuples(index=False):
        if finding.file not in prints:
            path = raw_file(workspace, finding.file)
            prints[finding.file] = sha256(path) if path else ""
        old = finding.found if is_verbatim(finding.found) and finding.rule not in OF_TWO_CELLS else ""
        yield finding.file, finding.sheet, int(finding.row), finding.column, old, "", prints[finding.file], ""


OF_TWO_CELLS = ("findings.date_order", "findings.date_within")


def _sheet(
    book: Workbook, name: str, columns: Sequence[str], captions: list[str], rows: Iterable[Row], language: str
) -> Worksheet:
    """A sheet with captions that stay in view, a filter, wrapped text and fitting widths."""
    sheet: Worksheet = book.create_sheet(text(f"workbook.sheets.{name}", language))
    for number, row in enumerate([captions, *rows], start=1):
        for place, value in enumerate(row, start=1):
            _write(sheet.cell(number, place), value)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS[column]
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _write(cell: Cell, value: object) -> None:
    """Text is always text: a cell that begins with "=" must not become a formula."""
    if isinstance(value, str):
        cell.value = FORBIDDEN.sub("\ufffd", value)
        cell.data_type, cell.number_format = "s", "@"
    else:
        cell.value = value
    cell.alignment = WRAPPED


WRAPPED = Alignment(wrap_text=True, vertical="top")


def _explain(template: Worksheet, workspace: Workspace, language: str) -> None:
    """Notes on the captions of the columns that people fill in or must leave alone."""
    for place, name in enumerate(CORRECTION_COLUMNS, start=1):
        if has_text(f"workbook.help.{name}"):
            words = text(f"workbook.help.{name}", language, folder=workspace.shown(workspace.raw))
            template.cell(1, place).comment = Comment(words, "Evaluation Workbench", width=320, height=140)


def _level(level: str, language: str) -> str:
    return text(f"workbook.levels.{level}", language)


def _number(row: Any) -> int | str:
    return "" if pd.isna(row) else int(row)
