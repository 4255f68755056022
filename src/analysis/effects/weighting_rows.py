"""What a referee asks beside the headline of a weighting design, as rows and checks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.effects import checks
from analysis.effects.alternatives import agree, by_method, second_estimates
from analysis.effects.beside_print import beside_print
from analysis.effects.curve import Sample
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, told
from analysis.effects.unrecorded import Unrecorded, unrecorded_causes
from analysis.effects.verdict import interval_rejects
from analysis.study.settings import Published

FIFTHS = 5


def beside_headline(
    subject: Subject, sample: Sample, outcome: Floats, headline: Estimate | DesignRefused
) -> tuple[list[Row], list[checks.Check]]:
    """Second estimators and sensitivity to unrecorded causes; only an effect that is there can be explained away."""
    if isinstance(headline, DesignRefused):
        return [], []
    others = second_estimates(sample, outcome)
    rows = [
        subject.estimate_row("alternative", found, name)
        if isinstance(found, Estimate)
        else subject.refused_row("alternative", found, name)
        for name, found in others.items()
    ]
    gates = [checks.second_estimators(agree(headline, others))]
    try:
        found = unrecorded_causes(sample, outcome, subject.unit == "share")
    except DesignRefused as refusal:
        return [*rows, subject.refused_row("e_value", refusal, "point")], [*gates, checks.unrecorded_causes({}, None)]
    rows += list(_sensitivity(subject, found, headline))
    if interval_rejects(headline):
        measures = {"e_value": found.e_limit, "rosenbaum": found.gamma, "oster": found.delta}
        benchmark = found.regression.benchmark
        gates.append(checks.unrecorded_causes(measures, None if benchmark is None else benchmark.stands))
    return rows, gates


def _sensitivity(subject: Subject, found: Unrecorded, headline: Estimate) -> Iterator[Row]:
    counts = {"n": headline.n, "n_treated": headline.n_treated}
    strength = found.regression.robustness
    for measure, term, value, unit in (
        ("e_value", "point", found.e_point, "coefficient"),
        ("e_value", "limit", found.e_limit, "coefficient"),
        ("robustness_value", "zero", strength.value, "share"),
        ("robustness_value", "level", strength.value_at_level, "share"),
        ("rosenbaum", "", found.gamma, "coefficient"),
        ("oster", "", found.delta, "coefficient"),
    ):
        note = noted([("pairs", found.pairs)]) if measure == "rosenbaum" else ""
        yield told({**subject.row(measure, term, estimate=value, note=note, **counts), "unit": unit})
    benchmark = found.regression.benchmark
    if benchmark is not None:
        said = [("with_treatment", benchmark.with_treatment), ("with_outcome", benchmark.with_outcome)]
        note = noted([*said, ("stands", "yes" if benchmark.stands else "no")])
        yield subject.row("benchmark", benchmark.covariate, estimate=benchmark.adjusted, note=note, **counts)


def calibration(subject: Subject, score: Floats, treated: Booleans) -> tuple[list[Row], checks.Check]:
    """Share treated (``estimate``) beside the mean score (``baseline``) in each fifth of the score; equal scores stay
    together."""
    edges = np.quantile(score, np.arange(1, FIFTHS) / FIFTHS)
    fifth = np.searchsorted(edges, score, side="left")
    rows: list[Row] = []
    gaps = [0.0]
    for place in np.unique(fifth):
        inside = fifth == place
        share, mean = float(treated[inside].mean()), float(score[inside].mean())
        counts = {"n": int(inside.sum()), "n_treated": int((inside & treated).sum())}
        row = subject.row("calibration", int(place) + 1, estimate=share, baseline=mean, **counts)
        rows.append({**row, "unit": "share"})
        gaps.append(abs(share - mean))
    return rows, checks.calibration(max(gaps))


def as_in_print(subject: Subject, sample: Sample, outcome: Floats, published: Published) -> Iterator[Row]:
    """The published estimate beside ours by the same estimator; Stata's AIPW does not normalise its weights."""
    ours = by_method(sample, outcome, published.estimator, normalised=published.estimator != "aipw")
    return beside_print(subject, published, ours)
