"""A forest plot: the effects that were pooled, the pooled one, and where a further one would lie."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import exhibit, records, unit_of
from analysis.report.results import Result
from analysis.texts import number
from analysis.texts.formats import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POPULATION = "pooled"
FIELDS = ("estimate", "ci_low", "ci_high")
LINE = 30  # characters of a name on one line


def forest(content: Content, outcome: str) -> FigureExhibit | None:
    """Each effect with its interval and weight; below them the pooled one and the prediction interval."""
    found = content.results.all(outcome=outcome, population=POPULATION)
    rows = [row for row in found if not row.is_suppressed]
    parts = [row for row in rows if row.measure == "pooled_part" and row.has("estimate")]
    pooled = next((row for row in rows if row.measure == "pooled" and row.has("estimate")), None)
    if not parts or pooled is None:
        return None
    weights = {row.term: row.estimate for row in rows if row.measure == "pooled_weight"}
    ends = {row.term: row for row in rows if row.measure == "heterogeneity"}
    prediction = [ends[term] for term in ("prediction_low", "prediction_high") if term in ends]
    records(content, [*parts, pooled], *FIELDS)
    records(content, prediction, "estimate")
    frame = _frame(content, parts, pooled, prediction, weights)
    unit = content.values.short_unit(unit_of([pooled]))
    figure = _draw(content, frame, unit)
    titles = {"name": content.text("figures.columns.part"), "weight": content.text("figures.columns.weight")}
    data = frame.drop(columns=["kind", "told"]).rename(
        columns={**titles, **{name: content.text(f"figures.columns.{name}") for name in FIELDS}}
    )
    words = _words(content, pooled, prediction, len(parts), ends.get("i2"), unit)
    return exhibit(content, figure, outcome, POPULATION, "forest", data, words)


def _frame(
    content: Content, parts: list[Result], pooled: Result, prediction: list[Result], weights: dict[str, float]
) -> pd.DataFrame:
    """Rows from the top: ``kind, name, estimate, ci_low, ci_high, weight, told``; shares times 100."""
    scale = 100.0 if pooled.unit == "share" else 1.0
    several = len({row.term.partition("/")[0] for row in parts}) > 1
    lines = []
    for row in parts:
        numbers = {field: scale * getattr(row, field) for field in FIELDS}
        weight = 100 * weights.get(row.term, float("nan"))
        told = f"{content.values.quantity(row, 'estimate').text} {content.values.interval_cell(row).text}"
        name = _name(content, row.term, several)
        lines.append({"kind": "part", "name": name, **numbers, "weight": weight, "told": told})
    numbers = {field: scale * getattr(pooled, field) for field in FIELDS}
    told = f"{content.values.quantity(pooled, 'estimate').text} {content.values.interval_cell(pooled).text}"
    name = content.text("figures.groups.forest.pooled")
    lines.append({"kind": "pooled", "name": name, **numbers, "weight": float("nan"), "told": told})
    if len(prediction) == 2:
        low, high = (content.values.cell(row).text for row in prediction)
        ends = {"ci_low": scale * prediction[0].estimate, "ci_high": scale * prediction[1].estimate}
        name = content.text("figures.groups.forest.prediction")
        lines.append({"kind": "prediction", "name": name, **ends, "told": f"[{low}; {high}]"})
    return pd.DataFrame(lines, columns=["kind", "name", *FIELDS, "weight", "told"])


def _name(content: Content, term: str, several: bool) -> str:
    """A population where one outcome is pooled, else the outcome."""
    outcome, _, population = term.partition("/")
    return content.labels.outcome(outcome) if several else content.labels.population(population)


def _draw(content: Content, frame: pd.DataFrame, unit: str) -> Figure:
    from analysis.report.style import NEUTRAL, localise_ticks, new_figure

    figure, axes = new_figure(content.language, height=2.4 + 0.85 * len(frame))
    places = list(range(len(frame)))[::-1]
    axes.axvline(0, color=NEUTRAL["color"], linewidth=0.9, zorder=1)
    for place, line in zip(places, frame.itertuples(), strict=True):
        _DRAWN[line.kind](axes, place, line)
    names = [textwrap.fill(name, LINE) for name in frame["name"]]
    axes.set_yticks(places, names)
    axes.set_ylim(-0.7, len(frame) - 0.3)
    axes.axhline(places[int((frame["kind"] == "part").sum()) - 1] - 0.5, color=NEUTRAL["color"], linewidth=0.5)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(unit)
    right = axes.twinx()
    right.set_ylim(axes.get_ylim())
    right.set_yticks(places, [_told(content, line) for line in frame.itertuples()])
    right.spines["right"].set_visible(False)
    right.grid(visible=False)
    localise_ticks(axes, content.language, "x")
    return figure


def _told(content: Content, line) -> str:  # type: ignore[no-untyped-def]
    weight = "" if pd.isna(line.weight) else f"\n{percent(line.weight / 100, content.language)}"
    return f"{line.told}{weight}"


def _part(axes: Axes, place: int, line) -> None:  # type: ignore[no-untyped-def]
    """A square whose area grows with the weight."""
    from analysis.report.style import COMPARISON, INK

    axes.hlines(place, line.ci_low, line.ci_high, color=INK, linewidth=1.2)
    size = 20 + 2.2 * (0 if pd.isna(line.weight) else line.weight)
    axes.scatter([line.estimate], [place], s=size, marker="s", color=COMPARISON["color"], zorder=3)


def _pooled(axes: Axes, place: int, line) -> None:  # type: ignore[no-untyped-def]
    """A diamond as wide as the interval."""
    from analysis.report.style import PROJECT

    across = [line.ci_low, line.estimate, line.ci_high, line.estimate]
    axes.fill(across, [place, place + 0.28, place, place - 0.28], color=PROJECT["color"], zorder=3)


def _prediction(axes: Axes, place: int, line) -> None:  # type: ignore[no-untyped-def]
    from analysis.report.style import PROJECT

    axes.plot([line.ci_low, line.ci_high], [place, place], "|-", color=PROJECT["color"], linewidth=1.2, markersize=8)


_DRAWN = {"part": _part, "pooled": _pooled, "prediction": _prediction}


def _words(
    content: Content, pooled: Result, prediction: list[Result], count: int, share: Result | None, unit: str
) -> dict[str, object]:
    ends = [content.values.cell(row).text for row in prediction] or ["–", "–"]
    return {
        "count": count, "unit": unit, "effect": content.values.quantity(pooled, "estimate").text,
        "interval": content.values.interval_cell(pooled).text, "low": ends[0], "high": ends[1],
        "i2": number(100 * share.estimate, content.language, 0) if share else "–",
    }  # fmt: skip
