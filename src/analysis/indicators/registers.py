"""The accepted rows of one register, whatever a study calls the sources that hold it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.study import Study, load_register


def has_source(study: Study, clean: Mapping[str, pd.DataFrame], register: str) -> bool:
    """Whether the study has the register at all, with at least one accepted row.

    Without any row nobody can tell an empty register from one that was never delivered: what it would show is not
    known.
    """
    return any(len(table) for table in _tables(study, clean, register, None))


def rows_of(
    study: Study, clean: Mapping[str, pd.DataFrame], register: str, contract: str | None = None
) -> pd.DataFrame:
    """Accepted rows of a register (of one contract) with every column that it keeps; without a source, no rows."""
    types = {**load_register(register).accepted_types(), "file": "str", "sheet": "str", "row": "Int64"}
    tables = [table for table in _tables(study, clean, register, contract) if len(table)]
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    missing = {name: pd.Series(index=rows.index, dtype=dtype) for name, dtype in types.items() if name not in rows}
    return rows.assign(**missing)


def _tables(study: Study, clean: Mapping[str, pd.DataFrame], register: str, contract: str | None) -> list[pd.DataFrame]:
    return [
        clean[name]
        for name, source in study.sources.items()
        if source.register_name == register
        and name in clean
        and contract in (None, source.constants.get("contract", name))
    ]
