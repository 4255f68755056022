import pytest
import yaml

from analysis.files import project_root
from analysis.study import SettingsRefused, load_study


@pytest.fixture
def settings():
    shipped = (project_root() / "studies" / "haskovo-demo" / "study.yml").read_text(encoding="utf-8")
    return {**yaml.safe_load(shipped), "name": "trial"}


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


def test_a_key_that_belongs_elsewhere_is_not_proposed_for_itself(write, settings):
    settings["outcomes"]["employed"]["column"] = "employed"
    assert ("outcomes.employed.column", "unknown_key", "") in _problems(write(settings))


def test_every_fault_is_reported_at_once(write, settings):
    settings["disclosure"]["threshold"] = 2
    del settings["project"]["start"]
    places = {place for place, _, _ in _problems(write(settings))}
    assert {"disclosure.threshold", "project.start"} <= places


def test_an_outcome_needs_a_declared_design(write, settings):
    settings["outcomes"]["employed"]["design"] = "no_such_design"
    place, kind, detail = _problems(write(settings))[0]
    assert (place, kind) == ("outcomes.employed.design", "wrong_choice")
    assert detail.startswith("no_such_design: ") and "participants_aipw" in detail


def test_a_place_names_only_what_stands_in_the_file(write, settings):
    settings["designs"]["school_did"]["draws"] = "много"
    settings["designs"]["participants_aipw"]["pseudo_outcomes"] = "months_employed_earlier"
    del settings["designs"]["school_did"]["treated"]
    assert {place for place, _, _ in _problems(write(settings))} == {
        "designs.school_did.draws", "designs.school_did.treated", "designs.participants_aipw.pseudo_outcomes",
    }  # fmt: skip


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


def test_a_broken_line_and_a_date_that_does_not_exist_are_told_apart(write):
    assert _problems(write("name: trial\nlanguages: [bg, en\nproject: x\n")) == [("3", "not_yaml", "")]
    assert _problems(write("data_cut_off: 2024-06-31\n"))[0][1] == "impossible_date"


def test_a_file_in_another_encoding_is_told(write):
    root = write("name: Хасково")
    path = root / "studies" / "trial" / "study.yml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1251"))
    assert _problems(root)[0][1] == "not_utf8"


@pytest.mark.parametrize(
    ("section", "key", "value", "expected"),
    [
        (None, "data_cut_off", "30.06.2024", ("data_cut_off", "wrong_date", "30.06.2024")),
        ("education", "treated_from", "есен", ("education.treated_from", "wrong_number", "есен")),
        ("disclosure", "threshold", 2, ("disclosure.threshold", "out_of_bounds", "2: ≥ 3")),
        ("identifiers", "key", "hidden", ("identifiers.key", "wrong_choice", "hidden: public, secret")),
        ("project", "end", "2020-10-31", ("project.end", "end_before_start", "2020-10-31")),
        (None, "name", "other", ("name", "other_name", "trial")),
        ("inference", "tests", [], ("inference.tests", "too_few", "1")),
    ],
)
def test_a_wrong_value_is_told_by_its_kind(write, settings, section, key, value, expected):
    (settings[section] if section else settings)[key] = value
    assert expected in _problems(write(settings))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"columns": {"grdae": "Class"}}, ("sources.marks.columns.grdae", "unknown_key", "grade")),
        ({"codes": {"id_tipe": {"egn": ["E"]}}}, ("sources.marks.codes.id_tipe", "unknown_key", "id_type")),
        ({"codes": {"id_type": {"engn": ["E"]}}}, ("sources.marks.codes.id_type.engn", "unknown_key", "egn")),
        ({"file_name": "marks_((?P<x>y)"}, ("sources.marks.file_name", "wrong_pattern", "marks_((?P<x>y)")),
    ],
)
def test_a_source_can_only_speak_of_what_its_register_has(write, settings, more, expected):
    settings["sources"]["marks"] |= more
    assert _problems(write(settings)) == [expected]


def test_mistyped_outcomes_covariates_and_chapters_are_told_before_anything_runs(write, settings):
    settings["outcomes"]["dropout_x"] = settings["outcomes"].pop("dropout_b")
    covariates = settings["designs"]["participants_aipw"]["covariates"]
    covariates[covariates.index("age_squared")] = "age_sqared"
    settings["report"]["chapters"][0] = "sumary"
    told = {place: (kind, detail) for place, kind, detail in _problems(write(settings))}
    assert told["outcomes.dropout_x"][0] == "unknown_key" and told["outcomes.dropout_x"][1].startswith("dropout_")
    assert told["designs.participants_aipw.covariates.age_sqared"] == ("unknown_key", "age_squared")
    assert told["report.chapters"][0] == "wrong_choice" and "summary" in told["report.chapters"][1]
    assert len(told) == 3


@pytest.mark.parametrize("key", ["covariates", "pseudo_outcomes"])
def test_a_column_that_the_persons_table_does_not_have_is_told_before_anything_runs(write, settings, key):
    settings["designs"]["participants_aipw"][key].append("mesetsi")
    place, kind, detail = _problems(write(settings))[0]
    assert (place, kind) == (f"designs.participants_aipw.{key}.mesetsi", "no_such_column")
    assert "months_employed_12" in detail


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("sources", "participants_opsesg", "constants"), "sources.participants_opsesg.constants.contract"),
        (("employment",), "employment.contract"),
        (("indicators", "activities", "R1"), "indicators.activities.R1.contract"),
    ],
)
def test_a_contract_that_is_not_declared_is_told_with_those_that_are(write, settings, path, place):
    section = settings
    for part in path:
        section = section[part]
    section["contract"] = "OPX"
    assert _problems(write(settings)) == [(place, "wrong_choice", "OPX: OPHRD, OPSESG")]


def test_a_study_may_have_outcomes_and_chapters_of_its_own(write, settings):
    settings["outcomes"]["wellbeing"] = settings["outcomes"]["dropout_b"]
    settings["report"]["chapters"].append("afterword")
    root = write(settings)
    own = root / "studies" / "trial" / "texts" / "bg"
    own.mkdir(parents=True)
    (own / "afterword.md").write_text("# Послеслов", encoding="utf-8")
    assert "wellbeing" in load_study("trial", root).outcomes


def test_an_unknown_register_names_the_known_ones(write, settings):
    settings["sources"]["marks"]["register"] = "neispuo_mark"
    place, kind, detail = _problems(write(settings))[0]
    assert (place, kind) == ("sources.marks.register", "wrong_choice") and "neispuo_marks" in detail
