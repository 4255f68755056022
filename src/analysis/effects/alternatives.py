"""Second estimators of the headline effect, under the same assumption as the first, and how far they spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.effects.covariates import Covariates, model_matrix
from analysis.effects.curve import Sample, estimate_of, weighted_effects
from analysis.effects.entropy_balancing import balanced_effect
from analysis.effects.estimate import Booleans, Estimate, Floats
from analysis.effects.linear import sum_by_group
from analysis.effects.matching import matched_effect
from analysis.effects.refusal import DesignRefused
from analysis.effects.verdict import interval_rejects
from analysis.effects.weighting import Method

NEIGHBOURS = 5


def second_estimates(sample: Sample, outcome: Floats) -> dict[str, Estimate | DesignRefused]:
    """Weighting alone and regression alone; for the effect on the treated also matching and entropy balancing.

    ``outcome`` n, NaN where not observed (left out). What cannot be computed stands as its refusal.
    """
    rows = ~np.isnan(outcome)
    ways: dict[str, Callable[[], Estimate]] = {
        "ipw": lambda: by_method(sample, outcome, "ipw"),
        "regression": lambda: by_method(sample, outcome, "ra"),
    }
    if sample.target == "treated":
        ways["matching"] = lambda: _spread_by_cluster(sample, rows, _matched(sample, rows, outcome))
        ways["entropy_balancing"] = lambda: _spread_by_cluster(sample, rows, _balanced(sample, rows, outcome))
    return {name: _attempted(way) for name, way in ways.items()}


def by_method(sample: Sample, outcome: Floats, method: Method, normalised: bool = True) -> Estimate:
    """The effect by weighting (``ipw``), regression (``ra``) or both; outcome n, NaN where not observed."""
    rows = ~np.isnan(outcome)
    effects, warnings = weighted_effects(sample, rows, outcome[rows][:, None], method, normalised)
    return estimate_of(sample, rows, effects, 0, warnings, method)


def agree(headline: Estimate, others: dict[str, Estimate | DesignRefused]) -> bool:
    """Whether all that could be computed have the headline's sign, and its answer to "no effect"."""
    found = [one for one in others.values() if isinstance(one, Estimate)]
    same_sign = all(np.sign(one.estimate) == np.sign(headline.estimate) for one in found)
    return same_sign and all(interval_rejects(one) == interval_rejects(headline) for one in found)


def _attempted(way: Callable[[], Estimate]) -> Estimate | DesignRefused:
    try:
        return way()
    except DesignRefused as refusal:
        return refusal


def _matched(sample: Sample, rows: Booleans, outcome: Floats) -> Estimate:
    matrix, _ = model_matrix(_inside(sample, rows), sample.treated[rows])
    return matched_effect(outcome[rows], sample.treated[rows], matrix[:, 1:], NEIGHBOURS, level=sample.level)


def _balanced(sample: Sample, rows: Booleans, outcome: Floats) -> Estimate:
    return balanced_effect(outcome[rows], sample.treated[rows], _inside(sample, rows), sample.level)


def _inside(sample: Sample, rows: Booleans) -> Covariates:
    return Covariates(sample.covariates.names, sample.covariates.values[rows], ())


def _spread_by_cluster(sample: Sample, rows: Booleans, found: Estimate) -> Estimate:
    """The same estimate with its influence summed by cluster, where persons are not independent."""
    if sample.clusters is None:
        return found
    influence = sum_by_group(found.influence[:, None], sample.clusters[rows])[:, 0]
    clusters = np.unique(sample.clusters[rows])
    return replace(
        found,
        influence=influence,
        se=float(np.sqrt((influence**2).sum())),
        df=float(sample.clusters.max()),
        clusters=len(clusters),
        clusters_treated=len(np.unique(sample.clusters[rows & sample.treated])),
    )
