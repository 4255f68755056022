"""All rows of one outcome under a difference-in-differences design, with one start or several."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from analysis.effects import checks, did, staggered
from analysis.effects.beside_print import beside_print
from analysis.effects.bootstrap_row import bootstrap_row
from analysis.effects.cells import Cells, collapse
from analysis.effects.columns import population_rows
from analysis.effects.did_sensitivity import sensitivity_rows
from analysis.effects.estimate import Estimate
from analysis.effects.own_change import participants_own_change
from analysis.effects.power import minimum_detectable_effect
from analysis.effects.randomisation import assignments
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, band, noted, told, too_few_clusters, unit_of
from analysis.effects.run_group_time import adjusted_rows, group_time_average, needs_group_time
from analysis.effects.run_robustness import with_panel_robustness
from analysis.effects.two_way import two_way_by_time
from analysis.effects.verdict import interval_rejects, p_rejects, required, verdict
from analysis.study.design_settings import DifferenceInDifferences, Staggered
from analysis.study.settings import Inference, Outcome, Published, Test


def estimate_difference_in_differences(
    panel: pd.DataFrame,
    name: str,
    outcome: Outcome,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row a unit of ``panel`` and time.

    A design that a population cannot carry gives one ``effect`` row without numbers that names the reason.
    """
    rows: list[Row] = []
    for population in outcome.populations:
        subject = Subject(outcome.chapter, name, population, outcome.design, unit_of(outcome.unit))
        try:
            members = panel.loc[population_rows(panel, population)]
            study = _Population(subject, members, outcome, design, inference)
            if needs_group_time(design):
                made = list(adjusted_rows(subject, members, outcome, design, inference))
            else:
                made = study.rows()
            made = [*made, *study.followed(panel)]
            rows += with_panel_robustness(subject, made, panel, outcome, design, inference)
        except DesignRefused as refusal:
            rows.append(subject.refused_row("effect", refusal))
    return rows


@dataclass(frozen=True)
class _Tests:
    """What resampling says about one set of cells."""

    p_trend: float
    trends_tested: int
    p_wild: float
    p_randomisation: float
    smallest_p: float


class _Population:
    """One outcome in one population."""

    def __init__(
        self,
        subject: Subject,
        members: pd.DataFrame,
        outcome: Outcome,
        design: DifferenceInDifferences | Staggered,
        inference: Inference,
    ) -> None:
        self.subject, self.members, self.outcome = subject, members, outcome
        self.design, self.inference = design, inference
        self.tests: dict[bytes, _Tests] = {}

    def rows(self) -> list[Row]:
        cells = self._cells()
        headline, *trends = self._effect_and_trend(cells, "effect", "all")
        events = self._event_study(cells)
        headline, asked = sensitivity_rows(self.subject, headline, cells, events, self.inference)
        rows = [headline, *trends, *self._events(events), *bootstrap_row(self.subject, headline, self.inference)]
        if self.design.exclude_times_sensitivity:
            rows += self._without_excluded_times()
        if self.outcome.participation:
            rows += self._per_participant()
        level = self.inference.level
        rows.append(self.subject.estimate_row("naive", did.before_after(cells, level)))
        rows.append(self.subject.estimate_row("raw_difference", did.raw_difference(cells, level)))
        published = self.outcome.published
        beside = beside_print(self.subject, published, self._as_printed(cells, published)) if published else ()
        return [*rows, *asked, *beside]

    def _as_printed(self, cells: Cells, published: Published) -> Estimate:
        """Our number of the kind in print: the effect, by regression or by influence functions, or a coefficient of
        the two-way regression."""
        if published.since_start is None and published.standard_errors == "influence_functions":
            return group_time_average(self.members, self.subject.outcome, self.design, self.inference.level)
        if published.since_start is None:
            return did.pooled_effect(cells, self.inference.level)
        return two_way_by_time(cells, published.since_start, self.inference.level)

    def followed(self, panel: pd.DataFrame) -> Iterator[Row]:
        """The participants' own change since the time before, where the design names the persons of the panel."""
        person, participation = self.design.person, self.outcome.participation
        if person is None or participation is None:
            return
        what = (self.subject.outcome, participation, person, self.design.time, self.inference.level)
        with suppress(DesignRefused):  # a figure that cannot be had is no fault of the design
            yield self.subject.estimate_row("naive_participants", participants_own_change(panel, self.members, *what))

    def _cells(self, participation: str | None = None, excluded: Sequence[int] = ()) -> Cells:
        return collapse(self.members, self.subject.outcome, self.design, participation, excluded)

    def _without_excluded_times(self) -> Iterator[Row]:
        try:
            cells = self._cells(excluded=self.design.exclude_times_sensitivity)
            yield from self._effect_and_trend(cells, "effect_without_pandemic", "without_pandemic")
        except DesignRefused as refusal:
            yield self.subject.refused_row("effect_without_pandemic", refusal)

    def _effect_and_trend(self, cells: Cells, measure: str, term: str) -> Iterator[Row]:
        """The effect with its three tests, and the test of trends before the start on the same times."""
        estimate = did.pooled_effect(cells, self.inference.level)
        tests = self._tests(cells)
        yield self._tested(cells, measure, estimate, tests, [])
        counts: Row = {"n": estimate.n, "n_treated": estimate.n_treated}
        counts |= {"clusters": estimate.clusters, "clusters_treated": estimate.clusters_treated}
        p, trend = tests.p_trend, checks.written([checks.pretrend(tests.p_trend)])
        shown = {"estimate": p, "p": p, "df": tests.trends_tested or None, "checks": trend, "method": "wild_wald"}
        yield told({**self.subject.row("pretrend", term, **shown, **counts), "unit": "p"})

    def _per_participant(self) -> Iterator[Row]:
        """The effect per participant; "none" per participant and "none" of the offer are one hypothesis, tested
        alike.
        """
        try:
            cells = self._cells(self.outcome.participation)
            estimate, uptake = did.per_participant(cells, self.inference.level)
        except DesignRefused as refusal:
            yield self.subject.refused_row("effect_participants", refusal)
            return
        row = self._tested(
            cells, "effect_participants", estimate, self._tests(cells), [checks.first_stage(uptake.estimate, uptake.se)]
        )
        note = noted([("difference_in_participation", uptake.estimate), ("p_as_for", "intention_to_treat")])
        yield {**row, "note": ";".join(filter(None, [str(row["note"]), note]))}

    def _tests(self, cells: Cells) -> _Tests:
        """The tests that resample; kept, since the headline and the effect per participant mostly share their rows."""
        key = cells.mean.tobytes() + cells.size.tobytes()
        if key not in self.tests:
            self.tests[key] = self._resample(cells)
        return self.tests[key]

    def _resample(self, cells: Cells) -> _Tests:
        draws, seed = self.design.draws, self.design.seed
        weights = self.inference.bootstrap_weights
        p_trend, trends = did.pretrend_p(self._event_study(cells), draws, seed, weights)
        smallest, p_randomisation = self._deal_anew(cells)
        return _Tests(
            p_trend=p_trend,
            trends_tested=trends,
            p_wild=did.effect_wild_p(cells, draws, seed, weights),
            p_randomisation=p_randomisation,
            smallest_p=smallest,
        )

    def _deal_anew(self, cells: Cells) -> tuple[float, float]:
        """The smallest p that randomisation inference can give, and its p (missing when it could not speak)."""
        draws, seed, level = self.design.draws, self.design.seed, self.inference.level
        if cells.is_staggered:
            smallest = staggered.smallest_p(cells, draws)
            return smallest, staggered.randomisation_p(cells, draws, seed) if smallest <= level else math.nan
        chances = assignments(cells.cluster_treated, cells.cluster_stratum, draws, seed)
        speaking = chances.smallest_p <= level
        return chances.smallest_p, did.effect_randomisation_p(cells, chances) if speaking else math.nan

    def _tested(self, cells: Cells, measure: str, estimate: Estimate, tests: _Tests, gates: list[checks.Check]) -> Row:
        """An effect with p-values by bootstrap and randomisation, checks, minimum detectable effect, verdict."""
        level, few = self.inference.level, too_few_clusters(estimate)
        treated = int(cells.cluster_treated.sum())
        gates = [
            checks.pretrend(tests.p_trend),
            *gates,
            checks.clusters(treated, len(cells.cluster_treated) - treated),
            checks.degrees_of_freedom(estimate.df),
            checks.randomisation(tests.smallest_p, level),
        ]
        answers: dict[Test, bool | None] = {"randomisation": p_rejects(tests.p_randomisation, level)}
        inferred = {"p_randomisation": tests.p_randomisation}
        if not few:
            answers |= {"interval": interval_rejects(estimate), "bootstrap": p_rejects(tests.p_wild, level)}
            inferred["p_wild"] = tests.p_wild
            inferred["mde"] = minimum_detectable_effect(estimate.se, estimate.df, level, self.inference.power)
        if cells.dropped:
            warning = noted([("rows_without_outcome", cells.dropped)])
            estimate = replace(estimate, warnings=(*estimate.warnings, warning))
        made = required(answers, self.inference.tests)
        said = {"verdict": verdict(made, gates), "checks": checks.written(gates)}
        return self.subject.estimate_row(measure, estimate, **inferred, **said)

    def _event_study(self, cells: Cells) -> did.EventStudy:
        return did.event_study(cells, self.inference.level, self.design.draws, self.design.seed)

    def _events(self, study: did.EventStudy) -> Iterator[Row]:
        shown = dict(zip(study.times, study.estimates, strict=True))
        for time in sorted([*study.times, study.reference]):
            if time == study.reference:
                yield self.subject.row("event", time, estimate=0.0, method=study.estimates[0].method, note="reference")
            else:
                yield self.subject.estimate_row("event", shown[time], time, **band(shown[time], study.band_factor))
