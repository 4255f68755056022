"""All rows of one outcome under a weighting design."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.balance import Balance, balance
from analysis.effects.columns import each_once, outcome_values, population_rows, require, whole_numbers, yes_no
from analysis.effects.curve import Curve, change_of_treated, difference_in_means, effect_curve, person_times
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.imputed_rows import imputed_weighting
from analysis.effects.overlap import Overlap, overlap, target_weights
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.pseudo_outcomes import pseudo_outcome_rows
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, balance_row, band, noted, too_few_clusters, unit_of
from analysis.effects.run_robustness import with_person_robustness
from analysis.effects.score_rows import score_rows
from analysis.effects.verdict import interval_rejects, verdict
from analysis.effects.weighting import Target
from analysis.effects.weighting_rows import as_in_print, beside_headline, calibration
from analysis.effects.weighting_sample import propensity_of, sample_of, within
from analysis.study.design_settings import Weighting
from analysis.study.settings import Inference, Outcome, Published

MONTH_AFTER_EXIT = "month_after_exit"
MONTH_BEFORE_ENTRY = -1
LOCK_IN_MONTHS = range(1, 7)


def estimate_weighting(
    persons: pd.DataFrame,
    person_months: pd.DataFrame | None,
    name: str,
    outcome: Outcome,
    design: Weighting,
    inference: Inference,
    after_exit: Sequence[int] = (),
    headline_time: int = 12,
) -> list[Row]:
    """Rows of the results table for outcome ``name``: effects on the treated (or, if so declared,
    on everybody), estimated by normalised AIPW.

    With ``design.time`` the outcome is a column of ``person_months`` (unit, time since entry, month_after_exit); the
    headline is ``headline_time``. Without, it is a column of ``persons``. Populations are boolean columns of
    ``persons`` (``all`` and ``participants``: everybody, as the effect is one on the treated anyway).
    """
    rows: list[Row] = []
    for population in outcome.populations:
        subject = Subject(outcome.chapter, name, population, outcome.design, unit_of(outcome.unit))
        try:
            members = persons.loc[population_rows(persons, population)]
            analysis = _Population(subject, members, design, inference)
            if design.time is None:
                made = analysis.single(name, outcome.published)
            else:
                made = analysis.over_time(_given(person_months), after_exit, headline_time)
            data = (persons, person_months, outcome, design, inference, headline_time)
            rows += with_person_robustness(subject, made, *data)
            if population == outcome.populations[0]:  # counts of populations that overlap could be subtracted
                rows += score_rows(subject, analysis.score, analysis.sample.treated)
        except DesignRefused as refusal:
            rows.append(subject.refused_row("effect", refusal))
    return rows


def _given(person_months: pd.DataFrame | None) -> pd.DataFrame:
    if person_months is None:
        raise DesignRefused("no_rows")
    return person_months


class _Population:
    """One outcome in one population."""

    def __init__(self, subject: Subject, members: pd.DataFrame, design: Weighting, inference: Inference) -> None:
        require(members, [design.unit, design.treated, *filter(None, [design.cluster]), *design.covariates])
        each_once(members, design.unit)
        self.subject, self.members, self.design, self.inference = subject, members, design, inference
        treated = yes_no(members, design.treated)
        if treated.all() or not treated.any():
            raise DesignRefused("no_comparison" if treated.all() else "no_treated")
        self.target: Target = "treated" if design.estimand == "att" else "all"
        self.sample = sample_of(members, design, inference.level)
        self.score = propensity_of(self.sample)
        self.trimmed = 0
        if design.trim is not None:
            self._trim(design.trim)
        self.overlap, self.balance = self._compare_groups()
        self.calibration, calibrated = calibration(subject, self.score, self.sample.treated)
        self.pseudo, alike = pseudo_outcome_rows(subject, self.sample, self.members, design.pseudo_outcomes)
        self.gates = [*checks.weighting_checks(self.overlap, self.balance), calibrated, *alike]

    def _trim(self, share: float) -> None:
        """Leave out extreme scores and fit the score anew."""
        kept = within(self.score, self.sample.treated, share)
        self.trimmed = int((~kept).sum())
        self.members = self.members.loc[kept]
        self.sample = sample_of(self.members, self.design, self.inference.level)
        self.score = propensity_of(self.sample)

    def _compare_groups(self) -> tuple[Overlap, Balance]:
        treated = self.sample.treated
        weights = target_weights(self.score, treated, self.target)
        own = weights if self.target == "all" else None
        return overlap(self.score, treated, self.target), balance(self.sample.covariates, treated, weights, own)

    def single(self, name: str, published: Published | None) -> list[Row]:
        """Rows of an outcome measured once, the column ``name``."""
        outcome = outcome_values(self.members, name)
        curve = self._curve(outcome[:, None])
        rows = self._headline(curve.estimates[0], outcome)
        if published is not None:
            rows += as_in_print(self.subject, self.sample, outcome, published)
        rows.append(self._shown("raw_difference", "", lambda: difference_in_means(self.sample, outcome)))
        return [*rows, *self._diagnostics()]

    def over_time(self, person_months: pd.DataFrame, after_exit: Sequence[int], headline: int) -> list[Row]:
        """Rows of an outcome followed by months since entry and since exit."""
        assert self.design.time is not None
        whole_numbers(person_months, self.design.time)  # every month must say which; those since exit may be without
        times, outcomes = self._table(person_months, self.design.time)
        if headline not in times:
            raise DesignRefused("time_missing", time=headline)
        curve = self._curve(outcomes)
        column = dict(zip(times, outcomes.T, strict=True))
        estimates = dict(zip(times, curve.estimates, strict=True))
        rows = self._headline(estimates[headline], column[headline])
        rows += [self._monthly("monthly", time, estimates[time], curve.band_factor) for time in times]
        rows += self._lock_in(estimates, curve.band_factor)
        rows += self._months_gained(column, headline)
        before = column.get(MONTH_BEFORE_ENTRY, np.full(len(self.members), np.nan))
        rows += self._naive_and_raw("", before, column[headline])
        if after_exit:
            rows += self._after_exit(person_months, after_exit, before)
        return [*rows, *self._diagnostics()]

    def _months_gained(self, column: dict[int, Floats], headline: int) -> Iterator[Row]:
        """The effect on how many of the months since entry, up to the headline one, had the outcome (a yes or no)."""
        months = [column[month] for month in range(1, headline + 1) if month in column]
        observed = np.column_stack(months)
        if len(months) == headline and np.isin(observed[~np.isnan(observed)], (0.0, 1.0)).all():
            (estimate,) = self._curve(observed.sum(axis=1)[:, None]).estimates
            yield {**self._effect("months_worked", headline, estimate), "unit": "months"}

    def _table(self, person_months: pd.DataFrame, time: str) -> tuple[list[int], Floats]:
        return person_times(self.members, person_months, self.design.unit, time, self.subject.outcome)

    def _curve(self, outcomes: Floats) -> Curve:
        return effect_curve(self.sample, outcomes, self.design.draws, self.design.seed)

    def _after_exit(self, person_months: pd.DataFrame, months: Sequence[int], before: Floats) -> Iterator[Row]:
        require(person_months, [MONTH_AFTER_EXIT])
        times, outcomes = self._table(person_months, MONTH_AFTER_EXIT)
        column = dict(zip(times, outcomes.T, strict=True))
        missing = np.full(len(self.members), np.nan)
        table = np.column_stack([column.get(month, missing) for month in months])
        for month, estimate, after in zip(months, self._curve(table).estimates, table.T, strict=True):
            yield self._effect("after_exit", month, estimate)
            yield from self._naive_and_raw(f"after_exit_{month}", before, after)

    def _naive_and_raw(self, term: str, before: Floats, after: Floats) -> list[Row]:
        return [
            self._shown("naive", term, lambda: change_of_treated(self.sample, before, after)),
            self._shown("raw_difference", term, lambda: difference_in_means(self.sample, after)),
        ]

    def _shown(self, measure: str, term: object, compute: Callable[[], Estimate]) -> Row:
        try:
            return self.subject.estimate_row(measure, compute(), term)
        except DesignRefused as refusal:
            return self.subject.refused_row(measure, refusal, term)

    def _headline(self, estimate: Estimate | DesignRefused, outcome: Floats) -> list[Row]:
        """The headline effect, and what second estimators and unrecorded causes say of it."""
        beside, gates = beside_headline(self.subject, self.sample, outcome, estimate)
        names = list(dict.fromkeys(self.design.covariates))
        imputed, stays = imputed_weighting(
            self.subject, self.members[names], names, self.sample, outcome, estimate, self.design.seed
        )
        return [self._effect("effect", "", estimate, [*gates, *stays]), *beside, *imputed]

    def _effect(
        self, measure: str, term: object, estimate: Estimate | DesignRefused, further: Sequence[checks.Check] = ()
    ) -> Row:
        """An effect with its checks and verdict. The interval is the only test, its standard error being exact; with
        too few clusters for one there is none."""
        if isinstance(estimate, DesignRefused):
            return self.subject.refused_row(measure, estimate, term)
        size = checks.sample_size(estimate.n_treated, estimate.n - estimate.n_treated)
        gates = [size, *(gate for gate in self.gates if gate.name != "sample"), *further]
        if estimate.clusters is not None and estimate.clusters_treated is not None:
            gates.append(checks.clusters(estimate.clusters_treated, estimate.clusters - estimate.clusters_treated))
        few = too_few_clusters(estimate)
        said: Row = {"verdict": verdict([None if few else interval_rejects(estimate)], gates)}
        said["checks"] = checks.written(gates)
        if not few:
            level, power = self.inference.level, self.inference.power
            said["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, power)
        absent = len(self.members) - estimate.n
        note = ";".join([*estimate.warnings, *([noted([("persons_without_outcome", absent)])] if absent else [])])
        return self.subject.estimate_row(measure, estimate, term, note=note, **said)

    def _monthly(self, measure: str, time: int, estimate: Estimate | DesignRefused, factor: float) -> Row:
        if isinstance(estimate, DesignRefused):
            return self.subject.refused_row(measure, estimate, time)
        return self.subject.estimate_row(measure, estimate, time, **band(estimate, factor))

    def _lock_in(self, estimates: dict[int, Estimate | DesignRefused], factor: float) -> Iterator[Row]:
        """The lowest monthly effect soon after entry. An interval for one month does not hold for the one chosen
        because it was lowest; the uniform band does, and stands as the interval.
        """
        early = {month: estimates.get(month) for month in LOCK_IN_MONTHS}
        found = {month: value for month, value in early.items() if isinstance(value, Estimate)}
        if found:
            month = min(found, key=lambda key: found[key].estimate)
            limits = band(found[month], factor)
            interval = {name.replace("band", "ci"): limit for name, limit in limits.items()}
            extra = {**limits, **interval, "note": noted([("month", month)]), "p": math.nan}
            yield self.subject.estimate_row("lock_in", found[month], **extra)

    def _diagnostics(self) -> Iterator[Row]:
        counts = {"n": len(self.members), "n_treated": self.overlap.treated}
        for measure, difference, ratio in (
            ("balance_before", self.balance.difference_before, self.balance.ratio_before),
            ("balance_after", self.balance.difference_after, self.balance.ratio_after),
        ):
            for name, value, variances in zip(self.balance.names, difference, ratio, strict=True):
                note = noted([("variance_ratio", float(variances))])
                yield balance_row(self.subject, measure, name, value, note=note, **counts)
        yield from self.calibration
        yield from self.pseudo
        for term, number in self._overlap_terms().items():
            unit = "count" if term in ("treated", "comparison", "effective_sample", "trimmed") else "share"
            yield {**self.subject.row("overlap", term, estimate=float(number), **counts), "unit": unit}

    def _overlap_terms(self) -> dict[str, float]:
        state = self.overlap
        return {
            "treated": state.treated,
            "comparison": state.comparison,
            "outside_support": state.outside,
            "effective_sample": state.effective,
            "effective_share": state.effective_share,
            "score_min_treated": state.score_min_treated,
            "score_max_treated": state.score_max_treated,
            "score_min_comparison": state.score_min_comparison,
            "score_max_comparison": state.score_max_comparison,
            **({"trimmed": self.trimmed} if self.design.trim is not None else {}),
        }
