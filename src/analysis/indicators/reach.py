"""How far each activity reached: people on its attendance lists, hours, who completed it; units delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.indicators.groups import Row
from analysis.indicators.registers import has_source, rows_of
from analysis.study import Study

PLANNED_AND_DONE = {"planned": "planned_units", "delivered": "delivered_units"}


def activity_rows(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The team's sheet, one row a declared activity in declared order (and undeclared ones after them).

    Columns of the register ``activity_spending``; an activity that the sheet lacks has its code and contract only.
    """
    sheet = rows_of(study, clean, "activity_spending").drop_duplicates("activity").set_index("activity")
    declared = study.indicators.activities if study.indicators else {}
    others = [code for code in sheet.index if code not in declared]
    rows = sheet.reindex([*declared, *others]).rename_axis("activity").reset_index()
    codes = {contract.id: contract.code for contract in study.project.contracts}
    own = {code: activity.contract for code, activity in declared.items()}
    told = rows["contract"].map(lambda text: codes.get(str(text), text))
    return rows.assign(contract=rows["activity"].map(own).astype("object").where(rows["activity"].isin(own), told))


def people_reached(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a declared activity with lists: ``activity, people, hours, completed, judged``; people count once."""
    lists = rows_of(study, clean, "attendance_lists")
    by_person = lists.assign(done=lists["completed"].astype("boolean")).groupby(["activity", "person_id"])
    people = by_person.agg(hours=("hours", "sum"), done=("done", "max")).reset_index()
    grouped = people.groupby("activity")
    table = pd.DataFrame(
        {
            "people": grouped["person_id"].size(),
            "hours": grouped["hours"].sum(),
            "completed": grouped["done"].sum().astype("Int64"),
            "judged": grouped["done"].count(),
        }
    )
    declared = list(study.indicators.activities) if study.indicators else []
    return table.reindex([code for code in declared if code in table.index]).rename_axis("activity").reset_index()


def reach_rows(study: Study, clean: Mapping[str, pd.DataFrame]) -> list[Row]:
    """Rows of the results form, before disclosure control.

    ``indicators/reach/<activity>/-/count/<completed|not_completed|total>``, ``indicators/hours/<activity>/-/total`` and
    ``.../mean`` (hours, n people), ``indicators/completion/<activity>/-/rate``, ``indicators/units/<activity>/-/count/
    <planned|delivered>``. An activity without lists or sheet has no such rows.
    """
    found: list[Row] = []
    if has_source(study, clean, "attendance_lists"):
        for row in people_reached(study, clean).itertuples(index=False):
            found += _of_people(row)
    for _, row in activity_rows(study, clean).iterrows():
        found += _of_units(row)
    return found


def _of_people(row: object) -> Iterator[Row]:
    code, people = str(row.activity), int(row.people)  # type: ignore[attr-defined]
    hours, completed, judged = float(row.hours), int(row.completed), int(row.judged)  # type: ignore[attr-defined]
    base: Row = {"chapter": "indicators", "population": code}
    count = {**base, "outcome": "reach", "measure": "count", "unit": "count"}
    yield {**count, "term": "total", "estimate": float(people)}
    if judged == people:
        yield {**count, "term": "completed", "estimate": float(completed)}
        yield {**count, "term": "not_completed", "estimate": float(people - completed)}
    spent = {**base, "outcome": "hours", "unit": "hours", "n": people}
    yield {**spent, "measure": "total", "estimate": hours}
    yield {**spent, "measure": "mean", "estimate": hours / people}
    if judged:
        share = {**base, "outcome": "completion", "measure": "rate", "unit": "share", "n": judged}
        yield {**share, "estimate": completed / judged}


def _of_units(row: pd.Series) -> Iterator[Row]:
    base: Row = {"chapter": "indicators", "outcome": "units", "population": str(row["activity"])}
    for term, column in PLANNED_AND_DONE.items():
        if pd.notna(row[column]):
            yield {**base, "measure": "count", "unit": "count", "term": term, "estimate": float(row[column])}
