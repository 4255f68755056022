"""The specification curve: sorted estimates with their intervals, and below them which choices each rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.report.content import Content, FigureExhibit, slug
from analysis.report.content_figures.drawing import legend_below, records, unit_of, zero_line
from analysis.report.results import Result
from analysis.report.specifications import Choices, alternative_name, choice_name, choices_of, is_as_declared
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMITS = ("estimate", "ci_low", "ci_high")


def specification_curve(content: Content, outcome: str) -> FigureExhibit | None:
    """Every specification of a headline that could be estimated, lowest first."""
    population = content.study.headline_populations(outcome)[0]
    found = content.results.all(outcome=outcome, population=population, measure="specification")
    rows = sorted(
        (row for row in found if row.has("estimate") and not row.is_suppressed),
        key=lambda row: (row.estimate, row.term),
    )
    if not rows:
        return None
    records(content, rows, *LIMITS)
    frame = _frame(rows)
    terms = [choices_of(row.term) for row in rows]
    figure = _draw(content, frame, terms, content.values.short_unit(unit_of(rows)))
    named = {"outcome": content.labels.outcome(outcome), "population": content.labels.population(population)}
    caption = content.text("figures.specifications.caption", **named)
    alt = content.text("figures.specifications.alt", **_words(content, frame, rows))
    note = content.text("figures.specifications.note")
    label = f"fig-specifications-{slug(outcome)}"
    return FigureExhibit(figure, label, caption, alt, _titled(content, frame, terms), note)


def _frame(rows: list[Result]) -> pd.DataFrame:
    """``estimate, ci_low, ci_high`` in the order drawn; shares times 100."""
    scale = 100.0 if unit_of(rows) == "share" else 1.0
    return pd.DataFrame([{name: scale * getattr(row, name) for name in LIMITS} for row in rows])


def _draw(content: Content, frame: pd.DataFrame, terms: list[Choices], unit: str) -> Figure:
    from analysis.report.style import NEUTRAL, new_figure

    lines = _lines(terms)
    below = 0.5 * len(lines)
    figure, (above, matrix) = new_figure(
        content.language, height=7.2 + below, rows=2, sharex=True, height_ratios=[5.6, below + 0.4]
    )
    zero_line(above, NEUTRAL)
    _draw_estimates(content, above, frame, terms)
    above.set_ylabel(unit)
    _draw_choices(content, matrix, lines, terms)
    matrix.set_xlabel(content.text("figures.axes.specification"))
    legend_below(figure)
    return figure


def _draw_estimates(content: Content, axes: Axes, frame: pd.DataFrame, terms: list[Choices]) -> None:
    from analysis.report.style import COMPARISON, PROJECT

    declared = [is_as_declared(term) for term in terms]
    for own, style, size in ((False, PROJECT, 3.5), (True, COMPARISON, 7.0)):
        places = [place for place, one in enumerate(declared) if one == own]
        chosen = frame.iloc[places]
        x = [place + 1 for place in places]
        bar: dict[str, Any] = {"color": style["color"], "linewidth": 1.8 if own else 1.0, "alpha": 1.0 if own else 0.6}
        axes.vlines(x, chosen["ci_low"], chosen["ci_high"], **bar)
        name = content.text(f"figures.specifications.{'headline' if own else 'others'}")
        axes.plot(x, chosen["estimate"], style["marker"], color=style["color"], markersize=size, label=name)


def _draw_choices(content: Content, axes: Axes, lines: list[tuple[str, str]], terms: list[Choices]) -> None:
    """A line an alternative, a dot where a specification took it; the lines of one choice stand together."""
    from analysis.report.style import INK, RULE

    for place, (choice, name) in enumerate(lines):
        taken = [at + 1 for at, term in enumerate(terms) if term[choice] == name]
        axes.plot(taken, [place] * len(taken), "o", color=INK, markersize=2.6 if len(terms) > 40 else 4)
        if place and lines[place - 1][0] != choice:
            axes.axhline(place - 0.5, color=RULE, linewidth=0.8)
    axes.set_yticks(range(len(lines)), [_line_name(content, *line) for line in lines])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xlim(0.3, len(terms) + 0.7)
    axes.grid(axis="y", visible=False)


def _lines(terms: list[Choices]) -> list[tuple[str, str]]:
    """Every alternative of every choice, the declared one first."""
    choices = list(terms[0])
    names = {choice: dict.fromkeys(term[choice] for term in terms) for choice in choices}
    return [
        (choice, name)
        for choice in choices
        for name in sorted(names[choice], key=lambda one: (not is_as_declared({"": one}), one))
    ]


def _line_name(content: Content, choice: str, name: str) -> str:
    return f"{choice_name(content, choice)}: {alternative_name(content, name)}"


def _titled(content: Content, frame: pd.DataFrame, terms: list[Choices]) -> pd.DataFrame:
    """The numbers behind the figure, with the choices of each."""
    chosen = {
        choice_name(content, choice): [alternative_name(content, term[choice]) for term in terms] for choice in terms[0]
    }
    numbers = {content.text(f"figures.columns.{name}"): frame[name] for name in LIMITS}
    return pd.DataFrame({**chosen, **numbers}).dropna(axis="columns", how="all")


def _words(content: Content, frame: pd.DataFrame, rows: list[Result]) -> dict[str, str]:
    away = int(((frame["ci_low"] > 0) | (frame["ci_high"] < 0)).sum())
    ends = {"lowest": frame["estimate"].min(), "median": frame["estimate"].median(), "highest": frame["estimate"].max()}
    shown = {name: number(float(value), content.language, 1, sign=True) for name, value in ends.items()}
    return {**shown, "unit": content.values.short_unit(unit_of(rows)), "away": str(away), "total": str(len(frame))}
