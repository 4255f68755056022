"""Another municipality by settings and raw files alone: other columns, codes and starts, one register missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
STUDY = "dolina-demo"
ITS_FOLDERS = ("studies/", "data/raw/")


@pytest.fixture(scope="module")
def run(empty_place):
    """Run in a root with the settings of every study, with the same code and notebooks."""
    shutil.copytree(CHECKOUT / "data" / "raw" / STUDY, empty_place.root / "data" / "raw" / STUDY)
    done = empty_place.call("report", "--study", STUDY)
    assert done.returncode == 0, done.stdout + done.stderr
    return empty_place.root / "reports" / STUDY


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    return listed.stdout.splitlines()


def test_it_differs_from_the_first_in_settings_and_raw_files_alone():
    """No file of the product knows its name; every file of its own lies below studies/ or data/raw/."""
    its_own = [name for name in tracked() if STUDY in name]
    assert its_own and all(name.startswith(ITS_FOLDERS) for name in its_own)
    product = [name for name in tracked() if name.startswith(("src/", "notebooks/", "Makefile", "pyproject.toml"))]
    word = STUDY.partition("-")[0]
    contents = {name: (CHECKOUT / name).read_text(encoding="utf-8", errors="ignore") for name in product}
    known = [name for name, content in contents.items() if word in content.casefold()]
    assert known == [] and len(product) > 200
    assert not [name for name in its_own if name.endswith((".py", ".ipynb", ".md"))]


def test_schools_that_start_in_different_years_are_estimated_as_such(run):
    results = pd.read_csv(run / "en" / "results.csv").set_index("result_id")
    effect = results.loc["education/dropout_a/at_risk/schools_by_start/effect"]
    assert effect["method"] == "staggered_cr2" and effect["clusters"] == 14 and effect["clusters_treated"] == 5
    events = results[(results["outcome"] == "dropout_a") & (results["measure"] == "event")]
    assert {"-1", "0", "1"} <= set(events["term"].astype(str))
    assert effect["ci_low"] < -0.05 < effect["ci_high"] or effect["estimate"] < 0


def test_its_own_table_gives_the_planted_effect_within_the_interval(run):
    """The odds ratio of 0.55 is about 13 percentage points among these participants."""
    results = pd.read_csv(run / "en" / "results.csv").set_index("result_id")
    work = results.loc["employment/works_after_year/everybody/like_with_like/effect"]
    assert work["n"] == 1140 and work["n_treated"] == 240
    assert work["ci_low"] < 0.12 < work["ci_high"]


def test_what_is_not_there_is_not_spoken_of(run):
    for language, absent in (("bg", ["НАП", "Отсъствия", "ИСУН"]), ("en", ["NRA", "Absences", "ISUN"])):
        html = (run / language / "report.html").read_text(encoding="utf-8")
        body = html[html.index("sec-education") : html.index("sec-limitations")]
        assert not [word for word in absent if word in body], language
    assert json.loads((run / "manifest.json").read_text(encoding="utf-8"))["study"] == STUDY
