"""The chapters: Markdown templates with the results in them, rendered into texts, tables and figures to show.

A template is ``chapters/<language>/<name>.md`` of this package, or the study's own
``studies/<study>/texts/<language>/<name>.md``, which takes its place; a study's chapter may extend the product's:
``{% extends "product/<name>.md" %}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from analysis.files import Workspace
from analysis.report import display
from analysis.report.content import Content, FigureExhibit
from analysis.report.phrases import Phrases
from analysis.report.results import Results
from analysis.report.tables import Table
from analysis.study import Study, load_study

CHAPTERS = Path(__file__).parent / "chapters"
ESTIMATED = ("education", "employment", "other")
MARKER = re.compile(r"\n*@@exhibit-(\d+)@@\n*")
REFERENCE = re.compile(r"@@see-([a-z0-9-]+)@@")
Item = str | Table | FigureExhibit


@dataclass
class Report:
    """One study's report in one language; rendering a chapter writes its numbers into ``content.ledger``."""

    content: Content

    @classmethod
    def open(cls, study: str, language: str, workspace: Workspace | None = None) -> Report:
        """The report of a study from the results in its workspace; missing results are said in the text."""
        workspace = workspace or Workspace.of(study)
        settings = load_study(study, workspace.root)
        return cls(Content.of(settings, language, workspace, Results.load(workspace)))

    @property
    def chapters(self) -> list[str]:
        """The declared chapters; one on outcomes that the study does not have is left out."""
        study = self.content.study
        estimated = {chapter: bool(study.outcomes_of(chapter)) for chapter in ESTIMATED}
        return [name for name in study.report.chapters if estimated.get(name, True)]

    def render(self, name: str) -> list[Item]:
        """A chapter as Markdown texts, tables and figures in reading order."""
        phrases = Phrases(self.content, name)
        template = environment(self.content).get_template(f"{name}.md")
        text = template.render(study=self.content.study, language=self.content.language, **phrases.globals())
        placed = set(phrases.placed)
        text = REFERENCE.sub(lambda found: f" (@{found[1]})" if found[1] in placed else "", text)
        return list(_pieces(text, phrases.exhibits))

    def show(self, name: str) -> None:
        """Put a chapter into the notebook."""
        for item in self.render(name):
            show(item, self.content.language)


def render(study: Study, language: str, name: str, results: Results | None = None) -> list[Item]:
    """One chapter by itself."""
    workspace = Workspace.of(study.name)
    return Report(Content.of(study, language, workspace, results or Results.load(workspace))).render(name)


def show(item: Item, language: str) -> None:
    """Put one piece into the notebook as a display output that the exporters know."""
    if isinstance(item, Table):
        display.table(item)
    elif isinstance(item, FigureExhibit):
        display.figure(item.figure, item.label, item.caption, item.alt, item.data, note=item.note, language=language)
    else:
        display.text(item)


def environment(content: Content) -> Environment:
    """Templates of the study first, then the product's; a name that nothing defines is an error."""
    product = FileSystemLoader(CHAPTERS / content.language)
    own = FileSystemLoader(content.workspace.settings / "texts" / content.language)
    loader = ChoiceLoader([own, product, PrefixLoader({"product": product})])
    return Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        comment_start_string="{##",  # {#sec-x} names a section
        comment_end_string="##}",
    )


def _pieces(text: str, exhibits: list[Table | FigureExhibit]) -> Iterator[Item]:
    parts = MARKER.split(text)
    for position, part in enumerate(parts):
        if position % 2:
            yield exhibits[int(part)]
        elif part.strip():
            yield re.sub(r"\n{3,}", "\n\n", part.strip())
