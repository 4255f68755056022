"""The wild cluster restricted bootstrap: p-values that keep their size with few clusters.

Cameron, Gelbach & Miller (2008, REStat 90(3)); Roodman, MacKinnon, Nielsen & Webb (2019, Stata Journal 19(1)). The
null is imposed, the statistic is studentised (t for one coefficient, Wald for several). Data are passed once: each
bootstrap score is linear in the G cluster weights, so a draw costs G x G operations whatever the number of rows.
"""

from __future__ import annotations

import itertools
import math
from typing import Literal

import numpy as np

from analysis.effects.estimate import Floats
from analysis.effects.linear import LinearFit, sum_by_group, triangle

Weights = Literal["webb_enumerated", "webb", "rademacher_enumerated", "rademacher"]
WEBB_POINTS = np.sqrt([0.5, 1.0, 1.5])
TIE = 1e-9


def weights_by_rule(clusters: int) -> Weights:
    """Which weights to draw: few clusters have too few sign patterns (Webb 2023, CJE 56(3)).

    Up to 5 clusters all Webb patterns, 6-9 Webb drawn, 10-13 all sign patterns, more: signs drawn.
    """
    if clusters <= 5:
        return "webb_enumerated"
    if clusters <= 9:
        return "webb"
    return "rademacher_enumerated" if clusters <= 13 else "rademacher"


def cluster_weights(clusters: int, kind: Weights, draws: int, seed: int) -> Floats:
    """Bootstrap weights, draws x clusters; enumerated kinds give every pattern once."""
    points = np.concatenate([-WEBB_POINTS, WEBB_POINTS]) if kind.startswith("webb") else np.array([-1.0, 1.0])
    if kind.endswith("enumerated"):
        return np.array(list(itertools.product(points, repeat=clusters)))
    return points[np.random.default_rng(seed).integers(0, len(points), (draws, clusters))]


def wild_bootstrap_p(
    fit: LinearFit, tested: list[int], draws: int = 9999, seed: int = 1, kind: Weights | None = None
) -> float:
    """Two-sided p-value of "the ``tested`` coefficients (positions) are all zero".

    Drawn weights: (1 + #{statistic* >= statistic}) / (draws + 1); enumerated: the share of patterns (the data's own
    among them). Ties count against the finding. Missing when the clusters cannot carry a test of so many
    coefficients. Absorbed groups must lie within clusters.
    """
    kind = kind or weights_by_rule(fit.cluster_count)
    totals, maps = _score_maps(fit, tested)
    observed = _statistics(np.ones((1, fit.cluster_count)), totals, maps)[0]
    if math.isnan(observed) or _rank_of_scores(maps) < len(tested):
        return math.nan
    drawn = _statistics(cluster_weights(fit.cluster_count, kind, draws, seed), totals, maps)
    exceeding = int((np.nan_to_num(drawn, nan=np.inf) >= observed * (1 - TIE)).sum())
    return exceeding / len(drawn) if kind.endswith("enumerated") else (1 + exceeding) / (len(drawn) + 1)


def _score_maps(fit: LinearFit, tested: list[int]) -> tuple[Floats, Floats]:
    """Cluster sums of (tested column x restricted residual), q x G; and for each tested column the G x G matrix that
    turns weights v into the cluster scores of the bootstrap regression, q x G x G.

    With D the tested columns free of the others Z, r the restricted residuals, s_g = D_g' r_g:
    score_g(v) = v_g s_g - D_g' Z_g (Z'Z)^-1 sum_h v_h Z_h' r_h - D_g' D_g (D'D)^-1 sum_h v_h s_h.
    """
    others = np.delete(fit.design, tested, axis=1)
    wanted = np.column_stack([fit.design[:, tested], fit.outcome])
    factor, width = triangle(others, wanted), others.shape[1]
    corner = factor[:width, :width]
    free = wanted - others @ np.linalg.solve(corner, factor[:width, width:])
    columns, residuals = free[:, :-1], free[:, -1]
    totals = sum_by_group(columns, fit.clusters, residuals)
    through_columns = np.linalg.solve(columns.T @ columns, totals.T)
    other_totals = sum_by_group(others, fit.clusters, residuals)
    through_others = np.linalg.solve(corner, np.linalg.solve(corner.T, other_totals.T))
    maps = []
    for position in range(len(tested)):
        column = columns[:, position]
        taken = sum_by_group(columns, fit.clusters, column) @ through_columns
        taken += sum_by_group(others, fit.clusters, column) @ through_others
        maps.append(np.diag(totals[:, position]) - taken)
    return totals.T, np.stack(maps)


def _rank_of_scores(maps: Floats) -> int:
    """Of how many dimensions the clusters' scores are in the data themselves."""
    return int(np.linalg.matrix_rank(maps.sum(axis=2)))


def _statistics(weights: Floats, totals: Floats, maps: Floats) -> Floats:
    """The squared t or Wald statistic of each draw: (sum_g v_g s_g)' (sum_g score_g score_g')^-1 (sum_g v_g s_g)."""
    numerator = weights @ totals.T
    scores = np.stack([weights @ matrix.T for matrix in maps], axis=2)
    if len(maps) == 1:
        meat = (scores[:, :, 0] ** 2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return numerator[:, 0] ** 2 / meat
    meat = np.einsum("bgi,bgj->bij", scores, scores)
    try:
        solved = np.linalg.solve(meat, numerator[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        solved = (np.linalg.pinv(meat, hermitian=True) @ numerator[:, :, None])[:, :, 0]
    return np.einsum("bi,bi->b", numerator, solved)
