"""The order of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("workbench", deadline=None)  # a slow machine is no fault of the program
settings.load_profile("workbench")

TESTS = Path(__file__).parent
# The longest files of the suite, the longest first; what is not named follows as it comes.
LONGEST = [
    "end_to_end/test_shipped.py",
    "end_to_end/test_proof.py",
    "end_to_end/test_second_municipality.py",
    "end_to_end/test_corruption.py",
    "effects/test_bad_designs.py",
    "pipeline/test_cluster.py",
    "report/test_design_figures.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: so no worker waits at the end for the other one's longest file."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
