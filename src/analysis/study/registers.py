"""The registers that are known by name: their fields, captions, code lists and rules, as data in ``registers/*.yml``.

A study's source takes a register and says only where its own files differ (other captions, other texts for a code).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from analysis.study.settings import Bilingual, Layout, Settings, Source

FOLDER = Path(__file__).parent / "registers"

Kind = Literal[
    "identifier", "id_type", "personal", "text", "code", "boolean", "integer", "number", "date", "birth_date",
    "grade", "section", "school_code", "school_year", "employer",
]  # fmt: skip

DTYPES = {
    "boolean": "boolean",
    "integer": "Int64",
    "grade": "Int64",
    "school_year": "Int64",
    "number": "float64",
    "date": "datetime64[ns]",
    "birth_date": "datetime64[ns]",
}


class RegisterField(Settings):
    """One column of a register, under our name for it.

    ``use``: keep it; drop it (read, not kept); check (used to check other columns, then dropped).
    ``parts``: the date is spread over so many columns (year, month, day) under one caption.
    """

    name: str
    kind: Kind
    header: str | None = None
    position: int | None = None
    from_file_name: bool = False
    required: bool = False
    column_required: bool = Field(False, description="a cell may be empty, but the file must have the column")
    optional: bool = Field(False, description="the whole column may be missing from the file")
    use: Literal["keep", "drop", "check"] = "keep"
    codes: str | None = None
    other: bool = Field(False, description="a text outside the code list becomes 'other' instead of a finding")
    type_field: str | None = None
    empty_means: str | None = None
    parts: int = 1
    minimum: float | None = None
    maximum: float | None = None

    @property
    def dtype(self) -> str:
        """The pandas type of the cleaned values."""
        return DTYPES.get(self.kind, "str")

    @property
    def must_be_a_column(self) -> bool:
        """Whether a file without this column is refused: without it, absence would be read as a fact."""
        return self.required or self.column_required


class Rule(Settings):
    """A rule over a whole row: ``date_order`` (first <= second) or ``date_within`` (from <= column <= to)."""

    rule: Literal["date_order", "date_within"]
    first: str | None = None
    second: str | None = None
    column: str | None = None
    start: str | None = Field(None, alias="from")
    end: str | None = Field(None, alias="to")


class Register(Settings):
    """A register: what it is called, who keeps it, where the table lies, its key, fields and rules."""

    register_name: str = Field(alias="register")
    title: Bilingual
    institution: Bilingual
    layout: Layout = Layout()
    key: list[str]
    fields: list[RegisterField]
    rules: list[Rule] = Field(default_factory=list)

    def field(self, name: str) -> RegisterField:
        """The field of that name; KeyError when the register has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def accepted_types(self) -> dict[str, str]:
        """Column -> pandas type of the register's accepted table: what is kept and tells nobody's name or birthday."""
        kept = [field for field in self.fields if field.use == "keep"]
        types = {field.name: field.dtype for field in kept if field.kind not in ("personal", "birth_date")}
        age = {"age_at_entry": "Int64"} if any(field.name == "age_stated" for field in self.fields) else {}
        return {**types, "birth_year": "Int64", **age}

    def for_source(self, source: Source) -> Register:
        """This register with the source's own captions and layout in place of the usual ones."""
        fields = [_with_caption(field, source.columns.get(field.name)) for field in self.fields]
        layout = self.layout
        if source.layout is not None:
            layout = layout.model_copy(update=source.layout.model_dump(exclude_unset=True))
        return self.model_copy(update={"fields": fields, "layout": layout})


def _with_caption(field: RegisterField, caption: str | int | None) -> RegisterField:
    if caption is None:
        return field
    place = {"position": caption, "header": None} if isinstance(caption, int) else {"header": caption, "position": None}
    return field.model_copy(update=place)


@cache
def load_register(name: str) -> Register:
    """Read one register's description; FileNotFoundError names the known ones."""
    path = FOLDER / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yml") if p.stem != "codes"))
        raise FileNotFoundError(f"unknown register {name!r}; known: {known}")
    return Register.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def load_codes() -> dict[str, dict[str, list[str]]]:
    """All code lists: list name -> canonical code -> texts met in files."""
    content = yaml.safe_load((FOLDER / "codes.yml").read_text(encoding="utf-8"))
    return {
        name: {str(code): [str(text) for text in texts] for code, texts in codes.items()}
        for name, codes in content.items()
    }
