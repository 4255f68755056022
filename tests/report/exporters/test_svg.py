"""Drawings become parts of a page without touching one another, and the emblem follows its geometry."""

from __future__ import annotations

import math
import re

import pytest
from bs4 import BeautifulSoup

from analysis.report.exporters.emblem import emblem_png, emblem_svg
from analysis.report.exporters.svg import inline_svg

SOURCE = """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="10pt" height="10pt" viewBox="0 0 10 10"><metadata>secret</metadata><defs><style>*{fill:red}</style>
<clipPath id="p1"><path id="m" d="M0 0"/></clipPath></defs><g clip-path="url(#p1)"><use xlink:href="#m"/></g></svg>"""


def test_ids_and_their_uses_move_together():
    drawing = inline_svg(SOURCE, "fig-a", 'Алт <b> & "думи"')
    assert 'id="fig-a-p1"' in drawing
    assert "url(#fig-a-p1)" in drawing
    assert 'href="#fig-a-m"' in drawing
    assert not re.search(r"xlink|http|secret|fill:red|<\?xml", drawing)
    assert BeautifulSoup(drawing, "html.parser").svg.title.text == 'Алт <b> & "думи"'


def test_the_emblem_has_twelve_stars_on_a_circle_of_a_third_of_the_height():
    page = BeautifulSoup(emblem_svg("Знаме"), "html.parser")
    stars = [
        [tuple(map(float, point.split(","))) for point in star["points"].split()] for star in page.find_all("polygon")
    ]
    assert len(stars) == 12
    for star in stars:
        centre = [sum(point[axis] for point in star[::2]) / 5 for axis in (0, 1)]
        assert math.dist(centre, (27, 18)) == pytest.approx(12, abs=1e-3)
        assert all(abs(math.dist(point, centre) - 2) < 1e-3 for point in star[::2])
        assert star[0][1] == min(point[1] for point in star), "every star stands upright"
    assert page.rect["fill"] == "#003399"


def test_the_emblem_as_a_picture_is_the_same_each_time():
    assert emblem_png().startswith(b"\x89PNG")
    assert emblem_png() == emblem_png()
