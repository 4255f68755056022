"""Dates as people and programs write them; one that can be read in two ways is never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from babel.dates import get_month_names

from analysis.cleaning.cell import Parsed

EXCEL_DAY_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2099
YEAR_SIGN = re.compile(r"\s*(г|год|година)\.?$", re.IGNORECASE)
TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){TIME}")
DAY_FIRST = re.compile(rf"([0-9]{{1,2}}) ?([.\-/]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{4}}|[0-9]{{2}}){TIME}")
WITH_NAME = re.compile(r"([0-9]{1,2})[. -]+([^\W\d_]{3,9})\.?[ -]+([0-9]{4})")
SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
SERIALS = range(9_000, 73_051)
MONTHS = {
    name.casefold(): month
    for language in ("bg", "en")
    for width in ("wide", "abbreviated")
    for month, name in get_month_names(width, locale=language).items()
}


def parse_date(text: str) -> Parsed:
    """A date from text: dd.mm.yyyy (г.), d.m.yy, ISO with or without time, a day with a month's name, an Excel serial.

    Two-digit years up to 49 are of this century. With slashes the American order is possible, so only a day above 12
    (or equal to the month) settles it.
    """
    plain = YEAR_SIGN.sub("", text)
    if match := ISO.fullmatch(plain):
        return exact_date(*(int(part) for part in match.groups()))
    if match := DAY_FIRST.fullmatch(plain):
        day, month, year = int(match[1]), int(match[3]), _full_year(match[4])
        if match[2] == "/" and day <= 12 and day != month:
            return Parsed(rule="ambiguous_date")
        return exact_date(year, month, day)
    if (match := WITH_NAME.fullmatch(plain)) and (named := MONTHS.get(match[2].casefold())):
        return exact_date(int(match[3]), named, int(match[1]))
    if (match := SERIAL.fullmatch(plain)) and int(match[1]) in SERIALS:
        return Parsed(EXCEL_DAY_ZERO + timedelta(days=int(match[1])))
    return Parsed(rule="bad_date")


def parse_date_parts(text: str) -> Parsed:
    """A date from ``year|month|day``, the three cells of a date joined; empty parts throughout are a missing date."""
    parts = [re.sub(r"[.,]0+$", "", part.strip()) for part in text.split("|")]
    parts = ["" if part in ("-", "–") else part for part in parts]
    if not any(parts):
        return Parsed()
    if len(parts[0]) > 4 and not any(parts[1:]):
        return parse_date(text.split("|")[0].strip())
    if not all(parts):
        return Parsed(rule="incomplete_date")
    if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        return Parsed(rule="bad_date")
    return exact_date(*(int(part) for part in parts))


def exact_date(year: int, month: int, day: int) -> Parsed:
    """The date of three numbers, or the rule it breaks."""
    try:
        found = date(year, month, day)
    except ValueError:
        return Parsed(rule="impossible_date")
    return Parsed(found) if FIRST_YEAR <= year <= LAST_YEAR else Parsed(rule="impossible_date")


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)
