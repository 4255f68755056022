"""Exporting one executed report notebook to all formats."""

from __future__ import annotations

from pathlib import Path

from analysis.report.exporters import export_report


def carry_out(notebook: str, output: str, parameters: dict[str, str]) -> None:
    """Write the report's files into the folder ``output``; figures of an earlier report that this one lacks go."""
    folder = Path(output)
    written = set(export_report(Path(notebook), folder))
    for figure in (folder / "figures").glob("*"):
        if figure not in written:
            figure.unlink()
