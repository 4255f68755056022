"""The stages of a study: for each, the notebook or export it runs, what it reads and what it leaves behind.

A notebook whose chapter has no outcomes in this study is no stage. Paths are absolute; the order is that of the road.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from analysis.files import Workspace
from analysis.study import Study

REPORT_FORMATS = ("html", "pdf", "docx")
USUAL_PANELS = ("pupil_years", "persons", "person_months", "survey")
ESTIMATING = {"education": "04_education", "employment": "05_employment", "other": "06_other_outcomes"}
COMPANIONS = ("tables.xlsx", "results.csv", "numbers.csv")


@dataclass(frozen=True)
class Stage:
    """One thing to do. ``name`` is unique in the study; ``kind`` names its wording, ``command.stage.<kind>``."""

    name: str
    kind: str
    runs: Literal["notebook", "export", "manifest"]
    notebook: Path | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    reads_raw: bool = False
    language: str = ""


def stages_of(study: Study, workspace: Workspace, languages: Sequence[str]) -> list[Stage]:
    """Every stage of the study for these report languages, upstream first."""
    stages = [*_survey(study, workspace), _clean(study, workspace), _link(study, workspace)]
    stages += _estimates(study, workspace)
    estimated = [
        path for stage in stages for path in stage.writes if path.stem in ESTIMATING and path.suffix == ".parquet"
    ]
    stages += _indicators(study, workspace, estimated)
    results = [path for stage in stages for path in stage.writes if _is_read_by_report(path, workspace)]
    for language in languages:
        report = _report(workspace, language, results)
        stages += [report, _export(workspace, language, report.writes[0])]
    products = tuple(path for stage in stages for path in stage.writes)
    manifest = Stage(
        "manifest",
        "manifest",
        "manifest",
        reads=products,
        writes=(workspace.reports / "manifest.json",),
        reads_raw=True,
    )
    return [*stages, manifest]


def _tables(study: Study, workspace: Workspace, survey: bool) -> list[Path]:
    return [workspace.table(f"clean/{name}") for name, source in study.sources.items() if source.survey == survey]


def _surveyed(workspace: Workspace) -> list[Path]:
    return [workspace.table(f"quality/survey_{name}") for name in ("findings", "conservation")]


def _survey(study: Study, workspace: Workspace) -> list[Stage]:
    if not (tables := _tables(study, workspace, survey=True)):
        return []
    writes = [*tables, *_surveyed(workspace)]
    return [_notebook_stage(workspace, "01_clean_survey", "survey", (), writes, reads_raw=True)]


def _clean(study: Study, workspace: Workspace) -> Stage:
    reads = _surveyed(workspace) if _tables(study, workspace, survey=True) else []
    writes = [workspace.table(f"quality/{name}") for name in ("findings", "conservation")]
    writes += [workspace.processed / f"findings_{language}.xlsx" for language in ("bg", "en")]
    tables = _tables(study, workspace, survey=False)
    return _notebook_stage(workspace, "02_clean_registers", "clean", reads, [*tables, *writes], reads_raw=True)


def _link(study: Study, workspace: Workspace) -> Stage:
    panels = [*USUAL_PANELS, *study.panels]  # the usual ones without rows where nothing is declared
    names = [*(f"panels/{name}" for name in panels), "quality/match_rates", "results/data"]
    tables = [workspace.table(name) for name in names]
    cleaned = [workspace.table(f"clean/{source}") for source in study.sources]
    cleaned += [workspace.table(f"quality/{name}") for name in ("findings", "conservation")]
    return _notebook_stage(workspace, "03_link_and_shape", "link", cleaned, tables)


def _estimates(study: Study, workspace: Workspace) -> list[Stage]:
    stages = []
    for chapter, notebook in ESTIMATING.items():
        if study.outcomes_of(chapter):
            reads = [workspace.table(f"panels/{name}") for name in study.panels_behind(chapter)]
            writes = [workspace.table(f"results/{chapter}")]
            stages.append(_notebook_stage(workspace, notebook, chapter, reads, writes))
    return stages


def _indicators(study: Study, workspace: Workspace, estimated: Iterable[Path]) -> list[Stage]:
    if study.indicators is None:
        return []
    reads = [workspace.table(f"clean/{source}") for source in study.sources]
    reads += [workspace.table("panels/pupil_years"), *estimated]
    writes = [workspace.table(f"results/{name}") for name in ("indicators", "costs")]
    writes.append(workspace.reports / "internal" / "isun_annex.xlsx")
    return [_notebook_stage(workspace, "07_indicators", "indicators", reads, writes)]


def _report(workspace: Workspace, language: str, reads: Iterable[Path]) -> Stage:
    writes = [workspace.reports / language / name for name in COMPANIONS]
    return _notebook_stage(workspace, "08_report", "report", reads, writes, language=language)


def _export(workspace: Workspace, language: str, executed: Path) -> Stage:
    folder = workspace.reports / language
    return Stage(
        f"export_{language}",
        "export",
        "export",
        notebook=executed,
        reads=(executed,),
        writes=tuple(folder / f"report.{suffix}" for suffix in REPORT_FORMATS),
        language=language,
    )


def _notebook_stage(
    workspace: Workspace,
    notebook: str,
    kind: str,
    reads: Iterable[Path],
    writes: Iterable[Path],
    reads_raw: bool = False,
    language: str = "",
) -> Stage:
    name = f"{notebook}_{language}" if language else notebook
    parameters = {"study": workspace.study} | ({"language": language} if language else {})
    executed = workspace.reports / "notebooks" / f"{name}.ipynb"
    return Stage(
        name,
        kind,
        "notebook",
        notebook=workspace.notebooks / f"{notebook}.ipynb",
        parameters=parameters,
        reads=tuple(reads),
        writes=(executed, *writes),
        reads_raw=reads_raw,
        language=language,
    )


def _is_read_by_report(path: Path, workspace: Workspace) -> bool:
    return path.parent in (workspace.processed / "results", workspace.processed / "quality")
