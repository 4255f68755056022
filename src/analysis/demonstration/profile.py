"""What a small synthetic municipality is like: ``demonstration.yml`` beside its study.yml; no name is in code."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from analysis.study.base import Settings
from analysis.texts.yaml_text import from_yaml

PROFILE = "demonstration.yml"


class TownSchool(Settings):
    """A school: its code, from which school year the project works there (None: never), pupils a grade."""

    code: str
    start: int | None = None
    pupils_a_grade: int
    vulnerable: float = Field(ge=0, le=1, description="share of pupils whose parents have little schooling")


class Table(Settings):
    """How a file is written: its name (``{year}`` in it: a file a year), captions and codes by our names."""

    file: str
    captions: dict[str, str]
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    separator: str = ";"
    encoding: str = "utf-8"


class Jobs(Settings):
    """People of a job programme and others, as one plain table with a row a person."""

    participants: int
    others: int
    effect: float = Field(description="added to the log-odds of work a year after, for participants")
    table: Table


class Town(Settings):
    """The profile: whom to draw, what the project does, and how each file is written."""

    seed: int
    first_year: int
    last_year: int
    grades: int = 7
    schools: list[TownSchool]
    dropout: dict[str, float] = Field(description="log-odds: constant, and what is added for `signs` and `project`")
    pupils: Table
    movements: Table
    marks: Table
    jobs: Jobs


def load_profile(folder: Path) -> Town:
    """Read the profile of the study whose settings lie in ``folder``."""
    return Town.model_validate(from_yaml((folder / PROFILE).read_text(encoding="utf-8")))
