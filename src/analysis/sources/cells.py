"""One cell of a workbook or statistical file as text, without loss."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

PLAIN_LIMIT = 1e21
PLAIN_FLOOR = 1e-15


def cell_text(value: object) -> str | None:
    """Text as it is; whole numbers without decimals; dates as ISO; booleans ``true``/``false``; blank None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value)) if isinstance(value, float) else str(value)
    return moment_text(value)


def number_text(value: float) -> str | None:
    """The shortest decimal text that gives the same number back; 8001010008.0 -> 8001010008. NaN is a missing cell."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return repr(value)
    size = abs(value)
    if value.is_integer() and size < PLAIN_LIMIT:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if PLAIN_FLOOR < size < PLAIN_LIMIT else repr(value)


def moment_text(value: object) -> str:
    """A date as yyyy-mm-dd (with the time behind it when it is not midnight), a duration as h:mm:ss."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
