"""Rows that say the same thing twice, and rows that contradict each other about one key."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.cleaning.faults import Faults

PROVENANCE = ["file", "sheet", "row"]
# Two rows of one key that differ here are two facts, not a contradiction: a draft beside the confirmed document, and
# one person in two activities of one contract from the same day (ИСУН counts the person once; the panels see to it).
DISTINGUISHING = ["document_status", "activity"]
MOST_NAMED = 5


def set_aside_duplicates(faults: Faults, table: pd.DataFrame, key: Sequence[str]) -> None:
    """Set aside, of rows equal in all that is kept, all but the first, and every row of a key with different contents.

    ``table`` holds the rows not yet set aside, on the index of ``faults.rows`` and in the order of file, sheet and row.
    Which of two contradicting rows is right is for the people who know, so none of them is chosen.
    """
    if not key:  # every row is a case of its own
        return
    full_key = [name for name in [*key, *DISTINGUISHING] if name in table]
    keyed = table[table.duplicated(full_key, keep=False)]
    if keyed.empty:
        return
    content = [name for name in keyed.columns if name not in PROVENANCE]
    group = keyed.groupby(content, dropna=False, sort=False).ngroup()
    first = pd.Series(keyed.index, index=keyed.index).groupby(group).transform("first")
    repeats = keyed.index[first.to_numpy() != keyed.index.to_numpy()]
    for position in repeats:
        file, _, row = faults.place(int(first[position]))
        faults.add(int(position), "duplicate", "quarantined", first_file=file, first_row=str(row))
        faults.repeated[position] = True
    _set_aside_contradictions(faults, keyed.drop(index=repeats), full_key)


def _set_aside_contradictions(faults: Faults, rows: pd.DataFrame, key: list[str]) -> None:
    contradicting = rows[rows.duplicated(key, keep=False)]
    if contradicting.empty:
        return
    group = contradicting.groupby(key, dropna=False, sort=False).ngroup().to_numpy()
    columns = _differing(faults, contradicting.drop(columns=PROVENANCE), group)
    members: dict[int, list[int]] = {}
    for position, number in zip(contradicting.index.tolist(), group.tolist(), strict=True):
        members.setdefault(number, []).append(position)
    for number, positions in members.items():
        for position in positions:
            others = [other for other in positions[: MOST_NAMED + 1] if other != position][:MOST_NAMED]
            named = ", ".join(_row_name(faults, other, position) for other in others)
            faults.add(position, "conflicting_key", "quarantined", rows=named, columns=columns[number])


def _differing(faults: Faults, content: pd.DataFrame, group: npt.NDArray[np.intp]) -> list[str]:
    """For every group of rows the captions of the columns in which its rows differ."""
    first = np.unique(group, return_index=True)[1][group]
    captions: list[list[str]] = [[] for _ in range(group.max() + 1)]
    for name in content.columns:
        codes = pd.factorize(content[name], use_na_sentinel=False)[0]
        for number in np.unique(group[codes != codes[first]]):
            captions[number].append(faults.captions.get(name, name))
    return [", ".join(names) for names in captions]


def _row_name(faults: Faults, other: int, here: int) -> str:
    file, _, row = faults.place(other)
    return str(row) if file == faults.place(here)[0] else f"{file}: {row}"
