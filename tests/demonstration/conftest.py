"""The shipped study, drawn once for all tests of this folder, and the folder with its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.demonstration import Demonstration, draw

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shipped() -> Demonstration:
    return draw(1)


@pytest.fixture(scope="session")
def raw() -> Path:
    return ROOT / "data" / "raw" / "haskovo-demo"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
