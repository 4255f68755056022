"""A finding: one thing that was wrong in an input file, said so that the person who sent the file can act on it.

The text is not stored: ``rule`` names it in ``texts/catalogue/findings.yml`` (keys ``findings.<rule>.what`` and
``findings.<rule>.todo``), ``params`` fills it. ``found`` never holds personal data: mask it before it comes here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["refused", "quarantined", "repaired", "noted"]
COLUMNS = ["source", "level", "rule", "file", "sheet", "row", "column", "found", "params"]


@dataclass(frozen=True)
class Finding:
    """``refused``: the whole file; ``quarantined``: one row set aside; ``repaired``: one cell mended, the row kept;
    ``noted``: kept as it is.

    ``row`` is the row as the person sees it in the file (1-based, header counted); ``column`` the caption in the file.
    """

    source: str
    level: Level
    rule: str
    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    params: dict[str, str] = field(default_factory=dict)


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding, sorted by source, file, sheet, row, column and rule; ``params`` as JSON text."""
    import pandas as pd

    rows = [
        (
            f.source,
            f.level,
            f.rule,
            f.file,
            f.sheet,
            f.row,
            f.column,
            f.found,
            json.dumps(f.params, ensure_ascii=False, sort_keys=True),
        )
        for f in findings
    ]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"row": "Int64", **{c: "str" for c in COLUMNS if c != "row"}})
    return table.sort_values(["source", "file", "sheet", "row", "column", "rule"], kind="stable", ignore_index=True)


def findings_of(table: pd.DataFrame) -> list[Finding]:
    """The findings of a table that ``findings_table`` gave."""
    import pandas as pd

    return [
        Finding(
            f.source,
            f.level,
            f.rule,
            f.file,
            f.sheet,
            None if pd.isna(f.row) else int(f.row),
            f.column,
            f.found,
            json.loads(f.params),
        )
        for f in table.itertuples(index=False)
    ]


def cells_of(params: str) -> int:
    """How many rows or cells one row of the findings table stands for: its ``count``, one when it has none."""
    count = str(json.loads(params).get("count", "1"))
    return int(count) if count.isascii() and count.isdigit() else 1


class InputRefused(Exception):
    """No estimate can be made from these inputs; carries the findings that say why, for each language to word."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"{f.file}: {f.rule}" for f in findings))
        self.findings = findings
