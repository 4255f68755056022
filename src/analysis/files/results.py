"""The one tidy form in which every number travels from estimation to the report.

docs/architecture.md, "The results table", says what each column holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["result_id", "chapter", "outcome", "population", "design", "measure", "term", "unit"]
FLOATS = [
    "estimate",
    "se",
    "df",
    "ci_low",
    "ci_high",
    "p",
    "band_low",
    "band_high",
    "p_wild",
    "p_randomisation",
    "baseline",
    "mde",
]
COUNTS = ["n", "n_treated", "clusters", "clusters_treated"]
WORDS = ["verdict", "checks", "method", "note"]
COLUMNS = [*KEYS, *FLOATS, *COUNTS, *WORDS]
ID_PARTS = ["chapter", "outcome", "population", "design", "measure"]


def result_id(chapter: str, outcome: str, population: str, design: str, measure: str, term: str = "") -> str:
    """``chapter/outcome/population/design/measure[/term]``; an empty part shows as ``-``."""
    parts = [part or "-" for part in (chapter, outcome, population, design, measure)]
    return "/".join([*parts, term] if term else parts)


def results_table(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Rows (any subset of COLUMNS; ``result_id`` is made here) as the typed results table, in the order given.

    Raises ValueError for an unknown column and for two rows with one id.
    """
    import pandas as pd

    records = []
    for row in rows:
        unknown = set(row) - set(COLUMNS)
        if unknown:
            raise ValueError(f"not a column of the results table: {sorted(unknown)}")
        keys = {part: str(row.get(part) or "") for part in [*ID_PARTS, "term"]}
        records.append({**row, **keys, "result_id": result_id(*keys.values())})
    table = pd.DataFrame(records, columns=COLUMNS)
    twice = table.loc[table["result_id"].duplicated(), "result_id"]
    if len(twice):
        raise ValueError(f"two results with one id: {sorted(set(twice))}")
    words = [*KEYS, *WORDS]
    table[words] = table[words].astype("object").fillna("").astype("str")
    return table.astype({**dict.fromkeys(FLOATS, "float64"), **dict.fromkeys(COUNTS, "Int64")})
