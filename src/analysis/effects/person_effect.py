"""The headline of a weighting design alone, without what stands beside it: quick enough for many runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.effects.alternatives import by_method
from analysis.effects.columns import chosen_rows, outcome_values, require
from analysis.effects.curve import Sample, person_times
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.weighting_sample import propensity_of, sample_of, within
from analysis.study.design_settings import Weighting


@dataclass(frozen=True)
class PersonEffect:
    """The effect on ``outcome`` in ``population``, as declared or under other choices; one row of ``persons`` each."""

    persons: pd.DataFrame
    outcome: str
    population: str
    design: Weighting
    level: float

    @classmethod
    def at(
        cls,
        persons: pd.DataFrame,
        person_months: pd.DataFrame | None,
        outcome: str,
        population: str,
        design: Weighting,
        level: float,
        time: int,
    ) -> PersonEffect:
        """Of an outcome that is followed over time, its value at ``time``."""
        if person_months is not None and design.time is not None:
            times, values = person_times(persons, person_months, design.unit, design.time, outcome)
            persons = persons.assign(**{outcome: values[:, times.index(time)]})
        return cls(persons, outcome, population, design, level)

    @property
    def declared(self) -> dict[str, Any]:
        """The value of each choice as the study declares it."""
        own = {name: getattr(self.design, name) for name in ("covariates", "trim", "score", "estimand")}
        return {"population": self.population, "leave_out": [], **own}

    def under(self, chosen: Mapping[str, Any]) -> Estimate:
        """The effect under other choices; what is not chosen is as declared."""
        choice = {**self.declared, **chosen}
        members = self.persons.loc[chosen_rows(self.persons, choice["population"], choice["leave_out"])]
        update = {name: choice[name] for name in ("covariates", "trim", "score", "estimand")}
        return person_effect(members, self.outcome, self.design.model_copy(update=update), self.level)


def person_effect(members: pd.DataFrame, outcome: str, design: Weighting, level: float) -> Estimate:
    """Normalised AIPW on the persons ``members``, trimmed as the design says."""
    members, sample = compared(members, design, level)
    return by_method(sample, outcome_values(members, outcome), "aipw")


def compared(members: pd.DataFrame, design: Weighting, level: float) -> tuple[pd.DataFrame, Sample]:
    """The persons that are left after trimming, and their sample."""
    require(members, [design.unit, design.treated, *design.covariates])
    sample = sample_of(members, design, level)
    if sample.treated.all() or not sample.treated.any():
        raise DesignRefused("no_comparison" if sample.treated.all() else "no_treated")
    if design.trim is None:
        return members, sample
    members = members.loc[within(propensity_of(sample), sample.treated, design.trim)]
    return members, sample_of(members, design, level)
