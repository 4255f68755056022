"""The quality tables of a run, counted into rows of the results form, so that the report prints nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.files import Workspace, read_table

Row = dict[str, Any]


def quality_rows(workspace: Workspace) -> list[Row]:
    """Rows read and accepted by source, findings by source and rule, match rates; what is missing is left out."""
    counters = {"conservation": conservation_rows, "findings": finding_rows, "match_rates": match_rows}
    rows: list[Row] = []
    for name, counter in counters.items():
        path = workspace.table(f"quality/{name}")
        if path.is_file():
            rows.extend(counter(read_table(path)))
    return rows


def conservation_rows(table: pd.DataFrame) -> Iterator[Row]:
    """``data/rows/<source>/-/count/<read|accepted|quarantined|files>``."""
    for source, group in table.groupby("source", sort=False):
        counts = {
            "files": group["file"].nunique(),
            "read": group["rows_read"].sum(),
            "accepted": group["accepted"].sum(),
            "quarantined": group["quarantined"].sum(),
        }
        for term, count in counts.items():
            yield _count("rows", str(source), term, int(count))


def finding_rows(table: pd.DataFrame) -> Iterator[Row]:
    """``data/findings/<source>/-/count/<level>:<rule>``; ``n`` holds the number of files."""
    for (source, level, rule), group in table.groupby(["source", "level", "rule"], sort=True):
        yield {**_count("findings", str(source), f"{level}:{rule}", len(group)), "n": int(group["file"].nunique())}


def match_rows(table: pd.DataFrame) -> Iterator[Row]:
    """``data/match/<source>/-/rate/<reference>`` from columns ``source, reference, rows, matched``."""
    for row in table.to_dict("records"):
        share = row["matched"] / row["rows"] if row["rows"] else float("nan")
        base = {"chapter": "data", "outcome": "match", "population": str(row["source"]), "term": str(row["reference"])}
        yield {**base, "measure": "rate", "unit": "share", "estimate": share, "n": int(row["rows"])}


def _count(outcome: str, population: str, term: str, count: int) -> Row:
    base = {"chapter": "data", "outcome": outcome, "population": population, "measure": "count", "term": term}
    return {**base, "unit": "count", "estimate": float(count)}
