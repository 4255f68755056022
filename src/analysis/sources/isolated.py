"""Run as a script of its own: reads one old Excel, SPSS, Stata or Parquet file from standard input and writes its
cells, pickled, to standard output.

Their parsers are compiled code that a damaged file can make ask for all memory or fall over; here that ends this
process alone.
It imports nothing of the package so that it starts quickly.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from typing import Any

MEMORY_LIMIT = 3 * 2**30


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, hard))


def read_workbook(content: bytes) -> list[dict[str, Any]]:
    import python_calamine

    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return [
            {
                "name": entry.name,
                "hidden": entry.visible != python_calamine.SheetVisibleEnum.Visible,
                "merges": workbook.get_sheet_by_name(entry.name).merged_cell_ranges or [],
                "rows": workbook.get_sheet_by_name(entry.name).to_python(skip_empty_area=False),
            }
            for entry in workbook.sheets_metadata
            if entry.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]


def read_statistical(kind: str, content: bytes, encoding: str | None) -> dict[str, Any]:
    import pyreadstat

    read = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}[kind]
    options: dict[str, Any] = {"user_missing": True, "output_format": "dict", "encoding": encoding}
    columns, about = read(io.BytesIO(content), **options)
    return {
        "names": list(about.column_names),
        "labels": list(about.column_labels),
        "value_labels": dict(about.variable_value_labels),
        "columns": [_plain(columns[name]) for name in about.column_names],
    }


def read_parquet(content: bytes) -> dict[str, Any]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(content), use_threads=False)
    columns = [column.to_pylist() for column in table.columns]
    return {"names": table.column_names, "labels": [""] * len(columns), "value_labels": {}, "columns": columns}


def _plain(values: Any) -> list[Any]:
    return values.tolist() if hasattr(values, "tolist") else list(values)


def read(kind: str, content: bytes, encoding: str | None) -> Any:
    if kind == "workbook":
        return read_workbook(content)
    return read_parquet(content) if kind == "parquet" else read_statistical(kind, content, encoding)


def main() -> None:
    kind, encoding = sys.argv[1], sys.argv[2] or None
    content = sys.stdin.buffer.read()
    limit_memory()
    try:
        result: tuple[Any, ...] = ("read", read(kind, content, encoding))
    except BaseException as error:  # a panic in compiled code is not an Exception; every failure must be reported
        result = ("failed", type(error).__name__, str(error) if type(error).__name__ == "ReadstatError" else "")
    sys.stdout.buffer.write(pickle.dumps(result))
    sys.stdout.buffer.flush()
    os._exit(0)  # a parser's own threads may fall over while they are taken down; all that was read is written


if __name__ == "__main__":
    main()
