"""Personal numbers outside the identifier columns: in free texts, and as the number of an employer who is a person."""

from __future__ import annotations

import re

import pandas as pd

from analysis.cleaning.employers import PERSON
from analysis.cleaning.identifiers import is_egn, is_lnch
from analysis.linkage.pseudonyms import Pseudonymiser
from analysis.study import Register, RegisterField

TEN_DIGITS = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")


def hide_private_numbers(typed: pd.DataFrame, register: Register, key: Pseudonymiser, offset: int) -> pd.DataFrame:
    """The table with personal numbers in texts struck out and natural persons among the employers under a pseudonym."""
    hidden = {
        field.name: _hide(typed[field.name], field, key, offset) for field in register.fields if field.name in typed
    }
    return typed.assign(**hidden)


def _hide(values: pd.Series, field: RegisterField, key: Pseudonymiser, offset: int) -> pd.Series:
    if field.kind == "employer":
        is_person = values.str.fullmatch(PERSON.pattern).fillna(False).astype(bool)
        return values.mask(is_person, key.pseudonym(values.where(is_person), "egn"))
    if field.kind in ("text", "section"):
        texts = {text: strike_out(str(text), offset) for text in values.dropna().unique()}
        return values.map(texts).astype("str")
    return values


def strike_out(text: str, offset: int) -> str:
    """A text in which every ten digits that pass as a personal number are replaced by ``##########``."""
    return TEN_DIGITS.sub(lambda m: "#" * 10 if _is_personal(m.group(), offset) else m.group(), text)


def _is_personal(number: str, offset: int) -> bool:
    return any(check(number, moved) for check in (is_egn, is_lnch) for moved in {0, offset})
