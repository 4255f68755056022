"""Employers' numbers (ЕИК/БУЛСТАТ): nine or thirteen digits; ten digits are a natural person's own number."""

from __future__ import annotations

import re

from stdnum.bg.vat import calc_check_digit_legal

from analysis.cleaning.cell import Parsed

PERSON = re.compile("[0-9]{10}")


def parse_employer(text: str) -> Parsed:
    """An employer's number as text. Excel drops the zeros that a municipality's number begins with: they are put back
    when the check digit then agrees (python-stdnum, ``stdnum.bg.vat``). A ten-digit number comes back as it is: the
    caller must replace it by a pseudonym.
    """
    digits = re.sub(r"[.,]0+$", "", re.sub(r"^(BG|ВG|BГ)", "", re.sub(r"[\s'’`]", "", text).upper()))
    if re.fullmatch("[0-9]{9}|[0-9]{10}|[0-9]{13}", digits):
        return Parsed(digits)
    padded = digits.zfill(9)
    if re.fullmatch("[0-9]{5,8}", digits) and calc_check_digit_legal(padded[:8]) == padded[8]:
        return Parsed(padded, "employer_zero", "repaired")
    return Parsed(rule="bad_employer")
