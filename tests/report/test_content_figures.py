"""The figures: they draw the results, and say in words what they show."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.files import results_table
from analysis.report.content_figures import FIGURES, OF_A_DESIGN, POOLED, make_figure
from analysis.report.results import Results

OUTCOMES = {"fig-trends": "dropout_a", "fig-event": "dropout_a", "fig-monthly": "employed", "fig-curves": "employed"}
OUTCOMES |= {"fig-specifications": "dropout_a"}
OF_OTHER_DESIGNS = {label for makers in (*OF_A_DESIGN.values(), POOLED) for label in makers}
OUTCOMES |= dict.fromkeys(OF_OTHER_DESIGNS, "dropout_a")


@pytest.fixture
def content(planted, report_of):
    yield report_of(planted("shown"), "bg").content
    plt.close("all")


def made(content, label):
    return make_figure(content, label, **({"outcome": OUTCOMES[label]} if label in OUTCOMES else {}))


@pytest.mark.parametrize("label", sorted(set(FIGURES) - {"fig-unexcused", "fig-overlap"} - OF_OTHER_DESIGNS))
def test_every_figure_has_caption_alt_and_data(content, label):
    figure = made(content, label)
    assert re.match(r"fig-[a-z0-9-]+$", figure.label) and figure.caption
    assert re.search(r"\d", figure.alt) and figure.alt.endswith(".")
    assert len(figure.data) > 0 and not figure.data.columns.duplicated().any()


@pytest.mark.parametrize("label", sorted(FIGURES))
def test_no_figure_is_drawn_from_nothing(report_of, label):
    assert made(report_of(Results(results_table([])), "bg").content, label) is None


def test_the_event_study_draws_each_year_with_its_interval(content):
    figure = made(content, "fig-event")
    points = figure.figure.axes[0].lines[-1]
    assert list(points.get_xdata()) == [2016, 2017, 2018, 2019, 2020, 2021, 2022] or len(points.get_xdata()) <= 2
    drawn = {tuple(line.get_xdata()): line for line in figure.figure.axes[0].lines}
    estimates = next(line for xs, line in drawn.items() if len(xs) == 7)
    assert estimates.get_ydata()[-1] == pytest.approx(-0.8)
    assert "2021/22" in figure.alt and "−0,8" in figure.alt


def test_the_curves_are_what_was_and_what_would_have_been(content):
    figure = made(content, "fig-curves")
    last = figure.data.iloc[-1]
    assert last.iloc[0] == 24 and last.iloc[1] == pytest.approx(32.4) and last.iloc[2] == pytest.approx(30.0)
    participants, comparison = figure.figure.axes[0].lines[:2]
    assert participants.get_ydata()[-1] == pytest.approx(32.4) and comparison.get_ydata()[-1] == pytest.approx(30.0)


def test_the_trend_leaves_out_the_total(content):
    figure = made(content, "fig-trends")
    assert len(figure.data) == 7 and len(figure.data.columns) == 3
    assert figure.data.iloc[0, 1] == pytest.approx(9.23) and figure.data.iloc[0, 2] == pytest.approx(7.1)


def test_the_love_plot_shows_sizes_not_signs(content):
    figure = made(content, "fig-love")
    assert figure.data.iloc[:, 1].max() == pytest.approx(0.62) and "0,62" in figure.alt


def test_words_in_the_bulgarian_figure_are_bulgarian(content):
    axes = made(content, "fig-monthly").figure.axes[0]
    assert axes.get_xlabel() == "Месеци от включването" and axes.get_ylabel() == "пр.п."


def test_the_heap_below_the_threshold_is_drawn_when_counts_are_there(report_of):
    base = {"chapter": "data", "outcome": "unexcused_hours", "population": "all", "measure": "count", "unit": "count"}
    counts = {0: 150.0, 1: 200.0, 4: 450.0, 5: 100.0, 9: 100.0}
    rows = [{**base, "term": str(hours), "estimate": count} for hours, count in counts.items()]
    figure = make_figure(report_of(Results(results_table(rows)), "bg").content, "fig-unexcused")
    assert "80,0 %" in figure.alt and list(figure.data.iloc[:, 0]) == [0, 1, 4, 5, 9]
    plt.close("all")


def test_drawn_numbers_are_recorded(content):
    content.values.exhibit = "fig-event-dropout-a"
    made(content, "fig-event")
    numbers = content.ledger.table()
    drawn = numbers[numbers["exhibit"] == "fig-event-dropout-a"]
    assert {"estimate", "ci_low", "band_high"} <= set(drawn["field"]) and drawn["result_id"].nunique() == 7


def test_the_overlap_shows_shares_of_each_group_and_not_what_is_hidden(planted, report_of):
    planted_rows = planted("shown").table
    first = planted_rows[planted_rows["measure"] == "overlap"].iloc[0]
    keys = {name: first[name] for name in ("chapter", "outcome", "population", "design")}
    rows = []
    for group, counts in (("project", [40, 60, 0]), ("comparison", [300, float("nan"), float("nan")])):
        for low, count in zip((0, 0.1, 0.2), counts, strict=True):
            note = "suppressed" if count != count else ""
            rows.append({**keys, "measure": "count", "term": f"score_{group}/{low}", "estimate": count, "note": note})
        total = 100.0 if group == "project" else 310.0
        rows.append({**keys, "measure": "count", "term": f"score_{group}/total", "estimate": total})
    table = pd.concat([planted_rows, results_table(rows)], ignore_index=True)
    figure = make_figure(report_of(Results(table), "bg").content, "fig-overlap")
    assert figure.data.iloc[:, 1].tolist() == [40, 60, 0]
    assert figure.data.iloc[0, 2] == pytest.approx(100 * 300 / 310) and figure.data.iloc[1:, 2].isna().all()
    assert "Скрити стойности: 2." in figure.alt and "0,10" in figure.alt
    plt.close("all")
