"""Figures in the house style: same bytes, our font, the language's decimal sign, text that can be searched."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb

from analysis.report import style


@pytest.fixture(autouse=True)
def closing():
    yield
    plt.close("all")


def draw(language="bg"):
    figure, axes = style.new_figure(language)
    axes.plot([0, 1], [0.5, 12000.25], label="Проект", **style.PROJECT)
    axes.fill_between([0, 1], [0, 1], alpha=0.2)
    axes.legend()
    return figure


def test_the_same_figure_gives_the_same_bytes():
    assert style.svg_text(draw()) == style.svg_text(draw())
    assert style.png_bytes(draw()) == style.png_bytes(draw())


def test_svg_has_searchable_text_in_our_font_and_no_date():
    svg = style.svg_text(draw())
    assert ">Проект</text>" in svg
    assert "'Sofia Sans'" in svg
    assert "dc:date" not in svg


def test_our_font_is_really_found(recwarn, caplog):
    style.png_bytes(draw())
    assert "findfont" not in caplog.text
    assert [str(warning.message) for warning in recwarn] == []


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize(("language", "expected"), [("bg", "10\u00a0000"), ("en", "10,000")])
def test_ticks_speak_the_language(language, expected):
    figure = draw(language)
    figure.canvas.draw()
    (axes,) = figure.axes
    assert expected in labels(axes.yaxis)
    assert ("0,2" if language == "bg" else "0.2") in labels(axes.xaxis)


def test_years_are_not_grouped_like_amounts():
    figure, axes = style.new_figure("en")
    axes.plot([2016, 2018], [1, 2])
    axes.set_xticks([2016, 2017, 2018])
    figure.canvas.draw()
    assert labels(axes.xaxis) == ["2016", "2017", "2018"]


def test_names_on_an_axis_stay_names():
    figure, axes = style.new_figure("bg")
    axes.barh(["Ан", "Бе"], [0.5, -1.5])
    style.localise_ticks(axes, "bg")
    figure.canvas.draw()
    assert labels(axes.yaxis) == ["Ан", "Бе"]
    assert "−1,50" in labels(axes.xaxis)


def test_the_width_is_the_reports_text_width():
    figure, axes = style.new_figure("en", height=5, columns=2)
    assert figure.get_size_inches() * 2.54 == pytest.approx([16.2, 5])
    assert len(axes) == 2


def luminance(colour):
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def test_the_pair_differs_in_more_than_colour_and_stands_out_from_white():
    for key in ("color", "marker", "linestyle"):
        values = [look[key] for look in (style.PROJECT, style.COMPARISON, style.NEUTRAL)]
        assert all(left != right for left, right in itertools.combinations(values, 2))
    for look in (style.PROJECT, style.COMPARISON, style.NEUTRAL):
        assert 1.05 / (luminance(look["color"]) + 0.05) >= 3
