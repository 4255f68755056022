"""The lines a person watches: each stage, what it made, how long it took; the log has the same and where it broke."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from analysis.files import Finding, Workspace, write_text
from analysis.pipeline.failures import Failure
from analysis.pipeline.stages import Stage
from analysis.pipeline.wording import failure_in_words, findings_in_words, line, stage_title
from analysis.study import Study
from analysis.study.packaged import missing_packages
from analysis.texts import number, text

MOST_NAMES = 3
BEFORE_READING = ("findings.key_", "findings.raw_files_tracked")  # rules on the key and the folder, not on a file
CLOCK = 2.0  # seconds by which a file system may tell another time


class Log:
    """``reports/<study>/log/run.log``: one entry a call, nothing personal in it (failures without their messages)."""

    def __init__(self, workspace: Workspace) -> None:
        self.path: Path = workspace.reports / "log" / "run.log"
        self.shown = workspace.shown(self.path)
        self._lock = threading.Lock()

    def write(self, *lines: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        now = datetime.now().isoformat(sep=" ", timespec="seconds")
        with self.path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{now}  {one}\n" for one in lines)

    def note_seconds(self, stage: str, seconds: float) -> None:
        """How long each stage took when it last ran, for the archive and the curious."""
        path = self.path.with_name("seconds.json")
        with self._lock:
            known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            write_text(path, json.dumps({**known, stage: round(seconds, 1)}, indent=1, sort_keys=True) + "\n")

    def write_failure(self, where: str, failure: Failure) -> None:
        frames = [f"    {file}:{row} {name}" for file, row, name in failure.frames]
        findings = [f"    {f.level} {f.rule} {f.file} {f.sheet} {f.row or ''}" for f in failure.findings]
        refusal = [f"    {name} {value}" for name, value in failure.refusal.items()]
        self.write(f"{where}: {failure.kind}", *findings, *refusal, *frames)


class Progress:
    """Prints and logs what the build tells of."""

    def __init__(self, workspace: Workspace, languages: Sequence[str]) -> None:
        from rich.console import Console

        self._workspace, self._languages = workspace, languages
        self._console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self._lock = threading.Lock()
        self.log = Log(workspace)
        self.told: set[str] = set()
        self._began = time.time()

    def nothing_to_read(self, study: Study) -> None:
        """Why there is nothing to read: a package that carries the data is not installed, or no file has been put."""
        if missing := missing_packages(study):
            self.say("no_package", package=", ".join(missing), install=" ".join(missing))
        else:
            self.say("no_raw", folder=self._workspace.shown(self._workspace.raw))

    def started(self, stage: Stage) -> None:
        self._print(f"… {self._title(stage)}", "dim")

    def finished(self, stage: Stage, seconds: float) -> None:
        made = self._made(stage)
        self._print(f"✓ {self._title(stage)}  {self._seconds(seconds)}  → {made}", "green")
        self.log.write(f"{stage.name}: {seconds:.1f} s, {made}")
        self.log.note_seconds(stage.name, seconds)

    def failed(self, stage: Stage, failure: Failure, seconds: float) -> None:
        self.tell(stage.name, failure, stage_title(stage, self._languages))
        if failure.findings:
            self.workbook()

    def tell(self, name: str, failure: Failure, titles: dict[str, str] | None = None) -> None:
        """The failure of a stage, in words and in the log."""
        self.told.add(name)
        self.log.write_failure(name, failure)
        for language in self._languages:
            title = titles[language] if titles else name
            self._paragraphs(failure_in_words(failure, title, self.log.shown, language))

    def refused(self, findings: list[Finding]) -> None:
        """The files that cannot be used, in words."""
        for language in self._languages:
            head = text(f"command.check.{_at_fault(findings)}", language, count=len({one.file for one in findings}))
            self._paragraphs([head, *findings_in_words(findings, language)])

    def attention(self, findings: list[Finding]) -> None:
        """What does not stop the run but wants a decision, in words."""
        for language in self._languages:
            for paragraph in findings_in_words(findings, language):
                self._print(f"! {paragraph}", "yellow")

    def workbook(self) -> None:
        """Where every finding can be read, row by row, if this run wrote it: an older one tells of other files."""
        books = {one: self._workspace.processed / f"findings_{one}.xlsx" for one in self._languages}
        if all(path.is_file() and path.stat().st_mtime >= self._began - CLOCK for path in books.values()):
            self.say("check.workbook", path={one: self._workspace.shown(path) for one, path in books.items()})

    def say(self, key: str, **params: object) -> None:
        """One text of the command catalogue, a line a language; a parameter may be a mapping language -> words."""
        for language in self._languages:
            own = {name: value[language] if isinstance(value, dict) else value for name, value in params.items()}
            self._print(text(f"command.{key}", language, **own))

    def _paragraphs(self, paragraphs: Sequence[str]) -> None:
        for paragraph in paragraphs:
            self._print(f"✗ {paragraph}", "red")

    def _title(self, stage: Stage) -> str:
        return " · ".join(dict.fromkeys(stage_title(stage, self._languages).values()))

    def _seconds(self, seconds: float) -> str:
        return line("seconds", self._languages, value={one: number(seconds, one, 1) for one in ("bg", "en")})

    def _made(self, stage: Stage) -> str:
        """The products by name or, where they are many, by number, folder by folder; a notebook only alone."""
        products = stage.writes[1:] if stage.runs == "notebook" and len(stage.writes) > 1 else stage.writes
        folders: dict[str, list[str]] = {}
        for path in products:
            folder, _, name = self._workspace.shown(path).rpartition("/")
            folders.setdefault(folder, []).append(name)
        return "; ".join(f"{folder}/ {self._names(names)}" for folder, names in folders.items())

    def _names(self, names: list[str]) -> str:
        few = len(names) <= MOST_NAMES
        return ", ".join(names) if few else f"({line('files', self._languages, count=len(names))})"

    def _print(self, words: str, style: str = "") -> None:
        with self._lock:
            self._console.print(words, style=style)


def _at_fault(findings: list[Finding]) -> str:
    """Which heading fits: files that cannot be used, or a key or folder that must be put right before any is read."""
    before = all(finding.rule.startswith(BEFORE_READING) for finding in findings)
    return "not_ready" if before else "refused"
