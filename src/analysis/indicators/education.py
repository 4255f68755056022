"""Pupils, schools and outcomes by school year and group, as they are in the panel."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.files import results_table
from analysis.indicators.groups import UNITS, Row, count_rows, group_names, mean_rows
from analysis.study import Study

BY_YEAR = ["school_year", "group"]


def describe_education(study: Study, pupil_years: pd.DataFrame) -> pd.DataFrame:
    """Rows of the results form; terms are ``<school year>/<project|comparison|total>``.

    - ``education/pupils/<population>/-/count``: pupils of the populations all and at_risk;
    - ``education/schools/all/-/count/<group>``: schools with pupils in the panel;
    - ``education/at_risk/all/-/rate``: share at risk among pupils who could be judged;
    - ``education/participation/<population>/-/rate``: share who took part, in the years of the project;
    - ``education/<outcome>/<population>/-/mean``: every declared outcome of the chapter.

    No rows, not even zeros, when the study declares no education section.
    """
    if study.education is None:
        return results_table([])
    panel = pupil_years.assign(group=group_names(pupil_years["project_school"]))
    rows = [*_counts(panel), *_schools(panel), *_shares(study, panel), *_outcomes(study, panel)]
    return results_table(rows)


def population_of(panel: pd.DataFrame, population: str) -> pd.DataFrame:
    """The rows of a population: all, or those for whom the column of that name holds."""
    return panel if population == "all" else panel[panel[population].fillna(False).astype(bool)]


def _counts(panel: pd.DataFrame) -> Iterator[Row]:
    for population in ("all", "at_risk"):
        base = {"chapter": "education", "outcome": "pupils", "population": population}
        yield from count_rows(population_of(panel, population), BY_YEAR, base)


def _schools(panel: pd.DataFrame) -> Iterator[Row]:
    schools = panel[["school_code", "group"]].drop_duplicates()
    yield from count_rows(schools, ["group"], {"chapter": "education", "outcome": "schools", "population": "all"})


def _shares(study: Study, panel: pd.DataFrame) -> Iterator[Row]:
    share = {"chapter": "education", "measure": "rate", "unit": "share"}
    yield from mean_rows(panel, BY_YEAR, "at_risk", {**share, "outcome": "at_risk", "population": "all"})
    if not any(source.register_name == "isun_participants" for source in study.sources.values()):
        return  # who took part is not known: no share, not even zero
    started = study.education.treated_from if study.education else panel["school_year"].min()
    under_project = panel[panel["school_year"] >= started]
    for population in ("all", "at_risk"):
        base = {**share, "outcome": "participation", "population": population}
        yield from mean_rows(population_of(under_project, population), BY_YEAR, "participant", base)


def _outcomes(study: Study, panel: pd.DataFrame) -> Iterator[Row]:
    for name, outcome in study.outcomes_of("education").items():
        for population in outcome.populations:
            rows = population_of(panel, population)
            base = {"chapter": "education", "outcome": name, "population": population, "measure": "mean"}
            yield from mean_rows(rows, BY_YEAR, name, {**base, "unit": UNITS[outcome.unit]})
