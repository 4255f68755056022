"""What a referee asks beside the headline of a difference-in-differences, as rows and checks.

Every row bears the headline's counts of persons, so that disclosure control hides it when it hides the headline (and
the size of a cluster does not follow from what is left without it).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np

from analysis.effects import checks, did
from analysis.effects.alternatives import agree
from analysis.effects.cells import Cells
from analysis.effects.estimate import Estimate, Floats
from analysis.effects.extended_two_way import extended_two_way
from analysis.effects.honest_bounds import EventEstimates
from analysis.effects.left_out import hangs_on_one, leave_one_out
from analysis.effects.placebo_date import placebo_date
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, too_few_clusters, with_check
from analysis.effects.trend_bounds import detectable_slope, event_estimates, trend_bounds
from analysis.effects.two_way import two_way
from analysis.effects.verdict import interval_rejects
from analysis.study.settings import Inference

Found = Row | checks.Check


def sensitivity_rows(
    subject: Subject, headline: Row, cells: Cells, study: did.EventStudy, inference: Inference
) -> tuple[Row, list[Row]]:
    """The ``headline`` row with what its sensitivity adds to its checks, and the further rows."""
    effect = did.pooled_effect(cells, inference.level)
    is_shown = headline["verdict"] == "shown"
    found: list[Found] = list(_placebo_date(subject, cells, inference))
    headline, rows = with_checks(headline, found)
    found = []
    if not too_few_clusters(effect):
        with suppress(DesignRefused):  # no time before: the test of trends says so already
            found += bound_rows(subject, headline, events_of(cells, study, effect.df), inference.level)
        found += _left_out(subject, effect, cells, is_shown)
        found += drift_rows(subject, headline, _undetected(cells, study, inference))
    if cells.is_staggered:
        found += _other_regressions(subject, effect, cells, inference.level)
    headline, others = with_checks(headline, found)
    return headline, [*rows, *others]


def with_checks(headline: Row, found: Iterable[Found]) -> tuple[Row, list[Row]]:
    """The headline with the checks among ``found`` added to its own, and the rows among them with its counts."""
    rows = []
    for one in found:
        if isinstance(one, checks.Check):
            headline = with_check(headline, one)
        else:
            rows.append({**one, "n": headline["n"], "n_treated": headline["n_treated"]})
    return headline, rows


def bound_rows(subject: Subject, headline: Row, events: EventEstimates, level: float) -> Iterator[Found]:
    """The interval when trends may differ by so many times what they did before, and how much the effect withstands."""
    try:
        bounds = trend_bounds(events, level)
    except DesignRefused as refusal:
        yield subject.refused_row("honest_bound", refusal)
        return
    for bar, (low, high) in bounds.intervals.items():
        limits: Row = {"estimate": bounds.effect, "ci_low": low, "ci_high": high, "method": "relative_magnitudes"}
        yield subject.row("honest_bound", f"{bar:g}", **limits)
    if math.isfinite(bounds.breakdown):
        said = subject.row("breakdown", estimate=bounds.breakdown, method="relative_magnitudes")
        yield {**said, "unit": "coefficient"}
    else:
        yield subject.refused_row("breakdown", DesignRefused("nothing_to_withstand"))
    if headline["verdict"] == "shown":
        yield checks.breakdown(bounds.breakdown, _uneven_before(headline))


def _uneven_before(headline: Row) -> bool:
    """Whether both the test of earlier trends and a made-up start already speak against parallel trends: either alone
    does so by chance in one sound study of ten or twenty."""
    said = str(headline["checks"]).split(";")
    return "pretrend:doubt" in said and "placebo_date:doubt" in said


def drift_rows(subject: Subject, headline: Row, drift: float) -> Iterator[Found]:
    """What a straight drift that the test of earlier trends may miss would add to the estimate."""
    if math.isnan(drift):
        return
    yield subject.row("undetected_drift", estimate=drift, method="noncentral_wald")
    if headline["verdict"] == "shown":
        yield checks.undetected_drift(drift, float(str(headline["estimate"])))


def events_of(cells: Cells, study: did.EventStudy, df: float) -> EventEstimates:
    shown = cells.time - cells.first if cells.is_staggered else cells.time
    rows: Floats = np.array([cells.size[cells.treated & (shown == time)].sum() for time in study.times])
    return event_estimates(study.times, study.estimates, study.start, rows, df)


def _undetected(cells: Cells, study: did.EventStudy, inference: Inference) -> float:
    """The drift's share in the estimate: the estimate itself is made on a straight line among the treated."""
    before = [place for place, time in enumerate(study.times) if time < study.start]
    estimates = [study.estimates[place] for place in before]
    distances = [study.times[place] - study.reference for place in before]
    slope = detectable_slope(distances, estimates, inference.level, inference.power)
    line = did.fit_effect(cells.with_outcome(np.where(cells.treated, cells.time, 0.0)))
    return slope * abs(float(line.coefficients[0]))


def _left_out(subject: Subject, effect: Estimate, cells: Cells, is_shown: bool) -> Iterator[Found]:
    others = leave_one_out(cells, effect)
    for place, estimate in enumerate(others, start=1):
        yield subject.estimate_row("without_cluster", estimate, place)
    comparable = [estimate for estimate in others if not too_few_clusters(estimate)]
    if comparable and is_shown:
        yield checks.leave_one_out(hangs_on_one(effect, comparable))


def _placebo_date(subject: Subject, cells: Cells, inference: Inference) -> Iterator[Found]:
    with suppress(DesignRefused):  # one time before carries no such test
        placebo = placebo_date(cells)
        estimate = placebo.effect(inference.level)
        yield subject.estimate_row("placebo_date", estimate, -placebo.moved)
        if not too_few_clusters(estimate):
            yield checks.placebo_date(bool(interval_rejects(estimate)))


def _other_regressions(subject: Subject, effect: Estimate, cells: Cells, level: float) -> Iterator[Found]:
    """Under different starts: the second estimator, which should agree, and the usual one, which need not."""
    second = extended_two_way(cells, level)
    yield subject.estimate_row("extended_two_way", second)
    yield checks.second_estimators(agree(effect, {"extended_two_way": second}))
    usual = two_way(cells, level)
    note = noted([("negative_weights", usual.negative)])
    yield {**subject.estimate_row("two_way_fixed_effects", usual.estimate), "note": note}
