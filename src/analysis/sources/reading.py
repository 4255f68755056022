"""What reading a source gives: its rows as text with their provenance, and what was wrong with whole files."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.files import Finding

PROVENANCE = ["file", "sheet", "row"]
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reading:
    """All rows of one source as text.

    ``rows``: one column per register field (canonical name; a date of n parts as ``<name>_1`` ... ``<name>_n``), the
    source's constants and file-name groups, and ``file``, ``sheet`` (text), ``row`` (Int64, 1-based as the person
    sees it). A missing cell is NA.
    Column ``unreadable``: the rule for a line whose cells cannot be told apart (all its fields are NA), else NA;
    cleaning quarantines it.
    ``captions``: canonical name -> caption in the file, for messages.
    ``findings``: file-level findings (refused files, encodings that had to be guessed, columns that are missing).
    """

    rows: pd.DataFrame
    captions: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
