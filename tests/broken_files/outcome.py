"""What became of a file, told so that it can be held against what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.cleaning import Cleaned, clean_source
from analysis.files import Finding, Workspace
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.sources import PROVENANCE, Reading, read_source
from analysis.study import Study
from analysis.texts import text

from .case import Case
from .people import EVERYBODY, FOREIGNER

PSEUDONYMISER = Pseudonymiser(PUBLIC_KEY)
SECRETS = {FOREIGNER, *(person.number.lstrip("0") for person in EVERYBODY), *(person.last for person in EVERYBODY)}
NUMBERS = {FOREIGNER, *(person.number for person in EVERYBODY)}
TEN_DIGITS = re.compile(r"\d{10}")
Values = dict[str, object]


@dataclass(frozen=True)
class Ran:
    reading: Reading
    cleaned: Cleaned

    @property
    def findings(self) -> list[Finding]:
        return self.cleaned.findings

    @property
    def is_refused(self) -> bool:
        return any(finding.level == "refused" for finding in self.findings)

    @property
    def aside(self) -> set[int | None]:
        return {finding.row for finding in self.findings if finding.level == "quarantined"}

    @property
    def records(self) -> list[Values]:
        """The accepted rows without their places, in an order of their own."""
        return in_order(self.cleaned.accepted.drop(columns=PROVENANCE).to_dict("records"))

    @property
    def in_file_order(self) -> list[Values]:
        table = self.cleaned.accepted.sort_values("row").drop(columns=PROVENANCE)
        return [plain(record) for record in table.to_dict("records")]


def run(case: Case, study: Study, workspace: Workspace, schools: frozenset[str]) -> Ran:
    """Write the case's files into an empty raw folder, read and clean its source."""
    for name, content in case.files().items():
        path: Path = workspace.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    reading = read_source(study, case.source, workspace)
    return Ran(reading, clean_source(study, case.source, reading, PSEUDONYMISER, schools=schools))


def in_order(records: list[Values]) -> list[Values]:
    """Rows sorted by all they hold."""
    return sorted(map(plain, records), key=lambda record: sorted((name, str(value)) for name, value in record.items()))


def plain(record: Values) -> Values:
    return {name: plain_value(value) for name, value in record.items()}


def plain_value(value: object) -> object:
    """One way to say missing, one kind of number, days as text."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def as_expected(clean: list[Values], lost: tuple[int, ...], cells: Mapping[tuple[int, str], object]) -> list[Values]:
    """The clean file's rows without those lost and with other values in ``cells``; numbers become pseudonyms."""
    wanted = [
        {**record, **{name: disguised(value) for (row, name), value in cells.items() if row == place}}
        for place, record in enumerate(clean)
        if place not in lost
    ]
    return in_order(wanted)


def disguised(value: object) -> object:
    """A personal number as its pseudonym, anything else as it is."""
    if value not in NUMBERS:
        return value
    return PSEUDONYMISER.pseudonym(pd.Series([value], dtype="str"), "lnch" if value == FOREIGNER else "egn")[0]


def messages(findings: list[Finding]) -> Iterator[str]:
    """All that people read of the findings: what, what to do, what was found, in both languages."""
    for finding in findings:
        params = {name: int(value) if name == "count" else value for name, value in finding.params.items()}
        for language in ("bg", "en"):
            for part in ("what", "todo"):
                yield text(f"{finding.rule}.{part}", language, **params)
        yield f"{finding.found} {finding.column} {finding.sheet} {' '.join(map(str, finding.params.values()))}"
