"""``report`` and ``why``: run what must run, or say what would."""

from __future__ import annotations

import time
from collections.abc import Sequence

import typer

from analysis.commands.guard import FAULT, REFUSED, WRONG_CALL
from analysis.files import Workspace
from analysis.study import SettingsRefused, Study, load_study
from analysis.study.unfilled import unfilled
from analysis.texts import number, text


def make(name: str, spoken: Sequence[str], languages: str, workers: int, cluster: str = "") -> int:
    """Make the report of a study in the languages asked for (all of the study's if none)."""
    from analysis.pipeline.build import build, build_on_cluster
    from analysis.pipeline.cluster import ClusterRefused
    from analysis.pipeline.progress import Progress
    from analysis.pipeline.tasks import input_files

    start = time.monotonic()
    workspace = Workspace.of(name)
    study = load_study(name, workspace.root)
    if problems := unfilled(study):
        raise SettingsRefused(workspace.declaration, problems)
    asked = _report_languages(study, languages, workspace)
    progress = Progress(workspace, spoken)
    if not input_files(study, workspace):
        progress.nothing_to_read(study)
        return REFUSED
    progress.say("begin", study=name)
    progress.log.write(f"report {name} {','.join(asked)}")
    try:
        if cluster:
            built = build_on_cluster(study, workspace, asked, progress, cluster, workers)
        else:
            built = build(study, workspace, asked, progress, workers)
    except ClusterRefused as refused:
        progress.say(f"cluster.{refused.rule}", address=refused.address)
        return WRONG_CALL
    for stage, failure in built.failures.items():
        if stage not in progress.told:
            progress.tell(stage, failure)
    if built.failures:
        if built.skipped:
            progress.say("held_back", count=len(built.skipped))
        return REFUSED if all(failure.is_about_inputs for failure in built.failures.values()) else FAULT
    seconds = {one: number(time.monotonic() - start, one, 1) for one in spoken}
    folder = workspace.shown(workspace.reports)
    if built.ran:
        progress.say("done", count=len(built.ran), seconds=seconds, folder=folder)
    else:
        progress.say("nothing_to_do", seconds=seconds)
    return 0


def why(name: str, spoken: Sequence[str], languages: str) -> int:
    """One line a stage: unchanged, or what changed."""
    from analysis.pipeline.build import explain
    from analysis.pipeline.stages import stages_of
    from analysis.pipeline.wording import reason_in_words, stage_title

    workspace = Workspace.of(name)
    study = load_study(name, workspace.root)
    asked = _report_languages(study, languages, workspace)
    titles = {stage.name: stage_title(stage, spoken) for stage in stages_of(study, workspace, asked)}
    reasons = explain(study, workspace, asked)
    for language in spoken:
        for stage, own in reasons.items():
            title = titles[stage][language]
            if own:
                typer.echo(
                    text("command.why.runs", language, stage=title, reason=reason_in_words(own, titles, language))
                )
            else:
                typer.echo(text("command.why.ready", language, stage=title))
    return 0


def _report_languages(study: Study, asked: str, workspace: Workspace) -> list[str]:
    """The languages asked for, in the study's order; SettingsRefused for one that the study does not have."""
    wanted = asked.replace(",", " ").split() or list(study.languages)
    for language in wanted:
        if language not in study.languages:
            problem = (", ".join(study.languages), "language", language)
            raise SettingsRefused(workspace.declaration, [problem])
    return [language for language in study.languages if language in wanted]
