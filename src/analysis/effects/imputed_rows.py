"""The headline again with what is missing imputed, as rows, and whether the conclusion stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.completed import completed_trials, filled_out, gaps
from analysis.effects.covariates import expand
from analysis.effects.curve import Sample, estimate_of, weighted_effects
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.randomised import adjusted, difference
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted
from analysis.effects.rubin import pooled_estimate
from analysis.effects.trial import Trial
from analysis.effects.verdict import interval_rejects

METHOD = "multiple_imputation"
PLAIN, ADJUSTED = "", "adjusted"
Found = tuple[list[Row], list[checks.Check]]


class ImputedTrial:
    """A trial with its gaps filled, made when first asked for and shared by its arms."""

    def __init__(self, trial: Trial, outcome: str, seed: int) -> None:
        self.trial, self.outcome, self.seed = trial, outcome, seed
        self.gaps = gaps(trial.persons, trial.covariates, trial.outcome)

    @cached_property
    def trials(self) -> list[Trial] | DesignRefused:
        try:
            return completed_trials(self.trial, self.outcome, self.seed)
        except DesignRefused as refusal:
            return refusal

    def rows(self, subject: Subject, arm: int, seen: Mapping[str, Estimate]) -> Found:
        """``imputed``: the difference where outcomes are missing, and (term ``adjusted``) the adjusted estimate where
        anything is. ``seen`` holds the estimates without imputation, by term; nothing where nothing is missing."""
        if not self.trial.covariates:  # nothing is known of people that could tell what is missing
            return [], []
        wanted = [term for term in seen if self.gaps.outcome or (term == ADJUSTED and self.gaps.any)]
        return _rows_and_check(subject, {term: seen[term] for term in wanted}, lambda term: self._estimates(arm, term))

    def _estimates(self, arm: int, term: str) -> list[Estimate]:
        if isinstance(self.trials, DesignRefused):
            raise self.trials
        way = adjusted if term == ADJUSTED else difference
        return [way(trial.experiment(arm)[0]) for trial in self.trials]


def imputed_weighting(
    subject: Subject, members: pd.DataFrame, covariates: Sequence[str], sample: Sample, outcome: Floats,
    headline: Estimate | DesignRefused, seed: int,
) -> Found:  # fmt: skip
    """The same for a weighting design: ``members`` n with the covariates as they came, ``outcome`` n, NaN where not
    known."""
    if isinstance(headline, DesignRefused) or not gaps(members, covariates, outcome).any:
        return [], []
    persons = members.reset_index(drop=True)

    def estimates(_: str) -> list[Estimate]:
        group, none = sample.treated.astype(np.int64), np.zeros(len(persons), dtype=np.int64)
        return [
            _weighted(replace(sample, covariates=expand(table, covariates)), filled)
            for table, filled in filled_out(persons, covariates, outcome, subject.outcome, group, none, seed)
        ]

    return _rows_and_check(subject, {PLAIN: headline}, estimates)


def _weighted(sample: Sample, outcome: Floats) -> Estimate:
    everybody = np.ones(len(outcome), dtype=bool)
    effects, warnings = weighted_effects(sample, everybody, outcome[:, None])
    return estimate_of(sample, everybody, effects, 0, warnings, METHOD)


def _rows_and_check(subject: Subject, seen: Mapping[str, Estimate], way: Callable[[str], list[Estimate]]) -> Found:
    """A row for each estimate in ``seen`` and one check of them all."""
    rows: list[Row] = []
    same: list[bool | None] = []
    for term, before in seen.items():
        try:
            parts = way(term)
            found = pooled_estimate(parts, METHOD)
        except DesignRefused as refusal:
            rows.append(subject.refused_row("imputed", refusal, term))
            same.append(None)
            continue
        same.append(agrees(before, found))
        rows.append(subject.estimate_row("imputed", found, term, note=noted(_told(parts, found))))
    return rows, [checks.imputation(same)] if same else []


def _told(parts: Sequence[Estimate], found: Estimate) -> Iterator[tuple[str, object]]:
    """How many imputations, and the share of the variance that is due to what is missing."""
    within = float(np.mean([one.se**2 for one in parts]))
    yield "m", len(parts)
    yield "fraction_missing", 1 - within / found.se**2 if found.se > 0 else 0.0


def agrees(before: Estimate, found: Estimate) -> bool:
    """Whether the sign and the answer to "no effect" are those without imputation."""
    same_sign = bool(np.sign(before.estimate) == np.sign(found.estimate))
    return same_sign and interval_rejects(before) == interval_rejects(found)
