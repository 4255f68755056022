"""A plugin of the engine (entry point ``pytask``): tells a listener of every task that is sent out and comes back.

On one machine each stage tells of itself. From a cluster nothing is heard until a task is back, so the engine is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from pytask import hookimpl


class Ear(Protocol):
    """Told by name; ``error`` is None when the task ended well."""

    def sent(self, name: str) -> None: ...
    def back(self, name: str, error: BaseException | None) -> None: ...


_EARS: list[Ear] = []


@contextmanager
def told_to(ear: Ear) -> Iterator[None]:
    """Tell this one of the tasks of the session that runs inside."""
    _EARS.append(ear)
    try:
        yield
    finally:
        _EARS.remove(ear)


@hookimpl(tryfirst=True)
def pytask_execute_task(session: Any, task: Any) -> None:
    for ear in _EARS:
        ear.sent(task.name)


@hookimpl(tryfirst=True)
def pytask_execute_task_process_report(session: Any, report: Any) -> None:
    if report.outcome.name in ("SUCCESS", "FAIL"):
        error = report.exc_info[1] if report.exc_info else None
        for ear in _EARS:
            ear.back(report.task.name, error)
