"""Each thing that can be wrong with a file has its own message, in both languages, and no rows."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from analysis.texts import text

CATALOGUE = Path(__file__).resolve().parents[2] / "src/analysis/texts/catalogue/reading.yml"
SOURCES = Path(__file__).resolve().parents[2] / "src/analysis/sources"
LANGUAGES = ["bg", "en"]


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def protected(content: bytes) -> bytes:
    office = pytest.importorskip("msoffcrypto.format.ooxml")
    stream = io.BytesIO()
    office.OOXMLFile(io.BytesIO(content)).encrypt("password", stream)
    return stream.getvalue()


def dropped(marks, caption: str) -> str:
    place = marks.captions.index(caption)
    captions = [text for number, text in enumerate(marks.captions) if number != place]
    rows = [[cell for number, cell in enumerate(row) if number != place] for row in marks.rows]
    return marks.text(captions=captions, rows=rows)


CASES = {
    "empty_file": (lambda m: b"", "Файлът е празен", "empty"),
    "no_rows": (lambda m: m.text(rows=[]), "нито един ред", "no row of data"),
    "damaged": (lambda m: m.xlsx()[:-200], "повреден", "damaged"),
    "password": (lambda m: protected(m.xlsx()), "парола", "password"),
    "archive_nested": (lambda m: zipped(a=zipped(b=b"c")), "друг архив", "another archive"),
    "archive_empty": (lambda m: zipped(**{".hidden": b"x"}), "няма файлове", "no files"),
    "archive_too_large": (lambda m: zipped(a=bytes(60 * 2**20)), "60 MB", "60 MB"),
    "unsupported": (lambda m: b"%PDF-1.7 ...", "PDF", "PDF"),
    "web_page": (lambda m: "<html><table><tr><td>Име</td></tr></table></html>", "уебстраница", "web page"),
    "not_text": (lambda m: bytes(range(256)) * 4, "нито текст", "neither text"),
    "encoding_unknown": (lambda m: m.text(rows=m.rows[:2]).encode("cp866"), "ред 1", "line 1"),
    "double_encoded": (lambda m: m.text().encode().decode("cp1251", "replace"), "двойно", "double"),
    "encoding_damaged": (lambda m: b"\xef\xbb\xbf\xd0", "UTF-8", "UTF-8"),
    "no_header": (lambda m: "а;б\r\n1;2\r\n", "„Код по НЕИСПУО“", "„Код по НЕИСПУО“"),
    "missing_column": (lambda m: dropped(m, "Код по НЕИСПУО"), "„Код по НЕИСПУО“", "„Код по НЕИСПУО“"),
    "repeated_column": (lambda m: m.text(captions=[*m.captions[:8], "Випуск"]), "(F, I)", "(F, I)"),
    "sheet_too_large": (lambda m: far_away(m), "XFD1048576", "XFD1048576"),
}


def far_away(marks) -> bytes:
    book = marks.book()
    book.active["XFD1048576"] = 1
    return marks.saved(book)


@pytest.mark.parametrize("rule", CASES)
def test_refused_with_a_message_a_clerk_understands(desk, marks, rule):
    make, bulgarian, english = CASES[rule]
    reading = desk.reading_of(make(marks), "neispuo/marks_a.csv")
    assert [(f.level, f.rule) for f in reading.findings] == [("refused", f"reading.{rule}")]
    assert len(reading.rows) == 0
    finding = reading.findings[0]
    for language, expected in zip(LANGUAGES, (bulgarian, english), strict=True):
        assert expected in text(f"{finding.rule}.what", language, **finding.params)
        assert text(f"{finding.rule}.todo", language, **finding.params)


def test_the_likest_caption_is_named(desk, marks):
    captions = [*marks.captions[:3], "Идентификатор ученик", *marks.captions[4:]]
    finding = desk.reading_of(marks.text(captions=captions)).findings[0]
    assert finding.params == {"captions": "„Идентификатор на ученика“", "closest": "„Идентификатор ученик“"}


def test_without_a_like_caption_the_unrecognised_ones_are_named(desk, marks):
    captions = [*marks.captions[:3], "Кой", *marks.captions[4:]]
    finding = desk.reading_of(marks.text(captions=captions)).findings[0]
    assert (finding.rule, finding.params["closest"]) == ("reading.missing_column", "„Кой“")


def test_a_locked_file(desk, marks, monkeypatch):
    desk.put("neispuo/marks_a.csv", marks.text())

    def refuse(path: Path) -> bytes:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert desk.rules(desk.read(), "refused") == ["reading.locked"]


def test_a_protected_zip(desk, marks):
    content = bytearray(zipped(a=marks.text().encode()))
    for place in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    assert desk.rules(desk.reading_of(bytes(content))) == ["reading.password"]


def test_findings_never_show_what_is_in_the_cells(desk, marks):
    """Names and numbers of people stay out of messages even when data stand where captions should."""
    seen = ""
    for make, _, _ in CASES.values():
        seen += repr(desk.reading_of(make(marks), "neispuo/marks_a.csv").findings)
    seen += repr(desk.reading_of("\r\n".join(marks.text().split("\r\n")[1:])).findings)
    for row in marks.rows:
        assert row[3] not in seen and row[4] not in seen


def test_every_rule_has_its_texts_and_every_text_its_rule():
    catalogue = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    for rule, texts in catalogue.items():
        assert f'"reading.{rule}"' in code
        assert set(texts) == {"what", "todo"}
        assert all(set(texts[part]) == {"bg", "en"} for part in texts)
    used = set(re.findall(r'"reading\.(\w+)"', code))
    assert used == set(catalogue)
