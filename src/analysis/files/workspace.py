"""Where things lie: the project's root and one study's folders below it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

BASED_ON = re.compile(r"^based_on: *([a-z][a-z0-9-]*)", re.MULTILINE)
ROOT_VARIABLE = "EVALUATION_ROOT"


def project_root() -> Path:
    """The folder that holds ``studies/``.

    ``$EVALUATION_ROOT`` if set, else the nearest one above the current folder, else the checkout.
    """
    declared = os.environ.get(ROOT_VARIABLE)
    if declared:
        return Path(declared).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "studies").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Workspace:
    """The folders of one study. Nothing is created by looking."""

    study: str
    root: Path

    @classmethod
    def of(cls, study: str) -> Workspace:
        return cls(study, project_root())

    @property
    def declaration(self) -> Path:
        """The study's own study.yml."""
        return self.root / "studies" / self.study / "study.yml"

    @property
    def base(self) -> str:
        """The study whose raw files, sheets and texts are used: itself, or the one that study.yml is ``based_on``."""
        if not self.declaration.is_file():
            return self.study
        found = BASED_ON.search(self.declaration.read_text(encoding="utf-8", errors="replace"))
        return found[1] if found else self.study

    @property
    def settings(self) -> Path:
        """The folder with the sheets and texts that the study uses."""
        return self.root / "studies" / self.base

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.base

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed" / self.study

    @property
    def reports(self) -> Path:
        return self.root / "reports" / self.study

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    def table(self, name: str) -> Path:
        """A processed table by its name, such as ``clean/pupils``."""
        return self.processed / f"{name}.parquet"

    def shown(self, path: Path) -> str:
        """A path as people should read it: below the root, with forward slashes."""
        return (
            path.resolve().relative_to(self.root).as_posix() if path.resolve().is_relative_to(self.root) else path.name
        )
