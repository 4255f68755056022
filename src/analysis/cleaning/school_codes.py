"""School codes of НЕИСПУО: seven digits, of which Excel loses a leading zero."""

from __future__ import annotations

import re

from analysis.cleaning.cell import Parsed, Parser


def school_code_parser(known: frozenset[str] | None, must_be_known: bool) -> Parser:
    """A parser of school codes. ``known``: the study's schools, None when it lists none.

    A lost zero is put back when the school is then a known one, or when any school is welcome: codes with a leading
    zero are those of the first nine districts. A code that is not ``known`` is set aside only where it must be.
    """

    def parse(text: str) -> Parsed:
        digits = re.sub(r"[.,]0+$", "", text.lstrip("'’`").replace(" ", ""))
        if not re.fullmatch("[0-9]{6,7}", digits):
            return Parsed(rule="bad_school_code")
        code = digits.zfill(7)
        if must_be_known and known is not None and code not in known:
            return Parsed(rule="unknown_school")
        return Parsed(code, "school_zero", "repaired") if len(digits) == 6 else Parsed(code)

    return parse
