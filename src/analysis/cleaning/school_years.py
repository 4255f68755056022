"""School years by their first calendar year: 2021 is 2021/22."""

from __future__ import annotations

import re

from analysis.cleaning.cell import Parsed

FORM = re.compile(
    r"([0-9]{4})(?:[.,]0+)?(?: ?[/\-–] ?([0-9]{4}|[0-9]{2}))?(?: ?(?:г|год|година|уч\. ?г|учебна година)\.?)?"
)
YEARS = range(1990, 2100)


def parse_school_year(text: str) -> Parsed:
    """The start year of "2021", "2021/2022", "2021-2022", "2021/22"; the second year must be the next one."""
    match = FORM.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        return Parsed(rule="bad_school_year")
    start = int(match[1])
    if match[2] is not None and int(match[2]) % 100 != (start + 1) % 100:
        return Parsed(rule="bad_school_year")
    return Parsed(start)
