"""A broken file and what an independent person expects of it, said before the reader is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["accepted", "repaired", "quarantined", "refused"]
Content = bytes | dict[str, bytes]


@dataclass(frozen=True)
class Expected:
    """What becomes of a file whose clean form has rows 0, 1, 2, ...

    ``lost``: clean rows that must not come out; all others must, with the clean form's values except ``cells``
    ((clean row, column) -> value, None for missing). ``aside``: exactly these rows of the file are in quarantine,
    numbered as the clerk sees them. ``told``: rows of the file that a finding must mention, whatever its level;
    ``told_of_file``: some finding must exist. ``or_refused``: refusing the whole file is as good.
    """

    outcome: Outcome
    lost: tuple[int, ...] = ()
    cells: Mapping[tuple[int, str], object] = field(default_factory=dict)
    aside: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    told_of_file: bool = False
    or_refused: bool = False


@dataclass(frozen=True)
class Case:
    source: str
    path: str
    expected: Expected
    build: Callable[[], Content]

    @property
    def name(self) -> str:
        return f"{self.source}-{self.build.__name__}"

    def files(self) -> dict[str, bytes]:
        content = self.build()
        return content if isinstance(content, dict) else {self.path: content}


def accepted(**rest: object) -> Expected:
    return Expected("accepted", **rest)  # type: ignore[arg-type]


def repaired(**rest: object) -> Expected:
    return Expected("repaired", **rest)  # type: ignore[arg-type]


def quarantined(*aside: int, **rest: object) -> Expected:
    return Expected("quarantined", aside=aside, **rest)  # type: ignore[arg-type]


def refused() -> Expected:
    return Expected("refused")


class Register:
    """The cases of one register: the clean file and the broken ones, in the order written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.cases: list[Case] = []
        self.clean: Case | None = None

    def clean_file(self, path: str) -> Callable[[Callable[[], Content]], Callable[[], Content]]:
        def keep(build: Callable[[], Content]) -> Callable[[], Content]:
            self.clean = Case(self.source, path, accepted(), build)
            return build

        return keep

    def broken(self, path: str, expected: Expected) -> Callable[[Callable[[], Content]], Callable[[], Content]]:
        def keep(build: Callable[[], Content]) -> Callable[[], Content]:
            self.cases.append(Case(self.source, path, expected, build))
            return build

        return keep
