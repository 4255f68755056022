"""All formats of one executed report notebook, written so that a report is either whole and new or as it was."""

from __future__ import annotations

from pathlib import Path

import nbformat

from analysis.files import write_bytes
from analysis.report.exporters.notebook import read_notebook


def export_report(notebook_path: Path, output_folder: Path) -> list[Path]:
    """Write report.html, report.pdf, report.docx and figures/<label>.svg and .png below ``output_folder``.

    Every format is made before the first file is written, so a fault in one leaves all files as they were.
    Raises NotReportable (a failed cell, a broken reference, a text that cannot be set). Returns the paths written.
    """
    from analysis.report.exporters.docx import docx_bytes
    from analysis.report.exporters.html import html_text
    from analysis.report.exporters.pdf import pdf_bytes

    report = read_notebook(nbformat.read(notebook_path, as_version=4))
    files = {
        "report.html": html_text(report).encode(),
        "report.pdf": pdf_bytes(report),
        "report.docx": docx_bytes(report),
    }
    for figure in report.figures:
        files[f"figures/{figure.label}.svg"] = figure.svg.encode()
        files[f"figures/{figure.label}.png"] = figure.png
    paths = []
    for name, content in files.items():
        paths.append(Path(output_folder) / name)
        write_bytes(paths[-1], content)
    _remove_figures_of_old(Path(output_folder) / "figures", paths)
    return paths


def _remove_figures_of_old(folder: Path, written: list[Path]) -> None:
    """A figure that the report no longer shows must not lie beside it."""
    for path in sorted(folder.glob("fig-*")):
        if path not in written:
            path.unlink()
