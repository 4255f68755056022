"""Reading the sheet of corrections (``corrections.xlsx`` or ``.csv``) from the study's raw folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from analysis.cleaning.cell import tidy
from analysis.cleaning.corrections import Correction, refused
from analysis.cleaning.look_alikes import comparable
from analysis.files import Finding, Workspace, sha256
from analysis.texts import text

NAMES = ("corrections", "корекции")
FORMATS = (".csv", ".xlsx")
COLUMNS = ["file", "sheet", "row", "column", "old_value", "new_value", "file_sha256", "note"]
NEEDED = COLUMNS[:7]


class NotACorrectionsSheet(Exception):
    """The sheet cannot be opened or lacks a column; ``missing`` names the columns."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def read_corrections(workspace: Workspace) -> tuple[list[Correction], list[Finding]]:
    """The corrections of unchanged raw files, and findings: a refused sheet, corrections of absent or changed files.

    A row without old and new value is one of the template that nobody has filled in: it is passed over.
    """
    usable: list[Correction] = []
    told: list[Finding] = []
    for path in corrections_files(workspace):
        try:
            for line, cells in _lines(path):
                if cells["old_value"] or cells["new_value"]:
                    _sort_in(workspace, path.name, line, cells, usable, told)
        except NotACorrectionsSheet as fault:
            params = {"missing": ", ".join(fault.missing) or "–"}
            told.append(Finding("", "refused", "findings.corrections_unreadable", path.name, params=params))
    return usable, told


def corrections_files(workspace: Workspace) -> list[Path]:
    """The sheets of corrections in the raw folder itself: ``corrections*`` or ``корекции*`` as .csv or .xlsx."""
    files = workspace.raw.iterdir() if workspace.raw.is_dir() else []
    return sorted(p for p in files if p.stem.casefold().startswith(NAMES) and p.suffix.casefold() in FORMATS)


def _sort_in(
    workspace: Workspace, name: str, line: int, cells: dict[str, str], usable: list[Correction], told: list[Finding]
) -> None:
    number = cells["row"].removesuffix(".0")
    row = int(number) if number.isascii() and number.isdigit() else 0
    correction = Correction(
        cells["file"], cells["sheet"], row, cells["column"], cells["old_value"], cells["new_value"], name, line
    )
    path = raw_file(workspace, correction.file)
    if path is None:
        told.append(refused(correction, "file"))
    elif sha256(path) != cells["file_sha256"].casefold():
        told.append(refused(correction, "changed"))
    else:
        usable.append(correction)


def raw_file(workspace: Workspace, name: str) -> Path | None:
    """The file on disk of a provenance name (of an archive's member, the archive); None where there is none."""
    folder = workspace.raw.resolve()
    path = (folder / name).resolve()
    for candidate in (path, *path.parents):
        if candidate == folder or not candidate.is_relative_to(folder):
            return None
        if candidate.is_file():
            return candidate
    return None


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Every filled row under the captions as canonical column -> text, with its 1-based line."""
    rows = _xlsx_rows(path) if path.suffix.casefold() == ".xlsx" else _csv_rows(path)
    captions = [_canonical(cell) for cell in next(rows, [])]
    if missing := [text(f"workbook.corrections.{name}", "bg") for name in NEEDED if name not in captions]:
        raise NotACorrectionsSheet(missing)
    for line, row in enumerate(rows, start=2):
        cells = dict.fromkeys(COLUMNS, "") | {name: cell for name, cell in zip(captions, row, strict=False) if name}
        if any(cells.values()):
            yield line, cells


def _canonical(caption: str) -> str:
    wanted = comparable(caption)
    for name in COLUMNS:
        captions = [name, *(text(f"workbook.corrections.{name}", language) for language in ("bg", "en"))]
        if wanted in map(comparable, captions):
            return name
    return ""


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    """Rows of the sheet „Корекции“ (or "Corrections"), of the first sheet when there is none of that name."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise NotACorrectionsSheet([]) from None
    names = {text("workbook.sheets.corrections", language) for language in ("bg", "en")}
    sheet = next((book[name] for name in book.sheetnames if name in names), book.worksheets[0])
    for row in sheet.iter_rows(values_only=True):
        yield [_cell_text(value) for value in row]


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d}"
    return tidy(str(value))


def _csv_rows(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = content.decode("cp1251", errors="replace")
    head = decoded.split("\n", 1)[0]
    separator = max(";,\t", key=head.count)
    for row in csv.reader(io.StringIO(decoded.replace("\0", "")), delimiter=separator):
        yield [tidy(cell) for cell in row]
