import pytest
import yaml

from analysis.files import project_root
from analysis.study import SettingsRefused, load_study


@pytest.fixture
def settings():
    return yaml.safe_load((project_root() / "studies" / "haskovo-demo" / "study.yml").read_text(encoding="utf-8"))


@pytest.fixture
def write(tmp_path):
    def _write(content):
        folder = tmp_path / "studies" / "trial"
        folder.mkdir(parents=True, exist_ok=True)
        body = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (folder / "study.yml").write_text(body, encoding="utf-8")
        return tmp_path

    return _write


def _problems(root, name="trial"):
    with pytest.raises(SettingsRefused) as caught:
        load_study(name, root)
    return caught.value.problems


@pytest.mark.parametrize("name", ["haskovo-demo", "haskovo"])
def test_the_shipped_studies_load(name):
    assert load_study(name).name == name


def test_the_contracts_add_up_to_the_declared_total():
    project = load_study("haskovo-demo").project
    assert sum(contract.total_bgn for contract in project.contracts) == pytest.approx(project.declared_total_bgn)


def test_an_unknown_key_names_the_key_that_was_meant(write, settings):
    settings["education"]["treated_form"] = 2021
    assert ("education.treated_form", "unknown_key", "treated_from") in _problems(write(settings))


def test_every_fault_is_reported_at_once(write, settings):
    settings["disclosure"]["threshold"] = 2
    del settings["project"]["start"]
    places = {place for place, _, _ in _problems(write(settings))}
    assert {"disclosure.threshold", "project.start"} <= places


def test_an_outcome_needs_a_declared_design(write, settings):
    settings["outcomes"]["employed"]["design"] = "no_such_design"
    assert any("no_such_design" in detail for _, _, detail in _problems(write(settings)))


@pytest.mark.parametrize("body", ["a: [1", "just a word", "", "- a\n- b"])
def test_a_file_that_is_no_mapping_is_refused_in_words(write, body):
    assert _problems(write(body))[0][1] == "not_yaml"


def test_an_unknown_study_names_the_known_ones(write, settings):
    root = write(settings)
    assert _problems(root, "trail") == [("trail", "no_study", "trial")]


def test_a_demonstration_carries_no_financing_statement(write, settings):
    words = {"bg": "…", "en": "…"}
    settings["report"]["financing"] = {"statement": words, "beside_emblem": words}
    assert any("financing" in detail for _, _, detail in _problems(write(settings)))


def test_the_municipalitys_own_study_declares_its_financing():
    financing = load_study("haskovo").report.financing
    assert financing is not None and "Европейския социален фонд" in financing.statement.bg
