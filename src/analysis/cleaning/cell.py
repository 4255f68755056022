"""Reading one column of text cells: each different text is read once, and every fault keeps its rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.files.findings import Level

INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
BLANKS = re.compile(r"\s+")
EMPTY = {"", "-", "–", "—", "‐", "−"}


class Parsed(NamedTuple):
    """What one text means. ``value`` None is missing; ``rule`` (without ``findings.``) is what was wrong or mended."""

    value: Any = None
    rule: str = ""
    level: Level = "quarantined"


Parser = Callable[[str], Parsed]


@dataclass(frozen=True)
class Column:
    """A column as read: typed values, and for every row the rule it broke ("" for none) and that rule's level."""

    values: pd.Series
    rules: npt.NDArray[np.object_]
    levels: npt.NDArray[np.object_]


def tidy(text: str) -> str:
    """The text with every kind of blank made plain, repeated and outer ones dropped, and invisible characters gone."""
    return BLANKS.sub(" ", INVISIBLE.sub("", text)).strip()


def parse_column(values: pd.Series, parse: Parser, dtype: str) -> Column:
    """Read a column of text (NA is missing) with ``parse``, called once a different text, into values of ``dtype``."""
    codes, unique = pd.factorize(values)
    parsed = [_parse_tidy(str(text), parse) for text in unique]
    typed = pd.array([one.value for one in parsed], dtype=dtype)
    rules = np.array([one.rule for one in parsed] + [""], dtype=object)
    levels = np.array([one.level if one.rule else "" for one in parsed] + [""], dtype=object)
    return Column(pd.Series(typed.take(codes, allow_fill=True), index=values.index), rules[codes], levels[codes])


def _parse_tidy(text: str, parse: Parser) -> Parsed:
    cell = tidy(text)
    return Parsed() if cell in EMPTY else parse(cell)
