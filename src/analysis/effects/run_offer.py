"""All rows of one outcome under an offer that not everybody takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.balance import balance
from analysis.effects.beside_print import beside_print
from analysis.effects.bootstrap_row import bootstrap_row
from analysis.effects.columns import codes, each_once, numbers, outcome_values, require
from analysis.effects.covariates import Covariates, expand
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.instrument import Instrumented, instrumented_effect
from analysis.effects.lee_rows import Answered, lee_rows
from analysis.effects.linear import dependent_columns, fit_linear
from analysis.effects.populations import rows_by_population
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.randomised import Experiment, randomisation_test
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, balance_row, noted, too_few_clusters
from analysis.effects.verdict import interval_rejects, p_rejects, required, verdict
from analysis.effects.wild_bootstrap import wild_bootstrap_p
from analysis.study.design_settings import Offer
from analysis.study.settings import Inference, Outcome, Published, Test

NAMES: dict[str, Test] = {"p_wild": "bootstrap", "p_randomisation": "randomisation"}


def estimate_offer(panel: pd.DataFrame, name: str, outcome: Outcome, design: Offer, inference: Inference) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row of ``panel`` a unit.

    ``effect`` is what the offer changed (intention to treat), ``first_stage`` what it did to the take-up,
    ``effect_participants`` the effect on those who take the treatment because of the offer (Imbens & Angrist 1994).
    """

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row] | list[Row]:
        return _Offered(subject, members, design, inference).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)


class _Offered:
    """One outcome in one population."""

    def __init__(self, subject: Subject, members: pd.DataFrame, design: Offer, inference: Inference) -> None:
        named = [design.cluster] if design.cluster else []
        require(members, [design.unit, design.offered, design.treatment, *named, *design.covariates, subject.outcome])
        each_once(members, design.unit)
        columns = {name: numbers(members, name) for name in (design.offered, design.treatment)}
        outcome = outcome_values(members, subject.outcome)
        seen = ~np.isnan(np.column_stack([outcome, *columns.values()])).any(axis=1)
        if not seen.any() or np.ptp(columns[design.offered][seen]) == 0:
            raise DesignRefused("no_comparison")
        if np.ptp(columns[design.treatment][seen]) == 0:
            raise DesignRefused("no_participation")
        self.subject, self.design, self.inference = subject, design, inference
        self.offer, self.treatment = columns[design.offered][seen], columns[design.treatment][seen]
        self.covariates = expand(members.loc[seen], design.covariates)
        self.absent = int((~seen).sum())
        self.answered = _answered(columns[design.offered], np.where(seen, outcome, np.nan), members, design)
        self.clusters = codes(members.loc[seen], design.cluster)[0] if design.cluster else None
        self.outcome, self.exogenous = outcome[seen], _exogenous(self.covariates)
        self.found: Instrumented = instrumented_effect(
            self.outcome, self.treatment, self.offer, self.exogenous, self.clusters, inference.level
        )

    def rows(self, published: Published | None) -> Iterator[Row]:
        effect = self._row("effect", self.found.intention, self._gates())
        yield effect
        yield from bootstrap_row(self.subject, effect, self.inference)
        yield {**self.subject.estimate_row("first_stage", self.found.first_stage), "unit": "count"}
        stage = [checks.first_stage(self.found.first_stage.estimate, self.found.first_stage.se)]
        robust = self.found.robust_set
        note = noted(
            [
                ("anderson_rubin", robust.kind),
                ("low", robust.low),
                ("high", robust.high),
                ("first_stage_f", self.found.first_stage_f),
            ]
        )
        yield {**self._row("effect_participants", self.found.effect, [*self._gates(), *stage]), "note": note}
        if self.answered is not None:
            yield from lee_rows(self.subject, self.answered, self.inference.level, self.design.seed)
        if published is not None:
            yield from self._beside(published)
        yield from self._balance()

    def _gates(self) -> list[checks.Check]:
        offered = self.offer > np.median(self.offer) if len(np.unique(self.offer)) > 2 else self.offer > 0
        gates = [checks.sample_size(int(offered.sum()), int((~offered).sum()))]
        if self.answered is not None and self.absent:
            lost, offers = ~self.answered.seen, self.answered.treated
            gates.append(checks.outcome_known(float(lost[offers].mean()), float(lost[~offers].mean())))
        found = self.found.intention
        if found.clusters is not None and found.clusters_treated is not None and self.offered_whole:
            gates.append(checks.clusters(found.clusters_treated, found.clusters - found.clusters_treated))
        if found.clusters is not None:
            gates.append(checks.degrees_of_freedom(found.df))
        return gates if self.design.by_lot else [*gates, checks.as_good_as_drawn()]

    def _row(self, measure: str, estimate: Estimate, gates: list[checks.Check]) -> Row:
        if self.absent:
            estimate = replace(estimate, warnings=(*estimate.warnings, f"persons_without_outcome={self.absent}"))
        level, tests = self.inference.level, self.tests
        answers: dict[Test, bool | None] = {NAMES[name]: p_rejects(p, level) for name, p in tests.items()}
        inferred = dict(tests)
        if not too_few_clusters(estimate):
            answers["interval"] = interval_rejects(estimate)
            inferred["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, self.inference.power)
        made = required(answers, self.inference.tests)
        said = {"verdict": verdict(made, gates), "checks": checks.written(gates)}
        return self.subject.estimate_row(measure, estimate, **inferred, **said)

    @cached_property
    def tests(self) -> dict[str, float]:
        """With clusters, the tests of "no effect" that survive few of them; "none of the offer" and "none on those who
        take it" are one hypothesis, tested alike."""
        if self.clusters is None:
            return {}
        given, tests = (self.design.draws, self.design.seed), {}
        if not too_few_clusters(self.found.intention):
            fit = fit_linear(self.outcome, np.column_stack([self.offer, self.exogenous]), self.clusters)
            tests["p_wild"] = wild_bootstrap_p(fit, [0], *given, self.inference.bootstrap_weights)
        if self.design.by_lot and self.offered_whole:
            none = np.zeros(len(self.offer), dtype=np.int64)
            lots = Experiment(
                self.outcome, self.offer > 0, none, self.covariates.values, self.clusters, self.inference.level
            )
            tests["p_randomisation"] = randomisation_test(lots, *given)[0]
        return tests

    @property
    def offered_whole(self) -> bool:
        """Whether each cluster was offered the treatment as a whole."""
        assert self.clusters is not None
        shares = np.bincount(self.clusters, self.offer > 0) / np.bincount(self.clusters)
        return bool(np.isin(shares, (0.0, 1.0)).all() and np.isin(self.offer, (0.0, 1.0)).all())

    def _beside(self, published: Published) -> Iterator[Row]:
        ours = self.found.effect if published.measure == "effect_participants" else self.found.intention
        if published.standard_errors == "classical" and published.measure == "effect_participants":
            ours = replace(ours, se=self.found.classical_se)
        return beside_print(self.subject, published, ours)

    def _balance(self) -> Iterator[Row]:
        """How alike those offered and the others are, where the offer is a yes or a no."""
        if not self.covariates.names or not np.isin(self.offer, (0.0, 1.0)).all():
            return
        offered = self.offer == 1.0
        found = balance(self.covariates, offered, np.ones(len(offered)))
        for name, value in zip(found.names, found.difference_before, strict=True):
            counts = {"n": len(offered), "n_treated": int(offered.sum())}
            yield balance_row(self.subject, "balance_before", name, value, **counts)


def _answered(offer: Floats, outcome: Floats, members: pd.DataFrame, design: Offer) -> Answered | None:
    """Who of those offered and of the others has an outcome; None where bounds on what the offer changed would need
    more than the lot: the offer is an amount, or is as good as drawn only given covariates."""
    known = ~np.isnan(offer)
    if not np.isin(offer[known], (0.0, 1.0)).all() or (design.covariates and not design.by_lot):
        return None
    cluster = None
    if design.cluster:
        known &= members[design.cluster].notna().to_numpy()
        cluster = codes(members.loc[known], design.cluster)[0]
    return Answered(outcome[known], offer[known] == 1.0, np.zeros(int(known.sum()), dtype=np.int64), cluster)


def _exogenous(covariates: Covariates) -> np.ndarray:
    matrix = np.column_stack([np.ones(len(covariates.values)), covariates.values])
    return np.delete(matrix, dependent_columns(matrix), axis=1)
