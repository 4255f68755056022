"""Personal numbers: ЕГН and ЛНЧ checked, the one safe repair made, birth year and sex read from the number.

Order of repair: strip, drop ".0", with nine or eight digits put the leading zeros back and keep the number only if
date and check digit agree (a numeric column drops one zero of those born 2001 to 2009 and both of those born in 2000:
without the second, one birth year would be lost); anything else is set aside. The check digits are those of
python-stdnum (``stdnum.bg.egn``, ``stdnum.bg.pnf``); a demonstration's numbers carry a check digit moved by a declared
offset, so that they are nobody's.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from stdnum.bg import egn, pnf
from stdnum.exceptions import ValidationError

from analysis.cleaning.cell import Parsed

TEN_DIGITS = re.compile(r"[0-9]{10}")
SCIENTIFIC = re.compile(r"([0-9])[.,]?([0-9]*)[Ee]\+?([0-9]{1,2})")
OTHER_FORM = re.compile(r"[0-9A-Za-zА-Яа-я/-]{3,20}")


class Identifier(NamedTuple):
    """A normalised number and what it is: ``egn``, ``lnch`` or ``other``."""

    number: str
    id_type: str


def is_egn(number: str, offset: int = 0) -> bool:
    """Whether ten digits are an ЕГН: a date that exists and the check digit, moved by ``offset``."""
    return birth_date(number) is not None and _digit(egn.calc_check_digit(number[:9]), offset) == number[9]


def is_lnch(number: str, offset: int = 0) -> bool:
    """Whether ten digits are an ЛНЧ by their check digit, moved by ``offset``."""
    return bool(TEN_DIGITS.fullmatch(number)) and _digit(pnf.calc_check_digit(number[:9]), offset) == number[9]


def birth_date(number: str) -> date | None:
    """The date in an ЕГН (month + 20: born 18xx, + 40: born 20xx), None when there is no such date."""
    if not TEN_DIGITS.fullmatch(number):
        return None
    try:
        return egn.get_birth_date(number)
    except ValidationError:
        return None


def sex(number: str) -> str:
    """The sex in an ЕГН: ninth digit even is male."""
    return "male" if int(number[8]) % 2 == 0 else "female"


def parse_identifier(text: str, declared: str | None, offset: int) -> Parsed:
    """An Identifier from one cell; ``declared`` is the type its row names (None when it names none).

    Without a declared type a number that fails as ЕГН and passes as ЛНЧ is taken as ЛНЧ, and said so.
    """
    text = re.sub(r"[.,]0+$", "", re.sub(r"\s", "", text).lstrip("'’`"))
    if declared == "other":
        is_plain = OTHER_FORM.fullmatch(text)
        return Parsed(Identifier(text.upper(), "other")) if is_plain else Parsed(rule="not_a_number")
    if scientific := SCIENTIFIC.fullmatch(text):
        first, rest, power = scientific.groups()
        if len(rest) != int(power):
            return Parsed(rule="number_rounded")
        text = first + rest
    if not re.fullmatch("[0-9]+", text):
        return Parsed(rule="letters_in_number" if _is_letters_for_digits(text) else "not_a_number")
    if len(text) in (8, 9):
        return _with_zeros(text.zfill(10), declared, offset)
    return _checked(text, declared, offset) if len(text) == 10 else Parsed(rule="number_length")


def _with_zeros(number: str, declared: str | None, offset: int) -> Parsed:
    check, id_type = (is_lnch, "lnch") if declared == "lnch" else (is_egn, "egn")
    if check(number, offset):
        return Parsed(Identifier(number, id_type), "lost_zero", "repaired")
    return Parsed(rule="number_length")


def _checked(number: str, declared: str | None, offset: int) -> Parsed:
    if declared == "lnch":
        return Parsed(Identifier(number, "lnch")) if is_lnch(number, offset) else Parsed(rule="invalid_lnch")
    if is_egn(number, offset):
        return Parsed(Identifier(number, "egn"))
    if declared is None and is_lnch(number, offset):
        return Parsed(Identifier(number, "lnch"), "lnch_among_egn", "noted")
    return Parsed(rule="invalid_egn")


def is_real(text: str, declared: str | None) -> bool:
    """Whether a cell holds a number that a living person may bear, in any form that this module repairs.

    Real means: the true check (offset 0) of the declared type passes, that of the ЕГН when none is declared. That an
    ЕГН of a demonstration passes the weaker ЛНЧ check by chance (one in ten does) makes it nobody's number.
    """
    if declared == "other":
        return False
    parsed = parse_identifier(text, declared or "egn", 0)
    return parsed.value is not None


def _is_letters_for_digits(text: str) -> bool:
    return bool(re.fullmatch("[0-9OoОоIlІ]{9,10}", text))


def _digit(correct: str, offset: int) -> str:
    return str((int(correct) + offset) % 10)
