"""The workbook of findings for the project team: what was wrong, where, and what to do, in one language."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from analysis.files import Workspace, sha256
from analysis.files.findings import cells_of
from analysis.files.same_bytes import workbook_bytes
from analysis.study import Study, register_of
from analysis.texts import has_text, rules_in_words, text

WIDTHS = {
    "source": 30, "file": 38, "sheet": 14, "row": 8, "column": 26, "found": 26, "what": 60, "todo": 60, "level": 20,
    "count": 9, "rows_read": 12, "accepted": 12, "quarantined": 12, "old_value": 24, "new_value": 24, "file_sha256": 20,
    "note": 30,
}  # fmt: skip
# What people must act on is listed; of what was mended or only noted a few examples a file are enough.
MOST_SHOWN = {"refused": 500, "quarantined": 500, "repaired": 5, "noted": 20}
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
    summary = ["source", "file", "column", "level", "what", "todo", "count"]
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
    """Source name -> title of its register, with the contract (or the source's own name) where several share one."""
    registers = {name: source.register_name or name for name, source in study.sources.items()}
    shared = {register for register in registers.values() if list(registers.values()).count(register) > 1}
    titles = {name: register_of(study, name).title[language] for name in study.sources}
    return {
        name: f"{title} – {_told_apart(study, name, language)}" if registers[name] in shared else title
        for name, title in titles.items()
    }


def _told_apart(study: Study, name: str, language: str) -> str:
    key = f"labels.programmes.{study.sources[name].constants.get('contract', '')}"
    return text(key, language) if has_text(key) else name


def worded(finding: Any, part: str, language: str, params: Mapping[str, object] | None = None) -> str:
    """The text (``what`` or ``todo``) of a row of the findings table; the rule's name where the catalogue has none."""
    key = f"{finding.rule}.{part}"
    if not has_text(key):
        return str(finding.rule)
    filled = dict(json.loads(finding.params) if params is None else params)
    if str(filled.get("count", "")).isdigit():
        filled["count"] = int(str(filled["count"]))
    place = {name: getattr(finding, name) for name in ("file", "sheet", "row", "column", "found")}
    return text(key, language, **rules_in_words({**place, **filled}, language))


def common_params(params: Sequence[str]) -> dict[str, object]:
    """What several findings have in common: an ellipsis for what differs, the sum of their counts."""
    read = [json.loads(one) for one in dict.fromkeys(params)]
    shared = {name: value if all(one.get(name) == value for one in read) else "…" for name, value in read[0].items()}
    return {**shared, "count": _cells(params)} if "count" in shared else shared


def _cells(params: Sequence[str]) -> int:
    """How many cells the findings stand for; most are equal, and each different one is read once."""
    return sum(cells_of(one) * times for one, times in Counter(params).items())


def _captions(area: str, names: Iterable[str], language: str) -> list[str]:
    return [text(f"workbook.{area}.{name}", language) for name in names]


def _summary(findings: pd.DataFrame, titles: dict[str, str], language: str) -> list[Row]:
    """One row a file, rule and column, the gravest first."""
    rows: list[tuple[int, Row]] = []
    grouping = ["source", "file", "level", "rule", "column"]
    for (source, file, level, _, column), group in findings.groupby(grouping, sort=True):
        params = list(group["params"])
        first = next(group.head(1).itertuples(index=False))._replace(row="…", found="…")
        words = [worded(first, part, language, common_params(params)) for part in ("what", "todo")]
        count = _cells(params) if level != "refused" else len(params)
        row = (titles.get(source, source), file, column, _level(level, language), *words, count)
        rows.append((LEVELS.index(level), row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _told(findings: pd.DataFrame, titles: dict[str, str], language: str) -> Iterator[Row]:
    """The findings one by one, at most MOST_SHOWN a file and rule, with a line that counts the others."""
    if findings.empty:  # clean files are rare, and still files
        return
    seen = findings.groupby(["file", "rule"], sort=False).cumcount()
    sizes = findings.groupby(["file", "rule"], sort=False)["rule"].transform("size")
    most = findings["level"].map(MOST_SHOWN)
    first = seen <= most
    listed = findings[first].itertuples(index=False)
    for finding, before, size, limit in zip(listed, seen[first], sizes[first], most[first], strict=True):
        where = (titles.get(finding.source, finding.source), finding.file)
        if before == limit:
            note = text("workbook.more", language, shown=limit, more=size - limit)
            yield (*where, "", "", "", "", note, "", "", "")
            continue
        place = (finding.sheet, _number(finding.row), finding.column, finding.found)
        words = (worded(finding, "what", language), worded(finding, "todo", language))
        yield (*where, *place, *words, _level(finding.level, language), cells_of(finding.params))


def _template(findings: pd.DataFrame, workspace: Workspace) -> Iterator[Row]:
    """A row to fill in for every cell that set a row aside; with its old value only where nothing was masked."""
    prints: dict[str, str] = {}
    cells = findings[(findings["level"] == "quarantined") & (findings["column"] != "") & findings["row"].notna()]
    cells = cells[cells.groupby(["file", "rule"], sort=False).cumcount() < MOST_SHOWN["quarantined"]]
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
