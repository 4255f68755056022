"""Where every printed number comes from: the rows of ``numbers.csv``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import pandas as pd


@dataclass(frozen=True)
class Entry:
    """One printed number. ``source`` is ``results`` (then ``result_id`` and ``field`` name the cell of ``results.csv``)
    or ``settings`` (then ``field`` is the key in ``study.yml``); ``exhibit`` is the table or figure, empty in prose."""

    chapter: str
    exhibit: str
    source: str
    result_id: str
    field: str
    value: str
    printed: str


class Ledger:
    """Entries in the order of printing; the same number printed the same way in one place is one entry."""

    def __init__(self) -> None:
        self._entries: dict[Entry, None] = {}

    def add(self, entry: Entry) -> None:
        self._entries.setdefault(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def table(self) -> pd.DataFrame:
        rows = [astuple(entry) for entry in self._entries]
        return pd.DataFrame(rows, columns=[field.name for field in fields(Entry)]).astype("str")
