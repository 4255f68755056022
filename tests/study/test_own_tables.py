"""What a study says of its own tables is checked before anything runs."""

import pytest
import yaml

from analysis.files import project_root
from analysis.study import SettingsRefused, load_study
from analysis.texts.catalogue import catalogue


@pytest.fixture
def problems(tmp_path):
    """The faults of jtrain2's settings after a change, given as a function of the mapping."""

    def found(change):
        shipped = (project_root() / "studies" / "jtrain2" / "study.yml").read_text(encoding="utf-8")
        content = yaml.safe_load(shipped)
        change(content)
        folder = tmp_path / "studies" / "jtrain2"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        try:
            load_study("jtrain2", tmp_path)
        except SettingsRefused as refused:
            return {(place, kind) for place, kind, _ in refused.problems}
        return set()

    return found


def test_the_settings_as_shipped_have_no_fault(problems):
    assert problems(lambda content: None) == set()


def at(content, path):
    node = content
    for part in path.split("."):
        node = node[int(part) if part.isdigit() else part]
    return node


LIKE = {"kind": "weighting", "unit": "age", "treated": "treat", "covariates": ["age"], "pseudo_outcomes": ["age"]}
STARTS = {"kind": "staggered", "unit": "age", "time": "age", "cluster": "age"}
CASES = [
    ("sources.men", {"files": "x.csv"}, ("sources.men.files", "one_of_two")),
    ("sources.men", {"register": "nra_contracts"}, ("sources.men.fields", "one_of_two")),
    ("sources.men", {"fields": []}, ("sources.men.register", "missing_key")),
    ("sources.men", {"resource": None}, ("sources.men.resource", "missing_key")),
    ("sources.men", {"package": None, "resource": None}, ("sources.men.files", "missing_key")),
    ("sources.men", {"key": ["id"]}, ("sources.men.key", "wrong_choice")),
    ("sources.men", {"codes": {"ag": {"1": ["x"]}}}, ("sources.men.codes.ag", "unknown_key")),
    ("sources.men.fields.1", {"kind": "code"}, ("sources.men.codes.age", "missing_key")),
    ("sources.men.fields.1", {"name": "train"}, ("sources.men.fields", "twice")),
    ("panels.experiment", {"rows": ["women"]}, ("panels.experiment.rows", "wrong_choice")),
    ("outcomes.re78", {"panel": "experimnt"}, ("outcomes.re78.panel", "wrong_choice")),
    ("outcomes.re78", {"panel": None}, ("outcomes.re78.panel", "missing_key")),
    ("outcomes.re78", {"unit": "dollars"}, ("outcomes.re78.unit", "wrong_choice")),
    ("designs", {"x": {**STARTS}}, ("designs.x.treated_from", "missing_key")),
    ("designs", {"x": LIKE}, ("designs.x.pseudo_outcomes", "adjusted_for")),
    ("designs", {"x": {**STARTS, "treated_from": "a", "treated_when": "b"}}, ("designs.x.treated_from", "one_of_two")),
    ("designs", {"x": {"kind": "two_waves", "unit": None, "response": ["age"]}}, ("designs.x.unit", "missing_key")),
    ("designs.experiment", {"treated": "trian"}, ("designs.experiment.treated", "wrong_column")),
    ("designs.experiment", {"unit": "kase"}, ("designs.experiment.unit", "wrong_column")),
    ("designs.experiment", {"cluster": "town"}, ("designs.experiment.cluster", "wrong_column")),
    ("designs.experiment", {"covariates": ["age", "edcu"]}, ("designs.experiment.covariates", "wrong_column")),
    ("outcomes.re78", {"populations": ["women"]}, ("outcomes.re78.populations", "wrong_column")),
    ("outcomes.re78", {"participation": "went"}, ("outcomes.re78.participation", "wrong_column")),
    ("names", {"unem79": {"bg": "x", "en": "x"}}, ("names.unem79", "unknown_key")),
]


@pytest.mark.parametrize(("place", "more", "expected"), CASES)
def test_a_fault_is_named_where_it_stands(problems, place, more, expected):
    assert expected in problems(lambda content: at(content, place).update(more))


SYNTHETIC = {"kind": "synthetic_control", "unit": "age", "time": "educ", "treated": "train", "start": 3}


@pytest.mark.parametrize(("said", "kind"), [
    ({}, "persons_unknown"), ({"persons": "re74", "aggregates": True}, "one_of_two"), ({"persons": "re74"}, None),
    ({"aggregates": True}, None),
])  # fmt: skip
def test_a_synthetic_control_says_who_stands_behind_its_rows(problems, said, kind):
    found = problems(lambda content: content["designs"].update(few={**SYNTHETIC, **said}))
    assert found == ({("designs.few.persons", kind)} if kind else set())


def test_the_closest_column_is_named(tmp_path):
    shipped = (project_root() / "studies" / "jtrain2" / "study.yml").read_text(encoding="utf-8")
    content = yaml.safe_load(shipped)
    content["designs"]["experiment"]["treated"] = "trian"
    folder = tmp_path / "studies" / "jtrain2"
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SettingsRefused) as refused:
        load_study("jtrain2", tmp_path)
    assert ("designs.experiment.treated", "wrong_column", "trian, train") in refused.value.problems
    assert set(catalogue()["command.settings.wrong_column"]) >= {"bg", "en"}
