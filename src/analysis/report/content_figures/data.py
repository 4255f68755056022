"""Figures on the data: rows accepted and set aside by source; the heap of unexcused hours below the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import legend_below
from analysis.report.content_tables.data import source_name
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def rows_by_source(content: Content) -> FigureExhibit | None:
    """Accepted and quarantined rows of each source, as shares of the rows read."""
    counts = {(row.population, row.term): row for row in content.results.all(chapter="data", outcome="rows")}
    sources = [source for source, term in counts if term == "read" and counts[source, term].estimate > 0]
    if not sources:
        return None
    frame = pd.DataFrame(
        {
            "source": [source_name(content, source) for source in sources],
            **{t: [counts[s, t].estimate for s in sources] for t in ("read", "accepted", "quarantined")},
        }
    )
    figure = _draw_rows(content, frame)
    read, aside = frame["read"].sum(), frame["quarantined"].sum()
    worst = frame.loc[(frame["quarantined"] / frame["read"]).idxmax()]
    words = {
        "read": number(read, content.language),
        "aside": number(aside, content.language),
        "share": number(100 * aside / read, content.language, 1),
        "worst": worst["source"],
        "worst_share": number(100 * worst["quarantined"] / worst["read"], content.language, 1),
    }
    caption, alt = content.text("figures.rows.caption"), content.text("figures.rows.alt", **words)
    data = frame.rename(columns={name: _title(content, name) for name in frame.columns})
    return FigureExhibit(figure, "fig-rows", caption, alt, data, content.text("figures.rows.note"))


def _draw_rows(content: Content, frame: pd.DataFrame) -> Figure:
    from analysis.report.style import COMPARISON, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=2.0 + 0.5 * len(frame))
    places = list(range(len(frame)))[::-1]
    left = pd.Series(0.0, index=frame.index)
    for part, color, hatch in (("accepted", PROJECT["color"], ""), ("quarantined", COMPARISON["color"], "///")):
        share = 100 * frame[part] / frame["read"]
        label = _title(content, part)
        axes.barh(places, share, left=left, color=color, hatch=hatch, edgecolor="white", linewidth=0, label=label)
        left = left + share
    axes.set_yticks(places, frame["source"])
    axes.set_xlabel(content.text("figures.axes.share_of_rows"))
    axes.grid(axis="y", visible=False)
    legend_below(figure)
    return figure


def _title(content: Content, column: str) -> str:
    return content.text(f"tables.columns.{column}").replace("\n", " ")


def unexcused_hours(content: Content) -> FigureExhibit | None:
    """How many pupil-months have 0, 1, 2 ... unexcused hours; drawn only when the counts were handed on."""
    rows = content.results.all(chapter="data", outcome="unexcused_hours", measure="count")
    frame = pd.DataFrame(
        [
            {"hours": int(row.term), "count": row.estimate}
            for row in rows
            if not row.is_suppressed and row.term.isdigit()
        ],
        columns=["hours", "count"],
    ).sort_values("hours", ignore_index=True)
    if frame.empty:
        return None
    from analysis.report.style import MUTED, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=6.0)
    axes.bar(frame["hours"], frame["count"], width=0.85, color=PROJECT["color"])
    axes.axvline(4.5, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set_xlabel(content.text("figures.axes.unexcused"))
    axes.set_ylabel(content.text("figures.axes.pupil_months"))
    below = frame.loc[frame["hours"] < 5, "count"].sum()
    share = number(100 * below / frame["count"].sum(), content.language, 1)
    data = frame.rename(
        columns={"hours": content.text("figures.axes.unexcused"), "count": content.text("figures.axes.pupil_months")}
    )
    caption, alt = content.text("figures.unexcused.caption"), content.text("figures.unexcused.alt", share=share)
    return FigureExhibit(figure, "fig-unexcused", caption, alt, data, content.text("figures.unexcused.note"))
