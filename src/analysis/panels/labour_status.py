"""Work and registration month by month, from contracts, placements and the Labour Office's spells.

Register definitions: employed is any employment contract in force on the day; registered is a spell of the group
„unemployed“ in force on the day. Work abroad, self-employed, by civil contract or informal is not seen.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.panels.spells import Window, spells_in_force

DAY_IN_MIDMONTH = 15  # the declared day on which outcomes and past work are read
DAY_OF_ENTRY = 1  # the day on which eligibility is read

Truths = npt.NDArray[np.bool_]


def employed(contracts: pd.DataFrame, people: pd.Index, window: Window, day: int = DAY_IN_MIDMONTH) -> Truths:
    """Any contract in force: people x months."""
    spells = contracts.rename(columns={"person_id": "owner"})
    return spells_in_force(people, spells, window, day) > 0


def registered(registrations: pd.DataFrame, people: pd.Index, window: Window, day: int = DAY_IN_MIDMONTH) -> Truths:
    """Any registration as unemployed in force: people x months."""
    spells = unemployment_spells(registrations).rename(columns={"person_id": "owner"})
    return spells_in_force(people, spells, window, day) > 0


def unsubsidised(
    contracts: pd.DataFrame, placements: pd.DataFrame, employers: pd.DataFrame, people: pd.Index, window: Window
) -> Truths:
    """Any contract in force with an employer whom the project does not pay, while no placement with that employer runs.

    A contract that goes on after its placement has ended counts from then: the job was kept without the subsidy.
    """
    own = contracts[~contracts["employer_id"].isin(employers["employer_id"]) & contracts["person_id"].isin(people)]
    pairs = own[["person_id", "employer_id"]].drop_duplicates(ignore_index=True)
    index = pd.MultiIndex.from_frame(pairs)
    jobs = spells_in_force(index, _with_pair(own), window, DAY_IN_MIDMONTH) > 0
    placed = spells_in_force(index, _with_pair(placements), window, DAY_IN_MIDMONTH) > 0
    result = np.zeros((len(people), window.length), dtype=bool)
    np.logical_or.at(result, people.get_indexer(pairs["person_id"]), jobs & ~placed)
    return result


def unemployment_spells(registrations: pd.DataFrame) -> pd.DataFrame:
    """Spells of the group „unemployed“; one marked as ended but without an end date is taken to last one day only."""
    spells = registrations[(registrations["group"] == "unemployed") & registrations["start_date"].notna()]
    unended = (spells["status"] == "ended") & spells["end_date"].isna()
    return spells.assign(end_date=spells["end_date"].mask(unended, spells["start_date"]))


def _with_pair(spells: pd.DataFrame) -> pd.DataFrame:
    owners = pd.MultiIndex.from_frame(spells[["person_id", "employer_id"]]).to_flat_index()
    return spells.assign(owner=owners)
