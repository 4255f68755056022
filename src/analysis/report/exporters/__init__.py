"""From the executed report notebook to HTML, PDF and DOCX: one Markdown text, one pandoc run a format."""

from analysis.report.exporters.export import export_report

__all__ = ["export_report"]
