"""The executed report notebook as one Pandoc Markdown text and the exhibits (tables, figures) that belong in it.

Only marked outputs (``analysis.report.display``) enter the report. Code, Markdown cells and unmarked outputs stay in
the notebook, which is the audit copy.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from analysis.report.display import DATA_MIME, DOCUMENT_MIME, Document
from analysis.report.tables import MIME as TABLE_MIME
from analysis.report.tables import Table

FOOTNOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)


class NotReportable(ValueError):
    """The notebook cannot become a report; the message says what in it stands in the way."""


@dataclass(frozen=True)
class FigureExhibit:
    """``svg`` is text, ``png`` bytes; caption, note and source are inline Markdown, ``alt`` is plain text."""

    label: str
    caption: str
    alt: str
    svg: str
    png: bytes
    note: str = ""
    source: str = ""
    data: Table | None = None


@dataclass
class Report:
    """A report before it has a format: front matter, text with a placeholder an exhibit, and the exhibits by label."""

    document: Document
    markdown: str
    exhibits: dict[str, Table | FigureExhibit] = field(default_factory=dict)

    @property
    def figures(self) -> list[FigureExhibit]:
        return [exhibit for exhibit in self.exhibits.values() if isinstance(exhibit, FigureExhibit)]


def read_notebook(notebook: NotebookNode) -> Report:
    """Raises NotReportable for a failed cell, a missing front matter, a label used twice or a figure without alt."""
    fronts: list[Document] = []
    parts: list[str] = []
    exhibits: dict[str, Table | FigureExhibit] = {}
    for position, (meta, data) in enumerate(_marked_outputs(notebook)):
        kind = meta["kind"]
        if kind == "document":
            fronts.append(Document.from_json(data[DOCUMENT_MIME]))
        elif kind == "text":
            parts.append(_own_footnotes(data["text/markdown"], position))
        elif kind in ("table", "figure"):
            exhibit = Table.from_json(data[TABLE_MIME]) if kind == "table" else _figure(meta, data)
            if exhibit.label in exhibits:
                raise NotReportable(f"two tables or figures carry the label {exhibit.label}")
            exhibits[exhibit.label] = exhibit
            parts.append(f"::: {{.exhibit #{exhibit.label}}}\n:::")
        else:
            raise NotReportable(f"an output is marked as {kind!r}, which is no kind of display")
    if len(fronts) != 1:
        raise NotReportable(f"a report notebook shows its front matter once; this one does so {len(fronts)} times")
    return Report(fronts[0], "\n\n".join(parts) + "\n", exhibits)


def _marked_outputs(notebook: NotebookNode) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise NotReportable(f"cell {number} of the notebook failed: {output.ename}: {output.evalue}")
            meta = output.get("metadata", {}).get("evaluation")
            if meta:
                yield meta, output.data


def _figure(meta: dict[str, Any], data: dict[str, Any]) -> FigureExhibit:
    if not meta.get("alt", "").strip():
        raise NotReportable(f"the figure {meta.get('label')} has no alternative text")
    behind = data.get(DATA_MIME)
    return FigureExhibit(
        label=meta["label"],
        caption=meta["caption"],
        alt=meta["alt"],
        svg=data["image/svg+xml"],
        png=base64.b64decode(data["image/png"]),
        note=meta.get("note", ""),
        source=meta.get("source", ""),
        data=Table.from_json(behind) if behind else None,
    )


def _own_footnotes(markdown: str, position: int) -> str:
    """Footnotes defined in a piece of text belong to it: two pieces may both have a ``[^1]``."""
    for label in FOOTNOTE.findall(markdown):
        markdown = markdown.replace(f"[^{label}]", f"[^{position}-{label}]")
    return markdown
