"""The demonstration as shipped, from raw files to both reports; every output is opened."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pikepdf
import pypdf
import pytest
from bs4 import BeautifulSoup
from docx import Document
from openpyxl import load_workbook

from analysis.files import sha256

HERE = Path(__file__).parent
LANGUAGES = ["bg", "en"]
each_language = pytest.mark.parametrize("language", LANGUAGES)
TITLES = {"bg": "оценка", "en": "evaluation"}
BANNERS = {"bg": "синтетични", "en": "synthetic"}


def pdf_text(path: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def prose(path: Path) -> str:
    """The readable text of an HTML report, without scripts, styles and the inside of figures."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for tag in page(["script", "style", "svg", "code", "pre", "math"]):
        tag.decompose()
    return page.get_text(" ")


@each_language
def test_everything_promised_is_there(shipped, language: str) -> None:
    folder = shipped.reports / language
    for name in ("report.html", "report.pdf", "report.docx", "tables.xlsx", "results.csv", "numbers.csv"):
        assert (folder / name).stat().st_size > 500, name
    figures = {path.suffix for path in (folder / "figures").iterdir()}
    assert figures == {".svg", ".png"}
    executed = sorted(path.name for path in (shipped.reports / "notebooks").glob("*.ipynb"))
    assert "02_clean_registers.ipynb" in executed and f"08_report_{language}.ipynb" in executed


def test_progress_named_every_stage_with_its_seconds(shipped) -> None:
    lines = (shipped.root / "first-run.txt").read_text(encoding="utf-8").splitlines()
    finished = [line for line in lines if line.startswith("✓")]
    assert len(finished) == 12
    assert all(re.search(r"\d\.\d s\s+→ \S", line) for line in finished)


@each_language
def test_pdf_text_language_and_tags(shipped, language: str) -> None:
    path = shipped.reports / language / "report.pdf"
    pages = pdf_text(path)
    assert len(pages) > 10
    whole = " ".join(pages)
    assert TITLES[language] in whole.lower()
    assert all(BANNERS[language] in page.lower() for page in pages[1:]), "the banner stands on every page"
    cyrillic = sum("а" <= letter.lower() <= "я" for letter in whole)
    assert (cyrillic > 0.5 * len(re.findall(r"\w", whole))) == (language == "bg")
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
        assert fonts and all("+" in font for font in fonts), "every font is embedded"


@each_language
def test_html_asks_nobody_for_anything(shipped, language: str) -> None:
    text = (shipped.reports / language / "report.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert page.html["lang"].startswith(language)
    asked = [
        tag[name] for tag in page.find_all(True) for name in ("src", "srcset", "poster", "data") if tag.has_attr(name)
    ]
    asked += [tag.get("href", "") for tag in page.find_all("link")]
    asked += re.findall(r"url\(['\"]?([^)'\"]+)", text) + re.findall(r"@import\s+['\"]([^'\"]+)", text)
    assert [address for address in asked if not address.startswith(("data:", "#"))] == []
    for picture in page.find_all("img"):
        assert picture.get("alt"), "a picture without words"


@each_language
def test_docx_opens_and_has_tables(shipped, language: str) -> None:
    document = Document(str(shipped.reports / language / "report.docx"))
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert TITLES[language] in text.lower()
    assert len(document.tables) > 3


@each_language
def test_workbook_has_numbers_in_number_cells(shipped, language: str) -> None:
    book = load_workbook(shipped.reports / language / "tables.xlsx")
    numbers = sum(isinstance(cell.value, (int, float)) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert numbers > 50


def test_both_languages_say_the_same_numbers(shipped) -> None:
    bg, en = (pd.read_csv(shipped.reports / one / "numbers.csv", dtype=str, keep_default_na=False) for one in LANGUAGES)
    keys = [column for column in bg.columns if column in ("chapter", "result_id", "field")]
    assert len(bg) > 40
    counted = [sorted(map(tuple, table[keys].to_numpy())) for table in (bg, en)]
    assert counted[0] == counted[1]
    assert (shipped.reports / "bg" / "results.csv").read_bytes() == (
        shipped.reports / "en" / "results.csv"
    ).read_bytes()


@each_language
def test_every_number_in_the_text_has_its_row_in_the_results(shipped, language: str) -> None:
    folder = shipped.reports / language
    results = set(pd.read_csv(folder / "results.csv", dtype=str)["result_id"])
    numbers = pd.read_csv(folder / "numbers.csv", dtype=str, keep_default_na=False)
    of_results = numbers[numbers["result_id"].str.contains("/")]
    assert len(of_results) > 20
    assert set(of_results["result_id"]) <= results


def test_no_english_words_in_the_bulgarian_report(shipped) -> None:
    allowed = {line.strip() for line in (HERE / "latin_words.txt").read_text(encoding="utf-8").splitlines()}
    text = re.sub(
        r"[\w-]+(?:[./_][\w-]+)+", " ", prose(shipped.reports / "bg" / "report.html")
    )  # files, sites, result ids
    words = set(re.findall(r"\b[A-Za-z][A-Za-z-]{2,}\b", text)) - {"VII", "VIII", "XII", "III"}
    assert sorted(words - allowed) == []


def test_the_manifest_lists_what_lies_there(shipped) -> None:
    manifest = json.loads((shipped.reports / "manifest.json").read_text(encoding="utf-8"))
    for group in ("inputs", "settings", "notebooks", "outputs", "results"):
        assert manifest[group], group
        for path, digest in manifest[group].items():
            assert sha256(shipped.root / path) == digest, path
    assert {f"reports/haskovo-demo/{one}/report.pdf" for one in LANGUAGES} <= set(manifest["outputs"])
    assert manifest["packages"]["pandas"] and manifest["seeds"]


def test_no_personal_number_leaves_the_raw_files(shipped) -> None:
    pattern = re.compile(rb"(?<![\d.])\d{10}(?![\d.])")
    texts = [p for p in shipped.reports.rglob("*") if p.suffix in (".html", ".csv", ".json", ".ipynb", ".log", ".svg")]
    assert texts
    raw = personal_numbers(shipped.raw)
    assert len(raw) > 1000
    for path in texts:
        found = {number.decode() for number in pattern.findall(path.read_bytes())}
        assert not found & raw, path.name


def personal_numbers(raw: Path) -> set[str]:
    """Ten-digit numbers of the raw text files and archives."""
    import zipfile

    found: set[str] = set()
    for path in raw.rglob("*"):
        contents = []
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                contents = [archive.read(name) for name in archive.namelist()]
        elif path.suffix in (".csv", ".txt"):
            contents = [path.read_bytes()]
        found |= {number.decode() for content in contents for number in re.findall(rb"(?<!\d)\d{10}(?!\d)", content)}
    return found


def test_nothing_changed_means_nothing_done_in_seconds(shipped) -> None:
    before = shipped.hashes()
    start = time.monotonic()
    again = shipped.call("report")
    seconds = time.monotonic() - start
    assert again.returncode == 0
    assert "Nothing has changed" in again.stdout and "✓" not in again.stdout
    assert shipped.hashes() == before
    assert seconds < 20, "two to three seconds on an idle machine"
    why = shipped.call("why").stdout.splitlines()
    assert len(why) == 12 and all(line.endswith("unchanged") for line in why)


def test_the_written_annex_opens_with_its_sheets_and_its_mark(shipped) -> None:
    book = openpyxl.load_workbook(shipped.reports / "internal" / "isun_annex.xlsx")
    assert book.sheetnames == ["Указание", "Дейности", "Индикатори", "Участници", "Непълни записи"]
    assert all(str(sheet["A1"].value).startswith("За служебно ползване") for sheet in book.worksheets)
    assert book["Индикатори"].max_row > 40
