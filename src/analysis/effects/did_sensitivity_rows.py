"""The sensitivity of a difference-in-differences as rows, and the checks that follow for its headline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pandas as pd

from analysis.effects import checks, did
from analysis.effects import did_sensitivity as sensitivity
from analysis.effects.cells import Cells, collapse
from analysis.effects.columns import population_rows
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, too_few_clusters, unit_of
from analysis.effects.verdict import interval_rejects
from analysis.study.settings import DifferenceInDifferences, Inference, Outcome, Staggered


def sensitivity_rows(
    subject: Subject, headline: Row, cells: Cells, study: did.EventStudy, inference: Inference
) -> tuple[Row, list[Row]]:
    """The ``headline`` row with what its sensitivity adds to its checks, and the further rows.

    Every row bears the headline's counts of persons, so that disclosure control hides it when it hides the headline
    (and the size of a cluster does not follow from what is left without it).
    """
    effect = did.pooled_effect(cells, inference.level)
    found: list[Row] = []
    gates: list[checks.Check] = []
    if not too_few_clusters(effect):
        for part in (_bounds(subject, headline, cells, study, inference), _left_out(subject, effect, cells)):
            for item in part:
                (gates if isinstance(item, checks.Check) else found).append(item)  # type: ignore[arg-type]
    for item in _before(subject, cells, study, inference):
        (gates if isinstance(item, checks.Check) else found).append(item)  # type: ignore[arg-type]
    if cells.is_staggered:
        two_way = sensitivity.two_way(cells, inference.level)
        note = noted([("negative_weights", two_way.negative)])
        found.append({**subject.estimate_row("two_way_fixed_effects", two_way.estimate), "note": note})
    counts: Row = {"n": effect.n, "n_treated": effect.n_treated}
    said = ";".join(filter(None, [str(headline["checks"]), checks.written(gates)]))
    return {**headline, "checks": said}, [{**row, **counts} for row in found]


def _bounds(
    subject: Subject, headline: Row, cells: Cells, study: did.EventStudy, inference: Inference
) -> Iterator[Row | checks.Check]:
    with suppress(DesignRefused, np.linalg.LinAlgError):  # no time before: the test of trends says so already
        bounds = sensitivity.trend_bounds(study, cells, inference.level)
        for bar, (low, high) in bounds.intervals.items():
            limits: Row = {"estimate": bounds.effect, "ci_low": low, "ci_high": high, "method": "relative_magnitudes"}
            yield subject.row("honest_bound", f"{bar:g}", **limits)
        yield {**subject.row("breakdown", estimate=bounds.breakdown, method="relative_magnitudes"), "unit": "ratio"}
        if headline["verdict"] == "shown":
            yield checks.breakdown(bounds.breakdown)


def _left_out(subject: Subject, effect: Estimate, cells: Cells) -> Iterator[Row | checks.Check]:
    others = sensitivity.leave_one_out(cells, effect.level)
    for place, estimate in enumerate(others, start=1):
        yield subject.estimate_row("leave_one_out", estimate, place)
    comparable = [estimate for estimate in others if not too_few_clusters(estimate)]
    if comparable:
        yield checks.leave_one_out(sensitivity.is_fragile(effect, comparable))


def _before(
    subject: Subject, cells: Cells, study: did.EventStudy, inference: Inference
) -> Iterator[Row | checks.Check]:
    """What the time before the start says: a start that never was, and what its test of trends could find."""
    with suppress(DesignRefused):
        steps, estimate = sensitivity.placebo_date(cells, inference.level)
        yield subject.estimate_row("placebo_date", estimate, -steps)
        if not too_few_clusters(estimate):
            yield checks.placebo_date(bool(interval_rejects(estimate)))
    slope = sensitivity.detectable_slope(study, inference.level, inference.power)
    if not math.isnan(slope):
        yield subject.row("pretrend_detectable", estimate=slope, method="noncentral_wald")


def interaction_rows(
    panel: pd.DataFrame,
    name: str,
    outcome: Outcome,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> Iterator[Row]:
    """The difference of effects between each two declared populations that share no row."""
    inside = {}
    for population in outcome.populations:
        with suppress(DesignRefused):
            inside[population] = population_rows(panel, population)
    names = list(inside)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if (inside[first] & inside[second]).any():
                continue
            subject = Subject(outcome.chapter, name, second, outcome.design, unit_of(outcome.unit))
            both = panel.loc[inside[first] | inside[second]]
            other = inside[second][inside[first] | inside[second]]
            with suppress(DesignRefused):
                cells, is_second = _apart(both, other, name, design)
                estimate = sensitivity.interaction(cells, is_second, inference.level)
                yield subject.estimate_row("interaction", estimate, first)


def _apart(
    both: pd.DataFrame, second: np.ndarray, outcome: str, design: DifferenceInDifferences | Staggered
) -> tuple[Cells, np.ndarray]:
    """Cells in which the units of two populations are units of their own; which belong to the second."""
    unit = both[design.unit].astype("str") + np.where(second, "/2", "/1")
    apart = both.assign(**{"unit of a population": unit, "of the second": second.astype(float)})
    own = design.model_copy(update={"unit": "unit of a population"})
    cells = collapse(apart, outcome, own, "of the second")
    assert cells.participation is not None
    return cells, cells.participation > 0.5
