"""Any raw file, broken in any way: a message and a non-zero exit, or rows set aside; no traceback and no silence."""

from __future__ import annotations

import io
import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.__main__ import app

STUDY = "haskovo-demo"
TEXT = (".csv", ".txt")
BOOK = (".xlsx",)
IDENTIFIERS = ("ЕГН", "Идентификатор на", "Код от", "grp_start/kod")
NUMBER_OF_ABSENCE_FILES = 4  # place of the personal number in files without captions
Fault = Callable[[bytes, str], bytes | None]


def truncated(content: bytes, suffix: str) -> bytes:
    """Cut short; a text in the middle of a row, since a cut exactly between two rows leaves nothing to be seen."""
    cut = int(len(content) * 0.6)
    if suffix in TEXT:
        start = content.rfind(b"\n", 0, cut) + 1
        cut = (start + content.find(b"\n", cut)) // 2
    return content[:cut]


def emptied(content: bytes, suffix: str) -> bytes:
    return b""


def random_bytes(content: bytes, suffix: str) -> bytes:
    return random.Random(1).randbytes(5000)


def wrong_encoding(content: bytes, suffix: str) -> bytes | None:
    """Text in an encoding that has no Cyrillic letters we could guess; a workbook or archive has no encoding."""
    if suffix not in TEXT:
        return None
    return content.decode("utf-8-sig", "replace").encode("utf-16-be", "replace")


def swapped_columns(content: bytes, suffix: str) -> bytes | None:
    """The contents of the personal number's column and of the one before it changed places; captions stay. In a sheet
    without personal numbers: those of the code and of the name after it."""
    if suffix in BOOK:
        return in_workbook(content, swap_cells)
    if suffix in TEXT:
        return in_lines(content, swapped)
    return None


def missing_column(content: bytes, suffix: str) -> bytes | None:
    """The personal number's column is gone."""
    if suffix in BOOK:
        return in_workbook(content, drop_column)
    if suffix in TEXT:
        return in_lines(content, lambda cells, place, is_caption: [*cells[:place], *cells[place + 1 :]])
    return None


def swapped(cells: list[bytes], place: int, is_caption: bool) -> list[bytes]:
    if is_caption or len(cells) <= place:
        return cells
    return [*cells[: place - 1], cells[place], cells[place - 1], *cells[place + 1 :]]


def wrong_sheet(content: bytes, suffix: str) -> bytes | None:
    """A workbook with a letter to somebody in place of the table."""
    if suffix not in BOOK:
        return None
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Писмо"
    book.active.append(["Уважаеми колеги,"])
    book.active.append(["приложено изпращаме данните."])
    return saved(book)


def in_lines(content: bytes, change: Callable[[list[bytes], int, bool], list[bytes]]) -> bytes:
    """Change the cells of every line; ``change`` hears the personal number's place and whether these are captions."""
    lines = content.splitlines()
    separator = max((b";", b",", b"|", b"\t"), key=lambda mark: lines[0].count(mark))
    cells = [line.split(separator) for line in lines]
    captions = [place for place, cell in enumerate(cells[0]) if is_identifier(cell)]
    place = captions[0] if captions else NUMBER_OF_ABSENCE_FILES
    changed = [separator.join(change(row, place, bool(captions) and not n)) for n, row in enumerate(cells)]
    return b"\r\n".join(changed) + b"\r\n"


def is_identifier(cell: bytes) -> bool:
    texts = (cell.decode(encoding, "replace") for encoding in ("utf-8", "cp1251"))
    return any(word in text for text in texts for word in IDENTIFIERS)


def in_workbook(content: bytes, change: Callable[[object], None]) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        change(sheet)
    return saved(book)


def saved(book: object) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def swap_cells(sheet) -> None:
    place = identifier_column(sheet)
    for row in range(3, sheet.max_row + 1):
        first, second = sheet.cell(row, place - 1), sheet.cell(row, place)
        first.value, second.value = second.value, first.value


def drop_column(sheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(identifier_column(sheet))


def identifier_column(sheet) -> int:
    captions = [cell for row in sheet.iter_rows(max_row=2) for cell in row if cell.value]
    found = [c.column for c in captions if any(word in str(c.value) for word in IDENTIFIERS)]
    return found[0] if found else 2


def in_archive(content: bytes, break_it: Callable[[bytes, str], bytes | None]) -> bytes | None:
    """The same fault in the first member of an archive."""
    source = zipfile.ZipFile(io.BytesIO(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for place, name in enumerate(sorted(source.namelist())):
            member = source.read(name)
            broken = break_it(member, Path(name).suffix.lower() or ".txt") if place == 0 else member
            if broken is None:
                return None
            target.writestr(name, broken)
    return buffer.getvalue()


FAULTS = [truncated, emptied, random_bytes, wrong_encoding, swapped_columns, missing_column, wrong_sheet]


@pytest.fixture(scope="module")
def few(tiny, tmp_path_factory: pytest.TempPathFactory):
    """The small demonstration with two files of each kind at most: one to break, one to stay whole."""
    root = tmp_path_factory.mktemp("few")
    for folder in ("studies", "notebooks", "data/raw"):
        shutil.copytree(tiny.root / folder, root / folder)
    few = type(tiny)(root)
    for files in by_kind(few.raw).values():
        for path in files[2:]:
            path.unlink()
    return few


@pytest.fixture(scope="module")
def told_of_the_whole(few) -> Counter[tuple[str, str, str]]:
    """What is found in the files when nobody has broken them: (file, level, rule)."""
    done = few.call("check-data")
    assert done.returncode == 0, done.stdout
    return findings(few)


def findings(place) -> Counter[tuple[str, str, str]]:
    table = pd.read_parquet(place.processed / "quality" / "findings.parquet")
    return Counter(zip(table["file"], table["level"], table["rule"], strict=True))


@pytest.fixture
def broken(few, told_of_the_whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy whose files can be broken."""
    for folder in ("studies", "notebooks", "data/raw"):
        shutil.copytree(few.root / folder, tmp_path / folder)
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    return type(few)(tmp_path)


def by_kind(raw: Path) -> dict[str, list[Path]]:
    """The files of each kind: of each folder, name stem and format."""
    found: dict[str, list[Path]] = {}
    for path in sorted(p for p in raw.rglob("*") if p.is_file()):
        found.setdefault(f"{path.parent.name}/{path.stem.split('_')[0]}{path.suffix}", []).append(path)
    return found


def break_all(raw: Path, fault: Fault, inside: bool) -> list[str]:
    """Break one file of every kind; the names of those that this fault can befall."""
    names = []
    for path, *_ in by_kind(raw).values():
        content = path.read_bytes()
        is_archive = path.suffix == ".zip"
        if inside and not is_archive:
            continue
        changed = in_archive(content, fault) if inside else fault(content, path.suffix.lower())
        if changed is not None:
            path.write_bytes(changed)
            names.append(path.name)
    return names


def case(fault: Fault, inside: bool):
    """Archives hold files of one kind: two faults of them stand for the rest, which the slow tests try."""
    waits = inside and fault not in (truncated, missing_column)
    return pytest.param(fault, inside, id=f"{fault.__name__}-{inside}", marks=[pytest.mark.slow] if waits else [])


CASES = [case(fault, inside) for fault in FAULTS for inside in (False, True) if not (inside and fault is wrong_sheet)]


@pytest.mark.parametrize(("fault", "inside"), CASES)
def test_every_broken_file_is_told_of_and_nothing_breaks(broken, told_of_the_whole, fault: Fault, inside: bool) -> None:
    names = break_all(broken.raw, fault, inside)
    assert names
    shown = CliRunner().invoke(app, ["check-data"])
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exception
    assert "Traceback" not in shown.output
    assert shown.exit_code in (0, 1), shown.output[-2000:]
    now = findings(broken)
    new = now - told_of_the_whole
    silent = [name for name in names if not any(name in file for file, *_ in new)]
    assert silent == [], shown.output[-2000:]
    is_refused = any(level == "refused" for _, level, _ in new)
    assert (shown.exit_code == 1) == is_refused
    conserved(broken)
    no_number_in(shown.output)


def conserved(place) -> None:
    rows = pd.read_parquet(place.processed / "quality" / "conservation.parquet")
    assert (rows["rows_read"] == rows["accepted"] + rows["quarantined"]).all()


def no_number_in(output: str) -> None:
    assert not re.search(r"(?<!\d)(?!0{10})\d{10}(?!\d)", output), "a personal number in a message"
