"""A threshold: the outcome on both sides of it, and what other windows around it would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures.drawing import exhibit, first_population, legend_below, records, unit_of, zero_line
from analysis.report.results import Result
from analysis.study.design_settings import Discontinuity
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES = ("below", "above")


def threshold(content: Content, outcome: str) -> FigureExhibit | None:
    """Means of bins and the lines fitted near the threshold, by the running variable."""
    design = content.study.designs[content.study.outcomes[outcome].design]
    population = first_population(content, outcome)
    rows = content.results.all(outcome=outcome, population=population, measure=("bin", "local_fit"))
    bins, lines = _places(rows, "bin"), _places(rows, "local_fit")
    if not isinstance(design, Discontinuity) or bins.empty:
        return None
    bins["side"] = [SIDES[int(place >= design.cutoff)] for place in bins["place"]]
    records(content, [row for row in rows if not row.is_suppressed], "estimate")
    figure = _draw(content, design, bins, lines)
    figure.axes[0].set_ylabel(content.values.short_unit(unit_of(rows), is_difference=False))
    running = content.labels.named("covariates", design.running)
    figure.axes[0].set_xlabel(running)
    data = pd.DataFrame({running: bins["place"], content.text("figures.columns.mean"): bins["level"]})
    data[content.text("figures.columns.units")] = bins["n"]
    words = _threshold_words(content, design, bins, outcome, population)
    return exhibit(content, figure, outcome, population, "threshold", data, words)


def windows(content: Content, outcome: str) -> FigureExhibit | None:
    """The jump by the width of the window, with its interval; the window the data chose is marked."""
    population = first_population(content, outcome)
    rows = content.results.all(outcome=outcome, population=population, measure="window")
    shown = [row for row in rows if row.has("estimate") and not row.is_suppressed]
    effect = content.result(outcome, population)
    if not shown or effect is None:
        return None
    records(content, shown, "estimate", "ci_low", "ci_high")
    scale = 100.0 if unit_of(shown) == "share" else 1.0
    levels = {name: [scale * getattr(row, name) for row in shown] for name in ("estimate", "ci_low", "ci_high")}
    frame = pd.DataFrame({"width": [float(row.term) for row in shown], **levels}).sort_values("width")
    chosen = _noted(effect, "bandwidth")
    figure = _draw_windows(content, frame, chosen, content.values.short_unit(unit_of(shown)))
    away = int(((frame["ci_low"] > 0) | (frame["ci_high"] < 0)).sum())
    words = {
        "total": len(frame), "away": away, "unit": content.values.short_unit(unit_of(shown)),
        "lowest": number(float(frame["estimate"].min()), content.language, 1, sign=True),
        "highest": number(float(frame["estimate"].max()), content.language, 1, sign=True),
    }  # fmt: skip
    titles = {"width": content.text("figures.axes.window")}
    titles |= {name: content.text(f"figures.columns.{name}") for name in levels}
    return exhibit(content, figure, outcome, population, "windows", frame.rename(columns=titles), words)


def _places(rows: list[Result], measure: str) -> pd.DataFrame:
    """``place`` (running variable), ``side`` (of lines), ``level`` and ``n``; shares times 100."""
    found = []
    for row in rows:
        if row.measure == measure and row.has("estimate") and not row.is_suppressed:
            place, _, side = row.term.partition("/")
            scale = 100.0 if row.unit == "share" else 1.0
            found.append({"place": float(place), "side": side, "level": scale * row.estimate, "n": row.n})
    return pd.DataFrame(found, columns=["place", "side", "level", "n"]).sort_values("place", ignore_index=True)


def _draw(content: Content, design: Discontinuity, bins: pd.DataFrame, lines: pd.DataFrame) -> Figure:
    from analysis.report.style import COMPARISON, MUTED, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=7.0)
    treated = SIDES[int(not design.treated_below)]
    for side in SIDES:
        style, group = (PROJECT, "project") if side == treated else (COMPARISON, "comparison")
        name = content.text(f"figures.groups.threshold.{group}")
        mine, line = bins[bins["side"] == side], lines[lines["side"] == side]
        axes.plot(mine["place"], mine["level"], style["marker"], color=style["color"], markersize=4.5, label=name)
        axes.plot(line["place"], line["level"], style["linestyle"], color=style["color"], linewidth=2)
    axes.margins(y=0.12)
    _mark(content, axes, design.cutoff, MUTED)
    legend_below(figure)
    return figure


def _mark(content: Content, axes: Axes, cutoff: float, color: str) -> None:
    from analysis.report.content_figures.drawing import start_line

    start_line(axes, cutoff, content.text("figures.cutoff", value=_short(cutoff, content.language)), color, left=True)


def _draw_windows(content: Content, frame: pd.DataFrame, chosen: float, unit: str) -> Figure:
    from analysis.report.style import COMPARISON, NEUTRAL, PROJECT, new_figure

    figure, axes = new_figure(content.language, height=6.0)
    zero_line(axes, NEUTRAL)
    usual = (frame["width"] / chosen - 1).abs() > 1e-4
    for mine, style, name in ((frame[usual], COMPARISON, "other"), (frame[~usual], PROJECT, "chosen")):
        label = content.text(f"figures.groups.windows.{name}")
        axes.vlines(mine["width"], mine["ci_low"], mine["ci_high"], color=style["color"], linewidth=1.6)
        axes.plot(mine["width"], mine["estimate"], style["marker"], color=style["color"], label=label)
    axes.margins(x=0.06)
    axes.set_xlabel(content.text("figures.axes.window"))
    axes.set_ylabel(unit)
    legend_below(figure)
    return figure


def _threshold_words(
    content: Content, design: Discontinuity, bins: pd.DataFrame, outcome: str, population: str
) -> dict[str, object]:
    effect = content.result(outcome, population)
    unit = content.values.short_unit(effect.unit) if effect else ""
    return {
        "cutoff": _short(design.cutoff, content.language),
        "below": int((bins["side"] == "below").sum()), "above": int((bins["side"] == "above").sum()),
        "jump": content.values.quantity(effect, "estimate").text if effect else "–", "unit": unit,
        "window": _short(_noted(effect, "bandwidth"), content.language) if effect else "–",
        "fewest": int(bins["n"].min()) if bins["n"].notna().all() else "–",
    }  # fmt: skip


def _short(value: float, language: str) -> str:
    """A value of the running variable with at most two digits behind the point."""
    return number(value, language, 0 if float(value).is_integer() else 2)


def _noted(row: Result, name: str) -> float:
    """A number of the row's note; NaN where it does not say."""
    told = dict(part.split("=", 1) for part in row.note.split(";") if "=" in part)
    return float(told.get(name, "nan"))
