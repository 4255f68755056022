"""Participants by contract: how many, by sex, age, education and status at entry, and how they left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.files import results_table
from analysis.indicators.groups import TOTAL, Row
from analysis.indicators.records import contracts_with_participants, participant_records, participant_rows
from analysis.study import Study

STATUS = {
    "employed": "employed",
    "self_employed": "employed",
    "unemployed_0_6": "unemployed",
    "unemployed_6_12": "unemployed",
    "unemployed_12_plus": "unemployed",
    "inactive": "inactive",
    "inactive_not_in_education": "inactive",
    "inactive_in_education": "in_education",
}
AGES = {"under_25": (0, 24), "25_to_54": (25, 54), "over_54": (55, 200)}


def describe_participants(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``data/participants/<contract>/<dimension>/count/<category>`` and ``data/participants/<contract>/-/count/total``.

    Each person once a contract, with the status of the first entry and the way of leaving of the last. The total holds
    all records; the dimensions complete ones alone, as the indicators do: beside them, categories of all records would
    tell by subtraction what the few incomplete ones are.
    Dimensions: sex, age (in whole years on the day of joining), education, status, leaving. What is not stated is
    ``<dimension>_unknown``, so the categories of a dimension add up to the complete records.
    """
    rows: list[Row] = []
    for contract in contracts_with_participants(study):
        people = participant_records(study, clean, contract)
        if people.empty:
            continue
        last = participant_rows(study, clean, contract).drop_duplicates("person_id", keep="last")
        leaving = last.set_index("person_id")["participation_status"]
        base = {
            "chapter": "data",
            "outcome": "participants",
            "population": contract,
            "measure": "count",
            "unit": "count",
        }
        rows.append({**base, "term": TOTAL, "estimate": float(len(people))})
        complete = people[people["is_complete"]]
        rows.extend(_dimensions(complete.assign(leaving=complete["person_id"].map(leaving)), base))
    return results_table(rows)


def _dimensions(people: pd.DataFrame, base: Row) -> Iterator[Row]:
    dimensions = {
        "sex": people["sex"],
        "age": _age_group(people["age_at_entry"].astype("float64")),
        "education": "education_" + people["education"],
        "status": people["labour_status"].map(STATUS),
        "leaving": people["leaving"],
    }
    for dimension, categories in dimensions.items():
        stated = categories.astype("str").fillna(f"{dimension}_unknown")
        for category, size in stated.groupby(stated, sort=True).size().items():
            yield {**base, "design": dimension, "term": str(category), "estimate": float(size)}


def _age_group(age: pd.Series) -> pd.Series:
    groups = pd.Series(pd.NA, index=age.index, dtype="str")
    for name, (low, high) in AGES.items():
        groups = groups.mask(age.between(low, high), name)
    return groups
