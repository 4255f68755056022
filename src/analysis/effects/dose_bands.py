"""The effect in each band of the dose that participants took, against the same comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.alternatives import by_method
from analysis.effects.columns import numbers, outcome_values, population_rows, require, yes_no
from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.followed_persons import largest, refuse_ending_presence, seen_once_begun, treated_rows
from analysis.effects.panel_effect import PanelEffect, clusters_behind, panel_effect
from analysis.effects.person_effect import PersonEffect, compared
from analysis.effects.refusal import DesignRefused
from analysis.study.robustness_settings import Dose


@dataclass(frozen=True)
class BandEffect:
    """``mean``: mean dose behind the band's treated rows; ``units``: whose influence each of ``found.influence`` is."""

    mean: float
    found: Estimate
    units: pd.Index


Bands = dict[str, BandEffect | DesignRefused]


def band_names(bounds: Sequence[float]) -> list[str]:
    """``0-3``, ``3-6``, ``6+``: above the lower end and up to the upper one."""
    ends = [0.0, *bounds]
    return [*(f"{low:g}-{high:g}" for low, high in zip(ends, bounds, strict=False)), f"{bounds[-1]:g}+"]


def bands_over_time(effect: PanelEffect, dose: Dose) -> Bands:
    """By difference-in-differences: people of treated units by the largest dose of their rows, at all times, against
    people of comparison units who took none; both seen once the treatment had begun.
    """
    panel, design = effect.panel, effect.design
    require(panel, [dose.column, design.time])
    refuse_ending_presence(panel, effect.outcome, design)
    taken, treated = largest(panel, design, numbers(panel, dose.column)), treated_rows(panel, design)
    counted = population_rows(panel, effect.population) & seen_once_begun(panel, design)

    def one(band: Booleans) -> BandEffect:
        members = panel.loc[band | (counted & ~treated & (taken == 0))]
        found = panel_effect(members, effect.outcome, design, effect.level)
        return BandEffect(float(taken[band].mean()), found, clusters_behind(members, effect.outcome, design))

    return _each(taken, treated & counted & (taken > 0), dose, one)


def bands_of_persons(effect: PersonEffect, dose: Dose) -> Bands:
    """By weighting: treated persons of each band against all who are not treated; those whose dose is not known are
    left out."""
    persons, design = effect.persons, effect.design
    require(persons, [dose.column, design.treated])
    persons = persons.loc[population_rows(persons, effect.population)]
    taken, treated = numbers(persons, dose.column), yes_no(persons, design.treated)

    def one(band: Booleans) -> BandEffect:
        members, sample = compared(persons.loc[~treated | band], design, effect.level)
        found = by_method(sample, outcome_values(members, effect.outcome), "aipw")
        clusters = None if design.cluster is None else sorted(members[design.cluster].unique())
        units = pd.Index(members[design.unit] if clusters is None else clusters)
        return BandEffect(float(taken[band].mean()), found, units)

    return _each(taken, treated & ~np.isnan(taken), dose, one)


def _each(taken: Floats, participants: Booleans, dose: Dose, one: Callable[[Booleans], BandEffect]) -> Bands:
    if not participants.any():
        raise DesignRefused("no_dose", column=dose.column)
    place: Integers = np.searchsorted(np.array(dose.bands), taken, side="left")
    found: Bands = {}
    for number, name in enumerate(band_names(dose.bands)):
        inside = participants & (place == number)
        try:
            if not inside.any():
                raise DesignRefused("no_dose", column=dose.column)
            found[name] = one(inside)
        except DesignRefused as refusal:
            found[name] = refusal
    return found
