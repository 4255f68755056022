"""Nearest-neighbour matching with bias correction and Abadie-Imbens standard errors, for the effect on the treated.

Abadie & Imbens (2006, Econometrica 74(1)) for the estimator and its variance, (2011, JBES 29(1)) for the bias
correction. Distance: covariates scaled by their inverse variances. Ties share the weight of one match.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.refusal import DesignRefused

METHOD = "nearest_neighbours"
TIE = 1e-5  # squared distances that differ by less count as equal


@dataclass(frozen=True)
class Matches:
    """One entry a pair: position of the treated unit, of its comparison unit, and the pair's weight (a treated unit's
    weights sum to one)."""

    treated: Integers
    comparison: Integers
    weight: Floats


def matched_effect(
    outcome: Floats,
    treated: Booleans,
    covariates: Floats,
    neighbours: int = 5,
    bias_corrected: bool = True,
    level: float = 0.05,
) -> Estimate:
    """Effect on the treated: own outcome (n) minus that of the ``neighbours`` nearest comparison units.

    ``covariates`` n x k without a constant. Raises DesignRefused when a group is empty or the comparison group is
    smaller than ``neighbours``.
    """
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    if (~treated).sum() < neighbours:
        raise DesignRefused("too_few_units", treated=int(treated.sum()), comparison=int((~treated).sum()))
    matches = nearest_neighbours(covariates, treated, neighbours)
    own, other = outcome[treated], outcome[~treated]
    gap = own[matches.treated] - other[matches.comparison]
    if bias_corrected:
        gap = gap - _predicted_gap(other, covariates[treated], covariates[~treated], matches)
    differences = np.bincount(matches.treated, matches.weight * gap).astype(np.float64)
    effect = float(differences.mean())
    influence = _influence(differences - effect, (gap - effect).astype(np.float64), matches, treated)
    return Estimate(
        estimate=effect,
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=len(outcome),
        n_treated=int(treated.sum()),
        level=level,
        baseline=float(own.mean()) - effect,
    )


def nearest_neighbours(covariates: Floats, treated: Booleans, neighbours: int) -> Matches:
    """The nearest comparison units of every treated unit, all that tie with the last included."""
    spread = covariates.std(axis=0, ddof=1)
    if spread.size == 0 or not (spread > 0).all():
        raise DesignRefused("collinear")
    scaled = covariates / spread
    tree = KDTree(scaled[~treated])
    distance, _ = tree.query(scaled[treated], k=neighbours)
    farthest = np.atleast_2d(distance.T).T[:, -1]
    found = tree.query_ball_point(scaled[treated], r=np.sqrt(farthest**2 + TIE), return_sorted=True)
    counts = np.array([len(one) for one in found])
    row = np.repeat(np.arange(len(found)), counts)
    return Matches(row, np.concatenate([np.asarray(one, dtype=np.int64) for one in found]), 1 / counts[row])


def _predicted_gap(other: Floats, own_covariates: Floats, other_covariates: Floats, matches: Matches) -> Floats:
    """What a linear regression among the matched comparison units says of each pair's difference in covariates."""
    root = np.sqrt(matches.weight)[:, None]
    inside = np.column_stack([np.ones(len(matches.weight)), other_covariates[matches.comparison]])
    slopes = np.linalg.lstsq(inside * root, other[matches.comparison] * root[:, 0], rcond=None)[0][1:]
    gap: Floats = (own_covariates[matches.treated] - other_covariates[matches.comparison]) @ slopes
    return gap


def _influence(centred: Floats, pair_gap: Floats, matches: Matches, treated: Booleans) -> Floats:
    """One value a unit, squares summing to the variance: Abadie & Imbens (2006), theorem 7, with one residual variance
    estimated from the pairs; a comparison unit used K times adds (K^2 - sum of its squared weights) of it.
    """
    residual = float(np.average(pair_gap**2, weights=matches.weight)) / 2
    size = int((~treated).sum())
    used = np.bincount(matches.comparison, matches.weight, minlength=size)
    squares = np.bincount(matches.comparison, matches.weight**2, minlength=size)
    influence = np.empty(len(treated))
    influence[treated] = centred
    influence[~treated] = -np.sqrt(residual * np.maximum(used**2 - squares, 0))
    return influence / int(treated.sum())
