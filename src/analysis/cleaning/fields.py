"""Reading every field of a source that is not an identifier: text in, typed columns out, faults told."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd

from analysis.cleaning.cell import EMPTY, parse_column, tidy
from analysis.cleaning.faults import Faults
from analysis.cleaning.kinds import NEVER_READ, PERSONAL, known_texts, parser_of
from analysis.cleaning.masking import masked, shown
from analysis.study import Register, RegisterField, Source


def read_fields(faults: Faults, register: Register, source: Source, schools: frozenset[str] | None) -> pd.DataFrame:
    """Typed values of every field to be kept or checked, one column a field, on the index of ``faults.rows``."""
    read = {
        field.name: read_field(faults, field, source, schools)
        for field in register.fields
        if field.kind not in NEVER_READ and field.use != "drop"
    }
    return pd.DataFrame(read, index=faults.rows.index)


def read_field(faults: Faults, field: RegisterField, source: Source, schools: frozenset[str] | None) -> pd.Series:
    """Typed values of one field; a cell that is required and missing sets its row aside."""
    cells = text_of(faults.rows, field)
    if field.empty_means is not None:
        cells = cells.where(~is_empty(cells), field.empty_means)
    column = parse_column(cells, parser_of(field, source, schools), field.dtype)
    faults.add_column(field.name, column, cell_shown(cells, field, known_texts(field, source)), **_bounds(field))
    if field.required:
        tell_missing(faults, field, cells, column.values.isna().to_numpy() & (column.levels != "quarantined"))
    return column.values


def text_of(rows: pd.DataFrame, field: RegisterField) -> pd.Series:
    """The cells of a field as text; the parts of a date are joined by ``|``; a column the file lacks is all missing."""
    if field.parts == 1:
        cells = rows[field.name] if field.name in rows else pd.Series(pd.NA, index=rows.index, dtype="str")
        return cells.astype("str")
    names = [f"{field.name}_{part}" for part in range(1, field.parts + 1)]
    parts = [(rows[n] if n in rows else pd.Series("", index=rows.index)).fillna("").astype("str") for n in names]
    return parts[0].str.cat(parts[1:], sep="|")


def tell_missing(faults: Faults, field: RegisterField, cells: pd.Series, missing: object) -> None:
    """Set aside the rows at which ``missing`` (an array of truth) is true for want of a required cell."""
    for position in pd.Series(missing).to_numpy(dtype=bool).nonzero()[0]:
        text = cells.iloc[position]
        found = "" if pd.isna(text) or tidy(str(text)).strip("| ") in EMPTY else masked(str(text))
        faults.add(int(position), "missing_required", "quarantined", field.name, found)


def is_empty(cells: pd.Series) -> pd.Series:
    """Which cells hold nothing: missing, blank or a lone dash."""
    return cells.isna() | cells.isin([text for text in cells.dropna().unique() if tidy(str(text)) in EMPTY])


def cell_shown(cells: pd.Series, field: RegisterField, known: list[str]) -> Callable[[int], str]:
    """What a finding may show of the cell at a position."""
    show = masked if field.kind in PERSONAL else cache(lambda text: shown(text, known))

    def at(position: int) -> str:
        text = cells.iloc[position]
        return "" if pd.isna(text) else show(str(text).replace("|", " ") if field.parts > 1 else str(text))

    return at


def _bounds(field: RegisterField) -> dict[str, str]:
    if field.kind not in ("integer", "number"):
        return {}
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    return {name: "–" if value is None else f"{value:g}" for name, value in bounds.items()}
