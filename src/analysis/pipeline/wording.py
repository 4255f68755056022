"""What the pipeline has to say, in the person's language or in both: findings, faulty settings, failures, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.files import Finding
from analysis.pipeline.build import Reason
from analysis.pipeline.failures import Failure
from analysis.pipeline.stages import Stage
from analysis.study import SettingsRefused
from analysis.study.settings_text import line_of
from analysis.texts import has_text, rules_in_words, text

MOST_FINDINGS = 20
BOTH = ("bg", "en")


def languages_of(environment: Mapping[str, str], chosen: str | None = None) -> tuple[str, ...]:
    """The languages of the messages: the one chosen, the one of the terminal, or both where it says neither."""
    if chosen in BOTH:
        return (str(chosen),)
    spoken = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return next(((language,) for language in BOTH if spoken.lower().startswith(language)), BOTH)


def line(key: str, languages: Iterable[str], **params: object) -> str:
    """One text as one line, both languages side by side; a parameter may be a mapping language -> words."""
    told = []
    for language in languages:
        own = {name: value[language] if isinstance(value, dict) else value for name, value in params.items()}
        told.append(text(f"command.{key}", language, **own))
    return " · ".join(dict.fromkeys(told))


def stage_title(stage: Stage, languages: Iterable[str]) -> dict[str, str]:
    """The stage's name in each language."""
    return {one: text(f"command.stage.{stage.kind}", one, spoken=_spoken(stage, one)) for one in languages}


def _spoken(stage: Stage, language: str) -> str:
    return text(f"command.language.in_{stage.language}", language) if stage.language else ""


def findings_in_words(findings: Iterable[Finding], language: str) -> list[str]:
    """One paragraph a finding: where, what, what to do; the worst first, at most MOST_FINDINGS."""
    order = ["refused", "quarantined", "repaired", "noted"]
    ranked = sorted(findings, key=lambda finding: order.index(finding.level))
    shown = [finding_in_words(finding, language) for finding in ranked[:MOST_FINDINGS]]
    if len(ranked) > MOST_FINDINGS:
        shown.append(text("command.more_findings", language, count=len(ranked) - MOST_FINDINGS))
    return shown


def finding_in_words(finding: Finding, language: str) -> str:
    params: dict[str, object] = {
        "file": finding.file, "sheet": finding.sheet, "row": finding.row, "column": finding.column,
        "found": finding.found, "source": finding.source, **finding.params,
    }  # fmt: skip
    what = _rule_text(finding.rule, "what", language, params) or finding.rule
    todo = _rule_text(finding.rule, "todo", language, params)
    found = text("command.found", language, found=finding.found) if finding.found and finding.found not in what else ""
    return " ".join(part for part in (f"{_place(finding, language)}:", what, found, todo) if part)


def _place(finding: Finding, language: str) -> str:
    parts = [finding.file or finding.source]
    for name, value in (("sheet", finding.sheet), ("row", finding.row), ("column", finding.column)):
        if value not in ("", None):
            parts.append(text(f"command.place.{name}", language, value=value))
    return ", ".join(parts)


def _rule_text(rule: str, part: str, language: str, params: dict[str, object]) -> str:
    """The rule's own text; empty where the catalogue has none or the finding lacks one of its parameters."""
    for key in (f"{rule}.{part}", f"findings.{rule}.{part}"):
        if has_text(key):
            try:
                return text(key, language, **rules_in_words(params, language))
            except (KeyError, ValueError):
                return ""
    return ""


def problems_in_words(refused: SettingsRefused, language: str) -> list[str]:
    """One line a fault of study.yml, with the line of the file where it stands."""
    return settings_in_words(refused.path.name, refused.problems, language, _text_of(refused.path))


def settings_in_words(
    file: str, problems: Iterable[tuple[str, str, str]], language: str, written: str = ""
) -> list[str]:
    """``written``: the text of the file, from which each place's line is told; without it none is."""
    told = []
    for place, kind, detail in problems:
        key = f"command.settings.{kind}"
        if not has_text(key):
            key = "command.settings.wrong_value"
        if kind == "unknown_key" and not detail:
            key = "command.settings.unknown_key_no_guess"
        number = line_of(written, place)
        where = text("command.settings.at_line", language, file=file, line=number) if number else file
        found, _, known = detail.partition(": ")
        told.append(text(key, language, file=where, place=place, detail=detail, found=found, known=known))
    return told


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def failure_in_words(failure: Failure, title: str, log: str, language: str) -> list[str]:
    """What stopped a stage: what the files or settings did, or one sentence that names the log."""
    if failure.findings:
        return [text("command.refused", language, stage=title), *findings_in_words(failure.findings, language)]
    if failure.problems:
        return settings_in_words(failure.settings, failure.problems, language)
    if failure.refusal:
        return [text("command.no_estimate", language, stage=title), *refusal_in_words(failure.refusal, language)]
    last = failure.kind.rpartition(" < ")[2]
    key = f"command.fault.{last}"
    if not has_text(key):
        key = "command.fault.other"
    return [text(key, language, stage=title, kind=failure.kind, place=failure.place or "–", log=log)]


def refusal_in_words(refusal: Mapping[str, str], language: str) -> list[str]:
    """Why a declared design gives no estimate, and what to do."""
    params = {name: value for name, value in refusal.items() if name != "rule"}
    keys = [f"designs.{refusal['rule']}.{part}" for part in ("what", "todo")]
    return [text(key, language, **params) for key in keys if has_text(key)]


def reason_in_words(reasons: list[Reason], titles: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Why a stage would run: the first three causes by name; a stage that only follows another says so."""
    own = [reason for reason in reasons if reason.kind != "cascade"]
    told = []
    for reason in (own or reasons)[:3]:
        what = titles[reason.what][language] if reason.kind == "cascade" and reason.what in titles else reason.what
        told.append(text(f"command.why.{reason.kind}", language, what=_named(what, language)))
    rest = len(own or reasons) - 3
    return "; ".join(told) + (text("command.why.more", language, count=rest) if rest > 0 else "")


def _named(what: str, language: str) -> str:
    """A file as it is; a value by its name in words, without the stage it belongs to."""
    name = what.partition(" @ ")[0]
    key = f"command.value.{name.replace(' ', '_')}"
    return text(key, language) if has_text(key) else name
