"""What the project cost: per participant, per activity, and per unit of an effect where there is one to divide by.

Spending is what the team's sheet says was paid; it is known, so that the only uncertainty of a cost per unit of effect
is that of the effect. Its interval is the effect's, inverted: spending over the ends. That is Fieller's (1954, JRSS B
16(2)) with a numerator without error, and has two finite ends only where the effect's interval leaves out zero. So
there is a number only where the effect is shown and goes the desired way; else the row says why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.files import result_id, results_table
from analysis.indicators.education import population_of
from analysis.indicators.groups import Row
from analysis.indicators.reach import activity_rows, people_reached
from analysis.indicators.registers import has_source, rows_of
from analysis.study import Study
from analysis.study.cost_settings import CostPerResult

CHAPTER = "costs"
SHEET = "activity_spending"
NOT_SHOWN, WORSE, NO_EFFECT = "no_effect_shown", "worse", "no_estimate"


@dataclass(frozen=True)
class Spending:
    """Of one contract, in BGN: all that was spent, what management cost, and how many took part."""

    contract: str
    total: float
    management: float
    participants: int


def cost_results(
    study: Study, clean: Mapping[str, pd.DataFrame], effects: pd.DataFrame, exposed: Mapping[str, int]
) -> pd.DataFrame:
    """The rows of chapter ``costs``, before disclosure control; none without the sheet of spending.

    ``effects``: results of the chapters on effects. ``exposed``: population -> person-years in project schools since
    the start (``exposed_pupils``). Terms and ids: docs/architecture.md.
    """
    if study.costs is None or not has_source(study, clean, SHEET):
        return results_table([])
    spending = {one.contract: one for one in contract_spending(study, clean)}
    rows: list[Row] = []
    for one in spending.values():
        rows += _of_contract(one)
    rows += _of_activities(study, clean)
    found = effects.set_index("result_id")
    for name, declared in study.costs.results.items():
        rows.append(_of_result(study, name, declared, spending.get(declared.contract), found, exposed))
    return results_table(rows)


def contract_spending(study: Study, clean: Mapping[str, pd.DataFrame]) -> Iterator[Spending]:
    """Spending of each declared contract. Activities that are not declared under ``indicators`` are management."""
    sheet = activity_rows(study, clean)
    declared = study.indicators.activities if study.indicators else {}
    for contract in study.project.contracts:
        own = sheet[sheet["contract"] == contract.code]
        spent = own["spent_bgn"].astype("float64").fillna(0.0)
        people = rows_of(study, clean, "isun_participants", contract.code)["person_id"].nunique()
        yield Spending(
            contract.code, float(spent.sum()), float(spent[~own["activity"].isin(declared)].sum()), int(people)
        )


def exposed_pupils(study: Study, pupil_years: pd.DataFrame) -> dict[str, int]:
    """Pupil-years in project schools since each school's start, of each population of the chapter on education."""
    if study.education is None or pupil_years.empty:
        return {}
    start = pupil_years["treated_from"].fillna(study.education.treated_from)
    under = pupil_years[pupil_years["project_school"] & (pupil_years["school_year"] >= start)]
    names = {one for outcome in study.outcomes_of("education").values() for one in outcome.populations}
    members = {name: population_of(under, name) for name in sorted(names) if name == "all" or name in under}
    return {name: len(rows) for name, rows in members.items()}


def _of_contract(one: Spending) -> Iterator[Row]:
    base: Row = {"chapter": CHAPTER, "population": one.contract, "unit": "bgn"}
    for term, amount in (("total", one.total), ("management", one.management)):
        yield {**base, "outcome": "spending", "measure": "total", "term": term, "estimate": amount}
    if one.participants:
        ratio = {**base, "outcome": "participant", "measure": "ratio", "n": one.participants}
        yield {**ratio, "term": "direct", "estimate": (one.total - one.management) / one.participants}
        yield {**ratio, "term": "with_management", "estimate": one.total / one.participants}


def _of_activities(study: Study, clean: Mapping[str, pd.DataFrame]) -> Iterator[Row]:
    """Spent and planned on each declared activity, and per person and hour of its attendance lists."""
    reached = people_reached(study, clean).set_index("activity")
    declared = study.indicators.activities if study.indicators else {}
    for _, row in activity_rows(study, clean).iterrows():
        code, spent = str(row["activity"]), row["spent_bgn"]
        if code not in declared or pd.isna(spent):
            continue
        base: Row = {"chapter": CHAPTER, "outcome": "activity", "population": code, "unit": "bgn"}
        yield {**base, "measure": "total", "term": "spent", "estimate": float(spent)}
        if pd.notna(row["planned_bgn"]):
            yield {**base, "measure": "total", "term": "planned", "estimate": float(row["planned_bgn"])}
        if code in reached.index and reached.loc[code, "people"] > 0:
            people, hours = int(reached.loc[code, "people"]), float(reached.loc[code, "hours"])
            yield {**base, "measure": "ratio", "term": "person", "estimate": float(spent) / people, "n": people}
            if hours > 0:
                yield {**base, "measure": "ratio", "term": "hour", "estimate": float(spent) / hours, "n": people}


def _of_result(
    study: Study,
    name: str,
    declared: CostPerResult,
    spending: Spending | None,
    effects: pd.DataFrame,
    exposed: Mapping[str, int],
) -> Row:
    outcome = study.outcomes[declared.outcome]
    population = declared.population or study.headline_populations(declared.outcome)[0]
    behind = result_id(outcome.chapter, declared.outcome, population, outcome.design, declared.measure, declared.term)
    base: Row = {"chapter": CHAPTER, "outcome": name, "population": population, "design": outcome.design}
    base |= {"measure": "per_result", "unit": "bgn"}
    if spending is None or behind not in effects.index or pd.isna(effects.loc[behind, "estimate"]):
        return {**base, "note": f"reason={NO_EFFECT};effect={behind}"}
    effect = effects.loc[behind]
    sign = -1.0 if outcome.better == "lower" else 1.0
    base |= {"n": effect["n"], "n_treated": effect["n_treated"], "verdict": str(effect["verdict"])}
    people = spending.participants if declared.per == "participant" else exposed.get(population, 0)
    low, high = sorted((sign * float(effect["ci_low"]), sign * float(effect["ci_high"])))
    if effect["verdict"] != "shown" or not low * high > 0 or not people:
        return {**base, "note": f"reason={NOT_SHOWN};effect={behind}"}
    if high < 0:
        return {**base, "note": f"reason={WORSE};effect={behind}"}
    each = spending.total / people
    ends = {"ci_low": each / high, "ci_high": each / low}
    value = each / (sign * float(effect["estimate"]))
    return {**base, **ends, "estimate": value, "note": f"effect={behind}", "method": "fieller"}
