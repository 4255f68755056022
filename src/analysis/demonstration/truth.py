"""The answer key: the effects that were realised, by the definitions of the study's estimates.

A difference-in-differences of project and other schools estimates what the project did in project schools *less*
what similar measures did in the others since the project began (spill-over). Both are counted over the pupil-years
of the treated school years in the population concerned, each pupil-year once. Potential outcomes are those of the
same year: what a pupil would have done without the measure, given the past as it was.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c

EDUCATION = ["dropout_a", "dropout_b", "dropout_c", "total_abs", "unexc_abs", "chronic_abs"]
EMPLOYMENT = ["employed", "unsubsidised"]
COLUMNS = ["chapter", "outcome", "population", "measure", "term", "effect", "n"]
AFTER_EXIT = (6, 12)


def answer_key(
    truth: dict[str, pd.DataFrame],
    pupil_years: pd.DataFrame | None = None,
    persons: pd.DataFrame | None = None,
    person_months: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Realised effects, one row an estimand: COLUMNS; ``chapter, outcome, population, measure, term`` as in the
    results table.

    ``truth``: ``pupil_years`` and ``person_months`` as ``Demonstration.truth`` holds them. The panels say who is in
    the population (``person_id, school_year`` with ``at_risk, participant, project_school``; treated persons with
    ``entry_month, exit_month``); where an outcome is missing in a panel its row does not count. Without panels the
    generator's own population is taken. Measures: ``effect`` (treated less spill-over), ``effect_participants``
    (that over the difference in participation), ``mean_effect_participants`` (the plain mean over participants),
    ``monthly`` (months since entry) and ``after_exit``.
    """
    rows = _education(_population(truth["pupil_years"], pupil_years))
    rows += _employment(truth["person_months"], persons, person_months)
    return pd.DataFrame(rows, columns=COLUMNS)


def _population(truth: pd.DataFrame, panel: pd.DataFrame | None) -> pd.DataFrame:
    own = truth if panel is None else truth.drop(columns=["at_risk", "participant", "project_school"])
    if panel is None:
        rows = own
    else:
        names = ["person_id", "school_year", "at_risk", "participant", "project_school"]
        names += [name for name in EDUCATION if name in panel]
        rows = own.merge(panel[names], on=["person_id", "school_year"], how="inner", validate="one_to_one")
    return rows[rows["school_year"].isin(c.TREATED_YEARS)]


def _education(rows: pd.DataFrame) -> list[tuple]:
    found = []
    at_risk = rows["at_risk"].fillna(False).astype(bool)
    for population, members in [("at_risk", rows[at_risk]), ("all", rows)]:
        for outcome in EDUCATION:
            known = members[members[outcome].notna()] if outcome in members else members
            found += _education_effects(known, outcome, population)
    return found


def _education_effects(rows: pd.DataFrame, outcome: str, population: str) -> list[tuple]:
    change = rows[f"{outcome}_with"] - rows[f"{outcome}_without"]
    project, takes_part = rows["project_school"].astype(bool), rows["participant"].astype(bool)
    effect = change[project].mean() - change[~project].mean()
    gap = takes_part[project].mean() - takes_part[~project].mean()
    direct = change[project & takes_part]
    keys = ("education", outcome, population)
    return [
        (*keys, "effect", "", effect, int(project.sum())),
        (*keys, "effect_participants", "", effect / gap if gap else np.nan, int((project & takes_part).sum())),
        (*keys, "mean_effect_participants", "", direct.mean(), len(direct)),
    ]


def _employment(truth: pd.DataFrame, persons: pd.DataFrame | None, months: pd.DataFrame | None) -> list[tuple]:
    rows = truth[truth["treated"]]
    if persons is not None:
        rows = rows.drop(columns=["exit_month", "entry_month"])
        rows = rows.merge(persons.loc[persons["treated"], ["person_id", "entry_month", "exit_month"]], on="person_id")
    since_entry = _months_between(rows["calendar_month"], rows["entry_month"])
    since_exit = _months_between(rows["calendar_month"], rows["exit_month"])
    rows = rows.assign(month=since_entry, after=since_exit)
    if months is not None:
        seen = months.loc[months["employed"].notna(), ["person_id", "calendar_month"]]
        rows = rows.merge(seen, on=["person_id", "calendar_month"], how="inner")
    found = []
    for outcome in EMPLOYMENT:
        change = rows[f"{outcome}_with"].astype(float) - rows[f"{outcome}_without"].astype(float)
        for measure, column, terms in [("monthly", "month", range(25)), ("after_exit", "after", AFTER_EXIT)]:
            by_term = change.groupby(rows[column]).agg(["mean", "size"])
            found += [
                ("employment", outcome, "participants", measure, str(k), by_term["mean"][k], int(by_term["size"][k]))
                for k in terms
                if k in by_term.index
            ]
    return found


def _months_between(later: pd.Series, earlier: pd.Series) -> pd.Series:
    return (later.dt.year - earlier.dt.year) * 12 + later.dt.month - earlier.dt.month
