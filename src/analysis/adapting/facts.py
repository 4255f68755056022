"""What the files found allow to be said of the study: its years, its schools, which chapters its data can bear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from analysis.adapting.columns import Column
from analysis.adapting.grouping import FoundSource
from analysis.adapting.values import PLAIN_SOURCE, check_digit_offset, holds_personal_numbers
from analysis.cleaning.cell import tidy
from analysis.cleaning.dates import parse_date
from analysis.cleaning.kinds import parser_of
from analysis.study import RegisterField

PUPILS, MOVEMENTS, MARKS, ABSENCES = "neispuo_pupils", "neispuo_movements", "neispuo_marks", "absences_monthly"
PARTICIPANTS, REGISTRATIONS, CONTRACTS = "isun_participants", "labour_registrations", "nra_contracts"
PLACEMENTS = "labour_placements"
COMPANY = re.compile("[0-9]{9}|[0-9]{13}")
DATES_TRIED = 2000
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2099, 1, 1)
OF_AGE = 18


@dataclass(frozen=True)
class Facts:
    """``years``: school years of the pupil lists; ``schools``: code -> name, "" where no file tells
    it; ``employers``: company numbers of subsidised placements; ``offset``: of check
    digits; ``latest``: the last date in the files; ``has_persons``: personal numbers occur."""

    registers: set[str]
    years: list[int]
    schools: dict[str, str]
    employers: list[str]
    offset: int
    has_persons: bool
    latest: date | None
    columns: set[tuple[str, str]]
    pupils_contract: str | None
    seekers_contract: str | None

    @property
    def has_education(self) -> bool:
        """Pupil lists of three school years at least: one before, one after, and the one that tells who came back."""
        return {PUPILS, MOVEMENTS} <= self.registers and len(self.years) >= 3

    @property
    def has_employment(self) -> bool:
        return {PARTICIPANTS, REGISTRATIONS, CONTRACTS} <= self.registers and self.seekers_contract is not None


def facts_of(sources: list[FoundSource]) -> Facts:
    """The facts of all sources together."""
    numbers = list(_columns_of_persons(sources))
    contracts = {s.constants["contract"]: _ages(s) for s in sources if "contract" in s.constants and _ages(s)}
    young = [code for code, ages in contracts.items() if median(ages) < OF_AGE]
    grown = [code for code in contracts if code not in young]
    return Facts(
        registers={source.register.register_name for source in sources if source.register},
        years=sorted({year for source in sources if _is(source, PUPILS) for year in source.years}),
        schools=_schools(sources),
        employers=_employers(sources),
        offset=check_digit_offset(numbers),
        has_persons=bool(numbers) or any(_is(source, ABSENCES) for source in sources),
        latest=_latest(sources),
        columns={(s.register.register_name, name) for s in sources if s.register for name in _mapped(s)},
        pupils_contract=young[0] if len(young) == 1 else None,
        seekers_contract=grown[0] if len(grown) == 1 else None,
    )


def _is(source: FoundSource, register: str) -> bool:
    return source.register is not None and source.register.register_name == register


def _mapped(source: FoundSource) -> list[str]:
    """The fields of its register that the source's files have."""
    if source.first.by_position is not None:
        return [field.name for field in source.first.by_position.fields]
    return [name for file in source.files if file.match for name in file.match.places]


def _columns(source: FoundSource, name: str) -> Iterator[Column]:
    for file in source.files:
        if file.match and name in file.match.places:
            yield file.match.places[name].column


def _columns_of_persons(sources: Iterable[FoundSource]) -> Iterator[Column]:
    """Columns of personal numbers, in registers and in other tables."""
    for source in sources:
        if source.register is None:
            yield from (c for file in source.files for c in file.table.columns if holds_personal_numbers(c))
        for field in source.register.fields if source.register else []:
            if field.kind == "identifier":
                yield from _columns(source, field.name)


def _ages(source: FoundSource) -> list[int]:
    return [
        int(text)
        for column in _columns(source, "age_stated")
        for text, count in column.texts.items()
        for _ in range(count)
        if text.isdigit() and int(text) < 110
    ]


def _schools(sources: list[FoundSource]) -> dict[str, str]:
    """Every school code of the pupil lists (of any register, when there are none), with a name where a file has one."""
    from_lists = [source for source in sources if _is(source, PUPILS)]
    parse = parser_of(RegisterField(name="code", kind="school_code", required=True), PLAIN_SOURCE, None)
    codes: set[str] = set()
    for source in from_lists or sources:
        for column in _columns(source, "school_code"):
            codes |= {str(parsed.value) for text in column.texts if (parsed := parse(text)).value}
    told = {one: name for source in sources for file in source.files for one, name in file.school_names.items()}
    names = {str(parse(one).value): name for one, name in told.items()}
    return {code: names.get(code, "") for code in sorted(codes)}


def _employers(sources: list[FoundSource]) -> list[str]:
    """Company numbers of the subsidised placements; a person's own number (ten digits) is not one of them."""
    texts = {t for s in sources if _is(s, PLACEMENTS) for c in _columns(s, "employer_id") for t in c.texts}
    return sorted(text for text in texts if COMPANY.fullmatch(text))


def _latest(sources: list[FoundSource]) -> date | None:
    """The latest date that stands in a column of dates, of those that can be read without a guess."""
    latest: date | None = None
    for source in sources:
        dated = [f.name for f in source.register.fields if f.kind == "date" and f.parts == 1] if source.register else []
        texts = {text for name in dated for column in _columns(source, name) for text in column.texts}
        for text in sorted(texts, reverse=True)[:DATES_TRIED]:
            found = parse_date(tidy(text)).value
            if isinstance(found, date) and FIRST_DATE < found < LAST_DATE and (latest is None or found > latest):
                latest = found
    return latest
