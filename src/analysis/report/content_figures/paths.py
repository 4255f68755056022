"""Figures over time: levels of two groups, and effects with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import (
    GROUPS,
    column_titles,
    exhibit,
    first_population,
    group_points,
    legend_below,
    points,
    records,
    start_line,
    unit_of,
    weighted_points,
    zero_line,
)
from analysis.report.results import Result
from analysis.texts import school_year

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY_TIMES = 15


def trends(content: Content, outcome: str) -> FigureExhibit | None:
    """The outcome by school year in project and comparison schools."""
    rows = content.results.all(outcome=outcome, population=first_population(content, outcome), measure="mean")
    records(content, [row for row in rows if not row.term.endswith("total")], "estimate")
    return _levels(content, outcome, group_points(rows), rows, "trends", _school_years)


def curves(content: Content, outcome: str) -> FigureExhibit | None:
    """The outcome by month since entry for participants and the weighted comparison group."""
    rows = content.results.all(outcome=outcome, population=first_population(content, outcome), measure="monthly")
    records(content, rows, "estimate", "baseline")
    return _levels(content, outcome, weighted_points(rows), rows, "curves", _months)


def event_study(content: Content, outcome: str) -> FigureExhibit | None:
    """The effect in each school year against the last one before the project; by years since the start where schools
    started at different times."""
    design = content.study.designs[content.study.outcomes[outcome].design]
    if design.kind == "staggered":
        return _effects(content, outcome, "event", _years_since_start, "event_since_start")
    return _effects(content, outcome, "event", _school_years)


def monthly(content: Content, outcome: str) -> FigureExhibit | None:
    """The effect in each month since entry, with the interval of each month and the band of all."""
    return _effects(content, outcome, "monthly", _months)


def _levels(
    content: Content,
    outcome: str,
    frame: pd.DataFrame,
    rows: list[Result],
    kind: str,
    mark_time: Callable[[Content, Axes, pd.DataFrame], str],
) -> FigureExhibit | None:
    population = first_population(content, outcome)
    if frame.empty:
        return None
    from analysis.report.style import COMPARISON, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=6.3)
    for group, style in zip(GROUPS, (PROJECT, COMPARISON), strict=True):
        axes.plot(frame["time"], frame[group], label=content.text(f"figures.groups.{kind}.{group}"), **style)
    axes.set_ylim(0, 1.12 * float(frame[list(GROUPS)].max().max()))
    axes.set_ylabel(content.values.short_unit(unit_of(rows), is_difference=False))
    time = mark_time(content, axes, frame)
    legend_below(figure)
    words = _level_words(content, frame, rows, kind)
    return exhibit(content, figure, outcome, population, kind, column_titles(content, frame, time), words)


def _effects(
    content: Content,
    outcome: str,
    measure: str,
    mark_time: Callable[[Content, Axes, pd.DataFrame], str],
    kind: str = "",
) -> FigureExhibit | None:
    population = first_population(content, outcome)
    rows = content.results.all(outcome=outcome, population=population, measure=measure)
    frame = points(rows)
    if frame.empty:
        return None
    from analysis.report.style import NEUTRAL, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=6.8)
    zero_line(axes, NEUTRAL)
    _draw_effects(content, axes, frame, PROJECT["color"])
    axes.set_ylabel(content.values.short_unit(unit_of(rows)))
    time = mark_time(content, axes, frame)
    legend_below(figure)
    records(content, rows, "estimate", "ci_low", "ci_high", "band_low", "band_high")
    kind = kind or measure
    words = _effect_words(content, frame, rows, kind)
    return exhibit(content, figure, outcome, population, kind, column_titles(content, frame, time), words)


def _draw_effects(content: Content, axes: Axes, frame: pd.DataFrame, color: str) -> None:
    """Many times: a line with shaded areas; few: points with whiskers. The uniform band lies beneath the intervals."""
    names = {key: content.text(f"figures.columns.{key}") for key in ("band", "interval", "estimate")}
    if len(frame) > MANY_TIMES:
        areas = (("band_low", "band_high", 0.15, "band"), ("ci_low", "ci_high", 0.3, "interval"))
        for low, high, alpha, name in areas:
            area: dict[str, Any] = {"color": color, "alpha": alpha, "linewidth": 0, "label": names[name]}
            axes.fill_between(frame["time"], frame[low], frame[high], **area)
        axes.plot(frame["time"], frame["estimate"], color=color, label=names["estimate"])
        return
    bars = (("band_low", "band_high", 7, 0.25, "band"), ("ci_low", "ci_high", 1.6, 1.0, "interval"))
    for low, high, width, alpha, name in bars:
        bar: dict[str, Any] = {"color": color, "linewidth": width, "alpha": alpha, "label": names[name]}
        axes.vlines(frame["time"], frame[low], frame[high], **bar)
    axes.plot(frame["time"], frame["estimate"], "o", color=color, label=names["estimate"])


def _school_years(content: Content, axes: Axes, frame: pd.DataFrame) -> str:
    from analysis.report.style import MUTED, RULE

    years = list(range(int(frame["time"].min()), int(frame["time"].max()) + 1))
    axes.set_xticks(years, [school_year(year) for year in years])
    axes.set_xlabel(content.text("figures.axes.school_year"))
    settings = content.study.education
    if settings:
        for year in sorted(set(settings.pandemic_years) & set(years)):
            axes.axvspan(year - 0.5, year + 0.5, color=RULE, alpha=0.5, lw=0, label=content.text("figures.pandemic"))
        start_line(axes, settings.treated_from - 0.5, content.text("figures.start"), MUTED, left=True)
    return "school_year"


def _years_since_start(content: Content, axes: Axes, frame: pd.DataFrame) -> str:
    from analysis.report.style import MUTED

    first, last = int(frame["time"].min()), int(frame["time"].max())
    axes.set_xticks(range(first, last + 1))
    axes.set_xlabel(content.text("figures.axes.year_since_start"))
    start_line(axes, -0.5, content.text("figures.start"), MUTED, left=True)
    return "year_since_start"


def _months(content: Content, axes: Axes, frame: pd.DataFrame) -> str:
    from analysis.report.style import MUTED

    first, last = int(frame["time"].min()), int(frame["time"].max())
    axes.set_xticks([month for month in range(first, last + 1) if month % 6 == 0])
    axes.set_xlabel(content.text("figures.axes.month"))
    start_line(axes, -0.5, content.text("figures.entry"), MUTED)
    return "month"


def _level_words(content: Content, frame: pd.DataFrame, rows: list[Result], kind: str) -> dict[str, str]:
    """First and last level of both groups, for the alternative text."""
    unit, language = content.values.short_unit(unit_of(rows), is_difference=False), content.language
    from analysis.texts import number

    both = frame.dropna(subset=list(GROUPS))
    told = frame if both.empty else both
    ends = {"first": told.iloc[0], "last": told.iloc[-1]}
    words = {"unit": unit}
    for end, row in ends.items():
        words[end] = _moment(int(row["time"]), kind)
        words |= {f"{group}_{end}": number(float(row[group]), language, 1) for group in GROUPS}
    return words


def _effect_words(content: Content, frame: pd.DataFrame, rows: list[Result], kind: str) -> dict[str, str]:
    """Lowest and highest estimate and how many times the interval leaves out zero, for the alternative text."""
    from analysis.texts import number

    away = int(((frame["ci_low"] > 0) | (frame["ci_high"] < 0)).sum())
    lowest, highest = frame.loc[frame["estimate"].idxmin()], frame.loc[frame["estimate"].idxmax()]
    return {
        "unit": content.values.short_unit(unit_of(rows)),
        "lowest": number(float(lowest["estimate"]), content.language, 1, sign=True),
        "lowest_time": _moment(int(lowest["time"]), kind),
        "highest": number(float(highest["estimate"]), content.language, 1, sign=True),
        "highest_time": _moment(int(highest["time"]), kind),
        "away": str(away),
        "total": str(len(frame)),
    }


def _moment(time: int, kind: str) -> str:
    return school_year(time) if kind in ("trends", "event") else str(time).replace("-", "\u2212")
