"""Pseudonyms differ by key, type and number, and no real study runs on a weak, public or carelessly kept key."""

from __future__ import annotations

import hashlib
import hmac
import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from analysis.files import InputRefused, Workspace, project_root
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser, load_key
from analysis.study import Study, load_study
from analysis.texts import text

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def demonstration() -> Study:
    return load_study("haskovo-demo", project_root())


@pytest.fixture(scope="module")
def real(demonstration: Study) -> Study:
    identifiers = demonstration.identifiers.model_copy(update={"check_digit_offset": 0, "key": "secret"})
    return demonstration.model_copy(update={"name": "real", "demonstration": False, "identifiers": identifiers})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "project"
    (root / "data" / "raw" / "real").mkdir(parents=True)
    return Workspace("real", root)


def rule_of(study: Study, environment: dict[str, str], workspace: Workspace) -> str:
    """The rule by which the key is refused; its texts must fill in both languages and never show the key."""
    with pytest.raises(InputRefused) as refusal:
        load_key(study, environment, workspace)
    finding = refusal.value.findings[0]
    for language in ("bg", "en"):
        for part in ("what", "todo"):
            words = text(f"{finding.rule}.{part}", language, **finding.params)
            assert words and SECRET not in words and "{" not in words.replace("{key: secret}", "")
    return finding.rule


def test_pseudonym_is_the_hmac_of_type_and_number() -> None:
    made = Pseudonymiser(b"k" * 32).pseudonym(pd.Series(["12", "34", "12"], dtype="str"), "egn")
    expected = hmac.new(b"k" * 32, b"egn:12", hashlib.sha256).hexdigest()[:32]
    assert made[0] == made[2] == expected
    assert made[1] != expected
    assert re.fullmatch("[0-9a-f]{32}", made[0])
    assert made.dtype == "str"


def test_type_and_key_are_part_of_the_pseudonym_and_missing_stays_missing() -> None:
    numbers = pd.Series(["12", "12", pd.NA], dtype="str", index=[7, 8, 9])
    types = pd.Series(["egn", "lnch", pd.NA], dtype="str", index=[7, 8, 9])
    made = Pseudonymiser(b"k" * 32).pseudonym(numbers, types)
    assert made[7] != made[8]
    assert pd.isna(made[9])
    assert Pseudonymiser(b"j" * 32).pseudonym(numbers, types)[7] != made[7]


def test_key_is_not_shown() -> None:
    assert SECRET not in repr(Pseudonymiser(SECRET.encode()))


def test_demonstration_uses_the_public_key(demonstration: Study, workspace: Workspace) -> None:
    assert load_key(demonstration, {}, workspace) == PUBLIC_KEY
    assert len(PUBLIC_KEY) >= 32


def test_key_from_variable(real: Study, workspace: Workspace) -> None:
    assert load_key(real, {"EVALUATION_KEY": f" {SECRET}\n"}, workspace) == SECRET.encode()


def test_key_from_file_outside(real: Study, workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    path.write_text(SECRET + "\n", encoding="utf-8")
    path.chmod(0o600)
    assert load_key(real, {"EVALUATION_KEY_FILE": str(path)}, workspace) == SECRET.encode()


def test_refusals(real: Study, workspace: Workspace, tmp_path: Path) -> None:
    assert rule_of(real, {}, workspace) == "findings.key_missing"
    assert rule_of(real, {"EVALUATION_KEY": SECRET[:31]}, workspace) == "findings.key_short"
    assert rule_of(real, {"EVALUATION_KEY": PUBLIC_KEY.decode()}, workspace) == "findings.key_public"
    assert rule_of(real, {"EVALUATION_KEY_FILE": str(tmp_path / "no")}, workspace) == "findings.key_file_absent"


def test_key_file_inside_the_project_is_refused(real: Study, workspace: Workspace, tmp_path: Path) -> None:
    inside = workspace.root / "key.txt"
    inside.write_text(SECRET, encoding="utf-8")
    inside.chmod(0o600)
    assert rule_of(real, {"EVALUATION_KEY_FILE": str(inside)}, workspace) == "findings.key_inside_project"
    link = tmp_path / "link.txt"
    link.symlink_to(inside)
    assert rule_of(real, {"EVALUATION_KEY_FILE": str(link)}, workspace) == "findings.key_inside_project"


def test_key_file_open_to_all_is_refused(real: Study, workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    path.write_text(SECRET, encoding="utf-8")
    path.chmod(0o644)
    assert rule_of(real, {"EVALUATION_KEY_FILE": str(path)}, workspace) == "findings.key_open_to_all"


def test_real_study_on_the_public_key_is_refused(real: Study, workspace: Workspace) -> None:
    identifiers = real.identifiers.model_copy(update={"key": "public"})
    assert rule_of(real.model_copy(update={"identifiers": identifiers}), {}, workspace) == "findings.key_public"


def test_study_without_identifiers_needs_no_secret(real: Study, workspace: Workspace) -> None:
    assert load_key(real.model_copy(update={"sources": {}}), {}, workspace) == PUBLIC_KEY


def test_tracked_raw_files_are_refused(real: Study, workspace: Workspace) -> None:
    (workspace.raw / "pupils.csv").write_text("a", encoding="utf-8")
    git = ["git", "-C", str(workspace.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    assert load_key(real, {"EVALUATION_KEY": SECRET}, workspace) == SECRET.encode()
    subprocess.run([*git, "add", "-f", "data"], check=True)
    assert rule_of(real, {"EVALUATION_KEY": SECRET}, workspace) == "findings.raw_files_tracked"
