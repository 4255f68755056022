"""The heading above what stops a run fits what stopped it."""

from __future__ import annotations

import pytest

from analysis.files import Finding
from analysis.pipeline.progress import _at_fault


@pytest.mark.parametrize(
    ("rules", "heading"),
    [
        (["findings.key_missing"], "not_ready"),
        (["findings.raw_files_tracked", "findings.key_short"], "not_ready"),
        (["findings.key_missing", "reading.no_header"], "refused"),
        (["findings.sheet_empty"], "refused"),
    ],
)
def test_a_missing_key_is_not_told_as_a_bad_file(rules, heading):
    findings = [Finding(level="refused", rule=rule, source="s", file=f"f{n}") for n, rule in enumerate(rules)]
    assert _at_fault(findings) == heading
