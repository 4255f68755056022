"""A synthetic control over time: the treated beside its synthetic comparison, and its gap among those of placebos."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import (
    GROUPS,
    exhibit,
    first_population,
    legend_below,
    records,
    start_line,
    unit_of,
    zero_line,
)
from analysis.report.results import Result
from analysis.study.synthetic_settings import SyntheticControl
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TERM = re.compile(r"^(?P<time>-?\d+(\.\d+)?)/(?P<name>\w+)$")


def path(content: Content, outcome: str) -> FigureExhibit | None:
    """The outcome of the treated and of its synthetic comparison, before and after the start."""
    population, rows = _rows(content, outcome, "path")
    frame = by_time(rows)
    if frame.empty or not set(GROUPS) <= set(frame.columns):
        return None
    from analysis.report.style import COMPARISON, PROJECT, new_figure

    records(content, rows, "estimate")
    figure, axes = new_figure(content.language, height=6.6)
    for group, style in zip(GROUPS, (PROJECT, COMPARISON), strict=True):
        label = content.text(f"figures.groups.path.{group}")
        axes.plot(frame.index, frame[group], label=label, **{**style, "markersize": 4})
    axes.margins(y=0.14)
    axes.set_ylabel(content.values.short_unit(unit_of(rows), is_difference=False))
    time = _time_axis(content, axes, outcome, frame)
    legend_below(figure)
    words = _path_words(content, outcome, frame, rows)
    return exhibit(content, figure, outcome, population, "path", _numbers(content, frame, time), words)


def placebos(content: Content, outcome: str) -> FigureExhibit | None:
    """The gap of the treated to its synthetic comparison, over the gaps of units (or groups) nobody treated."""
    population, rows = _rows(content, outcome, "path")
    levels, mock_rows = by_time(rows), _rows(content, outcome, "placebo_gap")[1]
    mocks = by_time(mock_rows)
    if levels.empty or mocks.empty or not set(GROUPS) <= set(levels.columns):
        return None
    from analysis.report.style import MUTED, NEUTRAL, PROJECT, new_figure

    records(content, mock_rows, "estimate")
    gap = levels["project"] - levels["comparison"]
    figure, axes = new_figure(content.language, height=6.6)
    zero_line(axes, NEUTRAL)
    thin = {"color": MUTED, "alpha": 0.45, "linewidth": 0.8, "label": content.text("figures.groups.placebos.mock")}
    for name in mocks.columns:
        axes.plot(mocks.index, mocks[name], **thin)
    axes.plot(gap.index, gap, label=content.text("figures.groups.placebos.own"), color=PROJECT["color"], linewidth=2.4)
    axes.margins(y=0.14)
    axes.set_ylabel(content.values.short_unit(unit_of(rows)))
    time = _time_axis(content, axes, outcome, levels)
    legend_below(figure)
    shown = pd.concat([gap.rename("own"), mocks.add_prefix("mock_")], axis=1)
    effect = content.result(outcome, population)
    words = {
        "count": mocks.shape[1],
        "effect": content.values.quantity(effect, "estimate").text if effect else "–",
        "unit": content.values.short_unit(unit_of(rows)),
        "p": content.values.quantity(effect, "p_randomisation").text if effect else "–",
    }
    return exhibit(content, figure, outcome, population, "placebos", _numbers(content, shown, time), words)


def by_time(rows: list[Result]) -> pd.DataFrame:
    """Terms ``<time>/<name>`` as a frame time x name; shares times 100."""
    found = []
    for row in rows:
        parts = TERM.match(row.term)
        if parts and not row.is_suppressed and row.has("estimate"):
            scale = 100.0 if row.unit == "share" else 1.0
            found.append({"time": float(parts["time"]), "name": parts["name"], "level": scale * row.estimate})
    if not found:
        return pd.DataFrame()
    return pd.DataFrame(found).pivot(index="time", columns="name", values="level").sort_index()


def _rows(content: Content, outcome: str, measure: str) -> tuple[str, list[Result]]:
    population = first_population(content, outcome)
    return population, content.results.all(outcome=outcome, population=population, measure=measure)


def _time_axis(content: Content, axes: Axes, outcome: str, frame: pd.DataFrame) -> str:
    """The axis of time with the start marked between the last time before it and the first with it; its name."""
    from matplotlib.ticker import MaxNLocator

    from analysis.report.style import MUTED

    design = content.study.designs[content.study.outcomes[outcome].design]
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    name = content.text("figures.axes.year" if frame.index.min() >= 1900 else "figures.axes.period")
    axes.set_xlabel(name)
    if isinstance(design, SyntheticControl):
        earlier = [time for time in frame.index if time < design.start]
        at = (earlier[-1] + design.start) / 2 if earlier else float(design.start)
        start_line(axes, at, content.text("figures.treatment_starts"), MUTED, left=True)
    return name


def _numbers(content: Content, frame: pd.DataFrame, time: str) -> pd.DataFrame:
    def title(name: str) -> str:
        if name.startswith("mock_"):
            return f"{content.text('figures.groups.placebos.one')} {name.removeprefix('mock_')}"
        return content.text("figures.groups.placebos.own" if name == "own" else f"figures.groups.path.{name}")

    ordered = sorted(frame.columns, key=lambda name: (name.startswith("mock_"), len(name), name != "project", name))
    named = frame[ordered].rename(columns=title)
    if all(float(time).is_integer() for time in named.index):
        named.index = named.index.astype(int)
    return named.rename_axis(index=time, columns=None).reset_index()


def _path_words(content: Content, outcome: str, frame: pd.DataFrame, rows: list[Result]) -> dict[str, object]:
    """Levels at the first and the last time, for the alternative text."""
    language, design = content.language, content.study.designs[content.study.outcomes[outcome].design]
    words: dict[str, object] = {"unit": content.values.short_unit(unit_of(rows), is_difference=False)}
    words["start"] = str(design.start) if isinstance(design, SyntheticControl) else "–"
    for end, place in (("first", 0), ("last", -1)):
        words[end] = f"{frame.index[place]:g}"
        words |= {f"{group}_{end}": number(float(frame[group].iloc[place]), language, 1) for group in GROUPS}
    return words
