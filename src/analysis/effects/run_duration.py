"""All rows of one outcome that is the time until an event."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects import checks
from analysis.effects.balance import balance
from analysis.effects.beside_print import beside_print
from analysis.effects.columns import codes, each_once, numbers, require, yes_no
from analysis.effects.covariates import expand, model_matrix
from analysis.effects.duration import log_rank_p
from analysis.effects.duration_regression import HazardRatio, cox, discrete_hazard
from analysis.effects.estimate import Estimate, Floats, Integers
from analysis.effects.overlap import overlap, treated_odds
from analysis.effects.populations import rows_by_population
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.propensity import fit_propensity
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, told, too_few_clusters
from analysis.effects.survival_groups import Groups
from analysis.effects.survival_rows import curve_rows
from analysis.effects.verdict import interval_rejects, verdict
from analysis.study.duration_settings import Duration
from analysis.study.settings import Inference, Outcome, Published


def estimate_duration(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: Duration, inference: Inference
) -> list[Row]:
    """Rows of the results table for the times in column ``name``, in each declared population; a row a person.

    ``effect``: difference in mean time without the event up to the horizon. Beside it ``incidence`` (difference in the
    share with it, by time), ``log_rank`` (p), ``hazard_ratio``, ``proportionality`` (p), ``discrete_hazard``, and for
    the first population the curves (``survival_rows``).
    """

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row] | list[Row]:
        first = subject.population == outcome.populations[0]
        return _Followed(subject, members, design, inference, first).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)


class _Followed:
    """One time in one population; who lacks the time is left out and counted."""

    def __init__(
        self, subject: Subject, members: pd.DataFrame, design: Duration, inference: Inference, first: bool
    ) -> None:
        named = [name for name in (design.stratum, design.cluster) if name]
        require(members, [design.unit, design.treated, design.event, *named, *design.covariates, subject.outcome])
        each_once(members, design.unit)
        time = numbers(members, subject.outcome)
        seen = ~np.isnan(time)
        if not seen.any():
            raise DesignRefused("outcome_missing", column=subject.outcome)
        if (time[seen] < 0).any():
            raise DesignRefused("negative_time", column=subject.outcome, count=int((time[seen] < 0).sum()))
        self.subject, self.design, self.inference, self.first = subject, design, inference, first
        self.absent = int((~seen).sum())
        self.groups, self.gates = self._grouped(members.loc[seen], time[seen])
        self._refuse_without_events()

    def _grouped(self, members: pd.DataFrame, time: Floats) -> tuple[Groups, list[checks.Check]]:
        design = self.design
        event, treated = yes_no(members, design.event), yes_no(members, design.treated)
        if treated.all() or not treated.any():
            raise DesignRefused("no_comparison" if treated.all() else "no_treated")
        stratum = codes(members, design.stratum)[0] if design.stratum else np.zeros(len(members), np.int64)
        one_sided = sum(len(np.unique(treated[stratum == code])) < 2 for code in np.unique(stratum))
        if one_sided:
            raise DesignRefused("stratum_one_sided", count=one_sided)
        cluster = codes(members, design.cluster)[0] if design.cluster else None
        if not design.covariates:
            gates = [checks.sample_size(int(treated.sum()), int((~treated).sum()))]
            return Groups(time, event, treated, stratum, cluster, level=self.inference.level), gates
        covariates = expand(members, design.covariates)
        matrix, _ = model_matrix(covariates, treated)
        propensity = fit_propensity(matrix, treated)
        weights = treated_odds(propensity.score, treated)
        gates = checks.weighting_checks(overlap(propensity.score, treated), balance(covariates, treated, weights))
        return Groups(time, event, treated, stratum, cluster, matrix, propensity, self.inference.level), gates

    def _refuse_without_events(self) -> None:
        groups, horizon = self.groups, self.design.horizon
        for group in (True, False):
            mine = groups.treated == group
            last = float(groups.duration[mine].max())
            if last < horizon:
                raise DesignRefused("horizon_past_data", horizon=f"{horizon:g}", last=f"{last:g}")
        happened = groups.event & (groups.duration <= horizon)
        if not happened.any():
            raise DesignRefused("no_event")

    def rows(self, published: Published | None) -> list[Row]:
        curves = curve_rows(
            self.subject, self.groups, self.design.horizon, self.design.times, self.inference.level, self.first
        )
        rows = [self._headline(), *self._incidence(), self._log_rank(), *self._hazards(), *curves]
        return rows + list(self._beside(published)) if published else rows

    def _headline(self) -> Row:
        groups, horizon = self.groups, self.design.horizon
        estimate = groups.difference_in_mean(horizon)
        happened = groups.event & (groups.duration <= horizon)
        events = [int((happened & (groups.treated == group)).sum()) for group in (True, False)]
        left = [groups.at_risk(group, horizon) for group in (True, False)]
        gates = [*self.gates, checks.events(min(events)), checks.followed(min(left))]
        if estimate.clusters is not None and estimate.clusters_treated is not None:
            gates.append(checks.clusters(estimate.clusters_treated, estimate.clusters - estimate.clusters_treated))
        tests: list[bool | None] = [None if too_few_clusters(estimate) else interval_rejects(estimate)]
        notes = [("horizon", f"{horizon:g}"), ("events_project", events[0]), ("events_comparison", events[1])]
        if self.absent:
            notes.append(("persons_without_outcome", self.absent))
        said = {"verdict": verdict(tests, gates), "checks": checks.written(gates), "note": noted(notes)}
        if not too_few_clusters(estimate):
            level, power = self.inference.level, self.inference.power
            said["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, power)  # type: ignore[assignment]
        return self.subject.estimate_row("effect", estimate, **said)

    def _incidence(self) -> Iterator[Row]:
        for time in sorted({*self.design.times, self.design.horizon}):
            try:
                estimate = self.groups.difference_in_incidence(time)
                yield {**self.subject.estimate_row("incidence", estimate, f"{time:g}"), "unit": "share"}
            except DesignRefused as refusal:
                yield self.subject.refused_row("incidence", refusal, f"{time:g}")

    def _log_rank(self) -> Row:
        groups = self.groups
        p = log_rank_p(groups.duration, groups.event, groups.treated, self._stratum())
        return told({**self.subject.row("log_rank", estimate=p, **self._counts()), "unit": "p"})

    def _hazards(self) -> Iterator[Row]:
        groups, matrix = self.groups, self._regressors()
        yield from self._ratio("hazard_ratio", lambda: cox(
            groups.duration, groups.event, matrix, self._stratum(), groups.cluster
        ))  # fmt: skip
        yield from self._ratio("discrete_hazard", lambda: discrete_hazard(
            groups.duration, groups.event, matrix, self.design.horizon
        ))  # fmt: skip

    def _regressors(self) -> Floats:
        """The treatment and, behind it, the covariates (the model of the propensity score without its constant)."""
        treated = self.groups.treated.astype(float)[:, None]
        return treated if self.groups.matrix is None else np.column_stack([treated, self.groups.matrix[:, 1:]])

    def _stratum(self) -> Integers | None:
        return self.groups.stratum if self.design.stratum else None

    def _ratio(self, measure: str, compute: Callable[[], HazardRatio]) -> Iterator[Row]:
        try:
            found = compute()
        except DesignRefused as refusal:
            yield self.subject.refused_row(measure, refusal)
            return
        half = float(stats.norm.ppf(1 - self.inference.level / 2)) * found.se
        numbers_of = {
            "estimate": math.exp(found.log), "ci_low": math.exp(found.log - half),
            "ci_high": math.exp(found.log + half), "p": found.p,
        }  # fmt: skip
        note = noted([("log", f"{found.log:.9f}"), ("log_se", f"{found.se:.9f}")])
        checked = [checks.proportional(found.proportional_p)] if measure == "hazard_ratio" else []
        said = {"method": measure, "note": note, "checks": checks.written(checked)}
        yield {**self.subject.row(measure, **numbers_of, **said, **self._counts()), "unit": "ratio"}
        if checked:
            p = {"estimate": found.proportional_p, **self._counts()}
            yield told({**self.subject.row("proportionality", **p), "unit": "p"})

    def _counts(self) -> Row:
        return {"n": len(self.groups.duration), "n_treated": int(self.groups.treated.sum())}

    def _beside(self, published: Published) -> Iterator[Row]:
        """The log hazard ratio, as tables print it."""
        groups = self.groups
        found = cox(groups.duration, groups.event, self._regressors(), self._stratum())
        count, treated = len(groups.duration), int(groups.treated.sum())
        level = self.inference.level
        ours = Estimate(found.log, found.se, np.array([found.se]), "cox", count, treated, level=level)
        for row in beside_print(self.subject, published, ours):
            yield {**row, "unit": "log"}
