"""Whether the comparison units can stand for the treated. Nothing is trimmed: what is outside is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Booleans, Floats


@dataclass(frozen=True)
class Overlap:
    """``outside`` is the share of treated units whose score lies outside the comparison units' range; ``effective`` the
    number of equally weighted comparison units that would be as informative (Kish 1965)."""

    treated: int
    comparison: int
    score_min_treated: float
    score_max_treated: float
    score_min_comparison: float
    score_max_comparison: float
    outside: float
    effective: float

    @property
    def effective_share(self) -> float:
        return self.effective / self.comparison


def treated_odds(score: Floats, treated: Booleans) -> Floats:
    """Weights that make comparison units resemble the treated: score / (1 - score); 1 for the treated themselves."""
    return np.where(treated, 1.0, score / (1 - score))


def overlap(score: Floats, treated: Booleans) -> Overlap:
    """Compare the two groups' propensity scores (n)."""
    inside, outside = score[treated], score[~treated]
    weights = treated_odds(score, treated)[~treated]
    return Overlap(
        treated=len(inside),
        comparison=len(outside),
        score_min_treated=float(inside.min()),
        score_max_treated=float(inside.max()),
        score_min_comparison=float(outside.min()),
        score_max_comparison=float(outside.max()),
        outside=float(((inside < outside.min()) | (inside > outside.max())).mean()),
        effective=float(weights.sum() ** 2 / (weights**2).sum()),
    )
