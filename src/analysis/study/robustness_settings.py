"""What a study declares for the questions a referee asks: other reasonable choices, and the dose people took."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from analysis.study.base import Settings

AS_DECLARED = "as_declared"
MOST_SPECIFICATIONS = 256

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(gt=0, lt=0.5)]


class Specifications(Settings):
    """Choices that could as well have been made: what is chosen -> name of the alternative -> its value. The declared
    choice always stands beside them, and every combination is estimated."""

    population: dict[Name, str] = Field({}, description="another population, by its column")
    leave_out: dict[Name, list[str]] = Field({}, description="yes-or-no columns; rows with a yes are left out")
    covariates: dict[Name, list[str]] = Field({}, description="another set of covariates")

    @property
    def choices(self) -> dict[str, dict[str, Any]]:
        """What may be chosen otherwise, in declared order of the alternatives."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: alternatives for name, alternatives in found.items() if alternatives}

    @property
    def count(self) -> int:
        return prod(1 + len(alternatives) for alternatives in self.choices.values())


class PanelSpecifications(Specifications):
    """Choices of a design over time."""

    excluded_times: dict[Name, list[int]] = Field({}, description="times that are left out")
    first_time: dict[Name, int] = Field({}, description="the time from which on rows count")
    last_time: dict[Name, int] = Field({}, description="the last time that counts")


class WeightingSpecifications(Specifications):
    """Choices of a weighting design."""

    trim: dict[Name, Share | None] = Field({}, description="null: nobody is left out for their propensity")
    score: dict[Name, Literal["logit", "probit"]] = {}
    estimand: dict[Name, Literal["att", "ate"]] = {}


class Dose(Settings):
    """How much of the treatment a participant took: the effect is also estimated by bands of it."""

    column: str
    bands: list[float] = Field(min_length=1, description="upper ends of all bands but the last, which is open")
    assigned: bool = Field(False, description="whether the dose was drawn by lot; else people chose it themselves")
