"""``check-data``: read and clean, write the findings workbook, estimate nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence

from analysis.commands.guard import REFUSED
from analysis.files import Workspace
from analysis.study import load_study
from analysis.texts import number


def check_data(name: str, spoken: Sequence[str]) -> int:
    """Check a study's raw files; 1 when a file cannot be used (rows set aside are no failure)."""
    from analysis.pipeline.progress import Progress
    from analysis.pipeline.tasks import raw_files

    start = time.monotonic()
    workspace = Workspace.of(name)
    study = load_study(name, workspace.root)
    progress = Progress(workspace, spoken)
    if not raw_files(workspace):
        progress.say("no_raw", folder=workspace.shown(workspace.raw))
        return REFUSED
    progress.say("begin", study=name)
    from analysis.cleaning import clean_registers

    result = clean_registers(study, workspace)
    refused = [finding for finding in result.findings if finding.level == "refused"]
    counts = result.conservation[["rows_read", "accepted", "quarantined"]].sum()
    seconds = {one: number(time.monotonic() - start, one, 1) for one in spoken}
    shown = {key: {one: number(int(counts[key]), one) for one in spoken} for key in counts.index}
    progress.say(
        "check.done",
        seconds=seconds,
        read=shown["rows_read"],
        accepted=shown["accepted"],
        quarantined=shown["quarantined"],
    )
    books = {one: workspace.shown(workspace.processed / f"findings_{one}.xlsx") for one in spoken}
    progress.say("check.workbook", path=books)
    if refused:
        progress.refused(refused)
    return REFUSED if refused else 0
