"""What several figures share: points as frames, and lines with intervals in the house style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.report.content import Content, FigureExhibit, slug
from analysis.report.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUP_TERM = re.compile(r"^(?P<time>-?\d+)/(?P<group>project|comparison)$")
GROUPS = ("project", "comparison")
ONE_LINE = 75  # characters that a legend has room for on one line


def points(rows: list[Result]) -> pd.DataFrame:
    """Results over time as a frame ``time, estimate, ci_low, ci_high, band_low, band_high``; shares times 100."""
    scale = {row.unit: 100.0 if row.unit == "share" else 1.0 for row in rows}
    fields = ["estimate", "ci_low", "ci_high", "band_low", "band_high"]
    records = [
        {"time": int(row.term), **{field: scale[row.unit] * getattr(row, field) for field in fields}}
        for row in rows
        if not row.is_suppressed and row.has("estimate")
    ]
    return pd.DataFrame(records, columns=["time", *fields]).sort_values("time", ignore_index=True)


def group_points(rows: list[Result]) -> pd.DataFrame:
    """Levels as a frame ``time, project, comparison``, from terms such as ``2016/project``; shares times 100."""
    records = []
    for row in rows:
        found = GROUP_TERM.match(row.term)
        if found and not row.is_suppressed:
            scale = 100.0 if row.unit == "share" else 1.0
            records.append({"time": int(found["time"]), "group": found["group"], "level": scale * row.estimate})
    return _wide(records)


def weighted_points(rows: list[Result]) -> pd.DataFrame:
    """The same frame from monthly effects: what participants had, and what they would have had without the project."""
    records = []
    for row in rows:
        if row.has("estimate") and row.has("baseline") and not row.is_suppressed:
            scale = 100.0 if row.unit == "share" else 1.0
            for group, level in (("project", row.baseline + row.estimate), ("comparison", row.baseline)):
                records.append({"time": int(row.term), "group": group, "level": scale * level})
    return _wide(records)


def _wide(records: list[dict[str, Any]]) -> pd.DataFrame:
    if not records:
        return pd.DataFrame(columns=["time", *GROUPS])
    wide = pd.DataFrame(records).pivot(index="time", columns="group", values="level").reindex(columns=list(GROUPS))
    return wide.reset_index().rename_axis(columns=None)


def records(content: Content, rows: list[Result], *fields: str) -> None:
    """Write the drawn numbers into the ledger."""
    for row in rows:
        for field in fields:
            content.values.cell(row, field)


def unit_of(rows: list[Result]) -> str:
    return next((row.unit for row in rows), "")


def zero_line(axes: Axes, style: dict[str, Any]) -> None:
    axes.axhline(0, color=style["color"], linewidth=0.9, zorder=1)


def legend_below(figure: Figure) -> None:
    """The legend under the axes, where it hides nothing; names that stand twice are shown once."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    columns = len(once) if sum(len(name) for name in once) < ONE_LINE else 2
    figure.legend(once.values(), once.keys(), loc="outside lower center", ncols=columns)


def start_line(axes: Axes, at: float, words: str, color: str, left: bool = False) -> None:
    """A vertical line where the project starts, with its words beside it at the top."""
    axes.axvline(at, color=color, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        words,
        (at, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3 if left else 3, -2),
        textcoords="offset points",
        va="top",
        ha="right" if left else "left",
        fontsize=8,
        color=color,
    )


def column_titles(content: Content, frame: pd.DataFrame, time: str) -> pd.DataFrame:
    """The numbers behind a figure under captions people can read; empty columns are left out."""
    names = {"time": content.text(f"figures.axes.{time}")}
    names |= {name: content.text(f"figures.columns.{name}") for name in frame.columns if name != "time"}
    return frame.dropna(axis="columns", how="all").rename(columns=names)


def first_population(content: Content, outcome: str) -> str:
    return content.study.headline_populations(outcome)[0]


def exhibit(
    content: Content,
    figure: Figure,
    outcome: str,
    population: str,
    kind: str,
    data: pd.DataFrame,
    words: Mapping[str, object],
) -> FigureExhibit:
    """A figure on an outcome under the texts ``figures.<kind>``."""
    named = {"outcome": content.labels.outcome(outcome), "population": content.labels.population(population)}
    caption = content.text(f"figures.{kind}.caption", **named)
    alt = content.text(f"figures.{kind}.alt", **named, **words)
    note = content.text(f"figures.{kind}.note", **words)
    return FigureExhibit(figure, f"fig-{slug(kind)}-{slug(outcome)}", caption, alt, data, note)
