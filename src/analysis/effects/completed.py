"""What is known of people, filled out several times: numbers that are missing, among covariates and the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.effects.covariates import expand
from analysis.effects.estimate import Floats, Integers
from analysis.effects.imputing import imputed_tables
from analysis.effects.trial import Trial


@dataclass(frozen=True)
class Gaps:
    """How many people lack the outcome, and how many one of the numeric covariates."""

    outcome: int
    covariates: int

    @property
    def any(self) -> bool:
        return self.outcome + self.covariates > 0


def gaps(persons: pd.DataFrame, covariates: Sequence[str], outcome: Floats) -> Gaps:
    numeric = _numeric(persons, covariates)
    lacking = persons[numeric].isna().any(axis=1).sum() if numeric else 0
    return Gaps(int(np.isnan(outcome).sum()), int(lacking))


def filled_out(
    persons: pd.DataFrame,
    covariates: Sequence[str],
    outcome: Floats,
    name: str,
    group: Integers,
    strata: Integers,
    seed: int,
) -> list[tuple[pd.DataFrame, Floats]]:
    """``persons`` and ``outcome`` (called ``name``) without gaps, once an imputation; predicted within ``group`` from
    the outcome, all covariates and the strata."""
    numeric = _numeric(persons, covariates)
    words = expand(persons, [one for one in dict.fromkeys(covariates) if one not in numeric])
    layers = (strata[:, None] == np.unique(strata)[1:]).astype(float)
    known = pd.DataFrame({name: outcome, **{one: persons[one].to_numpy(float, na_value=np.nan) for one in numeric}})
    further = np.column_stack([words.values, layers])
    known = pd.concat([known, pd.DataFrame(further, columns=[f"={k}" for k in range(further.shape[1])])], axis=1)
    found = []
    for table in imputed_tables(known, group, seed):
        columns = {one: table[:, place] for place, one in enumerate(numeric, start=1)}
        found.append((persons.assign(**columns), table[:, 0]))
    return found


def completed_trials(trial: Trial, name: str, seed: int) -> list[Trial]:
    """A trial without gaps, once an imputation, each arm imputed by itself; people of unknown stratum or cluster left
    out. The outcome is called ``name``."""
    rows = trial.placed
    persons = trial.persons.loc[rows].reset_index(drop=True)
    placed = replace(
        trial,
        persons=persons,
        outcome=trial.outcome[rows],
        arm=trial.arm[rows],
        stratum=trial.stratum[rows],
        cluster=None if trial.cluster is None else trial.cluster[rows],
    )
    filled = filled_out(persons, trial.covariates, placed.outcome, name, placed.arm, placed.stratum, seed)
    return [replace(placed, persons=table, outcome=outcome) for table, outcome in filled]


def _numeric(persons: pd.DataFrame, covariates: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys(covariates) if pd.api.types.is_numeric_dtype(persons[one].dtype)]
