"""What the engine compares: values by their content, and tasks that are data rather than decorated functions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytask import TaskWithoutPath


@dataclass(kw_only=True)
class ValueNode:
    """A value that a stage depends on; pytask's own PythonNode ignores values unless told otherwise."""

    name: str
    value: str
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        return hashlib.sha256(f"value {self.name}".encode()).hexdigest()

    def state(self) -> str:
        return hashlib.sha256(self.value.encode()).hexdigest()

    def load(self, is_product: bool = False) -> str:
        return self.value

    def save(self, value: str) -> None:
        raise TypeError(f"{self.name} is given, not made")


@dataclass(kw_only=True)
class StageTask(TaskWithoutPath):
    """A task whose own code is among its declared dependencies, so that its state is only its name."""

    function: Callable[..., Any]

    def state(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()
