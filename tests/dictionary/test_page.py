"""The committed data dictionary equals what the descriptions give, and leaves no column without a meaning."""

from __future__ import annotations

import pytest

from analysis.dictionary import PAGE, dictionary_page
from analysis.dictionary.page import described, panel_types
from analysis.files import project_root
from analysis.files.results import COLUMNS
from analysis.study.agreement import register_names
from analysis.study.registers import load_codes, load_register


@pytest.fixture(scope="module")
def page():
    return dictionary_page(project_root())


def test_the_committed_page_is_the_generated_one(page):
    assert (project_root() / PAGE).read_text(encoding="utf-8") == page, "run: make docs"


def test_every_register_field_and_code_is_there(page):
    for name in register_names():
        section = page.split(f"### `{name}`:")[1].split("\n##")[0]
        for field in load_register(name).fields:
            assert f"| `{field.name}` |" in section, (name, field.name)
    for name, codes in load_codes().items():
        section = page.split(f"### `{name}`\n")[1].split("\n##")[0]
        assert all(f"| `{code}` |" in section for code in codes), name


def test_personal_fields_are_said_not_to_be_kept(page):
    pupils = page.split("### `neispuo_pupils`:")[1].split("\n##")[0]
    rows = {line.split("`")[1]: line for line in pupils.splitlines() if line.startswith("| `")}
    assert "не се запазва" in rows["first_name"] and "псевдоним" in rows["person_id"]
    assert "само годината" in rows["birth_date"] and "запазва се · kept" in rows["grade"]


def test_every_column_has_a_meaning():
    missing = [(name, column) for name, types in panel_types().items() for column in types]
    missing = [pair for pair in missing if not described("panel", *pair)]
    assert missing + [name for name in COLUMNS if not described("result", "table", name)] == []


def test_every_table_row_has_as_many_cells_as_its_head(page):
    for block in page.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in lines}) <= 1, lines[:2]
