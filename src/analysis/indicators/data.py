"""The quality of the data in numbers: rows read and kept, findings by rule, links between sources."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.files import results_table
from analysis.files.findings import cells_of
from analysis.indicators.groups import Row


def describe_data(findings: pd.DataFrame, conservation: pd.DataFrame, match_rates: pd.DataFrame) -> pd.DataFrame:
    """Rows of the results form about files and links, none about persons.

    - ``data/rows/<source>/-/count/<files|read|accepted|quarantined>``;
    - ``data/findings/<source>/-/count/<level>:<rule>``: rows or cells, ``n`` the number of files concerned;
    - ``data/match/<source>/-/rate/<reference>``, ``n`` the units looked for.
    """
    return results_table([*_rows(conservation), *_findings(findings), *_matches(match_rates)])


def _rows(conservation: pd.DataFrame) -> Iterator[Row]:
    for source, table in conservation.groupby("source", sort=False):
        counts = {"files": table["file"].nunique(), "read": table["rows_read"].sum()}
        counts |= {name: table[name].sum() for name in ("accepted", "quarantined")}
        for term, count in counts.items():
            yield {**_count("rows", source, term), "estimate": float(count)}


def _findings(findings: pd.DataFrame) -> Iterator[Row]:
    for (source, level, rule), table in findings.groupby(["source", "level", "rule"], sort=True):
        row = _count("findings", source, f"{level}:{rule}")
        cells = sum(cells_of(params) for params in table["params"])
        yield {**row, "estimate": float(cells), "n": int(table["file"].nunique())}


def _matches(match_rates: pd.DataFrame) -> Iterator[Row]:
    for row in match_rates.itertuples(index=False):
        base = {"chapter": "data", "outcome": "match", "population": row.source, "term": row.reference}
        yield {**base, "measure": "rate", "unit": "share", "estimate": float(row.share), "n": int(row.rows)}


def _count(outcome: str, source: object, term: str) -> Row:
    base = {"chapter": "data", "outcome": outcome, "population": str(source), "term": term}
    return {**base, "measure": "count", "unit": "count"}
