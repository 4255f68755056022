"""A small made-up study, and the same four pupils in every format. Personal numbers are invalid by construction."""

from __future__ import annotations

import io
import os
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")

from analysis.files import Workspace
from analysis.sources import Reading, read_source
from analysis.study import Study, load_study

ROOT = Path(__file__).resolve().parents[2]
CAPTIONS = ["Учебна година", "Код по НЕИСПУО", "Вид идентификатор", "Идентификатор на ученика", "Име", "Випуск"]
CAPTIONS += ["Средна оценка през I срок", "Средна оценка през II срок", "Средна оценка за учебната година"]
FIELDS = ["school_year", "school_code", "id_type", "person_id", "first_name", "grade"]
FIELDS += ["gpa_first_term", "gpa_second_term", "gpa"]
ROWS = [
    ["2021", "2699001", "ЕГН", "0841019995", "Съби", "5", "4.5", "4.25", "4.38"],
    ["2021", "2699001", "ЕГН", "0842029996", "Жечка", "IX", "3", None, "3.1"],
    ["2021", "2699002", "ЛНЧ", "1000000007", "Юлиян „Юли“", "12", "5.75", "6", "5.9"],
    ["2021", "2699002", "ЕГН", "0843039997", "Щерьо; Ъглев", "1", "2.05", "2", "2.02"],
]


def as_text(separator: str = ";", captions: list[str] | None = None, rows: list[list[str | None]] | None = None) -> str:
    stream = io.StringIO()
    table = pd.DataFrame(rows if rows is not None else ROWS, columns=captions or CAPTIONS)
    table.to_csv(stream, sep=separator, index=False, lineterminator="\r\n")
    return stream.getvalue()


def as_xlsx(captions: list[str] | None = None, rows: list[list[object]] | None = None, sheet: str = "Лист1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in [captions or CAPTIONS, *(rows if rows is not None else ROWS)]:
        page.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Desk:
    """One study in a folder of its own: put a file in, read the source, look at what came."""

    def __init__(self, root: Path, study: Study) -> None:
        self.study = study
        self.workspace = Workspace(study.name, root)

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.workspace.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def read(self, source: str = "marks") -> Reading:
        return read_source(self.study, source, self.workspace)

    def reading_of(self, content: bytes | str, name: str = "neispuo/marks_2021.csv", source: str = "marks") -> Reading:
        path = self.put(name, content)
        try:
            return self.read(source)
        finally:
            path.unlink()


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study("haskovo-demo", ROOT)


@pytest.fixture
def desk(tmp_path: Path, study: Study) -> Desk:
    return Desk(tmp_path, study)


def rows_of(reading: Reading) -> list[list[str | None]]:
    """The nine test columns of a reading, missing cells as None."""
    table = reading.rows[FIELDS]
    return [[None if pd.isna(cell) else cell for cell in row] for row in table.itertuples(index=False)]


def rules(reading: Reading, level: str | None = None) -> list[str]:
    return [finding.rule for finding in reading.findings if level is None or finding.level == level]
