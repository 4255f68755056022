"""The report as a Word document to read, comment on and paste from."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from analysis.report.exporters.notebook import FigureExhibit, Report, read_notebook
from analysis.report.exporters.pandoc import inline_parts, run_pandoc
from analysis.report.exporters.word import finished
from analysis.report.tables import Table


class EvaluationDOCXExporter(Exporter):
    """Executed report notebook -> DOCX bytes."""

    export_from_notebook = "Evaluation report (DOCX)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".docx"

    def from_notebook_node(  # type: ignore[override]  # the base class hands on notebooks, its children formats
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return docx_bytes(read_notebook(notebook)), resources


def docx_bytes(report: Report) -> bytes:
    """The document, finished; the same report gives the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for figure in report.figures:
            (folder / f"{figure.label}.png").write_bytes(figure.png)
        exhibits = {label: _exhibit(exhibit) for label, exhibit in report.exhibits.items()}
        draft = run_pandoc(report, "docx", exhibits, "--number-sections", pictures=folder)
    return finished(draft, report)


def _exhibit(exhibit: Table | FigureExhibit) -> dict[str, Any]:
    if isinstance(exhibit, FigureExhibit):
        parts: dict[str, Any] = {"image": f"{exhibit.label}.png", "alt": exhibit.alt}
    else:
        aligns = [column.align.capitalize() for column in exhibit.columns]
        parts = {"table": f"<table>{exhibit.inner_html()}</table>", "aligns": aligns}
    return {**parts, **inline_parts(exhibit)}
