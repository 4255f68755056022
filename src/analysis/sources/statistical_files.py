"""SPSS, Stata and Parquet files: value labels in place of codes, variable labels and names both usable as captions."""

from __future__ import annotations

from typing import Any

from analysis.sources.cells import cell_text
from analysis.sources.encoding import USUAL, reads_as_bulgarian, went_through_western
from analysis.sources.isolation import ReadingFailed, read_isolated
from analysis.sources.tables import RawTable, Refused, Remark


def read_statistical(kind: str, content: bytes, declared: list[str]) -> list[RawTable]:
    """The one table of a file; row n is case n. Refused when it is damaged or its letters cannot be known."""
    for encoding in ["", *dict.fromkeys([*declared, *USUAL])]:
        try:
            read = read_isolated(kind, content, encoding)
        except ReadingFailed as failure:
            if _is_about_letters(failure):
                continue
            raise Refused("reading.damaged") from None
        texts = _texts(read)
        if went_through_western(texts) or not (encoding == "" or reads_as_bulgarian(texts)):
            continue
        guessed = encoding != "" and encoding not in declared
        return [_table(read, [Remark("reading.encoding_guessed", {"encoding": encoding.upper()})] if guessed else [])]
    raise Refused("reading.encoding_unknown", line="–")


def _is_about_letters(failure: ReadingFailed) -> bool:
    return failure.kind == "UnicodeDecodeError" or "encoding" in failure.message or "convert" in failure.message


def _texts(read: dict[str, Any]) -> str:
    labels = [label or "" for label in read["labels"]]
    values = [str(text) for codes in read["value_labels"].values() for text in codes.values()]
    cells = [value for column in read["columns"] for value in column[:1000] if isinstance(value, str)]
    return "\n".join([*labels, *values, *cells])


def _table(read: dict[str, Any], remarks: list[Remark]) -> RawTable:
    captions = [(label or "", name) for label, name in zip(read["labels"], read["names"], strict=True)]
    codes = read["value_labels"]
    columns = [
        [_labelled(value, codes.get(name, {})) for value in column]
        for name, column in zip(read["names"], read["columns"], strict=True)
    ]
    return RawTable(list(zip(*columns, strict=True)), captions=captions, remarks=remarks)


def _labelled(value: Any, codes: dict[Any, str]) -> str | None:
    return cell_text(codes[value] if codes and value in codes else value)
