"""From raw tables to rows under the register's names: the right sheet, its columns, damaged lines set apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.sources.captions import Match, listed, match_captions, missing_columns
from analysis.sources.header import Header, find_header
from analysis.sources.tables import RawTable, Refused, Remark, Row, column_letters, is_blank
from analysis.study import Register, RegisterField

Columns = dict[str, list[str | None]]
ISO_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?\s*")
DAY_FIRST = re.compile(r"\s*(\d{1,2})[./](\d{1,2})[./](\d{4})\s*(?:г\.?)?\s*")


@dataclass(frozen=True)
class Shaped:
    """``columns``: canonical name -> texts, with ``row`` (1-based numbers) and ``unreadable`` (rule or None) apart."""

    sheet: str
    columns: Columns
    row_numbers: list[int]
    unreadable: list[str | None]
    captions: dict[str, str]
    remarks: list[Remark]


def shape(tables: Sequence[RawTable], register: Register, fields: Sequence[RegisterField]) -> list[Shaped]:
    """Rows of the best of ``tables``, and of those with captions as good, under canonical names; one a table.

    Refused: no captions found, a required column missing, a caption twice, no rows, lines of a wrong width or order.
    """
    chosen, remarks = _choose(tables, register, fields)
    (table, header), *others = chosen
    shaped = [_shape(table, header, register, fields, remarks)]
    return [*shaped, *(_shape(table, header, register, fields, []) for table, header in others)]


def _shape(
    table: RawTable, header: Header, register: Register, fields: Sequence[RegisterField], remarks: list[Remark]
) -> Shaped:
    try:
        match = _match(header, fields, register)
        body = _body(table, header, match, register)
        columns = _columns(body, match, fields, set(register.layout.empty_values))
    except Refused as refusal:
        refusal.sheet = refusal.sheet or table.sheet
        raise
    remarks = [*remarks, *_about_columns(match), *body.remarks, *_about_formulas(table, match, fields)]
    if register.layout.header_row and header.row not in (0, register.layout.header_row):
        moved = {"expected": str(register.layout.header_row), "actual": str(header.row)}
        remarks.append(Remark("reading.header_moved", moved))
    remarks += _split_dates(columns, match, fields)
    return Shaped(table.sheet, columns, body.numbers, body.unreadable, match.captions, remarks)


Chosen = list[tuple[RawTable, Header]]


def _choose(
    tables: Sequence[RawTable], register: Register, fields: Sequence[RegisterField]
) -> tuple[Chosen, list[Remark]]:
    """The table that meets most fields, those with rows that meet as many, and what is to be said about the others."""
    headers = [find_header(table, register, fields) for table in tables]
    best = max(range(len(tables)), key=lambda at: (headers[at].score, _has_rows(tables[at], headers[at])))
    table, header = tables[best], headers[best]
    names = listed([other.sheet for other in tables])
    declared = register.layout.sheet
    is_other = bool(declared and table.sheet) and not _is_same_name(table.sheet, declared or "")
    if header.score == 0:
        if is_other:
            raise Refused("reading.wrong_sheet", expected=declared or "", sheets=names)
        wanted = [wanted.header for wanted in fields if wanted.must_be_a_column and wanted.header]
        raise Refused("reading.no_header", sheet=table.sheet, captions=listed(wanted))
    remarks = list(table.remarks)
    if is_other:
        remarks.append(Remark("reading.other_sheet", {"expected": declared or "", "actual": table.sheet}))
    rest = [(t, h) for t, h in zip(tables, headers, strict=True) if t is not table and 2 * h.score > header.score]
    rest = [(t, h) for t, h in rest if _has_rows(t, h)]
    twins = [(t, h) for t, h in rest if h.row and h.score == header.score and not is_other]
    remarks += _about_sheets("reading.sheets_together", table, twins)
    remarks += _about_sheets("reading.sheet_unread", table, [other for other in rest if other not in twins])
    return [(table, header), *twins], remarks


def _about_sheets(rule: str, table: RawTable, others: Chosen) -> list[Remark]:
    sheets = listed([other.sheet for other, _ in others])
    return [Remark(rule, {"actual": table.sheet, "sheets": sheets})] if others else []


def _has_rows(table: RawTable, header: Header) -> bool:
    return any(not is_blank(row) for row in table.rows[header.row :])


def _is_same_name(name: str, declared: str) -> bool:
    return " ".join(name.split()).casefold() == " ".join(declared.split()).casefold()


def _match(header: Header, fields: Sequence[RegisterField], register: Register) -> Match:
    match = match_captions(header.captions, fields)
    if any(wanted.must_be_a_column for wanted in match.missing):
        captions, closest = missing_columns(match)
        raise Refused("reading.missing_column", captions=captions, closest=closest)
    return match


@dataclass(frozen=True)
class Body:
    """The data rows with their 1-based numbers; ``unreadable``: per row the rule that keeps it from being read."""

    rows: list[Row]
    numbers: list[int]
    unreadable: list[str | None]
    remarks: list[Remark]


def _body(table: RawTable, header: Header, match: Match, register: Register) -> Body:
    kept = [column for name, places in match.columns.items() if register.field(name).use == "keep" for column in places]
    empty = set(register.layout.empty_values)
    numbered = list(enumerate(_filled_down(table, header.row), header.row + 1))
    filled = [not _holds_nothing(row, kept, empty, table.separated) for _, row in numbered]
    remarks: list[Remark] = []
    if register.layout.stop_at_blank_row:
        end, remarks = _first_end(filled, header.row)
        filled = filled[:end]
    chosen = [entry for entry, is_filled in zip(numbered, filled, strict=False) if is_filled]
    if not chosen:
        raise Refused("reading.no_rows")
    rows = [row for _, row in chosen]
    return Body(rows, [number for number, _ in chosen], _unreadable(rows, table, len(header.captions)), remarks)


def _filled_down(table: RawTable, first: int) -> Sequence[Row]:
    """The rows from the 0-based ``first`` on; a cell merged over several rows holds for each of them."""
    merged = [(top, bottom, left) for (top, left), (bottom, right) in table.merges if left == right and top >= first]
    if not merged:
        return table.rows[first:]
    rows = [list(row) for row in table.rows]
    for top, bottom, column in merged:
        for row in rows[top + 1 : bottom + 1]:
            if column < len(row) and not is_blank(row):
                row[column] = row[column] or rows[top][column]
    return rows[first:]


def _first_end(filled: list[bool], header_row: int) -> tuple[int, list[Remark]]:
    """Where the first block of filled rows ends, and a remark when there are filled rows behind it."""
    start = filled.index(True) if True in filled else 0
    end = filled.index(False, start) if False in filled[start:] else len(filled)
    if not any(filled[end:]):
        return end, []
    after = {"rows": str(sum(filled[end:])), "blank": str(header_row + end + 1)}
    return end, [Remark("reading.rows_after_blank", after, row=header_row + filled.index(True, end) + 1)]


def _holds_nothing(row: Row, kept: list[int], empty: set[str], is_text: bool) -> bool:
    """Blank, or only defaults in the columns that matter; a text line of another width is judged as a whole."""
    cells = row if is_text else [row[column] for column in kept if column < len(row)]
    return all(not cell or not (text := cell.strip()) or text in empty for cell in cells)


def _unreadable(rows: list[Row], table: RawTable, width: int) -> list[str | None]:
    """In a separated text, a line with another number of fields than the captions: its cells may have moved."""
    if not table.separated:
        return [None] * len(rows)
    result: list[str | None] = [None if _fits(row, width) else "reading.field_count" for row in rows]
    wrong = [len(row) for row, rule in zip(rows, result, strict=True) if rule]
    if 2 * len(wrong) > len(rows):
        common = max(sorted(set(wrong)), key=wrong.count)
        raise Refused("reading.field_count_file", expected=str(width), actual=str(common), lines=str(len(wrong)))
    return result


def _fits(row: Row, width: int) -> bool:
    return len(row) == width or (len(row) > width and is_blank(row[width:]))


def _columns(body: Body, match: Match, fields: Sequence[RegisterField], empty: set[str]) -> Columns:
    """Every field of the register, all missing when the file lacks it or the line is unreadable."""
    is_whole = all(rule is None for rule in body.unreadable)
    rows = (
        body.rows if is_whole else [[] if rule else row for row, rule in zip(body.rows, body.unreadable, strict=True)]
    )
    columns: Columns = {}
    for wanted in fields:
        places = match.columns.get(wanted.name, [])
        names = [wanted.name] if wanted.parts == 1 else [f"{wanted.name}_{part + 1}" for part in range(wanted.parts)]
        for part, name in enumerate(names):
            columns[name] = _column(rows, places[part], empty) if part < len(places) else [None] * len(rows)
    return columns


def _column(rows: list[Row], place: int, empty: set[str]) -> list[str | None]:
    cells = [row[place] if place < len(row) else None for row in rows]
    if empty:
        return [None if cell is None or not (text := cell.strip()) or text in empty else cell for cell in cells]
    return [cell if cell and not cell.isspace() else None for cell in cells]


def _about_columns(match: Match) -> list[Remark]:
    """Columns of the file that no field takes, and fields (of those that are used) that the file has no column for."""
    remarks = []
    if match.unknown:
        remarks.append(Remark("reading.unknown_column", {"captions": listed(match.unknown)}))
    is_missed = [wanted for wanted in match.missing if not wanted.optional and wanted.use != "drop"]
    absent = [wanted.header or wanted.name for wanted in is_missed if wanted.kind != "personal"]
    if absent:
        remarks.append(Remark("reading.absent_column", {"captions": listed(absent)}))
    return remarks


def _about_formulas(table: RawTable, match: Match, fields: Sequence[RegisterField]) -> list[Remark]:
    """Formulas whose value was never stored, in the columns that are kept or checked."""
    wanted = {column for f in fields if f.use != "drop" for column in match.columns.get(f.name, [])}
    columns = sorted({column for _, column in table.uncached} & wanted)
    count = sum(column in wanted for _, column in table.uncached)
    letters = ", ".join(column_letters(column) for column in columns)
    return [Remark("reading.formula_without_value", {"letters": letters, "cells": str(count)})] if columns else []


def _split_dates(columns: Columns, match: Match, fields: Sequence[RegisterField]) -> list[Remark]:
    """A date that should lie in year, month and day columns but fills one: taken apart where it can be read."""
    remarks = []
    for wanted in fields:
        if wanted.parts == 3 and len(match.columns.get(wanted.name, [])) == 1:
            names = [f"{wanted.name}_{part}" for part in (1, 2, 3)]
            parts = [_date_parts(cell) for cell in columns[names[0]]]
            for place, name in enumerate(names):
                columns[name] = [part[place] for part in parts]
            remarks.append(Remark("reading.date_in_one_column", {"captions": listed([match.captions[wanted.name]])}))
    return remarks


def _date_parts(cell: str | None) -> tuple[str | None, str | None, str | None]:
    if cell and (found := ISO_DATE.fullmatch(cell)):
        return found[1], found[2], found[3]
    if cell and (found := DAY_FIRST.fullmatch(cell)):
        return found[3], found[2], found[1]
    return cell, None, None
