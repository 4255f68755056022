"""The stages of the shipped studies: what exists, what is left out, and that each has a name people can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files import Workspace
from analysis.pipeline.stages import stages_of
from analysis.pipeline.wording import stage_title
from analysis.study import load_study

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["haskovo-demo", "haskovo"])
def test_every_stage_has_a_notebook_and_a_name_in_both_languages(name: str) -> None:
    workspace = Workspace(name, CHECKOUT)
    stages = stages_of(load_study(name, CHECKOUT), workspace, ["bg", "en"])
    names = [stage.name for stage in stages if stage.name not in ("01_clean_survey", "06_other_outcomes")]
    assert names == [
        "02_clean_registers", "03_link_and_shape", "04_education", "05_employment",
        "07_indicators", "08_report_bg", "export_bg", "08_report_en", "export_en", "manifest",
    ]  # fmt: skip
    assert (len(names) < len(stages)) == (name == "haskovo-demo")  # which alone has a survey
    titles = [tuple(stage_title(stage, ("bg", "en")).values()) for stage in stages]
    assert len(set(titles)) == len(stages)
    for stage in stages:
        if stage.runs == "notebook":
            assert stage.notebook is not None and stage.notebook.is_file()


def test_nothing_is_written_twice_and_everything_read_is_written_before() -> None:
    workspace = Workspace("haskovo-demo", CHECKOUT)
    written: set[Path] = set()
    for stage in stages_of(load_study("haskovo-demo", CHECKOUT), workspace, ["bg", "en"]):
        assert set(stage.reads) <= written, stage.name
        assert not set(stage.writes) & written, stage.name
        written |= set(stage.writes)


def test_a_chapter_without_outcomes_is_no_stage() -> None:
    study = load_study("haskovo-demo", CHECKOUT)
    only = {name: outcome for name, outcome in study.outcomes.items() if outcome.chapter == "employment"}
    stages = stages_of(study.model_copy(update={"outcomes": only}), Workspace("haskovo-demo", CHECKOUT), ["bg"])
    names = [stage.name for stage in stages]
    assert "04_education" not in names and "05_employment" in names
    report = next(stage for stage in stages if stage.name == "08_report_bg")
    assert "education.parquet" not in {path.name for path in report.reads}
