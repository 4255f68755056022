import pytest

from analysis.study import Source, load_codes, load_register
from analysis.study.registers import FOLDER

REGISTERS = sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem != "codes")


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_is_consistent(name):
    register = load_register(name)
    names = [field.name for field in register.fields]
    assert register.register_name == name
    assert len(names) == len(set(names))
    known = {*names, "contract"}
    assert set(register.key) <= known
    for field in register.fields:
        assert field.codes is None or field.codes in load_codes()
        assert field.type_field is None or field.type_field in names
        assert field.header or field.position or field.from_file_name
    for rule in register.rules:
        assert {part for part in (rule.first, rule.second, rule.column) if part} <= set(names)


def test_the_participant_workbook_has_its_35_columns():
    fields = load_register("isun_participants").fields
    assert sum(field.parts for field in fields) == 35


def test_a_source_replaces_captions_and_layout():
    source = Source.model_validate(
        {
            "register": "neispuo_pupils",
            "files": "x",
            "columns": {"school_code": "Код", "grade": 7},
            "layout": {"header_row": 3},
        }
    )
    register = load_register("neispuo_pupils").for_source(source)
    assert register.field("school_code").header == "Код"
    assert (register.field("grade").position, register.field("grade").header) == (7, None)
    assert register.layout.header_row == 3


def test_an_unknown_register_names_the_known_ones():
    with pytest.raises(FileNotFoundError, match="neispuo_pupils"):
        load_register("neispuo_pupil")
