"""One synthetic study from seed to estimates beside the effects that were realised: what the recovery tests repeat."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd

from analysis.cleaning import clean_registers
from analysis.demonstration import Demonstration, answer_key, draw, write, write_sheets
from analysis.effects import estimate_outcomes
from analysis.effects.own_change import participants_own_change
from analysis.files import Workspace
from analysis.panels import person_months, persons, pupil_years
from analysis.study import load_study

EDUCATION = ["dropout_a", "total_abs"]
EFFECTS = ["effect", "effect_participants", "monthly", "after_exit"]
NAIVE = ["naive", "naive_participants"]
KEY = ["outcome", "population", "measure", "term"]
SCALE = 0.3
QUICK = {"draws": 99}  # only intervals are looked at here; bootstrap and permutation draws do not touch them


def compare_in_memory(seed: int) -> pd.DataFrame:
    """Each estimand of one study drawn in memory: ``KEY, effect`` (realised) and ``estimate, ci_low, ci_high, se``."""
    demonstration = draw(seed, SCALE)
    return _compare(demonstration, demonstration.clean).assign(seed=seed)


def follow_participants(seed: int) -> pd.DataFrame:
    """The participants' own before-after in absences, in one study of the shipped size, beside the effect on them."""
    study, demonstration = load_study("haskovo-demo"), draw(seed)
    pupils = pupil_years(study, demonstration.clean, demonstration.schools)
    realised = answer_key(demonstration.truth, pupils).set_index(KEY)["effect"]
    rows = []
    for population in ("at_risk", "all"):
        members = pupils if population == "all" else pupils[pupils["at_risk"].fillna(False).astype(bool)]
        naive = participants_own_change(
            pupils, members, "total_abs", "participant", "person_id", "school_year", study.inference.level
        )
        effect = realised["total_abs", population, "effect_participants", ""]
        rows.append((population, effect, naive.estimate, naive.ci_low, naive.ci_high, seed))
    return pd.DataFrame(rows, columns=["population", "effect", "estimate", "ci_low", "ci_high", "seed"])


def compare_through_files(seed: int, root: Path) -> pd.DataFrame:
    """The same study written to raw files with all their dirt below ``root``, read and cleaned."""
    demonstration = draw(seed, SCALE)
    workspace = Workspace("haskovo-demo", root)
    write(demonstration, workspace.raw)
    write_sheets(workspace.settings)
    accepted = clean_registers(load_study("haskovo-demo"), workspace).accepted
    return _compare(demonstration, accepted, workspace).assign(seed=seed)


def _compare(
    demonstration: Demonstration, clean: dict[str, pd.DataFrame], workspace: Workspace | None = None
) -> pd.DataFrame:
    study = load_study("haskovo-demo")
    designs = {name: design.model_copy(update=QUICK) for name, design in study.designs.items()}
    pupils = pupil_years(study, clean, demonstration.schools)
    people = persons(study, clean)
    months = person_months(study, clean, people, demonstration.employers)
    education = {name: outcome for name, outcome in study.outcomes_of("education").items() if name in EDUCATION}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimates = [
            estimate_outcomes(pupils, education, designs, study.inference),
            estimate_outcomes(
                people,
                study.outcomes_of("employment"),
                designs,
                study.inference,
                person_months=months,
                after_exit=study.employment.after_exit,
            ),
        ]
    found = pd.concat(estimates, ignore_index=True)
    realised = _realised(demonstration, pupils, people, months, workspace)
    naive = _naive(found, realised)
    honest = found[found["measure"].isin(EFFECTS)].merge(realised, on=KEY, how="inner", validate="one_to_one")
    return pd.concat([honest, naive], ignore_index=True)[[*KEY, "effect", "estimate", "ci_low", "ci_high", "se"]]


def _realised(
    demonstration: Demonstration,
    pupils: pd.DataFrame,
    people: pd.DataFrame,
    months: pd.DataFrame,
    workspace: Workspace | None,
) -> pd.DataFrame:
    truth = demonstration.truth
    if workspace is not None:
        truth = {name: _under_pseudonyms(table, demonstration) for name, table in truth.items()}
    return answer_key(truth, pupils, people, months)[[*KEY, "effect"]].astype({"term": "str"})


def _under_pseudonyms(table: pd.DataFrame, demonstration: Demonstration) -> pd.DataFrame:
    """``truth`` under the pseudonyms that cleaning gave, by way of the fictitious numbers behind both."""
    from analysis.linkage.pseudonyms import Pseudonymiser, load_key

    people = demonstration.people
    pseudonyms = Pseudonymiser(load_key(load_study("haskovo-demo"), {})).pseudonym(people["number"], people["id_type"])
    names = dict(zip(people["person_id"], pseudonyms, strict=True))
    return table.assign(person_id=table["person_id"].map(names).astype("str"))


def _naive(found: pd.DataFrame, realised: pd.DataFrame) -> pd.DataFrame:
    """The naive figures beside the effect they pretend to show: the at-risk pupils', and that of twelve months on."""
    naive = found[found["measure"].isin(NAIVE)].copy()
    target = realised.set_index(KEY)["effect"].to_dict()
    keys = [
        (row.outcome, row.population, *_pretended(row.population, row.measure, row.term))
        for row in naive.itertuples(index=False)
    ]
    naive["effect"] = [target.get(key, float("nan")) for key in keys]
    return naive.dropna(subset=["effect"])


def _pretended(population: str, measure: str, term: str) -> tuple[str, str]:
    if measure == "naive_participants":
        return "effect_participants", ""
    if population != "participants":
        return "effect", ""
    return ("after_exit", term.removeprefix("after_exit_")) if term else ("monthly", "12")
