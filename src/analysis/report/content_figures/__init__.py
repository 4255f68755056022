"""The figures of the report: label -> maker. A maker gives a figure, or ``None`` when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures import (
    data,
    durations,
    employment,
    overlap,
    paths,
    pooled,
    specifications,
    synthetic,
    thresholds,
)

Maker = Callable[..., FigureExhibit | None]

OF_A_DESIGN: dict[str, dict[str, Maker]] = {
    "duration": {"fig-survival": durations.survival},
    "synthetic_control": {"fig-path": synthetic.path, "fig-placebos": synthetic.placebos},
    "discontinuity": {"fig-threshold": thresholds.threshold, "fig-windows": thresholds.windows},
}
POOLED: dict[str, Maker] = {"fig-forest": pooled.forest}

FIGURES: dict[str, Maker] = {
    "fig-trends": paths.trends,
    "fig-event": paths.event_study,
    "fig-monthly": paths.monthly,
    "fig-curves": paths.curves,
    "fig-specifications": specifications.specification_curve,
    "fig-love": employment.love_plot,
    "fig-overlap": overlap.overlap,
    "fig-rows": data.rows_by_source,
    "fig-unexcused": data.unexcused_hours,
    **{label: maker for makers in OF_A_DESIGN.values() for label, maker in makers.items()},
    **POOLED,
}


def make_figure(content: Content, label: str, **arguments: str) -> FigureExhibit | None:
    return FIGURES[label](content, **arguments)


def figures_of(content: Content, outcome: str) -> list[str]:
    """The labels of the figures that the design of an outcome calls for, and those of what is pooled under it."""
    declared = content.study.outcomes[outcome]
    kind = content.study.designs[declared.design].kind
    return [*OF_A_DESIGN.get(kind, {}), *(POOLED if declared.pooled else {})]
