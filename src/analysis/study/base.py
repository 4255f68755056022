"""What every section of study.yml is built on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["bg", "en"]


class Settings(BaseModel):
    """Base of every section: unknown keys are refused and nothing can be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrongChoice(ValueError):
    """A value that is not one of those allowed: ``place: value: allowed, allowed``."""

    kind = "wrong_choice"


class Bilingual(Settings):
    """One text in both languages."""

    bg: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.bg
