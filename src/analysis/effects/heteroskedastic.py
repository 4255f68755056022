"""Standard errors of a regression whose rows are independent: classical, HC1 and HC2.

HC2 divides each residual by the root of one minus its leverage: for a difference of two means it is Neyman's variance,
exact under random assignment (MacKinnon & White 1985, J. Econometrics 29(3); Imbens & Kolesar 2016, REStat 98(4), whose
degrees of freedom are those of Bell & McCaffrey 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.cluster import satterthwaite_df
from analysis.effects.estimate import Floats
from analysis.effects.linear import LinearFit
from analysis.study.settings import StandardErrors

FULL_LEVERAGE = 1e-9


@dataclass(frozen=True)
class RowInference:
    """Of one coefficient: ``influence`` (n, se ** 2 = sum of squares) and degrees of freedom."""

    influence: Floats
    df: float

    @property
    def se(self) -> float:
        return float(np.sqrt((self.influence**2).sum()))


def row_inference(fit: LinearFit, position: int, kind: StandardErrors = "hc2") -> RowInference:
    """The inference on the coefficient at ``position`` when every row is an independent unit.

    The classical error has no influence of its own: that of HC0 is stretched to its size.
    """
    weights = fit.design @ fit.bread[:, position]
    rows, parameters = fit.design.shape
    spare = rows - parameters
    if kind == "classical":
        variance = float(fit.residuals @ fit.residuals) / spare * fit.bread[position, position]
        plain = weights * fit.residuals
        return RowInference(plain * np.sqrt(variance / (plain @ plain)), float(spare))
    if kind == "hc1":
        return RowInference(weights * fit.residuals * np.sqrt(rows / spare), float(spare))
    remaining = 1 - np.einsum("ij,jk,ik->i", fit.design, fit.bread, fit.design)
    stretched = np.where(remaining > FULL_LEVERAGE, weights / np.sqrt(np.maximum(remaining, FULL_LEVERAGE)), 0.0)
    root = np.asarray(np.linalg.cholesky(fit.bread), dtype=np.float64)
    loadings = stretched[:, None] * (fit.design @ root)
    return RowInference(stretched * fit.residuals, satterthwaite_df(stretched**2, loadings))
