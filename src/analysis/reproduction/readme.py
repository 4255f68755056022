"""The README of a replication package, by the social-science data editors' template (https://social-science-data-editors.github.io).

The words are in ``readme.<language>.md.j2``; this module gathers what they speak of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.files import Workspace
from analysis.pipeline.stages import Stage, stages_of
from analysis.report.content_figures import FIGURES
from analysis.report.content_tables import TABLES
from analysis.reproduction.runs import Run
from analysis.study import Study, register_of
from analysis.texts import has_text, text

NOTEBOOK_OF = {
    "data": "03_link_and_shape", "education": "04_education", "employment": "05_employment",
    "other": "06_other_outcomes", "indicators": "07_indicators",
}  # fmt: skip
WRITTEN = "src/analysis/report/chapters/tables.yml"


def readme(study: Study, run: Run, files: Sequence[str], language: str) -> str:
    """The text in one language; ``files`` are the package's names."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template(f"readme.{language}.md.j2")
    given = {"study": study, "run": run.manifest, "language": language, "files": files}
    words = template.render(
        **given, sources=_sources(study, run, files, language), steps=_steps(study, run, language),
        exhibits=exhibits(run, language), seconds=_seconds(run), raw_included=_has_raw(run, files),
    )  # fmt: skip
    return words.rstrip() + "\n"


def _sources(study: Study, run: Run, files: Sequence[str], language: str) -> list[dict[str, Any]]:
    """Each source: what it is, who keeps it, where it is read from, whether the package holds it."""
    found = []
    for name, source in study.sources.items():
        register = register_of(study, name)
        found.append(
            {
                "title": register.title[language],
                "institution": register.institution[language],
                "place": source.place,
                "package": source.package or "",
            }
        )
    return found


def _has_raw(run: Run, files: Sequence[str]) -> bool:
    given = set(files)
    return all(name in given or name.startswith("package:") for name in run.manifest["inputs"])


def _steps(study: Study, run: Run, language: str) -> list[dict[str, str]]:
    """The notebooks and exports in the order in which they run, with what each leaves behind."""
    workspace = Workspace(run.study, run.root)
    stages = stages_of(study, workspace, run.manifest["languages"])
    return [
        {
            "name": stage.name,
            "title": text(f"command.stage.{stage.kind}", language, spoken=stage.language),
            "program": _program(stage),
            "writes": ", ".join(path.name for path in stage.writes[:6]),
        }
        for stage in stages
    ]


def _program(stage: Stage) -> str:
    if stage.runs == "notebook" and stage.notebook:
        return f"notebooks/{stage.notebook.name}"
    return "src/analysis/report/exporters" if stage.runs == "export" else "src/analysis/pipeline/manifest.py"


def _seconds(run: Run) -> float:
    path = run.folder / str(run.manifest.get("seconds", ""))
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return float(round(sum(known.values())))


def exhibits(run: Run, language: str) -> list[dict[str, str]]:
    """Every table and figure of the report: its caption, the notebook behind its numbers, the module that draws it."""
    numbers = pd.read_csv(run.folder / language / "numbers.csv", dtype="str").fillna("")
    found = []
    for label, rows in numbers[numbers["exhibit"] != ""].groupby("exhibit", sort=False):
        chapters = sorted({result.split("/")[0] for result in rows["result_id"] if result})
        notebooks = [f"notebooks/{NOTEBOOK_OF[chapter]}.ipynb" for chapter in chapters if chapter in NOTEBOOK_OF]
        found.append(
            {
                "label": str(label),
                "chapter": str(rows["chapter"].iloc[0]),
                "caption": _caption(str(label), language),
                "numbers": ", ".join(f"`{notebook}`" for notebook in notebooks) or text("archive.settings", language),
                "drawn": _maker(str(label)),
            }
        )
    return found


def _caption(label: str, language: str) -> str:
    for key in (f"tables.{label}.caption", f"figures.{label.removeprefix('fig-')}.caption"):
        if has_text(key):
            return text(key, language, **dict.fromkeys(("outcome", "population"), "…"))
    return label


def _maker(label: str) -> str:
    maker = TABLES.get(label) or FIGURES.get(label)
    if maker is None:
        return WRITTEN
    return f"src/{maker.__module__.replace('.', '/')}.py: {maker.__name__}"
