"""Ours and the other library's, size by size: lines that say which is how much faster, for which number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from speed.runs import LIMIT_SECONDS, Run, Side, measured
from speed.task import Task


@dataclass(frozen=True)
class Line:
    """One task at one size. ``peer`` is missing where it could not do it, and ``why`` says so."""

    task: Task
    ours: Run
    peer: Run | None
    why: str = ""

    @property
    def agree(self) -> bool:
        return self.peer is not None and self.task.agree(self.ours.said["numbers"], self.peer.said["numbers"])

    @property
    def ratio(self) -> float | None:
        """How many times as long the other takes, each warm; none where the numbers are not the same."""
        return self.peer.seconds / self.ours.seconds if self.peer is not None and self.agree else None

    @property
    def difference(self) -> dict[str, float]:
        return {} if self.peer is None else self.task.differences(self.ours.said["numbers"], self.peer.said["numbers"])


def compared(task: Task, ours: Side, peer: Side, rows: tuple[int, ...], show: Callable[[str], None]) -> Iterator[Line]:
    """A line a size; where the other cannot do the smallest, one more at the largest it can."""
    largest: Run | None = None
    stopped = ""
    for size in rows:
        show(f"{task.name}: {size:,}, ours")
        own = measured(task, size, ours)
        if own.failed:
            raise RuntimeError(f"{task.name}, {size:,} rows: {own.failed}")
        stopped = stopped or _too_long(largest, size)
        if not stopped:
            show(f"{task.name}: {size:,}, {task.peer_package}")
            found = measured(task, size, peer)
            stopped, largest = found.failed, largest if found.failed else found
        yield Line(task, own, None if stopped else largest, stopped)
    if largest is None:
        yield from _largest_feasible(task, ours, peer, rows[0], show)


def _too_long(largest: Run | None, size: int) -> str:
    """Not begun when it would pass the limit even if its time grew no faster than the data."""
    if largest is None or largest.least * size / largest.rows <= LIMIT_SECONDS:
        return ""
    return f"more than 5 minutes ({largest.least:.0f} s at {largest.rows:,})"


def _largest_feasible(task: Task, ours: Side, peer: Side, below: int, show: Callable[[str], None]) -> Iterator[Line]:
    """From the smallest upwards, so that no size is begun that would pass the limit."""
    largest: Run | None = None
    for size in sorted(size for size in task.smaller if size < below):
        if _too_long(largest, size):
            break
        show(f"{task.name}: {size:,}, {task.peer_package}")
        found = measured(task, size, peer)
        if found.failed:
            break
        largest = found
    if largest is not None:
        yield Line(task, measured(task, largest.rows, ours), largest)
