"""Whatever the bytes and whatever the name, a reading comes back and never a traceback."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXTENSIONS = ["csv", "txt", "xlsx", "xls", "ods", "zip", "sav", "dta"]
PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"]
SLOW_TO_READ = {"xls", "sav", "dta"}
some_bytes = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"$FL2", b"<stata_dta>", b"\xff\xfe"]).flatmap(
        lambda start: st.binary(max_size=300).map(lambda rest: start + rest)
    ),
)
damage = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=4)


def check(desk, content: bytes, extension: str, source: str = "marks") -> None:
    """A reading came back: its findings say what happened, refused files gave no rows, the columns are there."""
    folder = "absences/a.zip" if source == "absences" else f"neispuo/marks_a.{extension}"
    reading = desk.reading_of(content, folder, source)
    levels = {finding.level for finding in reading.findings}
    assert levels <= {"refused", "noted"}
    assert len(reading.rows) or "refused" in levels
    assert {"person_id", "file", "sheet", "row", "unreadable"} <= set(reading.rows.columns)


@pytest.fixture(scope="module")
def valid(marks) -> dict[str, bytes]:
    """A good file of each kind."""
    zipped, odf = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", marks.text())
    table = pd.DataFrame(marks.rows, columns=[f"v{n}" for n in range(9)])
    table.set_axis(marks.captions, axis=1).to_excel(odf, engine="odf", index=False)
    made = {"csv": marks.text().encode("cp1251"), "txt": marks.text("|").encode("utf-16"), "xlsx": marks.xlsx()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        for kind, write in (("sav", pyreadstat.write_sav), ("dta", pyreadstat.write_dta)):
            write(table.astype(object), str(path), column_labels=marks.captions)
            made[kind] = path.read_bytes()
    return {**made, "xls": old_excel(marks), "zip": zipped.getvalue(), "ods": odf.getvalue()}


def old_excel(marks) -> bytes:
    book = pytest.importorskip("xlwt").Workbook()
    sheet = book.add_sheet("Лист1")
    for number, row in enumerate([marks.captions, *marks.rows]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@settings(derandomize=True, deadline=None, max_examples=25)
@given(some_bytes, st.sampled_from(EXTENSIONS))
def test_random_bytes(make_desk, content, extension):
    with tempfile.TemporaryDirectory() as folder:
        check(make_desk(folder), content, extension)
        check(make_desk(folder), content, extension, "absences")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_good_files_cut_short_or_with_bytes_changed(make_desk, valid, extension):
    content = valid[extension]

    @settings(derandomize=True, deadline=None, max_examples=6 if extension in SLOW_TO_READ else 25, database=None)
    @given(st.floats(0, 1), damage)
    def try_damage(kept, changes):
        broken = bytearray(content[: int(len(content) * (1 - kept**3))])
        for place, new in changes:
            start = int(place * len(broken))
            broken[start : start + len(new)] = new
        with tempfile.TemporaryDirectory() as folder:
            check(make_desk(folder), bytes(broken), extension)

    try_damage()


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.floats(0, 1), damage, st.sampled_from(PARTS))
def test_a_workbook_whose_inside_is_broken_but_whose_checksums_are_right(make_desk, marks, kept, changes, part):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(marks.xlsx())) as good, zipfile.ZipFile(stream, "w") as bad:
        for name in good.namelist():
            content = bytearray(good.read(name))
            if name == part:
                del content[int(len(content) * (1 - kept**3)) :]
                for place, new in changes:
                    content[int(place * len(content)) : int(place * len(content)) + len(new)] = new
            bad.writestr(name, bytes(content))
    with tempfile.TemporaryDirectory() as folder:
        check(make_desk(folder), stream.getvalue(), "xlsx")
