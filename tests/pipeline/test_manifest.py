"""The manifest: complete, repeatable, without times and without the machine."""

from __future__ import annotations

import json

from analysis.files import Workspace, sha256, write_text
from analysis.pipeline.manifest import manifest, write_manifest
from analysis.study import Study


def test_inputs_outputs_and_versions(study: Study, workspace: Workspace) -> None:
    write_text(workspace.reports / "bg" / "report.html", "<p>x</p>")
    write_text(workspace.reports / "log" / "run.log", "12:00")
    write_text(workspace.reports / "internal" / "counts.xlsx", "exact counts")
    path = write_manifest(study, workspace, ["bg"])
    first = path.read_bytes()
    told = json.loads(first)
    raw = workspace.raw / "numbers.csv"
    assert told["inputs"] == {"data/raw/tiny/numbers.csv": sha256(raw)}
    assert list(told["outputs"]) == ["reports/tiny/bg/report.html"]
    assert told["seeds"] == dict.fromkeys(study.designs, 1) and "school_did" in told["seeds"]
    assert told["packages"]["pandas"] and told["code"]["version"]
    assert str(workspace.root) not in first.decode()
    assert write_manifest(study, workspace, ["bg"]).read_bytes() == first


def test_a_changed_input_is_seen(study: Study, workspace: Workspace) -> None:
    first = write_manifest(study, workspace, ["bg"]).read_bytes()
    (workspace.raw / "numbers.csv").write_text("5\n", encoding="utf-8")
    assert write_manifest(study, workspace, ["bg"]).read_bytes() != first


def test_a_report_of_an_earlier_run_in_another_language_is_not_vouched_for(study: Study, workspace: Workspace) -> None:
    for language in ("bg", "en"):
        write_text(workspace.reports / language / "report.html", "<p>x</p>")
        write_text(workspace.reports / "notebooks" / f"08_report_{language}.ipynb", "{}")
    write_text(workspace.reports / "notebooks" / "04_education.ipynb", "{}")
    told = json.loads(write_manifest(study, workspace, ["bg"]).read_text(encoding="utf-8"))
    assert told["languages"] == ["bg"]
    assert list(told["outputs"]) == [
        "reports/tiny/bg/report.html",
        "reports/tiny/notebooks/04_education.ipynb",
        "reports/tiny/notebooks/08_report_bg.ipynb",
    ]


def test_a_changed_plan_changes_its_checksum_and_no_result(study: Study, workspace: Workspace) -> None:
    plan = study.plan
    assert plan is not None
    before = manifest(study, workspace, ["bg"])
    assert before["plan"] == {"registered": plan.registered.date.isoformat(), "sha256": plan.sha256}
    other = plan.model_copy(update={"settings": {**plan.settings, "inference.level": 0.1}})
    after = manifest(study.model_copy(update={"plan": other}), workspace, ["bg"])
    assert after["plan"]["sha256"] != before["plan"]["sha256"]
    assert after["results"] == before["results"] and after["outputs"] == before["outputs"]
    assert manifest(study.model_copy(update={"plan": None}), workspace, ["bg"])["plan"] is None
