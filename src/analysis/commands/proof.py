"""``variant``, ``compare``, ``verify``, ``archive``: the evaluator's tools."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml

from analysis.commands.guard import REFUSED, WRONG_CALL
from analysis.files import Workspace, project_root, write_bytes, write_csv, write_text
from analysis.study import SettingsRefused, load_study
from analysis.texts import number, text

if TYPE_CHECKING:
    from analysis.reproduction.causes import Cause
    from analysis.reproduction.compare import Comparison, Moved
    from analysis.reproduction.verify import Disagreement

MOST_SHOWN = 25
MOST_CAUSES = 12


def variant(name: str, spoken: Sequence[str], new: str, settings: Sequence[str]) -> int:
    """Write ``studies/<new>/study.yml``: the study with other assumptions, reading the same raw files."""
    root = project_root()
    base = load_study(name, root)
    path = Workspace(new, root).declaration
    if path.is_file():
        return _refuse("variant.there", spoken, path=f"studies/{new}/study.yml")
    changes: dict[str, Any] = {}
    for one in settings:
        key, equals, value = one.partition("=")
        if not equals or not key.strip():
            return _refuse("variant.no_value", spoken, setting=one)
        changes[key.strip()] = yaml.safe_load(value)
    content = {"name": new, "based_on": base.based_on or name, "changes": {**base.changes, **changes}}
    write_text(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    try:
        load_study(new, root)
    except SettingsRefused:
        path.unlink()
        path.parent.rmdir()
        raise
    _say("variant.done", spoken, path=f"studies/{new}/study.yml", study=new)
    return 0


def compare_runs(before: str, after: str, spoken: Sequence[str], output: str) -> int:
    """What moved between two runs, and what lies behind it; 1 when anything did."""
    from analysis.reproduction.compare import compare
    from analysis.reproduction.runs import NoRun, find_run

    root = project_root()
    try:
        one, other = find_run(before, root), find_run(after, root)
    except NoRun as missing:
        return _refuse("compare.no_run", spoken, place=missing.place)
    found = compare(one, other)
    for language in spoken:
        for line in comparison_in_words(found, one.study, other.study, language):
            typer.echo(line)
    if output:
        _write(Path(output), found)
    return REFUSED if found.moved else 0


def comparison_in_words(found: Comparison, before: str, after: str, language: str) -> list[str]:
    """First what differs by itself, then the numbers: verdicts that changed, then the largest moves."""
    lines = [text("command.compare.head", language, before=before, after=after)]
    lines += [f"  {cause_in_words(cause, language)}" for cause in found.causes[:MOST_CAUSES]]
    if not found.causes:
        lines.append("  " + text("command.compare.no_cause", language))
    if len(found.causes) > MOST_CAUSES:
        lines.append("  " + text("command.more_findings", language, count=len(found.causes) - MOST_CAUSES))
    lines.append(text("command.compare.moved", language, count=len(found.moved), total=found.compared))
    lines += [f"  {moved_in_words(one, language)}" for one in found.moved[:MOST_SHOWN]]
    if len(found.moved) > MOST_SHOWN:
        lines.append("  " + text("command.more_findings", language, count=len(found.moved) - MOST_SHOWN))
    if found.unexplained:
        lines.append(text("command.compare.unexplained", language, count=len(found.unexplained)))
    return lines


def cause_in_words(cause: Cause, language: str) -> str:
    state = "changed" if cause.before and cause.after else "added" if cause.after else "removed"
    words = {"what": cause.what, "before": _short(cause.before), "after": _short(cause.after)}
    return text(f"command.compare.cause.{cause.kind}.{state}", language, **words)


def moved_in_words(one: Moved, language: str) -> str:
    names = [_verdict_name(name, language) for name in (one.verdict_before, one.verdict_after)]
    if one.field == "row":
        key = "appeared" if math.isnan(one.before) else "vanished"
        return text(f"command.compare.{key}", language, id=one.result_id)
    values = {"before": _number(one.before, language), "after": _number(one.after, language)}
    change = _number(one.change, language, signed=True)
    field = text(f"command.compare.field.{one.field}", language) if one.field in FIELDS else one.field
    told = text("command.compare.value", language, id=one.result_id, field=field, change=change, **values)
    behind = sorted({cause.what for cause in one.causes})
    told += text("command.compare.behind", language, causes=", ".join(behind[:4])) if behind else ""
    if one.verdict_changed:
        told += text("command.compare.verdict", language, before=names[0], after=names[1])
    return told


PLAIN = ("not_shown", "inconclusive", "design_failed")
SHOWN = "shown"
FIELDS = ("estimate", "ci_low", "ci_high", "p", "p_wild", "p_randomisation", "n", "verdict")


def _verdict_name(name: str, language: str) -> str:
    """A verdict in words; how much a shown effect may claim depends on its design, so here it is only "shown"."""
    if name in PLAIN:
        return text(f"verdicts.names.{name}", language)
    return text("command.compare.shown", language) if name == SHOWN else name or "–"


def _number(value: float, language: str, signed: bool = False) -> str:
    return "–" if math.isnan(value) else number(value, language, 4, sign=signed)


def _short(value: str) -> str:
    return value[:12] if len(value) == 64 else value if len(value) <= 60 else value[:59] + "…"


def _write(path: Path, found: Comparison) -> None:
    if path.suffix == ".json":
        causes = [vars(cause) for cause in found.causes]
        moved = json.loads(found.table().to_json(orient="records", double_precision=15))
        write_text(path, json.dumps({"causes": causes, "moved": moved}, ensure_ascii=False, indent=1) + "\n")
    else:
        write_csv(path, found.table())


def verify_run(place: str, spoken: Sequence[str], quick: bool) -> int:
    """Recompute a run and hold it against its manifest; 1 when inputs, settings or results differ."""
    from analysis.reproduction.runs import NoRun, find_run
    from analysis.reproduction.verify import verify

    try:
        run = find_run(place, project_root())
        _say("verify.begin", spoken, study=run.study)
        found = verify(run.folder / "manifest.json", rerun=not quick)
    except NoRun as missing:
        return _refuse("compare.no_run", spoken, place=missing.place)
    for language in spoken:
        grave = [one for one in found.disagreements if one.is_grave]
        for one in [*grave, *(other for other in found.disagreements if not other.is_grave)][: 2 * MOST_SHOWN]:
            typer.echo(f"{'✗' if one.is_grave else '!'} {disagreement_in_words(one, language)}")
        key = "fails" if grave else "holds_quick" if quick else "holds"
        typer.echo(text(f"command.verify.{key}", language, count=len(grave) if grave else found.results))
    return 0 if found.holds else REFUSED


def disagreement_in_words(one: Disagreement, language: str) -> str:
    words = {"what": one.what, "published": _short(one.published) or "–", "found": _short(one.found) or "–"}
    return text(f"command.verify.kind.{one.kind}", language, **words)


def archive_study(name: str, spoken: Sequence[str], output: str) -> int:
    """Write the replication package of the study's last run."""
    from analysis.reproduction.archive import archive, may_be_given
    from analysis.reproduction.runs import NoRun, read_run

    workspace = Workspace.of(name)
    study = load_study(name, workspace.root)
    try:
        run = read_run(workspace.reports / "manifest.json")
    except NoRun:
        return _refuse("archive.no_run", spoken, study=name)
    path = Path(output) if output else workspace.reports / "archive" / f"{name}.zip"
    write_bytes(path, archive(study, run))
    size = {one: number(path.stat().st_size / 1e6, one, 1) for one in spoken}
    for language in spoken:
        key = "archive.done" if may_be_given(study) else "archive.done_without_raw"
        typer.echo(text(f"command.{key}", language, path=workspace.shown(path), size=size[language]))
    return 0


def _refuse(key: str, spoken: Sequence[str], **params: object) -> int:
    for language in spoken:
        typer.echo(text(f"command.{key}", language, **params), err=True)
    return WRONG_CALL


def _say(key: str, spoken: Sequence[str], **params: object) -> None:
    for language in spoken:
        typer.echo(text(f"command.{key}", language, **params))
