"""Cluster-robust inference that survives few clusters: CR2 with Satterthwaite degrees of freedom.

Bell & McCaffrey (2002, Survey Methodology 28(2)); Imbens & Kolesár (2016, REStat 98(4)); Pustejovsky & Tipton (2018,
JBES 36(4)), whose result lets group effects nested in clusters be absorbed first. Never the headline: CR1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Floats, Integers
from analysis.effects.linear import LinearFit

FULL_LEVERAGE = 1e-9


@dataclass(frozen=True)
class ClusterInference:
    """For q chosen coefficients: ``influence`` G x q with covariance = influence' influence; ``df`` q."""

    influence: Floats
    df: Floats

    @property
    def covariance(self) -> Floats:
        return self.influence.T @ self.influence

    @property
    def se(self) -> Floats:
        return np.sqrt((self.influence**2).sum(axis=0))


def cr2(fit: LinearFit, chosen: list[int]) -> ClusterInference:
    """CR2 and Satterthwaite degrees of freedom for the ``chosen`` coefficients (positions).

    For cluster g and contrast c, with H the hat matrix and A = (X'X)^-1:  a_g = (I - H_gg)^(-1/2) X_g A c,
    influence_g = a_g' u_g. Under independent errors the variance estimate is a quadratic form whose G x G matrix is
    P_gh = [g = h] a_g' a_g - a_g' X_g A X_h' a_h; df = trace(P)^2 / sum(P^2) (Bell & McCaffrey, eq. 11). H_gg has
    rank k at most, so nothing of size n_g x n_g is ever formed; directions with full leverage are left out
    (Moore-Penrose).
    """
    root: Floats = np.asarray(np.linalg.cholesky(fit.bread), dtype=np.float64)
    influence = np.empty((fit.cluster_count, len(chosen)))
    squares = np.empty_like(influence)
    loadings = np.empty((fit.cluster_count, len(chosen), fit.design.shape[1]))
    for cluster, rows in enumerate(rows_by_cluster(fit.clusters)):
        adjusted = _adjusted_columns(fit.design[rows], root, fit.bread[:, chosen])
        influence[cluster] = adjusted.T @ fit.residuals[rows]
        squares[cluster] = (adjusted**2).sum(axis=0)
        loadings[cluster] = adjusted.T @ fit.design[rows] @ root
    df = [satterthwaite_df(squares[:, j], loadings[:, j]) for j in range(len(chosen))]
    return ClusterInference(influence, np.array(df))


def _adjusted_columns(design: Floats, root: Floats, contrast: Floats) -> Floats:
    """(I - H_gg)^(-1/2) X_g A c, by the singular vectors of X_g A^(1/2)."""
    vectors, singular, _ = np.linalg.svd(design @ root, full_matrices=False)
    remaining = 1 - singular**2
    stretch = np.where(remaining > FULL_LEVERAGE, 1 / np.sqrt(np.maximum(remaining, FULL_LEVERAGE)) - 1, -1.0)
    columns = design @ contrast
    return columns + vectors @ (stretch[:, None] * (vectors.T @ columns))


def satterthwaite_df(squares: Floats, loadings: Floats) -> float:
    """trace(P)^2 / sum(P^2) for P = diag(squares) - loadings loadings', without forming P (squares G, loadings G x
    k).
    """
    lengths = (loadings**2).sum(axis=1)
    trace = squares.sum() - lengths.sum()
    total = (squares**2).sum() - 2 * squares @ lengths + ((loadings.T @ loadings) ** 2).sum()
    return float(trace**2 / total) if total > 0 else float("nan")


def cr1(fit: LinearFit, chosen: list[int]) -> Floats:
    """CR1 standard errors (Liang-Zeger with Stata's factor G/(G-1) (n-1)/(n-k)), for comparison only: with few treated
    clusters they are too small. Absorbed effects nested in clusters count as one parameter, the constant."""
    count, parameters = fit.cluster_count, fit.design.shape[1] + int(fit.absorbed)
    scores = sum_by_cluster((fit.design @ fit.bread[:, chosen]) * fit.residuals[:, None], fit.clusters)
    factor = count / (count - 1) * (fit.observations - 1) / (fit.observations - parameters)
    return np.sqrt(factor * (scores**2).sum(axis=0))


def sum_by_cluster(columns: Floats, clusters: Integers) -> Floats:
    """Sum of each column in each cluster: G x k."""
    return np.stack([np.bincount(clusters, column) for column in columns.T], axis=1)


def rows_by_cluster(clusters: Integers) -> list[Integers]:
    """The row positions of each cluster."""
    order = np.argsort(clusters, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
