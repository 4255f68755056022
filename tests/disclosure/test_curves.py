"""Survival curves after protection, as an attacker sees them: nobody alone between two points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import protect
from analysis.effects.rows import Subject
from analysis.effects.run_duration import estimate_duration
from analysis.effects.survival_groups import Groups
from analysis.effects.survival_rows import curve_rows
from analysis.files import results_table
from analysis.study.duration_settings import Duration
from analysis.study.settings import Disclosure, Inference, Outcome

RULES = Disclosure(threshold=5, minimum_denominator=10)
DESIGN = Duration(kind="duration", event="event", treated="treated", horizon=12, times=[3, 6])
OUTCOME = Outcome(chapter="other", design="d", populations=["everybody"], better="lower", unit="months", panel="p")


def people(seed: int, size: int, hazard: float = 0.08, lost: float = 0.01) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    event, end = rng.geometric(hazard, size), np.minimum(rng.geometric(max(lost, 1e-9), size), 15)
    table = pd.DataFrame({"case": range(size), "time": np.minimum(event, end).astype(float), "event": event <= end})
    return table.assign(treated=rng.random(size) < 0.4)


def released(table: pd.DataFrame, design: Duration = DESIGN) -> pd.DataFrame:
    return protect(results_table(estimate_duration(table, "time", OUTCOME, design, Inference())), RULES)


def curve(results: pd.DataFrame, measure: str, group: str) -> pd.Series:
    """Time -> what is shown."""
    mine = results[(results["measure"] == measure) & results["term"].str.endswith("/" + group)]
    shown = mine.dropna(subset=["estimate"])
    times = [float(term.split("/")[0]) for term in shown["term"]]
    return pd.Series(shown["estimate"].to_numpy(), index=pd.Index(times, dtype=float))


def attack(results: pd.DataFrame, table: pd.DataFrame) -> None:
    """Everything an outsider can subtract, and the truth about every gap between shown points."""
    for group, treated in (("project", True), ("comparison", False)):
        left, events = curve(results, "at_risk", group), curve(results, "events", group)
        assert list(left.index) == list(events.index) and (left >= RULES.minimum_denominator).all()
        assert set(curve(results, "survival", group).index) <= set(left.index)
        happened, ended = events.diff().dropna(), (-left.diff() - events.diff()).dropna()
        assert (happened >= RULES.threshold).all()
        assert ((ended == 0) | (ended >= RULES.threshold)).all()
        mine = table[table["treated"] == treated]
        for time, count in events.items():
            assert count == (mine["event"] & (mine["time"] <= time)).sum()
    told = results[(results["measure"] == "incidence") & results["estimate"].notna()]
    for time in told["term"].astype(float):
        assert all(time in curve(results, "at_risk", group).index for group in ("project", "comparison"))


def drawn(table: pd.DataFrame) -> list[dict]:
    """The rows of the curves, with estimates at the declared times that need a point of both."""
    columns = [table[name].to_numpy() for name in ("time", "event", "treated")]
    groups = Groups(*columns, stratum=np.zeros(len(table), np.int64))
    subject = Subject("other", "time", "everybody", "d", "months")
    told = {"estimate": 0.1, "n": len(table), "n_treated": int(table["treated"].sum())}
    compared = [subject.row("incidence", f"{time:g}", **told) for time in (3, 6, 12)]
    return [*curve_rows(subject, groups, DESIGN.horizon, DESIGN.times, 0.05, whole=True), *compared]


HAZARDS, LOST = st.sampled_from([0.01, 0.03, 0.1, 0.3]), st.sampled_from([0, 0.02, 0.1])


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 600), HAZARDS, LOST)
def test_no_two_points_give_a_few_people_away(seed, size, hazard, lost):
    table = people(seed, size, hazard, lost)
    attack(protect(results_table(drawn(table)), RULES), table)


def test_the_events_beside_the_estimate_are_a_point_of_the_curve_too():
    table = people(3, 400)
    results = released(table)
    note = dict(part.split("=") for part in results.loc[results["measure"] == "effect", "note"].iloc[0].split(";"))
    for group in ("project", "comparison"):
        last = curve(results, "events", group)
        rest = int(note[f"events_{group}"]) - last.iloc[-1]
        assert last.index[-1] == 12 or rest >= RULES.threshold


def test_a_large_curve_keeps_the_declared_times_and_the_horizon():
    results = released(people(1, 3000, lost=0.0))
    for group in ("project", "comparison"):
        assert {0.0, 3.0, 6.0, 12.0} <= set(curve(results, "survival", group).index)
    assert results.loc[results["measure"] == "incidence", "estimate"].notna().all()


@pytest.mark.parametrize("events", [1, 4])
def test_where_a_group_had_few_events_nothing_on_it_is_published(events):
    table = people(2, 400, hazard=0.1, lost=0.0)
    rare = table["treated"] & (table["treated"].cumsum() > events)
    table.loc[rare, ["time", "event"]] = [15.0, False]
    table.loc[table["treated"] & ~rare, ["time", "event"]] = [4.0, True]
    assert released(table)["estimate"].isna().all()


def test_with_a_second_population_only_the_first_has_a_curve():
    table = people(4, 500).assign(young=lambda t: t["case"] % 2 == 0)
    two = OUTCOME.model_copy(update={"populations": ["everybody", "young"]})
    rows = results_table(estimate_duration(table, "time", two, DESIGN, Inference()))
    assert set(rows.loc[rows["measure"] == "survival", "population"]) == {"everybody"}
    counted = rows[(rows["measure"] == "events") & (rows["population"] == "young")]
    assert set(counted["term"]) == {f"{t}/{g}" for t in (3, 6, 12) for g in ("project", "comparison")}


def test_a_hidden_population_takes_another_with_it_so_that_the_whole_does_not_give_it_away():
    table = people(5, 900, hazard=0.1, lost=0.0)
    third = np.arange(len(table)) % 3
    table = table.assign(young=third == 0, middle=third == 1, old=third == 2)
    rare = table["old"] & table["treated"]
    table.loc[rare, ["time", "event"]] = [15.0, False]
    table.loc[table.index[rare][:3], ["time", "event"]] = [4.0, True]
    several = OUTCOME.model_copy(update={"populations": ["everybody", "young", "middle", "old"]})
    rows = estimate_duration(table, "time", several, DESIGN, Inference())
    results = protect(results_table(rows), RULES)
    effects = results[results["measure"] == "effect"].set_index("population")["estimate"]
    assert effects.notna().to_dict() == {"everybody": True, "old": False, **{
        name: effects.notna()[name] for name in ("young", "middle")}}  # fmt: skip
    assert effects[["young", "middle"]].notna().sum() == 1
    counted = results[results["measure"].isin(["events", "at_risk"]) & (results["population"] != "everybody")]
    assert len(counted) and counted["estimate"].isna().all()
