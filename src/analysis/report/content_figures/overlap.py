"""Whether every participant has comparable people: the distribution of the propensity score in both groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import GROUPS, legend_below
from analysis.report.content_tables.employment import diagnostics
from analysis.report.results import Result
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PREFIX = "score_"


def overlap(content: Content, chapter: str = "employment") -> FigureExhibit | None:
    """How many of each hundred people of a group have a score in each step; hidden counts are left out."""
    diagnosed = diagnostics(content, "overlap", chapter)
    if not diagnosed:
        return None
    of = {"outcome": diagnosed[0].outcome, "population": diagnosed[0].population}
    rows = [row for row in content.results.all(**of, measure="count") if row.term.startswith(PREFIX)]
    frame = shares(rows)
    if frame.empty or not set(GROUPS) <= set(frame.columns):
        return None
    for row in rows:
        content.values.cell(row)
    names = {group: content.text(f"figures.groups.overlap.{group}") for group in GROUPS}
    hidden = sum(row.is_suppressed for row in rows)
    outside = next((row for row in diagnosed if row.term == "outside_support"), None)
    words = {
        "outside": number(100 * outside.estimate, content.language, 1) if outside else "–",
        "hidden": hidden, "threshold": content.study.disclosure.threshold,
        **{group: number(float(frame[group].idxmax()), content.language, 2) for group in GROUPS},
    }  # fmt: skip
    data = frame[list(GROUPS)].rename(columns=names).rename_axis(index=content.text("figures.axes.score")).reset_index()
    caption, alt = content.text("figures.overlap.caption"), content.text("figures.overlap.alt", **words)
    note = content.text("figures.overlap.note", **words)
    return FigureExhibit(_draw(content, frame, names), "fig-overlap", caption, alt, data, note)


def shares(rows: list[Result]) -> pd.DataFrame:
    """Lower end of each step x group, per cent of the group; missing where hidden."""
    totals = {_part(row)[0]: row.estimate for row in rows if _part(row)[1] == "total"}
    found = []
    for row in rows:
        group, low = _part(row)
        if low != "total" and totals.get(group, 0) > 0:
            found.append({"low": float(low), "group": group, "share": 100 * row.estimate / totals[group]})
    if not found:
        return pd.DataFrame()
    return pd.DataFrame(found).pivot(index="low", columns="group", values="share").sort_index()


def _part(row: Result) -> tuple[str, str]:
    group, _, low = row.term.removeprefix(PREFIX).partition("/")
    return group, low


def _draw(content: Content, frame: pd.DataFrame, names: dict[str, str]) -> Figure:
    from analysis.report.style import COMPARISON, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=6.0)
    step = float(frame.index[1] - frame.index[0])
    for place, (group, style, hatch) in enumerate(zip(GROUPS, (PROJECT, COMPARISON), ("", "////"), strict=True)):
        lefts = frame.index + step * (0.08 + 0.42 * place)
        bar = {"color": style["color"], "hatch": hatch, "edgecolor": "white", "linewidth": 0}
        axes.bar(lefts, frame[group], width=0.42 * step, align="edge", label=names[group], **bar)
        hidden = lefts[frame[group].isna()] + 0.21 * step
        if len(hidden):
            said = {"color": style["color"], "label": content.text("figures.groups.overlap.hidden")}
            axes.plot(hidden, [0.02 * axes.get_ylim()[1]] * len(hidden), "x", markersize=5, **said)
    axes.set_xticks([*frame.index, float(frame.index[-1]) + step])
    axes.set_xlabel(content.text("figures.axes.probability"))
    axes.set_ylabel(content.text("figures.axes.share_of_group"))
    legend_below(figure)
    return figure
