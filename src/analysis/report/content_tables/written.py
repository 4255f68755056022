"""Tables written by hand: the product's in ``chapters/tables.yml``, the study's in ``studies/<name>/texts/tables.yml``.

    tbl-label:
      caption: {bg: ..., en: ...}
      columns: {bg: [...], en: [...]}
      rows:
        - {bg: [...], en: [...]}
      note: {bg: ..., en: ...}       # and source; both may be left out

A cell may hold ``{{ }}`` as a chapter does, so that no declared number is typed twice.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from analysis.report.content import Content
from analysis.report.tables import Column, Row, Table, body
from analysis.texts.yaml_text import from_yaml

PRODUCT = Path(__file__).parents[1] / "chapters" / "tables.yml"


def written_table(content: Content, label: str, words: dict[str, Any]) -> Table | None:
    """The written table of that label, or ``None`` when neither the study nor the product has one."""
    found = written(content.workspace.settings / "texts" / "tables.yml").get(label) or written(PRODUCT).get(label)
    if found is None:
        return None
    language, environment = content.language, Environment(undefined=StrictUndefined, autoescape=False)

    def filled(text: str) -> str:
        return environment.from_string(str(text)).render(study=content.study, **words)

    columns = tuple(Column(title, "left") for title in found["columns"][language])
    rows: tuple[Row, ...] = tuple(body(*(filled(cell) for cell in row[language])) for row in found["rows"])
    note, source = (filled(found.get(part, {}).get(language, "")) for part in ("note", "source"))
    return Table(label, found["caption"][language], columns, rows, note, source)


@cache
def written(path: Path) -> dict[str, Any]:
    """All written tables of one file; empty when there is no such file."""
    return from_yaml(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}
