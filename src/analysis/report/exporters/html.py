"""The report as one HTML file that asks nothing of any network: fonts, styles and figures are in it, no scripts."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from analysis.report.exporters.emblem import emblem_svg
from analysis.report.exporters.notebook import FigureExhibit, Report, read_notebook
from analysis.report.exporters.pandoc import HERE, inline_parts, moment, run_pandoc
from analysis.report.exporters.svg import inline_svg
from analysis.report.tables import Table
from analysis.report.typefaces import FONTS
from analysis.texts import day, text

SPLIT = "<!--contents end here-->"
FACES = (("SofiaSans.woff2", "normal"), ("SofiaSans-Italic.woff2", "italic"))


class EvaluationHTMLExporter(Exporter):
    """Executed report notebook -> one self-contained HTML page."""

    export_from_notebook = "Evaluation report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # the base class hands on notebooks, its children formats
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return html_text(read_notebook(notebook)), resources


def html_text(report: Report) -> str:
    """The whole page."""
    exhibits = {label: _exhibit(exhibit, report.document.language) for label, exhibit in report.exhibits.items()}
    options = [
        "--mathml",
        "--section-divs",
        "--number-sections",
        "--shift-heading-level-by=1",
        "--toc",
        "--toc-depth=3",
    ]
    template = f"--template={HERE / 'fragment.html'}"
    toc, body = run_pandoc(report, "html5", exhibits, *options, template).decode().split(SPLIT)
    return _shell(report, toc, body)


def _shell(report: Report, toc: str, body: str) -> str:
    document = report.document
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("shell.html.j2").render(
        document=document,
        shown_date=day(moment(report).date(), document.language),
        words={key: text(f"exporters.{key}", document.language) for key in ("contents", "skip", "notice")},
        emblem=Markup(_page_part(emblem_svg(text("exporters.emblem", document.language)), "emblem")),
        styles=Markup(_fonts() + (HERE / "report.css").read_text(encoding="utf-8")),
        contents=Markup(toc),
        body=Markup(body),
    )


def _page_part(svg: str, key: str) -> str:
    return inline_svg(svg, key, svg.partition("<title>")[2].partition("</title>")[0])


@cache
def _fonts() -> str:
    faces = ""
    for file, slant in FACES:
        encoded = base64.b64encode((FONTS / file).read_bytes()).decode()
        faces += (
            f'@font-face{{font-family:"Sofia Sans";font-style:{slant};font-weight:400 700;font-display:swap;'
            f'src:url(data:font/woff2;base64,{encoded}) format("woff2")}}\n'
        )
    return faces


def _exhibit(exhibit: Table | FigureExhibit, language: str) -> dict[str, Any]:
    parts = _figure(exhibit, language) if isinstance(exhibit, FigureExhibit) else _table(exhibit)
    return {**parts, **inline_parts(exhibit)}


def _table(table: Table) -> dict[str, str]:
    caption = f"{table.label}-caption"
    scroll = f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{caption}">'
    opening = f'<figure class="table" id="{table.label}">{scroll}'
    return {
        "before": f'{opening}<table><caption id="{caption}">',
        "after": f"</caption>{table.inner_html()}</table></div>",
        "end": "</figure>",
    }


def _figure(figure: FigureExhibit, language: str) -> dict[str, str]:
    drawing = inline_svg(figure.svg, figure.label, figure.alt)
    return {
        "before": f'<figure class="figure" id="{figure.label}">{drawing}<figcaption>',
        "after": f"</figcaption>{_numbers_behind(figure, language)}",
        "end": "</figure>",
    }


def _numbers_behind(figure: FigureExhibit, language: str) -> str:
    if figure.data is None:
        return ""
    title = escape(text("exporters.data_behind", language))
    return (
        f'<details><summary>{title}</summary><div class="scroll" role="region" tabindex="0" aria-label="{title}">'
        f"<table>{figure.data.inner_html()}</table></div></details>"
    )
