"""The figures of the report: label -> maker. A maker gives a figure, or ``None`` when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures import data, employment, paths, specifications

Maker = Callable[..., FigureExhibit | None]

FIGURES: dict[str, Maker] = {
    "fig-trends": paths.trends,
    "fig-event": paths.event_study,
    "fig-monthly": paths.monthly,
    "fig-curves": paths.curves,
    "fig-specifications": specifications.specification_curve,
    "fig-love": employment.love_plot,
    "fig-rows": data.rows_by_source,
    "fig-unexcused": data.unexcused_hours,
}


def make_figure(content: Content, label: str, **arguments: str) -> FigureExhibit | None:
    return FIGURES[label](content, **arguments)
