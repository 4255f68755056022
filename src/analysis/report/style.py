"""The figures' house style: one font, a palette colour-blind readers can tell apart, one set of sizes, same bytes."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib
from cycler import cycler
from matplotlib import font_manager
from matplotlib.category import StrCategoryFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from analysis.report.typefaces import FONTS
from analysis.texts import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

FAMILY = "Sofia Sans"
TEXT_WIDTH_CM = 16.2  # A4 with the report's margins
CM_PER_INCH = 2.54

INK, MUTED, RULE, ACCENT = "#1c2430", "#5a6472", "#d5dae1", "#0b3d6b"
# Okabe and Ito's palette, without its yellow, which is too faint on white
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#5a6472")
PROJECT: dict[str, Any] = {"color": PALETTE[0], "marker": "o", "linestyle": "-"}
COMPARISON: dict[str, Any] = {"color": PALETTE[1], "marker": "s", "linestyle": "--"}
NEUTRAL: dict[str, Any] = {"color": MUTED, "marker": "D", "linestyle": ":"}

_RC: dict[str, Any] = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.prop_cycle": cycler(color=list(PALETTE)),
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "evaluation",
    "text.usetex": False,
}


class LanguageTicks(ScalarFormatter):
    """Tick labels with the language's decimal sign and grouping."""

    def __init__(self, language: str, suffix: str = "") -> None:
        super().__init__(useOffset=False)
        self.set_scientific(False)
        self._language, self._suffix = language, suffix
        self._are_years = False

    def format_ticks(self, values: list[float]) -> list[str]:
        self._are_years = all(1900 <= value <= 2100 for value in values)
        return super().format_ticks(values)

    def __call__(self, x: float, pos: int | None = None) -> str:
        shown = super().__call__(x, pos)
        decimals = len(shown.partition(".")[2])
        if shown and not decimals and self._are_years:
            return f"{x:.0f}"  # years are names: English would group them like amounts
        return number(x, self._language, decimals) + self._suffix if shown else ""


@cache
def use_house_style() -> None:
    """Register the fonts, then set seaborn's and matplotlib's defaults; called by ``new_figure``."""
    for path in sorted(FONTS.glob("SofiaSans*.ttf")):
        font_manager.fontManager.addfont(path)
    import seaborn as sns

    sns.set_theme(style="ticks", palette=list(PALETTE), rc=_RC)


def new_figure(
    language: str, height: float = 7.5, columns: int = 1, rows: int = 1, **subplots: Any
) -> tuple[Figure, Any]:
    """A figure as wide as the report's text and ``height`` cm high, with axes whose ticks speak ``language``.

    Returns the figure and its axes: one ``Axes``, or an array of them when there are several.
    """
    use_house_style()
    import matplotlib.pyplot as plt

    size = (TEXT_WIDTH_CM / CM_PER_INCH, height / CM_PER_INCH)
    figure, axes = plt.subplots(rows, columns, figsize=size, **subplots)
    for one in figure.axes:
        localise_ticks(one, language)
    return figure, axes


def localise_ticks(axes: Axes, language: str, axis: str = "both", suffix: str = "") -> None:
    """Write the numeric ticks of ``axis`` (``x``, ``y``, ``both``) in ``language``; an axis of names stays as it is."""
    for name in ("x", "y") if axis == "both" else (axis,):
        target: Axis = getattr(axes, f"{name}axis")
        if not isinstance(target.get_major_formatter(), StrCategoryFormatter):
            target.set_major_formatter(LanguageTicks(language, suffix))
            target.isDefault_majfmt = True  # so that names plotted later may still put their own formatter here


def svg_text(figure: Figure) -> str:
    """The figure as SVG with searchable text; the same figure gives the same text."""
    stream = io.StringIO()
    with matplotlib.rc_context({key: _RC[key] for key in ("svg.fonttype", "svg.hashsalt")}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def png_bytes(figure: Figure, dpi: int = 200) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()
