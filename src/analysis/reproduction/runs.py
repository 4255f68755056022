"""A finished run: its manifest and the results table beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import Workspace
from analysis.files.results import COUNTS, FLOATS, WORDS

MANIFEST = "manifest.json"


class NoRun(Exception):
    """There is no finished run at that place; ``place`` as people should read it."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Run:
    """``folder`` is ``reports/<study>``; ``results`` has the columns of the results table, by ``result_id``."""

    folder: Path
    manifest: dict[str, Any]
    results: pd.DataFrame

    @property
    def study(self) -> str:
        return str(self.manifest["study"])

    @property
    def root(self) -> Path:
        """The project's root that the run belongs to."""
        return self.folder.parents[1]


def find_run(place: str, root: Path) -> Run:
    """The run at a folder, at a manifest, or of a study by its name. Raises NoRun when there is none."""
    given = Path(place)
    candidates = [given, given / MANIFEST, Workspace(place, root).reports / MANIFEST]
    manifest = next((path for path in candidates if path.is_file()), None)
    if manifest is None:
        raise NoRun(place)
    return read_run(manifest)


def read_run(manifest: Path) -> Run:
    """The run of a manifest. Raises NoRun when it is not one, or when its results are not there."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        language = content["languages"][0]
        results = read_results(manifest.parent / language / "results.csv")
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise NoRun(str(manifest)) from None
    return Run(manifest.resolve().parent, content, results)


def read_results(path: Path) -> pd.DataFrame:
    """The results table as the report wrote it, by ``result_id``; numbers exactly as printed there."""
    types = {**dict.fromkeys(WORDS, "str"), "term": "str"}
    table = pd.read_csv(path, dtype=types, keep_default_na=True).set_index("result_id")
    words = [*WORDS, "term"]
    return table.assign(**{name: table[name].fillna("") for name in words}).astype(
        dict.fromkeys([*FLOATS, *COUNTS], float)
    )
