"""Tidy tables of one unit and time each: pupil years, persons, person months."""

from analysis.panels.declared import declared_panels
from analysis.panels.keys import KeyNotUnique, require_unique
from analysis.panels.person_months import person_months
from analysis.panels.persons import persons, selection_of_persons
from analysis.panels.pupil_years import pupil_years
from analysis.panels.register_tables import register_table
from analysis.panels.sheets import employers, schools
from analysis.panels.survey import survey_waves

__all__ = [
    "KeyNotUnique",
    "declared_panels",
    "employers",
    "person_months",
    "persons",
    "pupil_years",
    "register_table",
    "require_unique",
    "schools",
    "selection_of_persons",
    "survey_waves",
]
