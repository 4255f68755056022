"""Nothing is lost: in every file and sheet, rows read are rows accepted and rows set aside."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.cleaning.faults import Faults
from analysis.files import Finding

COLUMNS = ["source", "file", "sheet", "rows_read", "accepted", "quarantined"]
PLACE = ["file", "sheet"]
MOST_SET_ASIDE = 0.5


class RowsLost(RuntimeError):
    """A fault of the program: rows read are not the rows accepted and set aside."""


def count_rows(source: str, rows: pd.DataFrame, accepted: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """One row a file and sheet with COLUMNS; RowsLost when the counts, each from its own table, do not add up."""
    counts = pd.DataFrame(
        {
            "rows_read": _by_place(rows),
            "accepted": _by_place(accepted),
            "quarantined": _by_place(faults.rows[faults.aside]),
        }
    )
    counts = counts.fillna(0).astype("int64")
    counts.index = pd.MultiIndex.from_tuples(list(counts.index), names=PLACE)
    table = counts.reset_index().assign(source=source).sort_values(PLACE, ignore_index=True)[COLUMNS]
    if not (table["rows_read"] == table["accepted"] + table["quarantined"]).all():
        raise RowsLost(source)
    return table.astype({"source": "str", "file": "str", "sheet": "str"})


def refuse_unusable_files(faults: Faults) -> None:
    """Refuse every file of which less than half the rows can be used; rows that only repeat others count as usable."""
    read = faults.rows.groupby("file", sort=True).size()
    aside = faults.rows[faults.aside & ~faults.repeated].groupby("file").size().reindex(read.index, fill_value=0)
    refused = {finding.file for finding in faults.findings if finding.level == "refused"}
    for file in read.index[aside > MOST_SET_ASIDE * read]:
        if file not in refused:
            why = _main_reason(faults, str(file))
            faults.refuse_file(str(file), "mostly_unusable", **why, aside=str(aside[file]), read=str(read[file]))


def tell_repeated_files(faults: Faults) -> None:
    """Note every file most of whose rows stand in one other file: a copy left in the folder, or a later export."""
    read = faults.rows.groupby("file").size()
    pairs = Counter(
        (one.file, one.params["first_file"])
        for one in faults.findings
        if one.rule == "findings.duplicate" and one.file != one.params["first_file"]
    )
    for (file, other), rows in sorted(pairs.items()):
        if rows > MOST_SET_ASIDE * read[file]:
            told = {"other": other, "rows": str(rows), "read": str(read[file])}
            faults.findings.append(Finding(faults.source, "noted", "findings.repeated_file", file, params=told))


def _main_reason(faults: Faults, file: str) -> dict[str, str]:
    """The fault that set aside most rows of a file: ``main_rule``, its column, its rows and what its text needs."""
    ours = [finding for finding in faults.findings if finding.file == file and finding.level == "quarantined"]
    (rule, column), rows = Counter((finding.rule, finding.column) for finding in ours).most_common(1)[0]
    params = next(finding.params for finding in ours if (finding.rule, finding.column) == (rule, column))
    return {**params, "main_rule": rule, "main_column": column or "–", "main_rows": str(rows)}


def no_rows() -> pd.DataFrame:
    """The table of ``count_rows`` for a source that brought no rows."""
    texts, counts = COLUMNS[:3], COLUMNS[3:]
    return pd.DataFrame(columns=COLUMNS).astype({**dict.fromkeys(texts, "str"), **dict.fromkeys(counts, "int64")})


def _by_place(rows: pd.DataFrame) -> pd.Series:
    places = rows[PLACE].astype("str").fillna("")
    return places.groupby(PLACE, sort=True).size()
