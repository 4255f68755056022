"""What the report notebook shows: each call puts one marked output into the notebook, which the exporters read.

Every output carries ``metadata["evaluation"]`` with its ``kind``; JupyterLab shows the ordinary HTML, Markdown or SVG.
Texts are Pandoc Markdown: headings, lists, footnotes, ``$math$``, ``@fig-x``, ``@tbl-x``, ``@eq-x`` and ``@sec-x``
references, spans such as ``[−2,8]{.number data-result="..."}``; raw HTML and pictures are not part of it.
"""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from analysis.report.tables import MIME as TABLE_MIME
from analysis.report.tables import Cell, Column, Row, Table, plain
from analysis.texts import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DOCUMENT_MIME = "application/vnd.evaluation.document+json"
DATA_MIME = "application/vnd.evaluation.figure-data+json"
FIGURE_LABEL = re.compile(r"^fig-[a-z0-9-]+$")


@dataclass(frozen=True)
class Financing:
    """The visibility block of a funded report: the statement and the words beside the emblem, set in ``font``."""

    statement: str
    beside_emblem: str = ""
    emblem: bool = True
    font: str = ""


@dataclass(frozen=True)
class Document:
    """A report's front matter; ``banner`` runs on every page when it is not empty, ``facts`` stand on the cover."""

    title: str
    language: str
    date: str
    subtitle: str = ""
    banner: str = ""
    banner_detail: str = ""
    project: str = ""
    authors: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    financing: Financing | None = None

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Document:
        financing = content.get("financing")
        return cls(
            **{
                **content,
                "authors": tuple(content.get("authors", ())),
                "facts": tuple((name, value) for name, value in content.get("facts", ())),
                "financing": Financing(**financing) if financing else None,
            }
        )


def document(
    title: str,
    subtitle: str = "",
    language: str = "bg",
    date: date | str = "",
    banner: str = "",
    project: str = "",
    *,
    banner_detail: str = "",
    authors: tuple[str, ...] = (),
    facts: tuple[tuple[str, str], ...] = (),
    financing: Financing | None = None,
) -> None:
    """Show the front matter. ``date`` (or its ISO form) also stamps the files, so it must not be the day of the run.

    ``project`` stands in the footer, ``facts`` are (name, value) pairs for the cover; all are plain text.
    """
    iso = date if isinstance(date, str) else date.isoformat()
    front = Document(
        title=title,
        language=language,
        date=_checked_date(iso),
        subtitle=subtitle,
        banner=banner,
        banner_detail=banner_detail,
        project=project,
        authors=tuple(authors),
        facts=tuple(facts),
        financing=financing,
    )
    heading = f"<p><strong>{escape(banner)}</strong></p><h1>{escape(title)}</h1><p>{escape(subtitle)}</p>"
    _publish({DOCUMENT_MIME: asdict(front), "text/html": heading, "text/plain": title}, {"kind": "document"})


def text(markdown: str) -> None:
    """Show a piece of the report's text (Pandoc Markdown)."""
    _publish({"text/markdown": markdown, "text/plain": markdown}, {"kind": "text"})


def table(table: Table) -> None:
    """Show a table; its structure travels beside the HTML."""
    bundle = {TABLE_MIME: table.to_json(), "text/html": table.to_html(), "text/plain": plain(table.caption)}
    _publish(bundle, {"kind": "table", "label": table.label, "caption": table.caption, "note": table.note})


def figure(
    figure: Figure,
    label: str,
    caption: str,
    alt: str,
    data: pd.DataFrame | Table | None = None,
    *,
    note: str = "",
    source: str = "",
    language: str = "bg",
) -> None:
    """Show a figure as SVG and PNG and close it.

    ``alt`` says in a sentence what the figure shows and must not be empty (ValueError). ``data`` are the numbers behind
    the figure, printed as a foldable table in HTML; a frame's columns become the captions, its floats get two decimals.
    """
    import matplotlib.pyplot as plt

    from analysis.report.style import png_bytes, svg_text

    if not FIGURE_LABEL.match(label):
        raise ValueError(f"the label of a figure looks like fig-words-and-digits, not {label!r}")
    if not alt.strip():
        raise ValueError(f"{label}: a figure needs an alternative text that says what it shows")
    svg = svg_text(figure)
    figure.set_layout_engine("none")  # laid out once: both forms are the same picture, in half the time
    bundle: dict[str, Any] = {
        "image/svg+xml": svg,
        "image/png": base64.b64encode(png_bytes(figure)).decode(),
        "text/plain": f"{plain(caption)}: {alt}",
    }
    if data is not None:
        behind = data if isinstance(data, Table) else frame_table(data, label, caption, language)
        bundle[DATA_MIME] = behind.to_json()
    plt.close(figure)
    meta = {"kind": "figure", "label": label, "caption": caption, "alt": alt, "note": note, "source": source}
    _publish(bundle, meta)


def frame_table(frame: pd.DataFrame, label: str, caption: str, language: str, digits: int = 2) -> Table:
    """A frame as a plain table: captions from its columns, texts as they are, floats with ``digits`` decimals."""
    numeric = [frame[name].dtype.kind in "iuf" for name in frame.columns]
    columns = [
        Column(str(name), "right" if is_number else "left")
        for name, is_number in zip(frame.columns, numeric, strict=True)
    ]
    rows = [
        Row(tuple(_frame_cell(value, language, digits) for value in values))
        for values in frame.itertuples(index=False, name=None)
    ]
    return Table(f"tbl-{label}", caption, tuple(columns), tuple(rows))


def _frame_cell(value: Any, language: str, digits: int) -> Cell:
    import pandas as pd

    if pd.isna(value):
        return Cell("–")
    if isinstance(value, str):
        return Cell(value)
    whole = float(value).is_integer()
    if whole and 1900 <= value <= 2100:
        return Cell(f"{value:.0f}", float(value))  # a year is never grouped like an amount
    return Cell(number(float(value), language, 0 if whole else digits), float(value))


def _checked_date(iso: str) -> str:
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise ValueError(f"the document's date must be a day such as 2024-06-30, not {iso!r}") from None


def _publish(bundle: dict[str, Any], meta: dict[str, Any]) -> None:
    from IPython.display import publish_display_data

    publish_display_data(bundle, metadata={"evaluation": meta})
