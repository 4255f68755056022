"""A table as a clerk has it on the screen: captions, rows, and what a clerk does to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from analysis.study.registers import load_register

Cell = object
Grid = list[list[Cell]]


@dataclass(frozen=True)
class Table:
    """``names``: our name of each column (a date of three parts has three); ``captions``: what the file shows."""

    names: tuple[str, ...]
    captions: tuple[str | None, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def grid(self) -> Grid:
        return [list(self.captions), *[list(row) for row in self.rows]]

    def at(self, name: str) -> int:
        return self.names.index(name)

    def cell(self, row: int, name: str) -> Cell:
        return self.rows[row][self.at(name)]

    def put(self, row: int, name: str, value: Cell) -> Table:
        """Another value in one cell."""
        changed = list(self.rows[row])
        changed[self.at(name)] = value
        return replace(self, rows=(*self.rows[:row], tuple(changed), *self.rows[row + 1 :]))

    def fill(self, name: str, values: Iterable[Cell]) -> Table:
        """Other values down one column, from the first row on."""
        table = self
        for row, value in enumerate(values):
            table = table.put(row, name, value)
        return table

    def change(self, name: str, how: Callable[[Cell], Cell]) -> Table:
        return self.fill(name, [how(row[self.at(name)]) for row in self.rows])

    def caption(self, name: str, text: str | None) -> Table:
        captions = list(self.captions)
        captions[self.at(name)] = text
        return replace(self, captions=tuple(captions))

    def order(self, names: Iterable[str]) -> Table:
        """Only these columns, in this order."""
        places = [self.at(name) for name in names]
        return Table(
            tuple(self.names[place] for place in places),
            tuple(self.captions[place] for place in places),
            tuple(tuple(row[place] for place in places) for row in self.rows),
        )

    def without(self, *names: str) -> Table:
        return self.order([name for name in self.names if name not in names])

    def exchange(self, row: int, one: str, other: str) -> Table:
        """The contents of two cells of a row, typed into each other's place."""
        return self.put(row, one, self.cell(row, other)).put(row, other, self.cell(row, one))

    def add(self, row: Iterable[Cell], at: int | None = None) -> Table:
        place = len(self.rows) if at is None else at
        return replace(self, rows=(*self.rows[:place], tuple(row), *self.rows[place:]))

    def blank(self, **cells: Cell) -> tuple[Cell, ...]:
        """A row of its own with only these cells filled in."""
        return tuple(cells.get(name) for name in self.names)

    def note(self, text: str) -> tuple[Cell, ...]:
        """A row with a text in its first cell only."""
        return (text, *[None] * (len(self.names) - 1))


def table_of(register: str, rows: list[dict[str, Cell]]) -> Table:
    """The register's captions over rows given by our column names."""
    names: list[str] = []
    captions: list[str | None] = []
    for field in load_register(register).fields:
        if field.header is None:
            continue
        parts = [field.name] if field.parts == 1 else [f"{field.name}_{part + 1}" for part in range(field.parts)]
        names += parts
        captions += [field.header, *[None] * (field.parts - 1)]
    unknown = {name for row in rows for name in row} - set(names)
    assert not unknown, unknown
    return Table(tuple(names), tuple(captions), tuple(tuple(row.get(name) for name in names) for row in rows))
