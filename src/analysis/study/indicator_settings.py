"""What a study declares of its indicators and activities: section ``indicators`` of study.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from analysis.study.base import Bilingual, Settings

Rule = Literal["minority_children", "disadvantaged_result"]


class BySex(Settings):
    """A declared number of persons: men, women and both; ``total`` alone where no split by sex is set."""

    male: int | None = Field(None, ge=0)
    female: int | None = Field(None, ge=0)
    total: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _adds_up(self) -> BySex:
        if (self.male is None) != (self.female is None):
            raise ValueError("indicators: give both men and women, or the total alone")
        if self.male is not None and self.female is not None and self.total not in (None, self.male + self.female):
            raise ValueError(f"indicators: {self.male} men and {self.female} women are not {self.total} in all")
        return self

    @property
    def whole(self) -> int | None:
        """Men and women together, where anything is set."""
        return self.male + self.female if self.male is not None and self.female is not None else self.total

    def of(self, sex: str) -> int | None:
        """The number of one sex, or of both for ``total``."""
        return {"male": self.male, "female": self.female}.get(sex, self.whole)


class Activity(Settings):
    """An activity of the project, by the code that attendance lists and the sheet of spending carry."""

    name: Bilingual
    contract: str = Field(description="code of the contract that pays for it")
    of_persons: bool = Field(True, description="false: nobody attends it (equipment, public events without lists)")


class ReportedIndicator(Settings):
    """An indicator's line in ИСУН's technical report; a target that is not set stays blank."""

    baseline: BySex = BySex()
    target: BySex = Field(BySex(), description="blank: the report says that no target is set")
    previous: BySex = Field(BySex(), description="cumulative value of the report before; blank: there is none")
    approved: BySex = Field(BySex(), description="value approved in the report before")
    is_cumulative: bool = Field(
        False, description="„Отчитане с натрупване = да“: the period's value is the cumulative one"
    )
    trend: Literal["increase", "decrease", "not_applicable"] = "increase"
    source: Bilingual | None = None
    comment: Bilingual | None = None


class ProgrammeIndicator(ReportedIndicator):
    """A programme's own indicator.

    ``rule``: minority_children (participants in activities with children who are of a minority) or
    disadvantaged_result (disadvantaged people who left into work, education or search, with a qualification or in
    services).
    """

    contract: str = Field(description="code of the contract whose participants count")
    kind: Literal["output", "result"]
    rule: Rule
    name: Bilingual


class Indicators(Settings):
    """Indicators and activities; a study without this section has no indicators computed."""

    activities: dict[str, Activity] = Field({}, description="code of an activity -> what it is")
    programme: dict[str, ProgrammeIndicator] = {}
    common: dict[str, ReportedIndicator] = Field(
        {}, description="CO01-CR09: targets and earlier values, where there are any"
    )
    immediate_days: int = Field(28, ge=1, description="results on leaving count up to so many days after the last exit")
    months_after: int = Field(
        6, ge=1, description="longer-term results are those so many calendar months after the exit"
    )
    qualification_certificates: list[str] = Field(
        ["professional_qualification", "part_of_profession", "key_competence"],
        description="kinds of certificates that are a qualification (CR03)",
    )
    service_activities: list[str] = Field([], description="activities that are social and health services")
    child_activities: list[str] = Field(["children"], description="ИСУН activities whose participants are children")
    entities: dict[Literal["CO20", "CO21", "CO22", "CO23"], int] = Field(
        {}, description="project-level indicators; blank: not applicable to this project"
    )
