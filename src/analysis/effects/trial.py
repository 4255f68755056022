"""Everybody whom a lot put in one of two or more arms, and each arm beside the control as an experiment of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.columns import codes, each_once, outcome_values, require, yes_no
from analysis.effects.covariates import Covariates, expand
from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.randomised import Experiment, check_experiment
from analysis.effects.refusal import DesignRefused
from analysis.study.design_settings import Arms, Randomised

NAMED = 3  # unknown values that a refusal names
CONTROL = 0


@dataclass(frozen=True)
class Trial:
    """Everybody drawn, with or without an outcome.

    ``persons``: n rows with the ``covariates`` as they came; ``outcome`` n, NaN where not known; ``arm`` n, 0 control
    and 1..K the others; ``stratum`` codes 0..S-1; ``cluster`` codes, None when every row was drawn by itself (both -1
    where unknown, as the outcome is then); ``level`` error probability.
    """

    persons: pd.DataFrame
    covariates: Sequence[str]
    outcome: Floats
    arm: Integers
    arms: int
    stratum: Integers
    cluster: Integers | None
    level: float

    @property
    def seen(self) -> Booleans:
        return ~np.isnan(self.outcome)

    @property
    def placed(self) -> Booleans:
        """Whose stratum (one in which somebody has an outcome) and cluster are known."""
        known = np.isin(self.stratum, self.stratum[self.seen])
        return known if self.cluster is None else known & (self.cluster >= 0)

    def pair(self, arm: int) -> Booleans:
        """Who belongs to an arm or to the control."""
        return (self.arm == arm) | (self.arm == CONTROL)

    def lost(self, arm: int) -> tuple[float, float]:
        """The share without an outcome in an arm and in the control."""
        in_arm, in_control = ((~self.seen)[self.arm == one] for one in (arm, CONTROL))
        return (float(in_arm.mean()) if len(in_arm) else 0.0, float(in_control.mean()) if len(in_control) else 0.0)

    def absent(self, arm: int) -> int:
        """How many of an arm and the control have no outcome."""
        return int((self.pair(arm) & ~self.seen).sum())

    def experiment(self, arm: int) -> tuple[Experiment, Covariates]:
        """An arm beside the control, rows without the outcome left out, and what was known before of the same rows.

        With several arms, strata and covariates are centred at everybody's means, so that every arm's effect is one on
        the same people and the estimates are those of one regression with all arms. Refused as an experiment of two is.
        """
        seen = self.seen
        everything = expand(self.persons.loc[seen], self.covariates)
        rows, stratum = self.pair(arm)[seen], recoded(self.stratum[seen])
        several = self.arms > 1
        found = Covariates(everything.names, everything.values[rows], everything.warnings)
        experiment = Experiment(
            outcome=self.outcome[seen][rows],
            treated=self.arm[seen][rows] == arm,
            stratum=stratum[rows],
            covariates=found.values,
            cluster=None if self.cluster is None else recoded(self.cluster[seen][rows]),
            level=self.level,
            shares=np.bincount(stratum) / len(stratum) if several else None,
            means=everything.values.mean(axis=0) if several else None,
        )
        check_experiment(experiment)
        if without := int(stratum.max()) + 1 - len(np.unique(experiment.stratum)):
            raise DesignRefused("stratum_one_sided", count=without)
        return experiment, found

    def drawn(self, arm: int) -> Integers:
        """The names of the independent units behind an arm's estimate: rows, or clusters, in the estimate's order."""
        rows = self.seen & self.pair(arm)
        return np.flatnonzero(rows) if self.cluster is None else np.unique(self.cluster[rows])


def read_trial(members: pd.DataFrame, outcome: str, design: Randomised, level: float) -> Trial:
    """The trial that ``design`` declares, of the rows of ``members``; refused when a column is not what it must be."""
    named = [name for name in (design.cluster, design.stratum) if name]
    require(members, [design.unit, design.treated, *named, *design.covariates, outcome])
    each_once(members, design.unit)
    members = members.iloc[np.argsort(codes(members, design.unit)[0])]  # lots are drawn anew in this order
    values = outcome_values(members, outcome)
    arm = arm_codes(members, design.treated, design.arms)
    seen = members.loc[~np.isnan(values)]
    stratum, cluster = np.zeros(len(members), dtype=np.int64), None
    if design.stratum:
        stratum = _codes_where_seen(members, seen, design.stratum)
    if design.cluster:
        cluster = _codes_where_seen(members, seen, design.cluster)
    arms = 1 if design.arms is None else len(design.arms.compared)
    persons = members[list(dict.fromkeys([design.unit, *design.covariates]))].reset_index(drop=True)
    return Trial(persons, tuple(design.covariates), values, arm, arms, stratum, cluster, level)


def _codes_where_seen(members: pd.DataFrame, seen: pd.DataFrame, name: str) -> Integers:
    """Codes of a column that may be empty only where the outcome is unknown too; a gap is -1."""
    codes(seen, name)
    positions, _ = pd.factorize(members[name], sort=True)
    return positions.astype(np.int64)


def arm_codes(members: pd.DataFrame, name: str, arms: Arms | None) -> Integers:
    """0 for the control and 1.. for the others, in declared order; a yes or no without ``arms``.

    Refused: a gap ("key_missing"), a value that is not declared ("arm_unknown"), nobody in control ("no_comparison").
    """
    if arms is None:
        return yes_no(members, name).astype(np.int64)
    if members[name].isna().any():
        raise DesignRefused("key_missing", column=name, count=int(members[name].isna().sum()))
    written = members[name].map(_written).astype("str")
    unknown = sorted(set(written) - set(arms.codes))
    if unknown:
        told = ", ".join(unknown[:NAMED]) + (" …" if unknown[NAMED:] else "")
        count = int(written.isin(unknown).sum())
        raise DesignRefused("arm_unknown", column=name, value=told, count=count, known=", ".join(arms.codes))
    found = written.map({code: place for place, code in enumerate(arms.codes)}).to_numpy(dtype=np.int64)
    if not (found == CONTROL).any():
        raise DesignRefused("no_comparison")
    return found


def recoded(labels: Integers) -> Integers:
    """Codes 0.. in the order of the labels."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _written(value: object) -> str:
    """A code as study.yml writes it: 1.0 is 1."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
