"""When each person's clock starts: the month of entry, and for comparison persons a month drawn to match.

Participants enter in the month of their first activity and leave with their last. Only those who on the first of that
month were registered as unemployed and had no contract are compared. Comparison persons (in no participant file) get
a pseudo-entry month among the months in which the same held for them, with the probability that eligible participants
entered in it; and the duration of a participant who entered in that month. So no group's time before entry is longer
by construction (immortal time).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.panels.keys import join
from analysis.panels.labour_status import DAY_OF_ENTRY, employed, registered
from analysis.panels.spells import Window, month_number, month_start

NOT_ELIGIBLE = "not_eligible"
KEPT = "kept"
DATES = ["entry_month", "exit_month"]


def participant_entries(participants: pd.DataFrame, placements: pd.DataFrame) -> pd.DataFrame:
    """``person_id, entry_month, exit_month, subsidised_arm``, one row a participant of the labour contract.

    Exit is the last one; missing while any activity goes on. The subsidised arm had a placement from entry on or is
    recorded with subsidised employment as an activity.
    """
    dated = participants.dropna(subset=["entry_date"])
    stays = dated.assign(
        goes_on=dated["exit_date"].isna(), by_activity=(dated["activity"] == "subsidised_employment").fillna(False)
    )
    people = stays.groupby("person_id", as_index=False).agg(
        entry=("entry_date", "min"), exit=("exit_date", "max"), goes_on=("goes_on", "any"), arm=("by_activity", "any")
    )
    placed = placements.groupby("person_id", as_index=False).agg(last_placed=("start_date", "max"))
    people = join(people, placed, ["person_id"], "last placements")
    entry_month = month_start(month_number(people["entry"]))
    return pd.DataFrame(
        {
            "person_id": people["person_id"],
            "entry_month": entry_month,
            "exit_month": people["exit"].mask(people["goes_on"]).dt.to_period("M").dt.to_timestamp(),
            "subsidised_arm": people["arm"] | (people["last_placed"] >= entry_month),
        }
    )


def mark_eligible(entries: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """``entries`` with ``status``: kept, or not_eligible if at work or not registered on the first of the month."""
    if entries.empty:
        return entries.assign(status=pd.Series(dtype="str"))
    window = entry_window(entries)
    free = _free_to_enter(pd.Index(entries["person_id"]), registrations, contracts, window)
    at_entry = free[np.arange(len(entries)), window.place(month_number(entries["entry_month"]))]
    return entries.assign(status=np.where(at_entry, KEPT, NOT_ELIGIBLE))


def pseudo_entries(
    people: list[str], entries: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Drawn entries of comparison persons in the form of ``mark_eligible``; deterministic in the seed and the sorted
    ids.

    ``entries``: the eligible participants. Who is never eligible in a month in which participants entered gets no
    entry month and the status not_eligible.
    """
    people = sorted(people)
    drawn = pd.DataFrame({"person_id": pd.Series(people, dtype="str"), "subsidised_arm": False, "status": NOT_ELIGIBLE})
    drawn = drawn.assign(entry_month=pd.NaT, exit_month=pd.NaT).astype(dict.fromkeys(DATES, "datetime64[ns]"))
    if not people or entries.empty:
        return drawn
    window = entry_window(entries)
    months = window.place(month_number(entries["entry_month"]))
    weights = np.bincount(months, minlength=window.length)
    chances = _free_to_enter(pd.Index(people), registrations, contracts, window) * weights
    random = np.random.default_rng(seed)
    luck, donor_luck = random.random(len(people)), random.random(len(people))
    cumulated = np.cumsum(chances, axis=1)
    chosen = (cumulated <= (luck * cumulated[:, -1])[:, None]).sum(axis=1).clip(max=window.length - 1)
    eligible = cumulated[:, -1] > 0
    donors = _donors(months, weights, chosen, donor_luck)
    durations = _durations(entries)[donors]
    return drawn.assign(
        entry_month=pd.Series(month_start(chosen + window.first)).where(eligible),
        exit_month=_after(chosen + window.first, durations).where(eligible),
        status=np.where(eligible, KEPT, NOT_ELIGIBLE),
    )


def comparison_people(participants: pd.DataFrame, registrations: pd.DataFrame, contracts: pd.DataFrame) -> list[str]:
    """Persons in the labour registers who are in no participant file of any contract."""
    seen = set(registrations["person_id"].dropna()) | set(contracts["person_id"].dropna())
    return sorted(seen - set(participants["person_id"].dropna()))


def entry_window(entries: pd.DataFrame) -> Window:
    """From the first to the last entry month."""
    months = month_number(entries["entry_month"])
    return Window(int(months.min()), int(months.max()))


def _free_to_enter(
    people: pd.Index, registrations: pd.DataFrame, contracts: pd.DataFrame, window: Window
) -> np.ndarray:
    out_of_work = ~employed(contracts, people, window, DAY_OF_ENTRY)
    return registered(registrations, people, window, DAY_OF_ENTRY) & out_of_work


def _donors(months: np.ndarray, weights: np.ndarray, chosen: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """For each chosen month one participant who entered in it, each as likely as the other."""
    by_month = np.argsort(months, kind="stable")
    starts = np.concatenate([[0], np.cumsum(weights)[:-1]])
    within = np.floor(luck * weights[chosen]).astype(np.int64)
    return by_month[np.minimum(starts[chosen] + within, len(months) - 1)]


def _durations(entries: pd.DataFrame) -> np.ndarray:
    """Months from entry to exit; NaN while participation goes on."""
    left = entries["exit_month"].notna().to_numpy()
    months = np.full(len(entries), np.nan)
    months[left] = month_number(entries["exit_month"][left]) - month_number(entries["entry_month"][left])
    return months


def _after(months: np.ndarray, durations: np.ndarray) -> pd.Series:
    ended = ~np.isnan(durations)
    exits = month_start(months + np.nan_to_num(durations).astype(np.int64))
    return pd.Series(exits).where(ended)
