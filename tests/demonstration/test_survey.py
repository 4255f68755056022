"""The survey's files hold what was drawn, in the forms of three tools, with the dirt of DOMAIN's list."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest
from openpyxl import load_workbook

from analysis.cleaning import clean_source
from analysis.demonstration.files.survey_files import write_survey
from analysis.demonstration.survey import draw_survey, survey_tables, survey_truth
from analysis.files import Workspace
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.sources import read_source
from analysis.study import load_study

SOURCES = [
    "survey_residents_start", "survey_residents_end", "survey_majority_start", "survey_majority_end", "survey_pupils",
]  # fmt: skip


def test_the_shipped_files_are_those_the_generator_writes(raw, tmp_path):
    write_survey(tmp_path, 1)
    names = sorted(path.name for path in (tmp_path / "survey").iterdir())
    assert names == sorted(path.name for path in (raw / "survey").iterdir()) and len(names) == 5
    for name in names:
        assert (tmp_path / "survey" / name).read_bytes() == (raw / "survey" / name).read_bytes(), name


@pytest.mark.parametrize("source", SOURCES)
def test_cleaning_gives_back_what_was_drawn(root, source):
    """Every accepted form is one of those drawn; what an answer lost was unreadable on purpose."""
    study, workspace = load_study("haskovo-demo", root), Workspace("haskovo-demo", root)
    cleaned = clean_source(study, source, read_source(study, source, workspace), Pseudonymiser(PUBLIC_KEY)).accepted
    drawn = survey_tables(1)[source]
    assert 0.98 * len(drawn) <= len(cleaned) <= len(drawn)
    items = [name for name in cleaned if name in drawn and name not in ("respondent", "file", "sheet", "row", "group")]
    columns = [column for column in items if column != "survey_income"]
    theirs = drawn[columns].astype("str").value_counts()
    ours = cleaned[columns].astype("str").value_counts()
    assert (ours.sub(theirs, fill_value=0) <= 0).all()
    if "survey_income" in items:
        lost = drawn["survey_income"].notna().sum() - cleaned["survey_income"].notna().sum()
        assert 0 < lost <= 0.03 * len(drawn)


def test_the_traps_of_survey_tools_are_there(raw):
    book = load_workbook(raw / "survey" / "residents_baseline.xlsx", read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "Клеймо за време" and "музика и храна, Среща" in str(rows)
    stamps = [str(row[0]) for row in rows[1:]]
    assert any("/" in stamp for stamp in stamps) and any("." in stamp for stamp in stamps)
    assert len({row[1:] for row in rows}) < len(rows)  # some sent the form twice
    text = (raw / "survey" / "majority_baseline.csv").read_text("utf-8-sig")
    assert text.startswith("_id;_submission_time;__version__;grp_start/kod") and ";99;" in text and "n/a" in text
    _, meta = pyreadstat.read_sav(str(raw / "survey" / "pupils.sav"), metadataonly=True, user_missing=True)
    assert meta.variable_value_labels and meta.missing_ranges


def test_the_truth_is_the_mean_difference_of_potential_answers():
    truth = {(name, group): (effect, count) for name, group, effect, count in survey_truth(1)}
    residents = next(one for one in draw_survey(1) if one.group == "residents")
    helped = residents.baseline["takes_part"]
    assert (residents.endline["survey_work"] == residents.without["survey_work"])[~helped].all()
    effect, count = truth["survey_work", "residents"]
    assert count == helped.sum() and 0.05 < effect < 0.2
    assert truth["survey_conflicts", "residents"][0] < 0 < truth["survey_motivation", "pupils"][0]


def test_who_answers_again_depends_on_recorded_answers_and_the_majority_sample_is_not_the_population():
    residents, majority, _ = draw_survey(1)
    again = pd.Series(residents.again)
    assert (
        again[residents.baseline["schooling"] != "low"].mean() - again[residents.baseline["schooling"] == "low"].mean()
        > 0.1
    )
    assert majority.baseline["is_female"].mean() > 0.58
