"""What a study declares for its robustness checks: said in words where it cannot be computed."""

from __future__ import annotations

import pytest
import yaml

from analysis.files import project_root
from analysis.study import SettingsRefused, load_study
from analysis.study.robustness_settings import PanelSpecifications
from analysis.texts import text


@pytest.fixture
def problems(tmp_path):
    """The faults of the demonstration's settings after a change."""

    def of(change):
        shipped = (project_root() / "studies" / "haskovo-demo" / "study.yml").read_text(encoding="utf-8")
        settings = {**yaml.safe_load(shipped), "name": "trial"}
        change(settings)
        folder = tmp_path / "studies" / "trial"
        folder.mkdir(parents=True)
        (folder / "study.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        with pytest.raises(SettingsRefused) as caught:
            load_study("trial", tmp_path)
        return caught.value.problems

    return of


def design(settings):
    return settings["designs"]["school_did"]


def many(settings):
    design(settings)["specifications"]["first_time"] = {f"from_{year}": year for year in range(1900, 1920)}


def reserved(settings):
    design(settings)["specifications"]["population"] = {"as_declared": "all"}


def falling(settings):
    settings["outcomes"]["total_abs"]["dose"]["bands"] = [9, 7]


def elsewhere(settings):
    settings["outcomes"]["survey_work"]["dose"] = {"column": "months_taking_part", "bands": [3]}


def nobody(settings):
    del design(settings)["person"]


@pytest.mark.parametrize(
    ("change", "place", "kind", "detail"),
    [
        (many, "designs.school_did.specifications", "too_many_specifications", "336 > 256"),
        (reserved, "designs.school_did.specifications.population", "twice", "as_declared"),
        (falling, "outcomes.total_abs.dose.bands", "not_ascending", "[9.0, 7.0]"),
        (elsewhere, "outcomes.survey_work.dose", "dose_without_bands", "two_waves"),
        (nobody, "designs.school_did.person", "missing_key", ""),
    ],
)
def test_a_fault_is_named_with_its_place(problems, change, place, kind, detail):
    assert (place, kind, detail) in problems(change)


@pytest.mark.parametrize("kind", ["too_many_specifications", "not_ascending", "dose_without_bands"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_each_fault_has_its_words(kind, language):
    words = text(f"command.settings.{kind}", language, file="study.yml", place="a.b", detail="9 > 7")
    assert "a.b" in words and "9 > 7" in words


def test_an_unknown_choice_is_refused_and_named(problems):
    def change(settings):
        design(settings)["specifications"]["exclude_times"] = {"x": [2019]}

    (found,) = [(place, kind) for place, kind, _ in problems(change) if "specifications" in place]
    assert found[0].endswith("specifications.exclude_times") and found[1] == "unknown_key"


def test_combinations_are_counted_with_the_declared_choice():
    declared = PanelSpecifications(population={"a": "a", "b": "b"}, first_time={"later": 2018})
    assert declared.count == 3 * 2 and list(declared.choices) == ["population", "first_time"]
    assert PanelSpecifications().count == 1
