"""``check-data``: read and clean, write the findings workbook, estimate nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.commands.guard import REFUSED
from analysis.files import InputRefused, Workspace
from analysis.study import load_study
from analysis.texts import day, number

# What no row shows and a person must decide: a file that nobody reads or that is there twice, a year without rows, a
# correction not applied.
ATTENTION = (
    "reading.unclaimed_file", "findings.repeated_file", "findings.missing_school_year", "findings.correction_refused",
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

    from analysis.pipeline.progress import Progress
    from analysis.study import Study


def check_data(name: str, spoken: Sequence[str]) -> int:
    """Check a study's raw files; 1 when a file cannot be used (rows set aside are no failure)."""
    from analysis.pipeline.progress import Progress
    from analysis.pipeline.tasks import input_files

    start = time.monotonic()
    workspace = Workspace.of(name)
    study = load_study(name, workspace.root)
    progress = Progress(workspace, spoken)
    if not input_files(study, workspace):
        progress.nothing_to_read(study)
        return REFUSED
    progress.say("begin", study=name)
    from analysis.cleaning import clean_registers
    from analysis.cleaning.workbook import source_titles
    from analysis.sources import unclaimed_files
    from analysis.study.plan_findings import plan_findings

    try:
        of_plan = plan_findings(study, workspace)
        titles = {one: source_titles(study, one) for one in spoken}
        result = clean_registers(study, workspace, lambda source, rows: _tell_source(progress, titles, source, rows))
    except InputRefused as refused:
        progress.refused(refused.findings)
        progress.attention(unclaimed_files(study, workspace))  # a file that is missed may be there under another name
        progress.workbook()
        return REFUSED
    progress.attention([*(one for one in result.findings if one.rule.startswith(ATTENTION)), *of_plan])
    _tell_plan(progress, study)
    _sum_up(progress, result.conservation, time.monotonic() - start)
    progress.workbook()
    return 0


def _tell_source(progress: Progress, titles: dict[str, dict[str, str]], source: str, rows: int) -> None:
    title = {one: names[source] for one, names in titles.items()}
    progress.say("check.source", source=title, rows={one: number(rows, one) for one in titles})


def _tell_plan(progress: Progress, study: Study) -> None:
    """The checksum by which anybody can later see whether the plan is still what it was."""
    if study.plan is not None:
        date = {one: day(study.plan.registered.date, one) for one in ("bg", "en")}
        progress.say("check.plan", date=date, sha256=study.plan.sha256)


def _sum_up(progress: Progress, conservation: pd.DataFrame, seconds: float) -> None:
    """Rows read, accepted and set aside, over all files."""
    counts = conservation[["rows_read", "accepted", "quarantined"]].sum()
    shown = {key: {one: number(int(counts[key]), one) for one in ("bg", "en")} for key in counts.index}
    took = {one: number(seconds, one, 1) for one in ("bg", "en")}
    progress.say("check.done", seconds=took, **shown)
