"""Which register a table holds, and which of its columns is which: by captions and by what stands below them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.adapting.columns import Column, FoundTable
from analysis.adapting.likeness import KNOWN, SAME, caption_likeness, further_captions
from analysis.adapting.values import share_read
from analysis.sources.captions import REPEAT_MARK, fold
from analysis.study import Register, RegisterField, load_register
from analysis.study.agreement import register_names

ENOUGH = 0.5  # likeness from which a column is proposed
SURE = 0.9  # from which the proposal needs no second look
FEWEST_REQUIRED, FEWEST_OVERALL = 0.6, 0.5
TELLING = ("identifier", "school_code", "grade", "date", "birth_date", "school_year", "number", "integer", "employer")
ALONE = ("identifier", "school_code")  # kinds that values alone give away


@dataclass(frozen=True)
class Place:
    """The column that a field has in the file, and how sure that is (0 to 1; 1: the register's own caption)."""

    column: Column
    likeness: float

    @property
    def is_sure(self) -> bool:
        return self.likeness >= SURE


@dataclass(frozen=True)
class RegisterMatch:
    """A register and where its fields stand; ``missing``: those without which the reader refuses the file."""

    register: Register
    places: dict[str, Place]
    missing: list[RegisterField]
    score: float

    def is_own(self, name: str) -> bool:
        """Whether the register's own caption stands over the column, so that nothing needs to be declared."""
        return self.places[name].likeness == SAME


def usual_fields(register: Register) -> list[RegisterField]:
    """The fields that stand in a file under captions."""
    return [field for field in register.fields if field.header is not None]


@cache
def registers_with_captions() -> list[Register]:
    registers = [load_register(name) for name in register_names()]
    return [register for register in registers if register.layout.header_row != 0]


@cache
def all_known_captions() -> frozenset[str]:
    """Every caption of every register and every further one, folded."""
    own = [field.header for register in registers_with_captions() for field in usual_fields(register)]
    further = further_captions()
    groups = [further["everywhere"], *further["registers"].values()]
    return frozenset(
        fold(text)
        for text in [*filter(None, own), *(one for group in groups for texts in group.values() for one in texts)]
    )


def best_register(table: FoundTable) -> RegisterMatch | None:
    """The register that fits the table best; None when none has most of its required columns there."""
    matches = [match_register(table, register) for register in registers_with_captions()]
    fitting = [match for match in matches if match is not None]
    return max(fitting, key=lambda match: match.score, default=None)


def match_register(table: FoundTable, register: Register) -> RegisterMatch | None:
    """Where a register's fields stand in a table; None when too few of them do, or a person's number does not."""
    places = _places(table.columns, usual_fields(register), register)
    required = [field for field in usual_fields(register) if field.must_be_a_column]
    captioned = sum(bool(column.captions) for column in table.columns)
    if not places or not captioned or not required:
        return None
    found = sum(places[field.name].likeness for field in required if field.name in places) / len(required)
    taken = sum(place.likeness for place in places.values()) + _parts_taken(register, places)
    score = 2 * found * min(1.0, taken / captioned) / (found + min(1.0, taken / captioned)) if found else 0.0
    lacks_person = any(field.kind == "identifier" and field.name not in places for field in required)
    if found < FEWEST_REQUIRED or score < FEWEST_OVERALL or lacks_person:
        return None
    return RegisterMatch(register, places, [field for field in required if field.name not in places], score)


def _parts_taken(register: Register, places: dict[str, Place]) -> int:
    """The further columns of dates in parts, counted as met."""
    return sum(field.parts - 1 for field in register.fields if field.parts > 1 and field.name in places)


def _places(columns: list[Column], fields: list[RegisterField], register: Register) -> dict[str, Place]:
    """Each field's column: the surest pairs first, one column a field."""
    pairs = [
        (likeness, at, column, field)
        for at, field in enumerate(fields)
        for column in columns
        if (likeness := _likeness(column, field, register)) >= ENOUGH
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2].place))
    places: dict[str, Place] = {}
    taken: set[int] = set()
    for likeness, _, column, field in pairs:
        if field.name not in places and column.place not in taken:
            places[field.name] = Place(column, likeness)
            taken |= {column.place, *_parts(column, columns, field)}
    return places


def _parts(column: Column, columns: list[Column], field: RegisterField) -> list[int]:
    """The columns to the right that hold the other parts of a date."""
    following = [one for one in columns if column.place < one.place < column.place + field.parts]
    key = REPEAT_MARK.sub("", fold(column.caption))
    return [one.place for one in following if not one.captions or REPEAT_MARK.sub("", fold(one.caption)) == key]


def _likeness(column: Column, field: RegisterField, register: Register) -> float:
    """How surely a column is the field: its caption's likeness, raised or dropped by what stands below it."""
    by_caption = caption_likeness(column.captions, field, register)
    if by_caption == SAME:
        return SAME
    if by_caption == 0 and field.kind not in ALONE:
        return 0.0
    share = share_read(column, field)
    if share is None:
        return by_caption
    if share < 0.3 and field.kind in TELLING:
        return 0.0
    if share >= 0.8 and field.kind in ALONE:
        return max(by_caption, ENOUGH + 0.1)
    # codes are often a file's own: unknown ones say little, known ones confirm
    return min(KNOWN, by_caption + 0.2 * share) if by_caption >= 0.4 else by_caption
