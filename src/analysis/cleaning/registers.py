"""The stage "read, check, clean": every source of a study, its tables, its findings and their workbooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cleaning.conservation import no_rows
from analysis.cleaning.corrections import Correction, refused
from analysis.cleaning.corrections_sheet import read_corrections
from analysis.cleaning.source import Cleaned, clean_source
from analysis.cleaning.waves import codes_not_found_again
from analysis.cleaning.workbook import findings_workbook
from analysis.cleaning.years import missing_school_years
from analysis.files import (
    Finding,
    InputRefused,
    Workspace,
    findings_of,
    findings_table,
    read_table,
    write_bytes,
    write_table,
)
from analysis.linkage.pseudonyms import Pseudonymiser, load_key
from analysis.panels.sheets import schools as read_schools
from analysis.sources import read_source, unclaimed_files
from analysis.study import Study

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class CleaningResult:
    """All sources after cleaning: accepted tables by source, all findings, and the conservation of every file."""

    accepted: dict[str, pd.DataFrame]
    findings: list[Finding]
    conservation: pd.DataFrame


def clean_survey(
    study: Study, workspace: Workspace, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> CleaningResult:
    """Read and clean the sources that hold answers; writes their tables, findings and conservation.

    A file that cannot be used is refused by ``clean_registers``, which gathers these findings, so that a person hears
    of everything at once.
    """
    names = [name for name, source in study.sources.items() if source.survey]
    if not names:
        return CleaningResult({}, [], no_rows())
    corrections, _ = read_corrections(workspace)
    cleaned = _clean(study, workspace, names, corrections, progress, environment)
    unmatched = codes_not_found_again(study, {name: one.accepted for name, one in cleaned.items()})
    result = _result(cleaned, [*_told(cleaned), *_without_rows(study, cleaned), *unmatched])
    write_table(workspace.table("quality/survey_findings"), findings_table(result.findings))
    write_table(workspace.table("quality/survey_conservation"), result.conservation)
    _write_accepted(workspace, result)
    return result


def clean_registers(
    study: Study,
    workspace: Workspace,
    progress: Progress | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    surveyed: bool = False,
) -> CleaningResult:
    """Read and clean every source and write the stage's tables; ``progress`` hears each source and its accepted rows.

    ``surveyed``: ``clean_survey`` has run, its answers are not read again. Raises InputRefused with the refused
    findings when the key, the schools' sheet, the corrections or a file that is not optional cannot be used. The
    findings and their workbooks are written even then, the clean tables are not.
    """
    survey = _surveyed(study, workspace) if surveyed else clean_survey(study, workspace, progress, environment)
    names = [name for name, source in study.sources.items() if not source.survey]
    corrections, findings = read_corrections(workspace)
    cleaned = _clean(study, workspace, names, corrections, progress, environment)
    findings = [*findings, *survey.findings, *_told(cleaned), *_of_no_source(corrections, survey, cleaned)]
    findings += _without_rows(study, cleaned) + unclaimed_files(study, workspace)
    findings += missing_school_years(study, {name: one.accepted for name, one in cleaned.items()})
    result = _result(cleaned, findings, survey)
    _write_quality(study, workspace, result)
    if fatal := refusals(study, findings):
        raise InputRefused(fatal)
    _write_accepted(workspace, result)
    return result


def _clean(
    study: Study,
    workspace: Workspace,
    names: Sequence[str],
    corrections: Sequence[Correction],
    progress: Progress | None,
    environment: Mapping[str, str],
) -> dict[str, Cleaned]:
    pseudonymiser = Pseudonymiser(load_key(study, environment, workspace))
    schools = frozenset(read_schools(study, workspace)["school_code"]) if study.schools else None
    cleaned: dict[str, Cleaned] = {}
    for name in names:
        reading = read_source(study, name, workspace)
        cleaned[name] = clean_source(study, name, reading, pseudonymiser, corrections, schools)
        if progress is not None:
            progress(name, len(cleaned[name].accepted))
    return cleaned


def _result(
    cleaned: Mapping[str, Cleaned], findings: list[Finding], survey: CleaningResult | None = None
) -> CleaningResult:
    accepted = {**(survey.accepted if survey else {}), **{name: one.accepted for name, one in cleaned.items()}}
    counted = [survey.conservation] if survey else []
    conservation = pd.concat([no_rows(), *counted, *(one.conservation for one in cleaned.values())], ignore_index=True)
    return CleaningResult(accepted, findings, conservation)


def _surveyed(study: Study, workspace: Workspace) -> CleaningResult:
    """What ``clean_survey`` left; its accepted tables stay where they are. Empty when the study has no survey."""
    if not any(source.survey for source in study.sources.values()):
        return CleaningResult({}, [], no_rows())
    findings = findings_of(read_table(workspace.table("quality/survey_findings")))
    return CleaningResult({}, findings, read_table(workspace.table("quality/survey_conservation")))


def _told(cleaned: Mapping[str, Cleaned]) -> list[Finding]:
    return [finding for one in cleaned.values() for finding in one.findings]


def _write_accepted(workspace: Workspace, result: CleaningResult) -> None:
    for name, table in result.accepted.items():
        write_table(workspace.table(f"clean/{name}"), table)


def refusals(study: Study, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that stop the run: whatever is refused, save files of optional sources without real numbers."""
    optional = {name for name, source in study.sources.items() if source.optional}
    always = "findings.real_number_in_demonstration"
    return [f for f in findings if f.level == "refused" and (f.source not in optional or f.rule == always)]


def _of_no_source(
    corrections: Sequence[Correction], survey: CleaningResult, cleaned: Mapping[str, Cleaned]
) -> list[Finding]:
    """Corrections of files that no source has read."""
    read = {*survey.conservation["file"], *(file for one in cleaned.values() for file in one.conservation["file"])}
    return [refused(correction, "file") for correction in corrections if correction.file not in read]


def _without_rows(study: Study, cleaned: Mapping[str, Cleaned]) -> list[Finding]:
    """Sources that must be there and brought no row, where nothing else says so."""
    told = {finding.source for one in cleaned.values() for finding in one.findings if finding.level == "refused"}
    return [
        Finding(name, "refused", "findings.no_rows", source.place)
        for name, source in study.sources.items()
        if name in cleaned
        and not source.optional
        and name not in told
        and cleaned[name].conservation["rows_read"].sum() == 0
    ]


def _write_quality(study: Study, workspace: Workspace, result: CleaningResult) -> None:
    findings = findings_table(result.findings)
    write_table(workspace.table("quality/findings"), findings)
    write_table(workspace.table("quality/conservation"), result.conservation)
    for language in ("bg", "en"):
        content = findings_workbook(study, workspace, findings, result.conservation, language)
        write_bytes(workspace.processed / f"findings_{language}.xlsx", content)
