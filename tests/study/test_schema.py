"""The schema that editors read: equal to the model, and it lets the shipped studies through."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from analysis.files import project_root
from analysis.study.schema import SCHEMA, schema_text

STUDIES = project_root() / "studies"


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(json.loads(schema_text()))


def settings(name="haskovo"):
    read = yaml.safe_load((STUDIES / name / "study.yml").read_text(encoding="utf-8"))
    return json.loads(json.dumps(read, default=str))


def test_the_shipped_schema_is_that_of_the_model():
    shipped = (STUDIES / SCHEMA).read_text(encoding="utf-8")
    assert shipped == schema_text(), "study.schema.json is out of date: python -m analysis schema"


@pytest.mark.parametrize("name", ["haskovo", "haskovo-demo"])
def test_a_shipped_study_names_the_schema_and_fits_it(validator, name):
    first = (STUDIES / name / "study.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../{SCHEMA}"
    assert [error.message for error in validator.iter_errors(settings(name))] == []


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({"columns": {"gpa": "Year average"}}, True),
        ({"columns": {"gap": "Year average"}}, False),
        ({"codes": {"id_type": {"egn": ["E"]}}}, True),
        ({"codes": {"gpa": {"egn": ["E"]}}}, False),
        ({"register": "neispuo_mark"}, False),
    ],
)
def test_the_schema_knows_each_register_s_columns(validator, more, fits):
    changed = settings()
    changed["sources"]["marks"] |= more
    assert validator.is_valid(changed) is fits
