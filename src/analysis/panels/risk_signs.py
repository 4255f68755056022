"""Pupils at risk: one rule on register data from before each school year, the same for every school.

A sign that cannot be seen (no record) is not shown; how many could be seen is kept in ``signs_observed``. A pupil
without history, in grade I for one, can only show the signs that need none. In a year for which the registers bring
no previous records at all (the first), nobody can be judged by the rule: ``at_risk`` is missing for all.
"""

from __future__ import annotations

import pandas as pd

from analysis.panels.keys import join
from analysis.study import load_codes
from analysis.study.settings import AtRisk


def risk_signs(rows: pd.DataFrame, absences: pd.DataFrame, marks: pd.DataFrame, rule: AtRisk) -> pd.DataFrame:
    """``rows`` with ``prior_absences, prior_gpa, is_repeater, parents_low_education, signs, signs_observed, at_risk``.

    ``absences`` (person_id, school_year, total_abs) and ``marks`` (person_id, school_year, gpa) are yearly.
    """
    rows = most_recent(rows, absences, "total_abs", "prior_absences", rule.recent_years)
    rows = most_recent(rows, marks, "gpa", "prior_gpa", rule.recent_years)
    limit = rule.parents_at_most or "primary"
    rows = rows.assign(
        is_repeater=_known(rows["repeater"] != "no", rows["repeater"]),
        parents_low_education=low_education(rows["mother_education"], rows["father_education"], limit),
    )
    signs = pd.DataFrame(_declared_signs(rows, rule), index=rows.index, dtype="boolean")
    count = signs.sum(axis=1, skipna=True).astype("Int64")
    judged = _years_with_history(rows["school_year"], absences, marks, rule)
    return rows.assign(
        signs=count,
        signs_observed=signs.notna().sum(axis=1).astype("Int64"),
        at_risk=(count >= rule.minimum_signs).astype("boolean").mask(~judged),
    )


def most_recent(rows: pd.DataFrame, yearly: pd.DataFrame, value: str, name: str, years_back: int) -> pd.DataFrame:
    """``rows`` with ``name``: the latest known ``value`` of the ``years_back`` school years before each row's own."""
    found = pd.Series(float("nan"), index=rows.index)
    for lag in range(1, years_back + 1):
        earlier = yearly[["person_id", "school_year", value]].assign(school_year=yearly["school_year"] + lag)
        known = join(rows[["person_id", "school_year"]], earlier, ["person_id", "school_year"], f"earlier {value}")
        found = found.fillna(pd.Series(known[value].to_numpy(dtype="float64"), index=rows.index))
    return rows.assign(**{name: found})


def low_education(mother: pd.Series, father: pd.Series, at_most: str) -> pd.Series:
    """Both parents (or the one known) have at most this education; missing when neither is known."""
    rank = {code: place for place, code in enumerate(load_codes()["parent_education"])}
    highest = pd.concat([mother.map(rank), father.map(rank)], axis=1).astype("float64").max(axis=1)
    return _known(highest <= rank[at_most], highest)


def _declared_signs(rows: pd.DataFrame, rule: AtRisk) -> dict[str, pd.Series]:
    signs = {}
    if rule.absence_hours_per_month is not None:
        signs["absences"] = _known(rows["prior_absences"] >= rule.absence_hours_per_month, rows["prior_absences"])
    if rule.gpa_below is not None:
        signs["gpa"] = _known(rows["prior_gpa"] < rule.gpa_below, rows["prior_gpa"])
    if rule.repeater:
        signs["repeater"] = rows["is_repeater"]
    if rule.parents_at_most is not None:
        signs["parents"] = rows["parents_low_education"]
    return signs


def _years_with_history(years: pd.Series, absences: pd.DataFrame, marks: pd.DataFrame, rule: AtRisk) -> pd.Series:
    judged = pd.Series(True, index=years.index)
    for limit, yearly in [(rule.absence_hours_per_month, absences), (rule.gpa_below, marks)]:
        if limit is not None:
            covered = {year + lag for year in yearly["school_year"].unique() for lag in range(1, rule.recent_years + 1)}
            judged &= years.isin(covered)
    return judged


def _known(truth: pd.Series, source: pd.Series) -> pd.Series:
    return truth.astype("boolean").mask(source.isna())
