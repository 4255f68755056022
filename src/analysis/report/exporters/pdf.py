"""The report as tagged PDF, made by Typst in its PDF/UA-1 and PDF/A-2a modes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from analysis.report.exporters.emblem import emblem_svg
from analysis.report.exporters.notebook import FigureExhibit, NotReportable, Report, read_notebook
from analysis.report.exporters.pandoc import HERE, inline_parts, moment, run_pandoc
from analysis.report.exporters.typst_table import call, literal
from analysis.report.tables import Table
from analysis.report.typefaces import FONTS
from analysis.texts import day, text

WORDS = ("contents", "figures", "tables", "caption.fig", "caption.tbl", "page", "of", "emblem")


class EvaluationPDFExporter(Exporter):
    """Executed report notebook -> PDF bytes."""

    export_from_notebook = "Evaluation report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # the base class hands on notebooks, its children formats
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return pdf_bytes(read_notebook(notebook)), resources


def pdf_bytes(report: Report) -> bytes:
    """Raises NotReportable with Typst's own words when it refuses or warns, for example for a formula without words."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_sources(report, folder)
        try:
            pdf, warnings = typst.compile_with_warnings(
                str(folder / "main.typ"),
                root=str(folder),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                pdf_standards=["ua-1", "a-2a"],
                timestamp=moment(report),
            )
        except typst.TypstError as refusal:
            raise NotReportable(f"Typst could not set the report: {refusal.diagnostic}") from refusal
    grave = [str(warning) for warning in warnings if "is deprecated" not in str(warning)]  # pandoc's maths lags behind
    if grave:
        raise NotReportable(f"Typst warned about the report: {'; '.join(grave)}")
    return bytes(pdf)


def typst_source(report: Report) -> str:
    """The document's Typst source: front matter, then the text as pandoc writes it."""
    exhibits = {label: _exhibit(exhibit) for label, exhibit in report.exhibits.items()}
    body = run_pandoc(report, "typst", exhibits).decode()
    return f'#import "report.typ": *\n#show: report.with({_front(report)})\n\n{body}'


def _write_sources(report: Report, folder: Path) -> None:
    for figure in report.figures:
        (folder / f"{figure.label}.svg").write_text(figure.svg, encoding="utf-8")
    (folder / "emblem.svg").write_text(emblem_svg(text("exporters.emblem", report.document.language)), encoding="utf-8")
    (folder / "report.typ").write_bytes((HERE / "report.typ").read_bytes())
    (folder / "main.typ").write_text(typst_source(report), encoding="utf-8")


def _exhibit(exhibit: Table | FigureExhibit) -> dict[str, Any]:
    if isinstance(exhibit, FigureExhibit):
        opening = f"evaluation-figure({literal(exhibit.label + '.svg')}, alt: {literal(exhibit.alt)}"
    else:
        opening = call(exhibit)
    return {"call": opening, **inline_parts(exhibit)}


def _front(report: Report) -> str:
    document = report.document
    words = {key.replace(".", "-"): text(f"exporters.{key}", document.language) for key in WORDS}
    stamp = moment(report)
    fields = {name: literal(getattr(document, name)) for name in ("title", "subtitle", "banner", "project", "language")}
    fields["banner-detail"] = literal(document.banner_detail)
    fields["shown-date"] = literal(day(stamp.date(), document.language))
    fields["date"] = f"datetime(year: {stamp.year}, month: {stamp.month}, day: {stamp.day})"
    fields["authors"] = _array(literal(author) for author in document.authors)
    fields["facts"] = _array(_array([literal(name), literal(value)]) for name, value in document.facts)
    fields["words"] = "(" + ", ".join(f"{key}: {literal(word)}" for key, word in words.items()) + ")"
    fields["lists"] = _array(kind for kind, wanted in (("image", report.figures), ("table", _tables(report))) if wanted)
    if document.financing:
        funded = document.financing
        fields["financing"] = (
            f"(statement: {literal(funded.statement)}, beside: {literal(funded.beside_emblem)}, "
            f"emblem: {str(funded.emblem).lower()})"
        )
    return ", ".join(f"{name}: {value}" for name, value in fields.items())


def _tables(report: Report) -> list[Table]:
    return [exhibit for exhibit in report.exhibits.values() if isinstance(exhibit, Table)]


def _array(items: Any) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"
