"""Survival curves: who has not yet had the event, with bands and with how many are still followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import (
    GROUPS,
    exhibit,
    first_population,
    legend_below,
    records,
    unit_of,
)
from analysis.report.results import Result
from analysis.study.duration_settings import Duration
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIELDS = {"survival": ("estimate", "ci_low", "ci_high"), "at_risk": ("estimate",)}
MOST_TICKS = 10


def survival(content: Content, outcome: str) -> FigureExhibit | None:
    """The share without the event by time in both groups; under it how many are followed without it."""
    population = first_population(content, outcome)
    rows = content.results.all(outcome=outcome, population=population, measure=tuple(FIELDS))
    frame = curve_points(rows)
    if frame.empty or not set(GROUPS) <= set(frame["group"]):
        return None
    for measure, fields in FIELDS.items():
        records(content, [row for row in rows if row.measure == measure and not row.is_suppressed], *fields)
    effect = content.result(outcome, population)
    unit = content.values.short_unit(effect.unit if effect else unit_of(rows), is_difference=False)
    names = _names(content, outcome)
    figure = _draw(content, frame, names, unit)
    data = _numbers(content, frame, names, unit)
    words = _words(content, frame, unit)
    return exhibit(content, figure, outcome, population, "survival", data, words)


def curve_points(rows: list[Result]) -> pd.DataFrame:
    """One row a shown time and group: ``time, group, estimate, ci_low, ci_high`` (per cent) and ``left`` (people)."""
    shown = [row for row in rows if not row.is_suppressed and row.has("estimate") and "/" in row.term]
    left = {row.term: row.estimate for row in shown if row.measure == "at_risk"}
    found = []
    for row in shown:
        if row.measure != "survival":
            continue
        time, _, group = row.term.partition("/")
        levels = {field: 100 * getattr(row, field) for field in FIELDS["survival"]}
        found.append({"time": float(time), "group": group, **levels, "left": left.get(row.term, float("nan"))})
    columns = ["time", "group", *FIELDS["survival"], "left"]
    return pd.DataFrame(found, columns=columns).sort_values(["group", "time"], ignore_index=True)


def _names(content: Content, outcome: str) -> dict[str, str]:
    """The groups' names; a comparison group that is weighted says so."""
    design = content.study.designs[content.study.outcomes[outcome].design]
    weighted = isinstance(design, Duration) and bool(design.covariates)
    comparison = "weighted" if weighted else "comparison"
    keys = zip(GROUPS, ("project", comparison), strict=True)
    return {name: content.text(f"figures.groups.survival.{key}") for name, key in keys}


def _draw(content: Content, frame: pd.DataFrame, names: dict[str, str], unit: str) -> Figure:
    from analysis.report.style import COMPARISON, PROJECT, new_figure

    ratios = {"height_ratios": [6.2, 1.0]}
    figure, (axes, below) = new_figure(content.language, height=8.6, rows=2, sharex=True, gridspec_kw=ratios)
    for group, style in zip(GROUPS, (PROJECT, COMPARISON), strict=True):
        mine = frame[frame["group"] == group]
        area: dict[str, Any] = {"color": style["color"], "alpha": 0.16, "linewidth": 0}
        axes.fill_between(mine["time"], mine["ci_low"], mine["ci_high"], **area)
        axes.plot(mine["time"], mine["estimate"], label=names[group], **style)
    axes.set_ylim(0, 103)
    axes.set_ylabel(content.text("figures.axes.without_event"))
    _at_risk(content, below, frame)
    below.set_xlabel(content.text("figures.axes.time_in", unit=unit))
    legend_below(figure)
    return figure


def _at_risk(content: Content, axes: Axes, frame: pd.DataFrame) -> None:
    """The numbers of people (unweighted) followed, under the times they belong to; each group in its own colour."""
    from analysis.report.style import COMPARISON, MUTED, PROJECT

    times = sorted(set(frame["time"]))
    ticks = _spaced(times)
    for group, style, place in zip(GROUPS, (PROJECT, COMPARISON), (1, 0), strict=True):
        left = frame[frame["group"] == group].set_index("time")["left"]
        for time in ticks:
            known = time in left.index and pd.notna(left[time])
            words = number(left[time], content.language) if known else "–"
            axes.text(time, place, words, ha="center", va="center", fontsize=8, color=style["color"])
    names = [content.text(f"figures.groups.survival.{group}") for group in GROUPS]
    axes.set_yticks([1, 0], names, fontsize=8)
    axes.set_ylim(-0.6, 1.6)
    axes.set_xticks(ticks)
    axes.set_title(content.text("figures.axes.at_risk"), fontsize=8, color=MUTED, loc="left", pad=2)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)


def _spaced(times: list[float]) -> list[float]:
    """The first, the last and as many of the times between as leave room for the numbers."""
    apart = (times[-1] - times[0]) / MOST_TICKS
    found = [times[0]]
    for time in times[1:-1]:
        if time - found[-1] >= apart and times[-1] - time >= apart:
            found.append(time)
    return [*found, times[-1]] if len(times) > 1 else found


def _numbers(content: Content, frame: pd.DataFrame, names: dict[str, str], unit: str) -> pd.DataFrame:
    """What was drawn, one row a time and group."""
    data = pd.DataFrame(
        {
            content.text("figures.axes.time_in", unit=unit): frame["time"],
            content.text("figures.columns.group"): frame["group"].map(names),
            content.text("figures.axes.without_event"): frame["estimate"],
        }
    )
    for field in ("ci_low", "ci_high"):
        data[content.text(f"figures.columns.{field}")] = frame[field]
    return data.assign(**{content.text("figures.axes.at_risk"): frame["left"]})


def _words(content: Content, frame: pd.DataFrame, unit: str) -> dict[str, object]:
    """The last shown level of each group, and how many were followed at first, for the alternative text."""
    language = content.language
    words: dict[str, object] = {"unit": unit, "threshold": content.study.disclosure.threshold}
    for group in GROUPS:
        mine = frame[frame["group"] == group]
        last, time = float(mine["estimate"].iloc[-1]), float(mine["time"].iloc[-1])
        words |= {group: number(last, language, 1), f"{group}_left": number(mine["left"].iloc[0], language)}
        words[f"{group}_time"] = number(time, language, 0 if time.is_integer() else 1)
    return words
