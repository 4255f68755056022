"""What a study declares of its costs: section ``costs`` of study.yml. Spending itself comes from the team's sheet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.study.base import Settings


class CostPerResult(Settings):
    """A cost per unit of an effect: which effect, and whose spending it is held against."""

    outcome: str
    contract: str
    population: str | None = Field(None, description="the outcome's first population when not given")
    measure: Literal["effect", "after_exit", "months_worked"] = "effect"
    term: str = Field("", description="months after leaving, for after_exit")
    per: Literal["participant", "exposed"] = Field(
        "participant",
        description="participant: the effect is one on a participant; exposed: on each person of the population in a "
        "project school and year, whether or not taking part",
    )


class Costs(Settings):
    """Efficiency; needs the sheet of activities and spending among the sources."""

    results: dict[str, CostPerResult] = Field({}, description="name of a unit cost -> the effect behind it")
