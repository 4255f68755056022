"""A small made-up study, and the same four pupils in every format. Personal numbers are invalid by construction."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.files import Workspace
from analysis.sources import Reading, read_source
from analysis.study import Study, load_study

ROOT = Path(__file__).resolve().parents[2]
CAPTIONS = {
    "school_year": "Учебна година",
    "school_code": "Код по НЕИСПУО",
    "id_type": "Вид идентификатор",
    "person_id": "Идентификатор на ученика",
    "first_name": "Име",
    "grade": "Випуск",
    "gpa_first_term": "Средна оценка през I срок",
    "gpa_second_term": "Средна оценка през II срок",
    "gpa": "Средна оценка за учебната година",
}
ROWS = [
    ["2021", "2699001", "ЕГН", "0841019995", "Съби", "5", "4.5", "4.25", "4.38"],
    ["2021", "2699001", "ЕГН", "0842029996", "Жечка", "IX", "3", None, "3.1"],
    ["2021", "2699002", "ЛНЧ", "1000000007", "Юлиян „Юли“", "12", "5.75", "6", "5.9"],
    ["2021", "2699002", "ЕГН", "0843039997", "Щерьо; Ъглев", "1", "2.05", "2", "2.02"],
]


class Marks:
    """The table of marks: its captions and rows, and how it is written as text or workbook."""

    def __init__(self) -> None:
        self.captions = list(CAPTIONS.values())
        self.rows = ROWS

    def text(self, separator: str = ";", captions: list[str] | None = None, rows: list | None = None) -> str:
        table = pd.DataFrame(self.rows if rows is None else rows, columns=captions or self.captions)
        return table.to_csv(sep=separator, index=False, lineterminator="\r\n")

    def book(self, above: list | None = None, rows: list | None = None, sheet: str = "Лист1") -> openpyxl.Workbook:
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in [*(above if above is not None else [self.captions]), *(self.rows if rows is None else rows)]:
            book.active.append(row)
        return book

    def xlsx(self, **kwargs: object) -> bytes:
        return self.saved(self.book(**kwargs))

    @staticmethod
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
        """What one file gives when it is the only one of its source."""
        path = self.put(name, content)
        try:
            return self.read(source)
        finally:
            path.unlink()

    def with_source(self, name: str, **changes: object) -> Desk:
        """The same folder under a study that declares one source differently."""
        sources = {**self.study.sources, name: self.study.sources[name].model_copy(update=changes)}
        return Desk(self.workspace.root, self.study.model_copy(update={"sources": sources}))

    @staticmethod
    def rows(reading: Reading) -> list[list[str | None]]:
        """The nine columns of the marks, missing cells as None."""
        table = reading.rows[list(CAPTIONS)]
        return [[None if pd.isna(cell) else cell for cell in row] for row in table.itertuples(index=False)]

    @staticmethod
    def rules(reading: Reading, level: str | None = None) -> list[str]:
        return [finding.rule for finding in reading.findings if level in (None, finding.level)]


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study("haskovo-demo", ROOT)


@pytest.fixture(scope="session")
def marks() -> Marks:
    return Marks()


@pytest.fixture
def desk(tmp_path: Path, study: Study) -> Desk:
    return Desk(tmp_path, study)


@pytest.fixture(scope="session")
def make_desk(study: Study) -> Callable[[str], Desk]:
    """A desk in any folder, for property tests, which need a new one for every example."""
    return lambda folder: Desk(Path(folder), study)
