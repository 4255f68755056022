"""`reports`: every study with raw files is made, the others are named with the reason, the worst exit code is left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.commands import report
from analysis.files import Finding, InputRefused

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def made(bench, monkeypatch):
    """The studies whose report was asked for, in order; a study's exit code may be set beforehand in ``codes``."""
    asked: list[str] = []
    codes: dict[str, int] = {}

    def make(name, spoken, languages, workers):
        asked.append(name)
        if name == "refused-one":
            raise InputRefused([Finding("x", "refused", "reading.damaged", "x.csv")])
        return codes.get(name, 0)

    monkeypatch.setattr(report, "make", make)
    return asked, codes


def study(bench, name: str, files: bool = True) -> None:
    folder = bench.root / "studies" / name
    folder.mkdir(parents=True)
    text = (CHECKOUT / "studies/dolina-demo/study.yml").read_text(encoding="utf-8")
    (folder / "study.yml").write_text(text.replace("name: dolina-demo", f"name: {name}"), encoding="utf-8")
    shutil.copy(CHECKOUT / "studies/dolina-demo/schools.csv", folder)
    if files:
        bench.put(name, "a.csv", "x\n1\n")


def test_studies_without_files_are_left_out_and_said_so(bench, made):
    study(bench, "one")
    study(bench, "two", files=False)
    study(bench, "three")
    done = bench.call("reports")
    assert (done.exit_code, made[0]) == (0, ["one", "three"])
    assert "two" in done.output and "data/raw/two/" in done.output


def test_the_worst_code_is_left_and_the_others_are_made_all_the_same(bench, made):
    for name in ("a", "b", "c"):
        study(bench, name)
    made[1].update({"a": 1, "b": 3})
    assert (bench.call("reports").exit_code, made[0]) == (3, ["a", "b", "c"])


def test_faulty_settings_and_refused_files_stop_one_study_alone(bench, made):
    study(bench, "faulty")
    path = bench.root / "studies/faulty/study.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("data_cut_off", "data_cutoff"), encoding="utf-8")
    study(bench, "refused-one")
    study(bench, "sound")
    done = bench.call("reports")
    assert made[0] == ["refused-one", "sound"]
    assert done.exit_code == 2
    assert "data_cut_off" in done.output + done.stderr


def test_no_studies_is_no_failure(bench, made):
    assert bench.call("reports").exit_code == 0
