"""Numbers, money, dates and school years as each language writes them."""

from __future__ import annotations

import math
from datetime import date

NBSP = "\u00a0"
MINUS = "\u2212"


def number(value: float | int | None, language: str, digits: int = 0, sign: bool = False) -> str:
    """A number with decimal comma and blank-grouped thousands in Bulgarian, point and comma in English.

    Bulgarian groups from five digits on (1234, but 12 345). ``sign`` also shows a plus. Missing values show as an
    en dash. A value that rounds to zero carries no sign.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    shown = f"{abs(value):,.{digits}f}"
    is_zero = not any(character in "123456789" for character in shown)
    if language == "bg":
        whole, _, fraction = shown.partition(".")
        whole = whole.replace(",", NBSP) if len(whole) > 5 else whole.replace(",", "")
        shown = f"{whole},{fraction}" if fraction else whole
    lead = "" if is_zero else MINUS if value < 0 else "+" if sign else ""
    return f"{lead}{shown}"


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage."""
    shown = number(None if share is None else 100 * share, language, digits)
    return shown if shown == "–" else f"{shown}{NBSP}%" if language == "bg" else f"{shown}%"


def p_value(value: float | None, language: str) -> str:
    """A p-value to three decimals; below 0.001 it is said so."""
    if value is None or math.isnan(value):
        return "–"
    if value < 0.001:
        return f"<{NBSP}0,001" if language == "bg" else f"<{NBSP}0.001"
    return number(value, language, 3)


def money(bgn: float, language: str, digits: int = 2, per_eur: float = 1.95583) -> str:
    """An amount in BGN with EUR in brackets at the fixed rate."""
    leva, euro = number(bgn, language, digits), number(bgn / per_eur, language, digits)
    return f"{leva}{NBSP}лв. ({euro}{NBSP}евро)" if language == "bg" else f"BGN{NBSP}{leva} (EUR{NBSP}{euro})"


def day(value: date, language: str) -> str:
    """01.10.2021 г. in Bulgarian, 1 October 2021 in English."""
    if language == "bg":
        return f"{value:%d.%m.%Y}{NBSP}г."
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]


def school_year(start: int) -> str:
    """2021/22 for the school year that starts in 2021."""
    return f"{start}/{(start + 1) % 100:02d}"
