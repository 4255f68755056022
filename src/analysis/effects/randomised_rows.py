"""The rows of one outcome for one arm of an experiment beside its control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.effects import checks
from analysis.effects.balance import balance
from analysis.effects.beside_print import beside_print
from analysis.effects.bootstrap_row import bootstrap_row
from analysis.effects.covariates import Covariates
from analysis.effects.estimate import Booleans, Estimate
from analysis.effects.imputed_rows import ImputedTrial
from analysis.effects.lee_rows import Answered, lee_rows
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.randomised import adjusted, difference, randomisation_test, wild_p
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, balance_row, noted, too_few_clusters
from analysis.effects.verdict import interval_rejects, p_rejects, required, verdict
from analysis.study.design_settings import Randomised
from analysis.study.settings import Inference, Published, Test


@dataclass(frozen=True)
class ArmTests:
    """What several arms make of one arm's tests: ``p_randomisation`` and the smallest it could be, and the p-values
    ``adjusted`` for the number of arms, by the name of the method, of which those ``required`` decide the verdict."""

    p_randomisation: float
    smallest: float
    adjusted: Mapping[str, float]
    required: tuple[str, ...]


class ArmRows:
    """One arm beside control, or the treated beside the others. Raises DesignRefused where no estimate can be made."""

    def __init__(
        self, subject: Subject, imputed: ImputedTrial, arm: int, design: Randomised, inference: Inference
    ) -> None:
        self.subject, self.arm, self.design, self.inference = subject, arm, design, inference
        self.imputed, self.trial = imputed, imputed.trial
        trial = self.trial
        self.absent = trial.absent(arm)
        self.experiment, self.covariates = trial.experiment(arm)

    def rows(self, published: Published | None, tests: ArmTests | None = None) -> list[Row]:
        """``tests`` where the arm is one of several."""
        comparison = self._balance()
        known = [checks.outcome_known(*self.trial.lost(self.arm))] if self.absent else []
        given = self._given_covariates() if self.design.covariates else None
        seen = {"": self.estimate, **({"adjusted": given} if isinstance(given, Estimate) else {})}
        imputed, stays = self.imputed.rows(self.subject, self.arm, seen)
        gates = [self._sample(), *known, *comparison.gates, *stays]
        effect = self._tested("effect", self.estimate, gates, tests)
        rows = [effect, *bootstrap_row(self.subject, effect, self.inference)]
        if tests is not None:
            rows += self._adjusted_p(tests)
        if given is not None:
            rows.append(self._adjusted(given, gates))
        rows += [*self._bounds(), *imputed]
        if published is not None:
            rows += self._beside(published)
        return [*rows, *comparison.rows(self.subject, self.estimate)]

    @cached_property
    def estimate(self) -> Estimate:
        return difference(self.experiment)

    @cached_property
    def p_wild(self) -> float:
        return wild_p(self.experiment, self.design.draws, self.design.seed, self.inference.bootstrap_weights)

    def _sample(self) -> checks.Check:
        counts = np.bincount(self.experiment.treated.astype(int), minlength=2)
        return checks.sample_size(int(counts[1]), int(counts[0]))

    def _balance(self) -> _Comparison:
        return _Comparison(self.covariates, self.experiment.treated)

    def _given_covariates(self) -> Estimate | DesignRefused:
        try:
            return adjusted(self.experiment)
        except DesignRefused as refusal:
            return refusal

    def _bounds(self) -> Iterator[Row]:
        """Lee's bounds, where outcomes are missing."""
        rows = self.trial.pair(self.arm) & self.trial.placed
        cluster = None if self.trial.cluster is None else self.trial.cluster[rows]
        arm, stratum = self.trial.arm[rows] == self.arm, self.trial.stratum[rows]
        answered = Answered(self.trial.outcome[rows], arm, stratum, cluster)
        return lee_rows(self.subject, answered, self.inference.level, self.design.seed)

    def _adjusted(self, estimate: Estimate | DesignRefused, gates: list[checks.Check]) -> Row:
        if isinstance(estimate, DesignRefused):
            return self.subject.refused_row("effect_adjusted", estimate)
        few = too_few_clusters(estimate)
        if estimate.clusters is not None and estimate.clusters_treated is not None:
            of_control = estimate.clusters - estimate.clusters_treated
            gates = [*gates, checks.clusters(estimate.clusters_treated, of_control)]
            gates.append(checks.degrees_of_freedom(estimate.df))
        said: Row = {"verdict": verdict([None if few else interval_rejects(estimate)], gates)}
        said["checks"] = checks.written(gates)
        if not few:
            level, power = self.inference.level, self.inference.power
            said["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, power)
        return self.subject.estimate_row("effect_adjusted", estimate, **said)

    def _adjusted_p(self, tests: ArmTests) -> Iterator[Row]:
        counts = {"n": self.estimate.n, "n_treated": self.estimate.n_treated}
        for name, p in tests.adjusted.items():
            yield {**self.subject.row("p_adjusted", name, estimate=p, **counts), "unit": "p"}

    def _beside(self, published: Published) -> Iterator[Row]:
        """Our estimate with the kind of standard error in print, and what stands in print."""
        return beside_print(self.subject, published, difference(self.experiment, published.standard_errors))

    def _tested(self, measure: str, estimate: Estimate, gates: list[checks.Check], tests: ArmTests | None) -> Row:
        """The effect with its interval, the randomisation test and (by clusters) the bootstrap; all must agree."""
        level, draws, seed = self.inference.level, self.design.draws, self.design.seed
        if tests is None:
            p, smallest = randomisation_test(self.experiment, draws, seed)
        else:
            p, smallest = tests.p_randomisation, tests.smallest
        answers: dict[Test, bool | None] = {"randomisation": p_rejects(p, level)}
        inferred: Row = {"p_randomisation": p}
        gates = [*gates, checks.lots(smallest, level)]
        if estimate.clusters is not None and estimate.clusters_treated is not None:
            gates.append(checks.clusters(estimate.clusters_treated, estimate.clusters - estimate.clusters_treated))
            gates.append(checks.degrees_of_freedom(estimate.df))
        if not too_few_clusters(estimate):
            answers["interval"] = interval_rejects(estimate)
            inferred["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, self.inference.power)
            if estimate.clusters is not None:
                inferred["p_wild"] = self.p_wild
                answers["bootstrap"] = p_rejects(self.p_wild, level)
        made = required(answers, self.inference.tests)
        if tests is not None:  # several arms are judged by what allows for their number, beside the interval
            made = [answers["interval"]] if "interval" in answers else []
            made += [p_rejects(tests.adjusted[name], level) for name in tests.required]
        if self.absent:
            warning = noted([("persons_without_outcome", self.absent)])
            estimate = replace(estimate, warnings=(*estimate.warnings, warning))
        said = {"verdict": verdict(made, gates), "checks": checks.written(gates)}
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
