"""All rows of one outcome of an experiment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.balance import balance
from analysis.effects.beside_print import beside_print
from analysis.effects.columns import codes, each_once, outcome_values, require, yes_no
from analysis.effects.covariates import Covariates, expand
from analysis.effects.estimate import Booleans, Estimate
from analysis.effects.populations import rows_by_population
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.randomised import (
    Experiment,
    adjusted,
    check_experiment,
    difference,
    randomisation_test,
    wild_p,
)
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, balance_row, noted, too_few_clusters
from analysis.effects.verdict import interval_rejects, p_rejects, verdict
from analysis.study.design_settings import Randomised
from analysis.study.settings import Inference, Outcome, Published


def estimate_randomised(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: Randomised, inference: Inference
) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row of ``panel`` a unit."""

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row] | list[Row]:
        return _Population(subject, members, design, inference).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)


class _Population:
    """One outcome in one population."""

    def __init__(self, subject: Subject, members: pd.DataFrame, design: Randomised, inference: Inference) -> None:
        named = [name for name in (design.cluster, design.stratum) if name]
        require(members, [design.unit, design.treated, *named, *design.covariates, subject.outcome])
        each_once(members, design.unit)
        members = members.iloc[np.argsort(codes(members, design.unit)[0])]  # lots are drawn anew in this order
        self.subject, self.design, self.inference = subject, design, inference
        values = outcome_values(members, subject.outcome)
        seen = ~np.isnan(values)
        self.absent = int((~seen).sum())
        everybody = yes_no(members, design.treated)
        self.lost = [float((~seen)[group].mean()) if group.any() else 0.0 for group in (everybody, ~everybody)]
        self.covariates = expand(members.loc[seen], design.covariates)
        self.experiment = Experiment(
            outcome=values[seen],
            treated=everybody[seen],
            stratum=codes(members.loc[seen], design.stratum)[0] if design.stratum else np.zeros(seen.sum(), int),
            covariates=self.covariates.values,
            cluster=codes(members.loc[seen], design.cluster)[0] if design.cluster else None,
            level=inference.level,
        )
        check_experiment(self.experiment)

    def rows(self, published: Published | None) -> list[Row]:
        comparison = self._balance()
        known = [checks.outcome_known(*self.lost)] if self.absent else []
        gates = [self._sample(), *known, *comparison.gates]
        estimate = difference(self.experiment)
        rows = [self._tested("effect", estimate, gates)]
        if self.design.covariates:
            rows.append(self._adjusted(gates))
        if published is not None:
            rows += self._beside(published)
        return [*rows, *comparison.rows(self.subject, estimate)]

    def _sample(self) -> checks.Check:
        counts = np.bincount(self.experiment.treated.astype(int), minlength=2)
        return checks.sample_size(int(counts[1]), int(counts[0]))

    def _balance(self) -> _Comparison:
        return _Comparison(self.covariates, self.experiment.treated)

    def _adjusted(self, gates: list[checks.Check]) -> Row:
        try:
            estimate = adjusted(self.experiment)
        except DesignRefused as refusal:
            return self.subject.refused_row("effect_adjusted", refusal)
        said = {"verdict": verdict([interval_rejects(estimate)], gates), "checks": checks.written(gates)}
        seen = minimum_detectable_effect(estimate.se, estimate.df, self.inference.level, self.inference.power)
        return self.subject.estimate_row("effect_adjusted", estimate, mde=seen, **said)

    def _beside(self, published: Published) -> Iterator[Row]:
        """Our estimate with the kind of standard error in print, and what stands in print."""
        return beside_print(self.subject, published, difference(self.experiment, published.standard_errors))

    def _tested(self, measure: str, estimate: Estimate, gates: list[checks.Check]) -> Row:
        """The effect with its interval, the randomisation test and (by clusters) the bootstrap; all must agree."""
        level, draws, seed = self.inference.level, self.design.draws, self.design.seed
        p, smallest = randomisation_test(self.experiment, draws, seed)
        answers = [p_rejects(p, level)]
        inferred: Row = {"p_randomisation": p}
        gates = [*gates, checks.lots(smallest, level)]
        if estimate.clusters is not None and estimate.clusters_treated is not None:
            gates.append(checks.clusters(estimate.clusters_treated, estimate.clusters - estimate.clusters_treated))
            gates.append(checks.degrees_of_freedom(estimate.df))
        if not too_few_clusters(estimate):
            answers.append(interval_rejects(estimate))
            inferred["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, self.inference.power)
            if estimate.clusters is not None:
                inferred["p_wild"] = wild_p(self.experiment, draws, seed)
                answers.append(p_rejects(float(str(inferred["p_wild"])), level))
        if self.absent:
            warning = noted([("persons_without_outcome", self.absent)])
            estimate = replace(estimate, warnings=(*estimate.warnings, warning))
        said = {"verdict": verdict(answers, gates), "checks": checks.written(gates)}
        return self.subject.estimate_row(measure, estimate, **inferred, **said)


class _Comparison:
    """How alike the lot made the groups; a difference is the lot's and leaves doubt at most (the adjusted estimate
    stands beside)."""

    def __init__(self, covariates: Covariates, treated: Booleans) -> None:
        self.found = balance(covariates, treated, np.ones(len(treated)))
        self.known = bool(covariates.names)

    @property
    def gates(self) -> list[checks.Check]:
        return [checks.randomised_balance(self.found)] if self.known else []

    def rows(self, subject: Subject, estimate: Estimate) -> Iterator[Row]:
        counts = {"n": estimate.n, "n_treated": estimate.n_treated}
        found = zip(self.found.names, self.found.difference_before, self.found.ratio_before, strict=True)
        for name, value, variances in found:
            note = noted([("variance_ratio", float(variances))])
            yield balance_row(subject, "balance_before", name, value, note=note, **counts)
