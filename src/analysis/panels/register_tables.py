"""The accepted rows of one register, whatever a study calls the sources that hold it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.study import Study, load_register


def register_table(
    study: Study, clean: Mapping[str, pd.DataFrame], register: str, contract: str | None = None
) -> pd.DataFrame:
    """All accepted rows of a register (of one contract, when given), with every column that the register keeps.

    A column that no file brought is there and missing throughout; a register without a source is an empty table.
    """
    tables = [clean[name] for name in source_names(study, register, contract) if name in clean]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"person_id": pd.Series(dtype="str")})
    missing = {name: dtype for name, dtype in load_register(register).accepted_types().items() if name not in table}
    return table.assign(**{name: pd.Series(dtype=dtype).reindex(table.index) for name, dtype in missing.items()})


def source_names(study: Study, register: str, contract: str | None = None) -> list[str]:
    """The names of a study's sources that hold this register (of one contract, when given)."""
    return [
        name
        for name, source in study.sources.items()
        if source.register_name == register and contract in (None, source.constants.get("contract"))
    ]
