"""What went wrong in a stage, carried from the kernel to the person: what the inputs did, or where the program broke.

An unexpected exception's message may quote a cell of somebody's file: only its type and places in the code are kept.
"""

from __future__ import annotations

import json
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis.files import Finding, InputRefused, write_text
from analysis.study import SettingsRefused

VARIABLE = "EVALUATION_FAILURE"
DESIGN_REFUSED = "DesignRefused"  # by name: telling of it must not need the estimators and their libraries
CODE_FOLDERS = ("site-packages", "analysis", "notebooks")


@dataclass(frozen=True)
class Failure:
    """``kind`` is the exception's class name; ``frames`` are (file, line, function), outermost first."""

    kind: str
    frames: list[tuple[str, int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    settings: str = ""
    refusal: dict[str, str] = field(default_factory=dict)  # why no design gave an estimate: ``rule`` and its params

    @property
    def is_about_inputs(self) -> bool:
        return bool(self.findings or self.problems or self.refusal)

    @property
    def place(self) -> str:
        """The innermost place in our own code, such as ``analysis/cleaning/dates.py:12``."""
        ours = [frame for frame in self.frames if frame[0].startswith("analysis/")]
        return "{}:{}".format(*(ours or self.frames)[-1][:2]) if self.frames else ""


def failure_of(error: BaseException) -> Failure:
    """What may be told of an exception."""
    frames = [(_shown(f.filename), f.lineno or 0, f.name) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, InputRefused):
        return Failure("InputRefused", frames, findings=error.findings)
    if isinstance(error, SettingsRefused):
        return Failure("SettingsRefused", frames, problems=error.problems, settings=error.path.name)
    if type(error).__name__ == DESIGN_REFUSED:
        return Failure(DESIGN_REFUSED, frames, refusal={"rule": error.rule, **error.params})  # type: ignore[attr-defined]
    return Failure(_kinds(error), frames)


def write_failure(path: Path, failure: Failure) -> None:
    write_text(path, json.dumps(asdict(failure), ensure_ascii=False))


def read_failure(path: Path) -> Failure | None:
    """What a stage left behind when it broke; None when it left nothing."""
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Failure(
        kind=content["kind"],
        frames=[(str(file), int(line), str(name)) for file, line, name in content["frames"]],
        findings=[Finding(**finding) for finding in content["findings"]],
        problems=[(str(place), str(kind), str(detail)) for place, kind, detail in content["problems"]],
        settings=content["settings"],
        refusal={str(name): str(value) for name, value in content["refusal"].items()},
    )


def _kinds(error: BaseException) -> str:
    cause = error.__cause__
    return f"{type(error).__name__} < {_kinds(cause)}" if cause else type(error).__name__


def _shown(file: str) -> str:
    """A code file without the machine's folders: from the package, the library or the notebook's cell on."""
    parts = Path(file).parts
    for folder in CODE_FOLDERS:
        if folder in parts:
            place = len(parts) - 1 - parts[::-1].index(folder)
            return "/".join(parts[place + (folder == "site-packages") :])
    return Path(file).name
