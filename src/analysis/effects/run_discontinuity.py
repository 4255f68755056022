"""All rows of one outcome at a threshold."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects import checks
from analysis.effects.beside_print import beside_print
from analysis.effects.columns import codes, each_once, numbers, outcome_values, require
from analysis.effects.covariates import expand
from analysis.effects.discontinuity import METHOD, Jump, density_p, jump_at
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.multiplicity import holm
from analysis.effects.populations import rows_by_population
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, told
from analysis.effects.threshold_rows import WINDOWS, bin_rows, fit_rows
from analysis.effects.verdict import p_rejects, verdict
from analysis.study.design_settings import Discontinuity
from analysis.study.settings import Inference, Outcome, Published

WIDTHS = {"half": 0.5, "double": 2.0}


def estimate_discontinuity(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: Discontinuity, inference: Inference
) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row of ``panel`` a unit.

    ``effect`` holds at the threshold alone. Beside it: ``bandwidth`` (half and double the window), ``placebo``
    (thresholds where nothing happens), ``covariate_jump``, ``density`` (p); for figures ``window`` (term: its width)
    and what ``threshold_rows`` gives.
    """

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row] | list[Row]:
        return _Threshold(subject, members, design, inference).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)


class _Threshold:
    """One outcome in one population. Where those below are treated the running variable is turned round."""

    def __init__(self, subject: Subject, members: pd.DataFrame, design: Discontinuity, inference: Inference) -> None:
        named = [name for name in (design.treatment, design.cluster) if name]
        require(members, [design.unit, design.running, *named, *design.covariates, subject.outcome])
        each_once(members, design.unit)
        outcome, running = outcome_values(members, subject.outcome), numbers(members, design.running)
        treatment = numbers(members, design.treatment) if design.treatment else None
        seen = ~(np.isnan(outcome) | np.isnan(running))
        if treatment is not None:
            seen &= ~np.isnan(treatment)
        sign = -1.0 if design.treated_below else 1.0
        self.subject, self.design, self.inference = subject, design, inference
        self.absent = int((~seen).sum())
        self.outcome, self.running, self.cutoff = outcome[seen], sign * running[seen], sign * design.cutoff
        self.treatment = None if treatment is None else treatment[seen]
        self.clusters = codes(members.loc[seen], design.cluster)[0] if design.cluster else None
        self.covariates = expand(members.loc[seen], design.covariates)
        self.found = self._jump(self.outcome, self.cutoff, design.bandwidth, self.treatment)

    def rows(self, published: Published | None) -> Iterator[Row]:
        jumps = list(self._covariate_jumps())
        density = density_p(self.running, self.cutoff)
        gates = [checks.near_threshold(self.found.below, self.found.above), checks.density(density)]
        taken = self._take_up()
        if taken is not None:
            gates.append(checks.first_stage(taken.estimate, taken.robust_se))
        if jumps:
            gates.append(checks.covariate_jumps(float(np.nanmin(holm(np.array([row["p"] for row in jumps]))))))
        tests = [not self.found.ci_low <= 0 <= self.found.ci_high, p_rejects(self.found.p, self.inference.level)]
        said = {"verdict": verdict(tests, gates), "checks": checks.written(gates), "mde": self._mde()}
        headline = self._row("effect", "", self.found)
        if self.absent:
            headline["note"] = f"{headline['note']};{noted([('persons_without_outcome', self.absent)])}"
        yield {**headline, **said}
        if taken is not None:
            yield {**self._row("take_up_jump", "", taken), "unit": "count"}
        yield told({**self.subject.row("density", estimate=density, n=len(self.running)), "unit": "p"})
        yield from self._other_windows()
        yield from self._placebos()
        yield from jumps
        yield from self._drawn()
        if published is not None:
            yield from beside_print(self.subject, published, self._printed())

    def _take_up(self) -> Jump | None:
        """The jump of the take-up by which the outcome's is divided, in the same window."""
        if self.treatment is None:
            return None
        return self._jump(self.treatment, self.cutoff, self.found.bandwidth, None)

    def _jump(self, outcome: Floats, cutoff: float, width: float | None, treatment: Floats | None) -> Jump:
        level = self.inference.level
        return jump_at(outcome, self.running, cutoff, treatment, self.clusters, width, level)

    def _row(self, measure: str, term: str, found: Jump) -> Row:
        note = noted([("bandwidth", f"{found.bandwidth:.6g}"), ("below", found.below), ("above", found.above)])
        numbers_of = {"estimate": found.estimate, "se": found.robust_se, "ci_low": found.ci_low, "p": found.p}
        counts = {"n": found.below + found.above, "n_treated": found.above, "baseline": found.left}
        row = {**numbers_of, **counts, "ci_high": found.ci_high, "method": METHOD, "note": note}
        return self.subject.row(measure, term, **row)

    def _mde(self) -> float:
        inference = self.inference
        return float(stats.norm.ppf(1 - inference.level / 2) + stats.norm.ppf(inference.power)) * self.found.robust_se

    def _other_windows(self) -> Iterator[Row]:
        for term, factor in WIDTHS.items():
            try:
                width = factor * self.found.bandwidth
                yield self._row("bandwidth", term, self._jump(self.outcome, self.cutoff, width, self.treatment))
            except DesignRefused as refusal:
                yield self.subject.refused_row("bandwidth", refusal, term)

    def _drawn(self) -> Iterator[Row]:
        """For the figures, in the running variable as it is declared."""
        found = self.found
        if self.treatment is not None:  # what is drawn is the outcome, not its ratio to the take-up
            found = self._jump(self.outcome, self.cutoff, found.bandwidth, None)
        sign = -1.0 if self.design.treated_below else 1.0
        yield from bin_rows(self.subject, self.outcome, self.running, self.cutoff, 2 * found.bandwidth, sign)
        yield from fit_rows(self.subject, found, self.cutoff, sign)
        for factor in WINDOWS:
            width = factor * self.found.bandwidth
            try:
                row = self._row("window", "", self._jump(self.outcome, self.cutoff, width, self.treatment))
            except DesignRefused:
                continue
            yield {**row, "term": f"{width:.6g}"}

    def _placebos(self) -> Iterator[Row]:
        """Thresholds in the middle of each side, among the units of that side alone: nothing may jump there."""
        for term, side in (("below", self.running < self.cutoff), ("above", self.running >= self.cutoff)):
            place = float(np.median(self.running[side]))
            clusters = None if self.clusters is None else np.unique(self.clusters[side], return_inverse=True)[1]
            try:
                found = jump_at(
                    self.outcome[side], self.running[side], place, None, clusters, None, self.inference.level
                )
                yield self._row("placebo", term, found)
            except DesignRefused as refusal:
                yield self.subject.refused_row("placebo", refusal, term)

    def _covariate_jumps(self) -> Iterator[Row]:
        for name, column in zip(self.covariates.names, self.covariates.values.T, strict=True):
            if np.ptp(column) == 0:
                continue
            try:
                found = self._jump(column, self.cutoff, self.design.bandwidth, None)
            except DesignRefused:
                continue
            yield {**self._row("covariate_jump", name, found), "unit": "covariate"}

    def _printed(self) -> Estimate:
        """The conventional estimate and standard error, as tables print them."""
        found = self.found
        influence = np.array([found.se])
        return Estimate(
            found.estimate, found.se, influence, METHOD, found.below + found.above, found.above,
            df=math.inf, level=self.inference.level, baseline=found.left,
        )  # fmt: skip
