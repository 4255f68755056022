"""The love plot: how alike the groups are before and after weighting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import legend_below
from analysis.report.content_tables.employment import covariate_name, diagnostics
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

THRESHOLD = 0.1


def love_plot(content: Content, chapter: str = "employment") -> FigureExhibit | None:
    """Absolute standardised differences of each recorded characteristic, before and after weighting."""
    rows = [row for measure in ("balance_before", "balance_after") for row in diagnostics(content, measure, chapter)]
    if not rows:
        return None
    for row in rows:
        content.values.cell(row)
    records = [{"term": row.term, "measure": row.measure, "size": abs(row.estimate)} for row in rows]
    wide = pd.DataFrame(records).pivot(index="term", columns="measure", values="size")
    wide = wide.reindex(columns=["balance_before", "balance_after"]).sort_values("balance_before", kind="stable")
    names = [covariate_name(content, str(term)) for term in wide.index]
    figure = _draw(content, wide, names)
    data = pd.DataFrame({content.text("figures.axes.covariate"): names})
    for column in wide.columns:
        data[content.text(f"figures.columns.{column}")] = wide[column].to_numpy()
    words = {
        "before": number(float(wide["balance_before"].max()), content.language, 2),
        "after": number(float(wide["balance_after"].max()), content.language, 2),
        "above": int((wide["balance_after"] > THRESHOLD).sum()),
    }
    alt, caption = content.text("figures.love.alt", **words), content.text("figures.love.caption")
    return FigureExhibit(figure, "fig-love", caption, alt, data, content.text("figures.love.note"))


def _draw(content: Content, wide: pd.DataFrame, names: list[str]) -> Figure:
    from analysis.report.style import COMPARISON, MUTED, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=2.0 + 0.55 * len(names))
    places = range(len(names))
    for column, style in (("balance_before", COMPARISON), ("balance_after", PROJECT)):
        label = content.text(f"figures.columns.{column}")
        axes.plot(wide[column], places, linestyle="", marker=style["marker"], color=style["color"], label=label)
    axes.set_yticks(list(places), names)
    axes.axvline(THRESHOLD, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set_xlim(left=0)
    axes.set_xlabel(content.text("figures.axes.difference"))
    legend_below(figure)
    return figure
