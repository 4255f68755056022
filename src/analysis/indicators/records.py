"""One record a participant of an operation: status at the first entry, way of leaving at the last exit.

Regulation (EU) 1304/2013, Annex I, and the Commission's guidance on monitoring: characteristics are those of the day of
joining and are
not updated on re-entry; somebody who joins again counts once, and results follow the last exit. A record is complete
when sex, employment status, age and education are known; the others stay in the grand total.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.registers import rows_of
from analysis.study import Study

REQUIRED = ["sex", "labour_status", "age_at_entry", "education"]
SEXES = ["male", "female"]
REGISTER = "isun_participants"


def contracts_with_participants(study: Study) -> list[str]:
    """Codes of the contracts (or names of the sources) that have a participant workbook, in declared order."""
    sources = [(name, source) for name, source in study.sources.items() if source.register_name == REGISTER]
    return list(dict.fromkeys(source.constants.get("contract", name) for name, source in sources))


def participant_rows(study: Study, clean: Mapping[str, pd.DataFrame], contract: str | None = None) -> pd.DataFrame:
    """All accepted rows of the participant workbooks (of one contract), first joined first."""
    table = rows_of(study, clean, REGISTER, contract)
    return table.sort_values(["person_id", "entry_date", "file", "row"], kind="stable", ignore_index=True)


def participant_records(study: Study, clean: Mapping[str, pd.DataFrame], contract: str | None = None) -> pd.DataFrame:
    """One row a person: the columns of the workbook at first entry; ``exit_date``, ``exit_status`` of the last exit,
    missing while any participation goes on; ``activities`` (set of codes); ``is_complete``; file, sheet, row.

    ``contract`` None: all contracts as one operation, so that somebody under two of them counts once.
    """
    rows = participant_rows(study, clean, contract)
    people = rows.drop_duplicates("person_id").set_index("person_id")
    grouped = rows.groupby("person_id", sort=True)
    last = rows.sort_values(["person_id", "exit_date"], kind="stable").drop_duplicates("person_id", keep="last")
    last = last.set_index("person_id")
    goes_on = rows["exit_date"].isna().groupby(rows["person_id"]).any()
    people = people.assign(
        sex=grouped["sex"].first(),  # the first that is stated: sex is no matter of the day
        exit_date=last["exit_date"].mask(goes_on),
        exit_status=last["exit_status"].mask(goes_on),
        participation_status=last["participation_status"].mask(goes_on),
        activities=grouped["activity"].agg(lambda codes: frozenset(codes.dropna())),
    )
    return people.assign(is_complete=people[REQUIRED].notna().all(axis=1)).reset_index()


def incomplete_rows(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``contract, file, sheet, row, missing`` of every incomplete record, by the row of the first entry; names nobody.

    ``missing`` holds the names of the columns, joined by a comma.
    """
    parts = []
    for contract in contracts_with_participants(study):
        people = participant_records(study, clean, contract)
        wanting = people[~people["is_complete"]]
        missing = [", ".join(name for name in REQUIRED if pd.isna(row[name])) for _, row in wanting.iterrows()]
        parts.append(
            wanting[["file", "sheet", "row"]].assign(contract=contract, missing=pd.array(missing, dtype="str"))
        )
    columns = ["contract", "file", "sheet", "row", "missing"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found[columns].sort_values(["contract", "file", "row"], kind="stable", ignore_index=True)
