"""Persons compared and their outcomes by month, as they are in the panels (not weighted: no comparison of effects)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.files import results_table
from analysis.indicators.groups import TOTAL, UNITS, Row, count_rows, group_names, mean_rows
from analysis.study import Study


def describe_employment(
    study: Study, persons: pd.DataFrame, person_months: pd.DataFrame, selection: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Rows of the results form; groups are ``project`` and ``comparison``.

    - ``employment/persons/all/-/count/<group>``, and ``.../arm/<subsidised|other>`` of the participants;
    - ``employment/selection/all/-/count/<group>/<kept|not_eligible|covariate_missing|total>`` from
      ``panels.selection_of_persons``, when given;
    - ``employment/<outcome>/participants/-/mean/<month since entry>/<group>``: every declared outcome, and registered;
    - ``employment/<outcome>/participants/-/mean/after_exit/<months>/<group>``.

    No rows, not even zeros, when the study declares no employment section.
    """
    if study.employment is None:
        return results_table([])
    months = person_months.assign(group=group_names(person_months["treated"]))
    chosen = _selection(selection) if selection is not None else []
    return results_table([*_persons(persons), *chosen, *_outcomes(study, months)])


def _persons(persons: pd.DataFrame) -> Iterator[Row]:
    base = {"chapter": "employment", "outcome": "persons", "population": "all"}
    yield from count_rows(persons.assign(group=group_names(persons["treated"])), ["group"], base)
    arms = persons.loc[persons["treated"].astype(bool), "subsidised_arm"].map({True: "subsidised", False: "other"})
    table = pd.DataFrame({"arm": "arm", "kind": arms})
    yield from count_rows(table, ["arm", "kind"], base)


def _selection(selection: pd.DataFrame) -> Iterator[Row]:
    base = {"chapter": "employment", "outcome": "selection", "population": "all", "measure": "count", "unit": "count"}
    named = selection.assign(group=group_names(selection["treated"]))
    for group, part in named.groupby("group", sort=False):
        for status, size in [*zip(part["status"], part["persons"], strict=True), (TOTAL, part["persons"].sum())]:
            yield {**base, "term": f"{group}/{status}", "estimate": float(size)}


def _outcomes(study: Study, months: pd.DataFrame) -> Iterator[Row]:
    units = {name: UNITS[outcome.unit] for name, outcome in study.outcomes_of("employment").items()}
    ends = study.employment.after_exit if study.employment else []
    after = months[months["month_after_exit"].isin(ends)].assign(when="after_exit")
    for name, unit in {**units, "registered": "share"}.items():
        base = {"chapter": "employment", "outcome": name, "population": "participants", "measure": "mean", "unit": unit}
        yield from mean_rows(months, ["month", "group"], name, base)
        yield from mean_rows(after, ["when", "month_after_exit", "group"], name, base)
