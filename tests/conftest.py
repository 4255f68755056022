"""The order of the whole suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("workbench", deadline=None)  # a slow machine is no fault of the program
settings.load_profile("workbench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole runs first, the rest as it comes: so no worker waits at the end for the other one's longest file."""
    items.sort(key=lambda item: "end_to_end" not in item.path.parts)
