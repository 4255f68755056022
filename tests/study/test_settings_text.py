"""study.yml as people who do not program write it: what YAML would pass over in silence, and where a place stands."""

import pytest

from analysis.study.settings_text import SettingsText, line_of, settings_from_yaml

SETTINGS = """\
name: trial
project:
  contracts:
    - {code: A, total_bgn: 5}
designs:
  school_did:
    covariates: [age, grade]
plan:
  settings:
    inference.level: 0.05
"""


@pytest.mark.parametrize(
    ("written", "kind", "detail", "line"),
    [
        ("a: 1\nb: {total: 1199895,92}\n", "decimal_comma", "1199895,92", 2),
        ("a: 1\nb: {low: -1,5, high: 2}\n", "decimal_comma", "-1,5", 2),
        ("a: 1\nb: 2\na: 3\n", "key_twice", "a", 3),
        ("b: {x: 1, y: 2, x: 3}\n", "key_twice", "x", 1),
        ("a: 1\nb: 2024-06-31\n", "impossible_date", "2024-06-31", 2),
    ],
)
def test_what_yaml_would_pass_over_is_refused_with_its_line(written, kind, detail, line):
    with pytest.raises(SettingsText) as caught:
        settings_from_yaml(written)
    assert (caught.value.kind, caught.value.detail) == (kind, detail)
    assert caught.value.problem_mark.line + 1 == line


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a: {x: 1, y: }", {"a": {"x": 1, "y": None}}),
        ("a: {1: x, 2: y}", {"a": {1: "x", 2: "y"}}),
        ("a: &one {x: 1}\nb: {<<: *one, y: 2}", {"a": {"x": 1}, "b": {"x": 1, "y": 2}}),
        ("a: [6, 12]", {"a": [6, 12]}),
    ],
)
def test_what_is_meant_is_read_as_it_stands(written, read):
    assert settings_from_yaml(written) == read


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("project.contracts.0.total_bgn", 4),
        ("designs.school_did.covariates.grade", 7),
        ("designs.school_did.draws", 6),
        ("plan.settings.inference.level", 10),
        ("data_cut_off", 0),
    ],
)
def test_a_place_has_a_line_as_far_as_it_stands_in_the_file(place, line):
    assert line_of(SETTINGS, place) == line


def test_a_file_that_is_not_yaml_has_no_lines_to_tell():
    assert line_of("a: [1", "a") == 0
