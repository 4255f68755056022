"""The HTML report as a browser shows it, on a wide screen and on a telephone, without any network."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from .chromium import browser

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
LANGUAGES = ["bg", "en"]
WIDE, NARROW = 1300, 400
BANNERS = {"bg": "синтетични", "en": "synthetic"}
SIZES = """[...document.querySelectorAll('main figure img, main figure svg, main img')].map(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one)
    const drawn = one.tagName !== 'IMG' || (one.complete && one.naturalWidth > 0)
    return [box.width, box.height, drawn && style.visibility === 'visible' && style.display !== 'none']
})"""
TOO_WIDE = """[...document.querySelectorAll('main *')].filter(one => {
    for (let box = one.parentElement; box; box = box.parentElement)
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(box).overflowX)) return false
    return one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
}).map(one => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 40)).slice(0, 5)"""
LEADS_NOWHERE = """[...document.querySelectorAll('nav a')].filter(one => {
    const goal = document.getElementById(decodeURIComponent(one.getAttribute('href').slice(1)))
    return !goal || !(goal.matches('h1,h2,h3,h4') || goal.querySelector('h1,h2,h3,h4'))
}).map(one => one.getAttribute('href'))"""
BANNER = """(() => {
    const one = document.querySelector('.banner'), box = one.getBoundingClientRect()
    const seen = box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0
    return [one.innerText, seen && getComputedStyle(one).visibility === 'visible']
})()"""


@pytest.fixture(scope="session")
def reports() -> Path:
    """The reports of the demonstration, as ``make report`` left them (or where EVALUATION_REPORTS says)."""
    folder = Path(os.environ.get("EVALUATION_REPORTS", CHECKOUT / "reports" / "haskovo-demo"))
    assert (folder / "bg" / "report.html").is_file(), "there is no report yet: make report"
    return folder


@pytest.fixture(scope="module", params=[(one, width) for one in LANGUAGES for width in (WIDE, NARROW)], ids=str)
def shown(request: pytest.FixtureRequest, reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An open report: (page, language, width)."""
    language, width = request.param
    with browser(tmp_path_factory.mktemp("profile")) as page:
        page.open(reports / language / "report.html", width)
        yield page, language, width


def test_nothing_is_asked_of_the_network_and_nothing_is_wrong(shown: Any) -> None:
    page, language, _ = shown
    asked = [told["request"]["url"] for told in page.told("Network.requestWillBeSent")]
    assert any(address.endswith(f"{language}/report.html") for address in asked), "the browser tells of requests"
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert sum(address.startswith("file:") for address in asked) == 1, "one file is the whole report"
    errors = [told["entry"]["text"] for told in page.told("Log.entryAdded") if told["entry"]["level"] == "error"]
    errors += [str(told) for told in page.told("Runtime.exceptionThrown")]
    errors += [str(told["args"]) for told in page.told("Runtime.consoleAPICalled") if told["type"] == "error"]
    assert errors == []


def test_every_figure_is_seen(shown: Any) -> None:
    page, _, width = shown
    sizes = page.evaluate(SIZES)
    assert len(sizes) > 3
    smallest = min(width * 0.3, 300)
    assert [size for size in sizes if not (size[0] > smallest and size[1] > 60 and size[2])] == []


def test_nothing_runs_over_the_side(shown: Any) -> None:
    page, _, width = shown
    assert page.evaluate("document.documentElement.clientWidth") <= width
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_contents_lead_to_headings(shown: Any) -> None:
    page, _, _ = shown
    assert page.evaluate("document.querySelectorAll('nav a').length") > 10
    assert page.evaluate(LEADS_NOWHERE) == []
    last = page.evaluate("[...document.querySelectorAll('nav a')].at(-1).getAttribute('href')")
    page.evaluate("[...document.querySelectorAll('nav a')].at(-1).click()")
    assert page.evaluate("decodeURIComponent(location.hash)") in (last, page.evaluate(f"decodeURIComponent({last!r})"))
    assert page.evaluate("scrollY") > 1000, "the link led down the page"


def test_the_banner_is_seen_at_the_top_and_at_the_end(shown: Any) -> None:
    page, language, _ = shown
    for place in (0, 1_000_000):
        page.evaluate(f"scrollTo(0, {place})")
        words, seen = page.evaluate(BANNER)
        assert seen and BANNERS[language] in words.lower()


def test_it_prints(shown: Any) -> None:
    page, language, width = shown
    if width != WIDE:
        pytest.skip("paper has one width")
    pages = pypdf.PdfReader(io.BytesIO(page.printed())).pages
    assert len(pages) > 8
    assert BANNERS[language] in pages[0].extract_text().lower()


BROKEN = """<!DOCTYPE html><html lang="bg"><body><aside class="banner" style="visibility:hidden">x</aside>
<nav><a href="#gone">1</a></nav><main><figure><img src="https://example.org/a.png"></figure>
<div style="width:3000px">wide</div></main><script>console.error("no")</script></body></html>"""


def test_a_broken_page_is_told_of_by_every_question(tmp_path: Path) -> None:
    (tmp_path / "broken.html").write_text(BROKEN, encoding="utf-8")
    with browser(tmp_path / "profile") as page:
        page.open(tmp_path / "broken.html", NARROW)
        assert any("example.org" in told["request"]["url"] for told in page.told("Network.requestWillBeSent"))
        assert page.told("Network.loadingFailed"), "the network is out of reach"
        assert [told["type"] for told in page.told("Runtime.consoleAPICalled")] == ["error"]
        assert [size[2] for size in page.evaluate(SIZES)] == [False]
        assert page.evaluate(TOO_WIDE) and page.evaluate(LEADS_NOWHERE) == ["#gone"]
        assert page.evaluate(BANNER)[1] is False
