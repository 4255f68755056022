"""The quality of the inputs in numbers: how many rows and cells each rule touched, by source."""

from __future__ import annotations

import pandas as pd

from analysis.files.findings import cells_of

COLUMNS = ["source", "level", "rule", "files", "count"]
TOTALS = ["rows_read", "accepted", "quarantined"]


def quality_counts(findings: pd.DataFrame, conservation: pd.DataFrame) -> pd.DataFrame:
    """One row a source and rule: ``source, level, rule, files`` (files concerned), ``count`` (rows or cells).

    Findings come as ``findings_table`` gives them. Rows read, accepted and quarantined stand first for each source,
    with level ``rows`` and the rule ``rows_read``, ``accepted`` or ``quarantined``.
    """
    totals = [
        (source, "rows", name, len(set(files["file"])), int(files[name].sum()))
        for source, files in conservation.groupby("source", sort=True)
        for name in TOTALS
    ]
    told = [
        (source, level, rule, len(set(group["file"])), sum(cells_of(params) for params in group["params"]))
        for (source, level, rule), group in findings.groupby(["source", "level", "rule"], sort=True)
    ]
    table = pd.DataFrame([*totals, *told], columns=COLUMNS).astype({"files": "int64", "count": "int64"})
    return table.astype(dict.fromkeys(COLUMNS[:3], "str")).sort_values("source", kind="stable", ignore_index=True)
