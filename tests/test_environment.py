"""pyproject.toml, requirements.lock and environment.yml say the same; the set-up rebuilds only what has changed."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def locked() -> dict[str, list[Requirement]]:
    """Every pin of the lock by name; a package may be pinned differently for different Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in script("lock").pins(LOCK):
        requirement = Requirement(line)
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


DIRECT = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]


@pytest.mark.parametrize("declared", DIRECT)
def test_every_direct_dependency_is_locked_within_its_range(declared: str) -> None:
    requirement = Requirement(declared)
    pins = locked().get(canonicalize_name(requirement.name), [])
    assert pins, f"{declared} is not in requirements.lock: run `make lock`"
    for pin in pins:
        [specifier] = pin.specifier
        assert specifier.operator == "=="
        assert requirement.specifier.contains(specifier.version, prereleases=True), f"{declared}: {pin}"


def test_the_lock_holds_hashes_and_no_address() -> None:
    assert not re.search(r"https?://|file:|index-url|find-links", LOCK)
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_environment_yml_is_made_from_the_lock() -> None:
    committed = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert committed == script("lock").environment(LOCK), "run: python scripts/lock.py --conda"
    content = yaml.safe_load(committed)
    assert content["channels"] == ["conda-forge", "nodefaults"]
    [pip] = [entry["pip"] for entry in content["dependencies"] if isinstance(entry, dict)]
    assert pip[-1] == "-e ."
    assert {str(Requirement(line)) for line in pip[:-1]} == {str(pin) for pins in locked().values() for pin in pins}
    assert f"python {PROJECT['project']['requires-python']}" in content["dependencies"]


def test_the_installed_packages_are_the_locked_ones() -> None:
    from importlib.metadata import version

    for name in ("pandas", "papermill", "nbconvert", "statsmodels", "seaborn", "pytask", "typst"):
        assert version(name) in {next(iter(pin.specifier)).version for pin in locked()[name]}


def test_an_up_to_date_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepare = script("prepare_environment")
    monkeypatch.setattr(prepare, "STAMP", tmp_path / "stamp")
    calls: list[str] = []
    monkeypatch.setattr(prepare, "install", lambda: calls.append("install"))
    assert prepare.main() == 0
    assert prepare.main() == 0
    assert calls == ["install"]
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK + "# changed\n", encoding="utf-8")
    monkeypatch.setattr(prepare, "LOCK", lock)
    assert prepare.main() == 0
    assert calls == ["install", "install"]


def test_plain_pip_does_it_where_uv_cannot_be_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepare = script("prepare_environment")
    done: list[str] = []

    def run(*command: object) -> None:
        line = " ".join(str(part) for part in command)
        if prepare.UV in line:
            raise subprocess.CalledProcessError(1, line)
        done.append(line)

    monkeypatch.setattr(prepare, "BOOT", tmp_path / "boot")
    monkeypatch.setattr(prepare, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(prepare, "run", run)
    assert prepare.main() == 0
    assert any("--require-hashes" in line and "pip install" in line for line in done)
    assert done[-1].endswith(f"-e {ROOT}")


def test_a_set_up_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepare = script("prepare_environment")
    monkeypatch.setattr(prepare, "STAMP", tmp_path / "stamp")

    def fail() -> None:
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(prepare, "install", fail)
    assert prepare.main() == 3
    assert not (tmp_path / "stamp").exists()


TARGETS = ["report", "check-data", "test", "lab", "why", "lint", "fix", "demo", "bench", "clean"]
TARGETS += ["test-slow", "test-browser", "simulate"]


@pytest.mark.skipif(sys.platform == "win32", reason="make")
def test_make_alone_prints_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in TARGETS:
        assert re.search(rf"(?m)^\s+{target}\s+\S", shown), target
