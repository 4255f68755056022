"""Two runs held against each other: what moved, by how much, and what is named as the cause."""

import json
import math

import pandas as pd
import pytest

from analysis.commands.proof import comparison_in_words
from analysis.files import results_table, write_csv, write_text
from analysis.reproduction.causes import Cause, flat
from analysis.reproduction.compare import compare, differs
from analysis.reproduction.reach import Place
from analysis.reproduction.runs import NoRun, find_run

ROWS = [
    {
        "chapter": "education",
        "outcome": "dropout_a",
        "population": "at_risk",
        "design": "d",
        "measure": "effect",
        "unit": "share",
        "estimate": -0.03,
        "se": 0.01,
        "ci_low": -0.05,
        "ci_high": -0.01,
        "p": 0.004,
        "n": 900,
        "verdict": "shown",
    },
    {
        "chapter": "employment",
        "outcome": "employed",
        "population": "participants",
        "design": "w",
        "measure": "effect",
        "unit": "share",
        "estimate": 0.08,
        "se": 0.03,
        "ci_low": 0.02,
        "ci_high": 0.14,
        "p": 0.01,
        "n": 300,
        "verdict": "shown",
    },
    {
        "chapter": "employment",
        "outcome": "employed",
        "population": "participants",
        "design": "w",
        "measure": "balance_after",
        "term": "age",
        "unit": "sd",
        "estimate": 0.02,
        "note": "variance_ratio=1.0277552846389628",
    },
]
SETTINGS = {
    "name": "one",
    "inference": {"level": 0.05},
    "designs": {"d": {"draws": 999}, "w": {"draws": 99}},
    "outcomes": {"dropout_a": {"role": "primary"}},
    "project": {"contracts": [{"code": "A"}, {"code": "B"}]},
}


@pytest.fixture
def run_of(tmp_path):
    """A finished run with these rows, settings and inputs."""

    def make(name, rows=ROWS, settings=None, inputs=None, **manifest):
        folder = tmp_path / "reports" / name
        content = {
            "study": name,
            "languages": ["en"],
            "resolved": {**SETTINGS, **(settings or {})},
            "settings": {},
            "inputs": inputs or {f"data/raw/{name}/a.csv": "aa"},
            "notebooks": {},
            "packages": {"numpy": "2.4"},
            "python": "3.11.7",
            "code": {"version": "1", "sha256": "cc"},
            "outputs": {},
            **manifest,
        }
        write_text(folder / "manifest.json", json.dumps(content))
        write_csv(folder / "en" / "results.csv", results_table(rows))
        return find_run(str(folder), tmp_path)

    return make


def changed(place, **values):
    return [{**row, **values} if number == place else row for number, row in enumerate(ROWS)]


def test_equal_runs_differ_in_nothing(run_of):
    found = compare(run_of("one"), run_of("two"))
    assert found.moved == [] and found.causes == [] and found.compared == 3


def test_a_moved_number_is_told_with_the_setting_behind_it(run_of):
    after = run_of(
        "two", changed(0, estimate=-0.02, verdict="not_shown"), {"designs": {"d": {"draws": 500}, "w": {"draws": 99}}}
    )
    found = compare(run_of("one"), after)
    (moved,) = found.moved
    assert moved.result_id == "education/dropout_a/at_risk/d/effect" and moved.field == "estimate"
    assert moved.change == pytest.approx(0.01) and moved.verdict_changed
    assert [cause.what for cause in moved.causes] == ["designs.d.draws"]


def test_a_setting_of_another_design_or_outcome_explains_nothing(run_of):
    after = run_of("two", changed(1, estimate=0.09), {"designs": {"d": {"draws": 500}, "w": {"draws": 99}}})
    found = compare(run_of("one"), after)
    assert [one.result_id for one in found.unexplained] == ["employment/employed/participants/w/effect"]
    told = "\n".join(comparison_in_words(found, "one", "two", "bg"))
    assert "ВНИМАНИЕ" in told and "designs.d.draws: 999 → 500" in told


def test_a_changed_delivery_is_the_cause_whatever_the_study_is_called(run_of):
    after = run_of("two", changed(1, estimate=0.09), inputs={"data/raw/two/a.csv": "bb", "data/raw/two/b.csv": "dd"})
    found = compare(run_of("one"), after)
    assert [(cause.kind, cause.what, cause.before) for cause in found.causes] == [
        ("input", "a.csv", "aa"),
        ("input", "b.csv", ""),
    ]
    assert len(found.moved[0].causes) == 2


def test_code_notebooks_and_packages_are_causes(run_of):
    after = run_of(
        "two", code={"version": "1", "sha256": "ee"}, packages={"numpy": "2.5"}, notebooks={"notebooks/04.ipynb": "f"}
    )
    assert [cause.kind for cause in compare(run_of("one"), after).causes] == ["notebook", "code", "package"]


def test_verdicts_come_first_then_effects_then_the_largest_move_in_standard_errors(run_of):
    rows = changed(1, estimate=0.09, verdict="inconclusive")
    rows = [{**rows[0], "estimate": -0.06}, rows[1], {**rows[2], "estimate": 0.5}]
    moved = compare(run_of("one"), run_of("two", rows)).moved
    assert [one.result_id.split("/")[1] + one.result_id.split("/")[4] for one in moved] == [
        "employedeffect",
        "dropout_aeffect",
        "employedbalance_after",
    ]


def test_rows_that_come_and_go_are_told(run_of):
    found = compare(run_of("one"), run_of("two", ROWS[:2]))
    assert [(one.field, math.isnan(one.after)) for one in found.moved] == [("row", True)]
    assert "няма" in "\n".join(comparison_in_words(found, "one", "two", "bg"))


def test_a_note_is_compared_as_numbers(run_of):
    near = changed(2, note="variance_ratio=1.0277552846389631")
    far = changed(2, note="variance_ratio=1.03")
    assert compare(run_of("one"), run_of("two", near)).moved == []
    assert len(compare(run_of("one"), run_of("three", far)).moved) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1.0, 1.0 + 5e-9, False),
        (1.0, 1.0 + 5e-8, True),
        (1e6, 1e6 + 1e-3, False),
        (math.nan, math.nan, False),
        (math.nan, 0.0, True),
        (0.0, 2e-8, True),
    ],
)
def test_what_counts_as_another_number(one, other, expected):
    assert differs(one, other) is expected


def test_settings_are_flattened_to_dotted_keys_and_names_left_out():
    assert flat(SETTINGS) == {
        "inference.level": "0.05",
        "designs.d.draws": "999",
        "designs.w.draws": "99",
        "outcomes.dropout_a.role": "primary",
        "project.contracts.0.code": "A",
        "project.contracts.1.code": "B",
    }


SOURCES = {
    "pupils": {"register": "neispuo_pupils", "files": "neispuo/pupils_*.*"},
    "contracts": {"register": "nra_contracts", "files": "nra/contracts*.*"},
    "jobs": {"files": "jobs.csv", "fields": [{"name": "x"}]},
    "answers": {"files": "survey/*.xlsx", "survey": True},
}
UPSTREAM = {
    "sources": SOURCES,
    "panels": {"seekers": {"rows": ["jobs"], "join": []}},
    "outcomes": {"works": {"panel": "seekers"}, "income": {"panel": "survey"}, "trust": {"panel": "survey"}},
}
PLACES = {
    "dropout": ("education", "dropout_a", "d"),
    "employed": ("employment", "employed", "w"),
    "works": ("employment", "works", "w"),
    "income": ("other", "income", "s"),
    "cost": ("costs", "pupil_retained", "d"),
    "indicator": ("indicators", "CO01", ""),
}


@pytest.mark.parametrize(
    ("kind", "what", "reached"),
    [
        ("setting", "inference.level", {"dropout", "employed", "works", "income", "cost", "indicator"}),
        ("setting", "education.at_risk.gpa_below", {"dropout", "cost", "indicator"}),
        ("setting", "employment.months_after", {"employed", "works", "cost"}),
        ("setting", "outcomes.dropout_a.role", {"dropout", "cost"}),
        ("setting", "designs.w.draws", {"employed", "works", "cost"}),
        ("setting", "survey.items.0.maximum", {"income"}),
        ("setting", "report.chapters", set()),
        ("setting", "sources.pupils.codes.sex.male", {"dropout", "cost", "indicator"}),
        ("input", "neispuo/pupils_2018.csv", {"dropout", "cost", "indicator"}),
        ("input", "nra/contracts.csv", {"employed", "works", "cost", "indicator"}),
        ("input", "jobs.csv", {"works", "cost", "indicator", "dropout", "employed"}),
        ("input", "survey/residents.xlsx", {"income"}),
        ("input", "schools.csv", {"dropout", "employed", "works", "income", "cost", "indicator"}),
        ("code", "src/analysis", {"dropout", "employed", "works", "income", "cost", "indicator"}),
    ],
)
def test_a_cause_is_named_only_for_what_lies_downstream_of_it(kind, what, reached):
    """An own table reaches outcomes of its panel; of an outcome without settings here it is not known, so it may."""
    cause = Cause(kind, what, "a", "b")
    assert {name for name, place in PLACES.items() if cause.may_lie_behind(Place(*place), UPSTREAM)} == reached


def test_of_two_changes_each_number_is_told_its_own(run_of):
    settings = {"sources": SOURCES, "designs": {"d": {"draws": 500}, "w": {"draws": 99}}}
    before = run_of("one", settings={"sources": SOURCES}, inputs={"data/raw/one/nra/contracts.csv": "aa"})
    rows = [{**ROWS[0], "estimate": -0.02}, {**ROWS[1], "estimate": 0.09}, ROWS[2]]
    after = run_of("two", rows, settings, inputs={"data/raw/two/nra/contracts.csv": "bb"})
    moved = {one.result_id.split("/")[1]: [cause.what for cause in one.causes] for one in compare(before, after).moved}
    assert moved == {"dropout_a": ["designs.d.draws"], "employed": ["nra/contracts.csv"]}


def test_a_commit_that_changed_no_code_is_no_cause(run_of):
    before = run_of("one", code={"version": "1", "sha256": "ee", "commit": "a"})
    assert compare(before, run_of("two", code={"version": "1", "sha256": "ee", "commit": "b"})).causes == []


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(NoRun):
        find_run("nothing", tmp_path)
    write_text(tmp_path / "reports" / "broken" / "manifest.json", "{")
    with pytest.raises(NoRun):
        find_run("broken", tmp_path)


def test_the_table_of_a_comparison_has_a_row_a_moved_result(run_of):
    table = compare(run_of("one"), run_of("two", changed(0, estimate=-0.02), {"inference": {"level": 0.1}})).table()
    assert isinstance(table, pd.DataFrame) and table["causes"].tolist() == ["setting:inference.level"]


def test_a_changed_plan_or_deviations_sheet_is_told_and_explains_no_number(run_of):
    plan = {"plan": {"settings": {"inference.level": 0.01}}}
    found = compare(run_of("one"), run_of("two", changed(0, estimate=-0.02), plan))
    assert [cause.what for cause in found.causes] == ["plan.settings.inference.level"]
    assert len(found.unexplained) == 1
    place = Place("education", "dropout_a", "d")
    assert not Cause("input", "deviations.csv", "", "ff").may_lie_behind(place, SETTINGS)
    assert Cause("input", "schools.csv", "", "ff").may_lie_behind(place, SETTINGS)


def test_the_arms_of_an_experiment_are_followed_each_by_itself(run_of):
    arms = [{**ROWS[1], "population": f"everybody:{arm}"} for arm in ("A", "B")]
    after = [arms[0], {**arms[1], "estimate": 0.09}]
    found = compare(run_of("one", arms), run_of("two", after))
    assert [one.result_id for one in found.moved] == ["employment/employed/everybody:B/w/effect"]
