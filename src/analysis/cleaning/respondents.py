"""The code on a questionnaire: one form of writing, so that the same respondent is known in both waves."""

from __future__ import annotations

import pandas as pd

from analysis.cleaning.cell import Parsed, parse_column, tidy
from analysis.cleaning.faults import Faults
from analysis.cleaning.fields import tell_missing, text_of
from analysis.cleaning.look_alikes import comparable
from analysis.cleaning.masking import masked
from analysis.study import RegisterField


def read_codes(faults: Faults, field: RegisterField) -> pd.Series:
    """The codes of a source in one form of writing, NA where a row has none; such a row is set aside."""
    cells = text_of(faults.rows, field)
    column = parse_column(cells, parse_code, "str")
    faults.add_column(field.name, column, lambda position: masked(str(cells.iloc[position])))
    tell_missing(faults, field, cells, column.values.isna().to_numpy())
    return column.values


def parse_code(text: str) -> Parsed:
    """Without blanks, case and look-alike letters: \u201ey 012\u201c typed in Latin is \u201eУ012\u201c."""
    code = comparable(tidy(text).removesuffix(".0")).replace(" ", "").replace("-", "")
    return Parsed(code) if any(letter.isalnum() for letter in code) else Parsed()
