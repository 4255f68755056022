"""What a study promised before its data were seen: section ``plan`` of study.yml.

It repeats in full what it promises and points to nothing, so that a later change of the study cannot change the plan
with it: the two are compared (``analysis.study.plan_review``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Literal

from pydantic import Field

from analysis.study.base import Bilingual, Settings

PlannedValue = bool | int | float | str | dt.date | list[bool | int | float | str] | None


class Registration(Settings):
    """When the plan was laid down, and where a copy lies that nobody of the study can change."""

    date: dt.date
    where: Bilingual | None = Field(None, description="the address in a public register, or the document with the plan")
    sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="checksum of the plan on that day; `check-data` tells it"
    )


class Hypothesis(Settings):
    """What was expected, and by which planned outcomes it is judged."""

    id: str
    text: Bilingual
    outcomes: list[str] = Field(min_length=1)


class PlannedOutcome(Settings):
    role: Literal["primary", "co_primary", "secondary", "placebo"]
    design: str = Field(description="one of the plan's own `designs`")
    populations: list[str] = Field(min_length=1, description="the first one is the headline's, as in `outcomes`")


class Plan(Settings):
    """``designs``: name -> what was promised of it, ``kind`` always, any other key of that design where it matters.
    ``settings``: any other key of study.yml, dotted -> its promised value, such as ``inference.level: 0.05``."""

    registered: Registration
    hypotheses: list[Hypothesis] = []
    designs: dict[str, dict[str, PlannedValue]]
    outcomes: dict[str, PlannedOutcome] = Field(min_length=1)
    settings: dict[str, PlannedValue] = {}

    @property
    def canonical(self) -> str:
        """The promise as one text: the same for equal plans, however study.yml is laid out, and without the
        registration, which is made afterwards."""
        promise = self.model_dump(mode="json", exclude={"registered"}, exclude_defaults=True)
        return json.dumps(promise, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The checksum of the promise (64 hexadecimal digits)."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def was_changed(self) -> bool:
        """Whether the plan is another than the one whose checksum was registered; unknown counts as unchanged."""
        return self.registered.sha256 is not None and self.registered.sha256 != self.sha256

    def covers(self, outcome: str, population: str) -> bool:
        """Whether the estimate on this outcome in this population was promised."""
        return outcome in self.outcomes and population in self.outcomes[outcome].populations
