"""Small demonstrations run again: the same bytes under any hash seed, and a changed input that moves a number."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def runs(tiny, tmp_path_factory: pytest.TempPathFactory):
    """The same small study, run in one root with three hash seeds, each from nothing."""
    hashes = []
    for seed in ("0", "1", "4242"):
        tiny.call("clean")
        done = tiny.call("report", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stdout + done.stderr
        hashes.append(tiny.hashes())
    return hashes


def test_three_hash_seeds_leave_the_same_bytes(runs) -> None:
    assert len(runs[0]) > 40
    for other in runs[1:]:
        assert {path for path in runs[0] if runs[0][path] != other.get(path)} == set()
        assert set(other) == set(runs[0])


def test_another_folder_leaves_the_same_results(runs, tiny, tmp_path: Path) -> None:
    other = type(tiny)(tmp_path / "elsewhere")
    for folder in ("studies", "notebooks", "data/raw"):
        shutil.copytree(tiny.root / folder, other.root / folder)
    assert other.call("report", "--languages", "bg").returncode == 0
    here, there = tiny.hashes(), other.hashes()
    assert {path for path in there if here[path] != there[path]} <= {"reports/haskovo-demo/manifest.json"}


def test_a_changed_input_moves_a_number_in_the_report(runs, tiny) -> None:
    before = employment(tiny)
    [contracts] = list((tiny.raw / "nra").glob("contracts*"))
    lose_half(contracts)
    why = tiny.call("why").stdout
    assert contracts.name in why
    done = tiny.call("report", "--languages", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dropout" not in [line for line in done.stdout.splitlines() if line.startswith("✓")][-1]
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
