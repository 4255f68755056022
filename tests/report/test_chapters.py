"""The chapters: the same in both languages, nothing unfilled, nothing in the wrong alphabet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.files import results_table
from analysis.report.chapters import CHAPTERS
from analysis.report.content import FigureExhibit
from analysis.report.results import Results
from analysis.report.tables import Table

STUDY_TEXTS = Path(__file__).parents[2] / "studies" / "haskovo-demo" / "texts"
CALL = re.compile(r"\{[{%].*?[%}]\}")
MATH = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
MARKUP = re.compile(r"\{[.#][^}]*\}|@[a-z-]+|`[^`]*`|https?://\S+")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]*[A-Za-z0-9]|[A-Za-z]")
ROMAN = re.compile(r"^[IVX]+$")
NAMES = {"CR2", "ITT", "AIPW", "p", "p-", "R", "N", "Kohesio", "ISCED", "SHA-256"}
NAMES |= {
    "Wooldridge",
    "Deming",
    "Stephan",
    "Deville",
    "S",
    "rndal",
    "Simonsohn",
    "Simmons",
    "Nelson",
}  # authors (the last one with ä)
CODES = re.compile(
    r"^(BG05[\w.-]+|2014BG[\w-]+|[RNEH]\d+|C[OR]\d\d|[\w-]+(\.[\w-]+)*\.(bg|com|eu|info|net|csv|xlsx|json)|[a-z]+/\S+)$"
)


def written_calls(path: Path) -> list[str]:
    """The template's calls with the texts between quotes kept: they must not differ by language."""
    return CALL.findall(path.read_text(encoding="utf-8"))


def pairs() -> list[Path]:
    found = [(CHAPTERS, path.name) for path in sorted((CHAPTERS / "bg").glob("*.md"))]
    return found + [(STUDY_TEXTS, path.name) for path in sorted((STUDY_TEXTS / "bg").glob("*.md"))]


@pytest.mark.parametrize(("folder", "name"), pairs())
def test_both_languages_call_for_the_same(folder, name):
    assert written_calls(folder / "bg" / name) == written_calls(folder / "en" / name)


@pytest.mark.parametrize("folder", [CHAPTERS, STUDY_TEXTS])
def test_both_languages_have_the_same_chapters(folder):
    assert {p.name for p in (folder / "bg").glob("*.md")} == {p.name for p in (folder / "en").glob("*.md")}


def test_every_declared_chapter_is_written(worlds):
    report, chapters = worlds["shown", "bg"]
    assert list(chapters) == report.chapters and all(chapters.values())


def shape(items: list) -> list[str]:
    """A chapter without its words: exhibits by label, texts by their headings' levels and anchors."""
    found = []
    for item in items:
        if isinstance(item, str):
            found += [re.sub(r" [^{]*", " ", line) for line in item.splitlines() if line.startswith("#")]
        else:
            found.append(item.label)
    return found


@pytest.mark.parametrize("world", ["shown", "design_failed"])
def test_both_languages_show_the_same_exhibits_in_the_same_places(worlds, world):
    bulgarian, english = worlds[world, "bg"][1], worlds[world, "en"][1]
    assert {name: shape(items) for name, items in bulgarian.items()} == {n: shape(i) for n, i in english.items()}


def words_of(items: list) -> list[str]:
    """Everything a reader reads: texts, captions, notes, alternative texts, cells."""
    read: list[str] = []
    for item in items:
        if isinstance(item, str):
            read.append(MARKUP.sub("", MATH.sub("0", item)))
        elif isinstance(item, Table):
            read += [item.caption, item.note, item.source, *(column.title for column in item.columns)]
            read += [cell.text for row in item.rows for cell in row.cells]
        elif isinstance(item, FigureExhibit):
            read += [item.caption, item.note, item.alt, *map(str, item.data.columns)]
            read += [axis.get_text() for one in item.figure.axes for axis in one.findobj(_text)]
    return read


def _text(artist: object) -> bool:
    return hasattr(artist, "get_text")


@pytest.mark.parametrize("language", ["bg", "en"])
def test_nothing_is_left_unfilled(worlds, language):
    texts = [text for items in worlds["shown", language][1].values() for text in words_of(items)]
    assert [text for text in texts if "{" in text or "}" in text or "@@" in text or "None" in text] == []
    assert [text for text in texts if re.search(r"\S  +\S|\( | [,;]|,,", text)] == []


@pytest.mark.parametrize("world", ["shown", "not_shown", "inconclusive", "design_failed"])
def test_the_bulgarian_report_has_no_english_words(worlds, world):
    texts = [text for items in worlds[world, "bg"][1].values() for text in words_of(items)]
    found = {word for text in texts for word in LATIN.findall(text)}
    assert {word for word in found if not (word in NAMES or ROMAN.match(word) or CODES.match(word))} == set()


def test_the_english_report_has_bulgarian_only_in_the_glossary(worlds):
    for items in worlds["shown", "en"][1].values():
        rest = [item for item in items if getattr(item, "label", "") not in ("tbl-glossary", "tbl-contracts")]
        assert [text for text in words_of(rest) if re.search("[А-Яа-я]", text)] == []


def test_bulgarian_quotes_come_in_pairs(worlds):
    for items in worlds["shown", "bg"][1].values():
        for text in words_of(items):
            assert text.count("„") == text.count("“") and '"' not in text, text


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_exhibit_referred_to_is_there(worlds, language):
    for items in worlds["shown", language][1].values():
        labels = {item.label for item in items if not isinstance(item, str)}
        named = {
            ref for item in items if isinstance(item, str) for ref in re.findall(r"@((?:tbl|fig)-[a-z0-9-]+)", item)
        }
        assert named <= labels


def test_labels_are_used_once(worlds):
    labels = [item.label for items in worlds["shown", "bg"][1].values() for item in items if not isinstance(item, str)]
    assert len(labels) == len(set(labels)) and len(labels) > 30


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_report_without_results_says_so_and_stands(report_of, language):
    report = report_of(Results(results_table([])), language)
    chapters = {name: report.render(name) for name in report.chapters}
    sentence = report.content.text("verdicts.missing.chapter")
    assert sentence in " ".join(item for item in chapters["data_and_methods"] if isinstance(item, str))
    assert not [item for items in chapters.values() for item in items if isinstance(item, FigureExhibit)]


@pytest.mark.parametrize("language", ["bg", "en"])
def test_no_heading_stands_over_nothing(report_of, worlds, language):
    """A heading is followed by words, an exhibit or a lower heading; also where there is nothing to show."""
    bare = report_of(Results(results_table([])), language)
    chapters = [*worlds["shown", language][1].items(), *((name, bare.render(name)) for name in bare.chapters)]
    empty = []
    for name, items in chapters:
        lines = [line for item in items for line in (item if isinstance(item, str) else "exhibit").splitlines() if line]
        for line, following in zip(lines, [*lines[1:], "# end"], strict=True):
            level = len(line) - len(line.lstrip("#"))
            if level and following.startswith("#") and len(following) - len(following.lstrip("#")) <= level:
                empty.append((name, line))
    assert empty == []


def test_the_demonstration_says_that_it_is_one(worlds):
    assert "синтетични данни" in worlds["shown", "bg"][1]["summary"][0]
    assert "synthetic data" in worlds["shown", "en"][1]["summary"][0]


def test_the_summary_fits_two_pages(worlds):
    for world in ("shown", "not_shown", "inconclusive", "design_failed"):
        words = sum(len(item.split()) for item in worlds[world, "bg"][1]["summary"] if isinstance(item, str))
        assert words < 800  # with the table of key results


def test_the_inconsistencies_of_the_project_are_computed(worlds):
    (table,) = [i for i in worlds["shown", "bg"][1]["intervention"] if getattr(i, "label", "") == "tbl-inconsistencies"]
    text = " ".join(cell.text for row in table.rows for cell in row.cells).replace("\u00a0", " ")
    assert "22 месеца" in text and "25 месеца (761 дни)" in text and "0,01 лв." in text and "812 882,70 евро" in text


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_blank_line_stands_before_every_heading(worlds, language):
    for world in ("shown", "not_shown"):
        for items in worlds[world, language][1].values():
            texts = [item for item in items if isinstance(item, str)]
            assert not [text for text in texts if re.search(r"[^\n]\n#+ ", text)]
