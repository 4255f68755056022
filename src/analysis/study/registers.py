"""The registers that are known by name: their fields, captions, code lists and rules, as data in ``registers/*.yml``.

A study's source takes a register and says only where its own files differ (other captions, other texts for a code).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from analysis.study.base import Bilingual, Settings
from analysis.study.fields import RegisterField, Rule
from analysis.study.settings import Layout, Source, Study
from analysis.study.survey_settings import RESPONDENT, WAVE
from analysis.texts.yaml_text import from_yaml

FOLDER = Path(__file__).parent / "registers"


class Register(Settings):
    """A register: what it is called, who keeps it, where the table lies, its key, fields and rules."""

    register_name: str = Field(alias="register")
    title: Bilingual
    institution: Bilingual
    layout: Layout = Layout()
    key: list[str]
    fields: list[RegisterField]
    rules: list[Rule] = Field(default_factory=list)
    sums: list[str] = Field(default_factory=list, description="columns that a row of totals may add up")

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
    return Register.model_validate(from_yaml(path.read_text(encoding="utf-8")))


def register_of(study: Study, name: str) -> Register:
    """What the source ``name`` holds: the register it takes, or the table that the study declares for it."""
    source = study.sources[name]
    if source.register_name:
        return load_register(source.register_name)
    title = source.title or Bilingual(bg=name, en=name)
    declared, key = source.fields, source.key
    if source.survey and study.survey is not None:
        declared, key = study.survey.fields_of(source.columns, source.constants), [RESPONDENT, WAVE]
    return Register(
        register=name,
        title=title,
        institution=source.institution or title,
        key=key,
        fields=[_with_own_name(field) for field in declared],
        rules=source.rules,
    )


def _with_own_name(field: RegisterField) -> RegisterField:
    """A field declared without a caption or a place is known by its name."""
    if field.header is not None or field.position is not None or field.from_file_name:
        return field
    return field.model_copy(update={"header": field.name})


@cache
def load_codes() -> dict[str, dict[str, list[str]]]:
    """All code lists: list name -> canonical code -> texts met in files."""
    content = from_yaml((FOLDER / "codes.yml").read_text(encoding="utf-8"))
    return {
        name: {str(code): [str(text) for text in texts] for code, texts in codes.items()}
        for name, codes in content.items()
    }
