"""A sheet that lies beside study.yml, as Excel saves it: a table of texts under short captions."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.texts.catalogue import LANGUAGES, catalogue

if TYPE_CHECKING:
    import pandas as pd

BOOKS = (".xlsx", ".xls", ".ods")


def sheet_table(path: Path, source: str) -> pd.DataFrame:
    """The filled rows of a .csv or Excel sheet; row ``index + 2`` of the file, as a person counts it.

    Columns have the short names by which ``sheets.<source>`` in the catalogue knows them; a caption that is not there
    stays, in lower case. Raises ValueError or OSError when the file is no table.
    """
    table = _text_table(path)
    table.columns = [_short_caption(source, str(column)) for column in table.columns]
    return table.dropna(how="all")


def _short_caption(source: str, caption: str) -> str:
    """A caption as the short one by which the column is known: itself, or what the templates call it."""
    plain = " ".join(caption.split()).casefold()
    known = {form[one].casefold(): key.rsplit(".", 1)[1] for key, form in _long_captions(source) for one in LANGUAGES}
    return known.get(plain, plain)


def _long_captions(source: str) -> list[tuple[str, dict[str, str]]]:
    return [(key, form) for key, form in catalogue().items() if key.startswith(f"sheets.{source}.")]


def _text_table(path: Path) -> pd.DataFrame:
    import pandas as pd

    if path.suffix.casefold() in BOOKS:
        return pd.read_excel(path, dtype="str", engine="calamine")
    content = path.read_bytes()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = content.decode("cp1251")  # what Excel's plain „CSV“ gives on a Bulgarian computer
    captions = decoded.partition("\n")[0]
    separator = max(",;\t", key=captions.count)  # counted, not sniffed: a sheet may have one column
    return pd.read_csv(io.StringIO(decoded), dtype="str", sep=separator, skip_blank_lines=False)
