"""Small demonstrations run again: the same bytes under any hash seed, and a changed input that moves a number."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.files import Workspace
from analysis.pipeline.stages import stages_of
from analysis.study import load_study

STUDY = "haskovo-demo"
pytestmark = pytest.mark.slow  # three whole runs; two runs of a notebook and of a small study stay with the others


@pytest.fixture(scope="module")
def runs(tiny) -> list[dict[str, str]]:
    """The same small study run twice in one root from nothing, with two hash seeds: the hashes of every file made."""
    return [run_from_nothing(tiny, seed) for seed in ("0", "1")]


def run_from_nothing(place, seed: str) -> dict[str, str]:
    place.call("clean")
    done = place.call("report", PYTHONHASHSEED=seed)
    assert done.returncode == 0, done.stdout + done.stderr
    return place.hashes()


def test_two_runs_leave_the_same_bytes(runs) -> None:
    first, second = runs
    assert len(first) > 40
    assert different(first, second) == set()


@pytest.mark.slow
def test_another_folder_and_a_third_hash_seed_leave_the_same_bytes(runs, tiny, tmp_path: Path) -> None:
    for folder in ("studies", "notebooks", "data/raw"):
        shutil.copytree(tiny.root / folder, tmp_path / "elsewhere" / folder)
    assert different(runs[0], run_from_nothing(type(tiny)(tmp_path / "elsewhere"), "4242")) == set()


@pytest.mark.slow
def test_the_notebooks_run_by_hand_leave_the_same_bytes(runs, tiny) -> None:
    workspace = Workspace(STUDY, tiny.root)
    stages = stages_of(load_study(STUDY, tiny.root), workspace, ["bg"])
    notebooks = [str(stage.notebook) for stage in stages if stage.runs == "notebook"]
    checked = ["--nbval-lax", "--nbval-cell-timeout=600", "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-m", "pytest", *checked, *notebooks]
    given = {**os.environ, "EVALUATION_ROOT": str(tiny.root)}
    done = subprocess.run(command, env=given, cwd=tiny.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert different(runs[1], tiny.hashes()) == set()


def different(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def test_a_changed_input_moves_a_number_in_the_report(runs, tiny) -> None:
    before = employment(tiny)
    [contracts] = list((tiny.raw / "nra").glob("contracts*"))
    lose_half(contracts)
    why = tiny.call("why").stdout
    assert contracts.name in why
    done = tiny.call("report", "--languages", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    after = employment(tiny)
    assert not before.equals(after)


def employment(tiny) -> pd.Series:
    results = pd.read_csv(tiny.reports / "en" / "results.csv").set_index("result_id")
    return results.loc[results["measure"].eq("effect") & results["chapter"].eq("employment"), "estimate"]


def lose_half(path: Path) -> None:
    """Keep every second data row of a text or Excel file."""
    if path.suffix in (".xlsx", ".xls"):
        from openpyxl import load_workbook

        book = load_workbook(path)
        sheet = book.worksheets[0]
        for row in range(sheet.max_row, 1, -2):
            sheet.delete_rows(row)
        book.save(path)
        return
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lines[1::2]]))
