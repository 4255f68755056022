"""Cluster-robust inference that survives few clusters: CR2 with Satterthwaite degrees of freedom.

Bell & McCaffrey (2002, Survey Methodology 28(2)); Imbens & Kolesár (2016, REStat 98(4)); Pustejovsky & Tipton (2018,
JBES 36(4)), whose result lets group effects nested in clusters be absorbed first. Never the headline: CR1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Floats, Integers
from analysis.effects.linear import LinearFit, sum_by_group

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
    rank k at most: with A = R R' and M = X_g R, a_g = M w for the k weights w = (I - M'M)^(-1/2) R'c, so that all
    follows from the k x k matrix M'M of each cluster.
    """
    root: Floats = np.asarray(np.linalg.cholesky(fit.bread), dtype=np.float64)
    influence = np.empty((fit.cluster_count, len(chosen)))
    squares = np.empty_like(influence)
    loadings = np.empty((fit.cluster_count, len(chosen), fit.design.shape[1]))
    contrast = root.T[:, chosen]
    for cluster, rows in enumerate(rows_by_cluster(fit.clusters)):
        columns = fit.design[rows] @ root
        square = columns.T @ columns
        weights = _adjusted(square, contrast)
        influence[cluster] = weights.T @ (columns.T @ fit.residuals[rows])
        loadings[cluster] = weights.T @ square
        squares[cluster] = (loadings[cluster] * weights.T).sum(axis=1)
    df = [satterthwaite_df(squares[:, j], loadings[:, j]) for j in range(len(chosen))]
    return ClusterInference(influence, np.array(df))


def _adjusted(square: Floats, contrast: Floats) -> Floats:
    """(I - square)^(-1/2) contrast; directions with full leverage are left out (Moore-Penrose)."""
    leverage, vectors = np.linalg.eigh(square)
    remaining = 1 - leverage
    stretch = np.where(remaining > FULL_LEVERAGE, 1 / np.sqrt(np.maximum(remaining, FULL_LEVERAGE)), 0.0)
    adjusted: Floats = vectors @ (stretch[:, None] * (vectors.T @ contrast))
    return adjusted


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
    scores = sum_by_group(fit.design, fit.clusters, fit.residuals) @ fit.bread[:, chosen]
    factor = count / (count - 1) * (fit.observations - 1) / (fit.observations - parameters)
    return np.sqrt(factor * (scores**2).sum(axis=0))


def rows_by_cluster(clusters: Integers) -> list[Integers]:
    """The row positions of each cluster."""
    order = np.argsort(clusters, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
