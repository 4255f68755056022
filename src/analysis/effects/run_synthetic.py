"""All rows of one outcome of one or a few treated units."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.beside_print import beside_print
from analysis.effects.columns import each_once_a_time, numbers, outcome_values, require, yes_no
from analysis.effects.estimate import Estimate
from analysis.effects.placebo import Placebos, least_gap, placebos
from analysis.effects.placebo_interval import detectable_effect, effects_not_rejected
from analysis.effects.populations import rows_by_population
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted
from analysis.effects.synthetic import Block, Method, fit, spread_between
from analysis.effects.synthetic_rows import LISTED_WEIGHT, named, path_rows, persons_behind, placebo_rows
from analysis.effects.verdict import p_rejects, verdict
from analysis.study.settings import Inference, Outcome, Published
from analysis.study.synthetic_settings import SyntheticControl

METHODS: tuple[Method, ...] = ("synthetic_did", "synthetic_control", "did")
FEWEST_BEFORE, FEWEST_OTHERS = 2, 2


def estimate_synthetic_control(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: SyntheticControl, inference: Inference
) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row of ``panel`` a unit and time.

    ``effect`` by the declared method; ``variant`` (term: the other methods), ``leave_one_out`` (term: the unit left
    out), ``weight`` (term: unit), ``time_weight`` (term: time), ``fit`` (term: what), ``units`` (term: which), and what
    figures draw (``synthetic_rows``).
    """

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row]:
        return _Few(subject, members, design, inference).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)


class _Few:
    """One outcome in one population."""

    def __init__(self, subject: Subject, members: pd.DataFrame, design: SyntheticControl, inference: Inference) -> None:
        self.subject, self.design, self.inference = subject, design, inference
        self.wide = _wide(members, subject.outcome, design)
        marked = pd.Series(yes_no(members, design.treated)).groupby(members[design.unit].to_numpy())
        if (marked.nunique() > 1).any():
            raise DesignRefused("changes_within", column=design.treated, group=design.unit)
        treated = marked.first().reindex(self.wide.index).to_numpy(dtype=bool)
        if treated.all() or not treated.any():
            raise DesignRefused("no_comparison" if treated.all() else "no_treated")
        before = int((self.wide.columns < design.start).sum())
        _refuse_short(before, self.wide.shape[1] - before, int((~treated).sum()), design.start)
        self.block = Block(self.wide.to_numpy(dtype=float), treated, before)
        self.others = self.wide.index[~treated]
        self.persons = persons_behind(members, design, self.wide)
        self.spread = spread_between(self.block)
        self.found = fit(self.block, design.method)

    def rows(self, published: Published | None) -> Iterator[Row]:
        design, inference = self.design, self.inference
        tested = placebos(self.block, design.method, self.found, self.spread, design.draws, design.seed)
        gap = self.found.gap_before / self.spread if self.spread > 0 else math.nan
        gates = [
            checks.fit_before(gap), checks.periods_before(self.block.before),
            checks.placebos(1.0 if math.isnan(tested.smallest_p) else tested.smallest_p, inference.level),
        ]  # fmt: skip
        said = {"verdict": verdict([p_rejects(tested.p, inference.level)], gates), "checks": checks.written(gates)}
        yield {**self._effect(tested), **said}
        yield from self._variants()
        yield from self._left_out()
        yield from self._fitted(gap)
        yield from self._weights()
        yield from path_rows(self.subject, self.found, self.wide.columns, self.block.treated, self.persons)
        yield from placebo_rows(self.subject, tested, self.wide.columns, self.block.treated, self.persons)
        if published is not None:
            yield from beside_print(self.subject, published, self._estimate(tested.se))

    def _effect(self, tested: Placebos) -> Row:
        row: Row = {"estimate": self.found.estimate, "p_randomisation": tested.p, "method": self.design.method}
        row |= {"baseline": float(self.found.synthetic[self.block.before :].mean()), **self._counts()}
        level, least = self.inference.level, least_gap(self.spread)
        gap, before = self.found.path - self.found.synthetic, self.block.before
        low, high = effects_not_rejected(gap, before, tested.ratios, level, least)
        mde = detectable_effect(tested.gaps, before, tested.ratios, level, self.inference.power, least)
        row |= {"se": tested.se, "ci_low": low, "ci_high": high, "mde": mde}
        note = noted([("start", self.design.start), ("placebos", len(tested.estimates))])
        return self.subject.row("effect", **row, note=note)

    def _estimate(self, se: float) -> Estimate:
        counts = (self.block.outcome.size, int(self.block.treated.sum()))
        return Estimate(self.found.estimate, se, np.array([se]), self.design.method, *counts)

    def _variants(self) -> Iterator[Row]:
        for method in METHODS:
            if method != self.design.method:
                other = fit(self.block, method)
                yield self.subject.row("variant", method, estimate=other.estimate, method=method, **self._counts())

    def _left_out(self) -> Iterator[Row]:
        """Without each untreated unit that the estimate leans on."""
        if len(self.others) <= FEWEST_OTHERS:
            return
        places = np.flatnonzero(~self.block.treated)
        for name, place, weight in zip(self.others, places, self.found.weights, strict=True):
            if weight < LISTED_WEIGHT:
                continue
            kept = np.arange(len(self.block.outcome)) != place
            smaller = replace(self.block, outcome=self.block.outcome[kept], treated=self.block.treated[kept])
            try:
                estimate = fit(smaller, self.design.method).estimate
                yield self.subject.row("leave_one_out", named(name), estimate=estimate, **self._counts())
            except DesignRefused as refusal:
                yield self.subject.refused_row("leave_one_out", refusal, named(name))

    def _fitted(self, gap: float) -> Iterator[Row]:
        found = {"gap_before": self.found.gap_before, "gap_after": self.found.gap_after}
        for term, value in found.items():
            yield self.subject.row("fit", term, estimate=value, **self._counts())
        if self.found.gap_before > 0:
            ratio = self.subject.row("fit", "gap_ratio", estimate=self.found.gap_after / self.found.gap_before)
            yield {**ratio, **self._counts(), "unit": "ratio"}
        if math.isfinite(gap):
            yield {**self.subject.row("fit", "gap_in_spreads", estimate=gap, **self._counts()), "unit": "ratio"}
        numbers_of = {
            "treated": int(self.block.treated.sum()), "comparison": len(self.others),
            "before": self.block.before, "after": self.wide.shape[1] - self.block.before,
        }  # fmt: skip
        for term, value in numbers_of.items():
            yield {**self.subject.row("units", term, estimate=value), "unit": "count"}

    def _weights(self) -> Iterator[Row]:
        for measure, names, weights in (
            ("weight", self.others, self.found.weights),
            ("time_weight", self.wide.columns[: self.block.before], self.found.time_weights),
        ):
            for name, weight in zip(names, weights, strict=True):
                if weight >= LISTED_WEIGHT:
                    yield {**self.subject.row(measure, named(name), estimate=float(weight)), "unit": "share"}

    def _counts(self) -> Row:
        """People, where they are declared; rows of aggregates have none."""
        if self.persons is None:
            return {}
        fewest = int(self.persons[self.block.treated].min())
        return {"n": fewest, "n_treated": fewest}


def _wide(members: pd.DataFrame, outcome: str, design: SyntheticControl) -> pd.DataFrame:
    """Units x times, in order. Refused: gaps, a unit twice at a time, a unit that is not seen at every time."""
    if design.persons is None and not design.aggregates:
        raise DesignRefused("persons_unknown")
    counted = [design.persons] if design.persons else []
    require(members, [design.unit, design.time, design.treated, outcome, *counted])
    each_once_a_time(members, design.unit, design.time)
    time, values = numbers(members, design.time), outcome_values(members, outcome)
    long = pd.DataFrame({"unit": members[design.unit].astype("str").to_numpy(), "time": time, "value": values})
    wide = long.pivot(index="unit", columns="time", values="value").sort_index().sort_index(axis=1)
    gaps = int(wide.isna().sum().sum())
    if gaps:
        raise DesignRefused("unbalanced", unit=design.unit, time=design.time, count=gaps)
    return wide


def _refuse_short(before: int, after: int, others: int, start: int) -> None:
    if before == 0:
        raise DesignRefused("always_treated", start=start)
    if before < FEWEST_BEFORE:
        raise DesignRefused("too_few_before", start=start, count=before)
    if after == 0:
        raise DesignRefused("no_period_after", start=start)
    if others < FEWEST_OTHERS:
        raise DesignRefused("too_few_others", count=others)
