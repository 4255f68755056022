"""The table of persons: participants of the labour contract and their comparison, each with an entry month and a past.

Estimand: participants who were registered as unemployed and without a contract when they entered. Everybody left out,
and why, is in ``selection_of_persons``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.panels.background import COVARIATES, EARLIER, add_background, months_employed_earlier
from analysis.panels.declared import with_populations
from analysis.panels.entry import KEPT, comparison_people, mark_eligible, participant_entries, pseudo_entries
from analysis.panels.keys import require_unique, without_rows
from analysis.panels.months_taking_part import months_from_entry_to_exit
from analysis.panels.register_tables import register_table
from analysis.study import Study
from analysis.study.settings import Employment

TYPES = {
    "person_id": "str", "treated": "bool", "entry_month": "datetime64[ns]", "exit_month": "datetime64[ns]",
    "months_taking_part": "float64", "subsidised_arm": "bool", **dict.fromkeys(COVARIATES, "float64"),
    "entry_quarter": "str", EARLIER: "float64",
}  # fmt: skip
COLUMNS = list(TYPES)
SELECTION_TYPES = {"treated": "bool", "status": "str", "persons": "int64"}
INCOMPLETE = "covariate_missing"


def persons(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a person who is compared, participants first, then by person_id: the columns of COLUMNS and one for each
    declared population.

    ``treated`` and ``subsidised_arm`` are bool, months the first day of the month (exit_month, and months_taking_part,
    missing while participation goes on), covariates float64 without gaps, ``entry_quarter`` text such as ``2022Q1``,
    ``months_employed_earlier`` missing when the study asks for none.
    Without rows when the study declares no employment section.
    """
    if study.employment is None:
        return without_rows(TYPES)
    people = _everybody(study.employment, study, clean)
    kept = people[people["status"] == KEPT]
    contracts = register_table(study, clean, "nra_contracts")
    earlier = {EARLIER: months_employed_earlier(kept, contracts, study.employment.earlier_months)}
    kept = kept.assign(months_taking_part=months_from_entry_to_exit(kept), **earlier)
    require_unique(kept, ["person_id"], "persons")
    kept = kept[COLUMNS].sort_values(["treated", "person_id"], ascending=[False, True], ignore_index=True)
    return with_populations(kept, study.employment.populations)


def selection_of_persons(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``treated, status, persons``: how many are compared (kept), were not eligible at entry, lack a covariate."""
    if study.employment is None:
        return without_rows(SELECTION_TYPES)
    people = _everybody(study.employment, study, clean)
    counts = people.groupby(["treated", "status"], as_index=False).size()
    counts = counts.rename(columns={"size": "persons"})
    return counts.sort_values(["treated", "status"], ascending=[False, True], ignore_index=True)


def _everybody(settings: Employment, study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    registrations = register_table(study, clean, "labour_registrations")
    contracts = register_table(study, clean, "nra_contracts")
    participants = register_table(study, clean, "isun_participants")
    entrants = register_table(study, clean, "isun_participants", settings.contract)
    placements = register_table(study, clean, "labour_placements")

    entries = mark_eligible(participant_entries(entrants, placements), registrations, contracts)
    others = comparison_people(participants, registrations, contracts)
    eligible = entries[entries["status"] == KEPT].reset_index(drop=True)
    drawn = pseudo_entries(others, eligible, registrations, contracts, settings.pseudo_entry.seed)
    people = pd.concat([entries.assign(treated=True), drawn.assign(treated=False)], ignore_index=True)
    return _complete(people, registrations, contracts, entrants)


def _complete(
    people: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame, entrants: pd.DataFrame
) -> pd.DataFrame:
    """Covariates for those kept so far; who lacks one is marked."""
    kept = people["status"] == KEPT
    if not kept.any():
        return people.reindex(columns=[*people.columns, *COVARIATES])
    described = add_background(people[kept].reset_index(drop=True), registrations, contracts, entrants)
    gaps = described[COVARIATES].isna().any(axis=1)
    described = described.assign(status=described["status"].mask(gaps, INCOMPLETE))
    return pd.concat([described, people[~kept]], ignore_index=True)
