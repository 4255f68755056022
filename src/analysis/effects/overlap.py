"""Whether the comparison units can stand for the treated. Nothing is trimmed: what is outside is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.effects.estimate import Booleans, Floats


@dataclass(frozen=True)
class Overlap:
    """``outside`` is the share of treated units whose score lies outside the comparison units' range; ``effective`` the
    number of equally weighted comparison units that would be as informative (Kish 1965), ``effective_treated``
    that of treated ones. With everybody
    as target, units of both groups outside the other's range count as outside."""

    treated: int
    comparison: int
    score_min_treated: float
    score_max_treated: float
    score_min_comparison: float
    score_max_comparison: float
    outside: float
    effective: float
    effective_treated: float

    @property
    def effective_share(self) -> float:
        return self.effective / self.comparison

    @property
    def smallest_effective_share(self) -> float:
        """Of the two groups: with everybody as target both are weighted."""
        return min(self.effective_share, self.effective_treated / self.treated)


def treated_odds(score: Floats, treated: Booleans) -> Floats:
    """Weights that make comparison units resemble the treated: score / (1 - score); 1 for the treated themselves."""
    return np.where(treated, 1.0, score / (1 - score))


def inverse_probabilities(score: Floats, treated: Booleans) -> Floats:
    """Weights that make either group resemble everybody: 1 / probability of the arm the unit is in."""
    return 1 / np.where(treated, score, 1 - score)


def target_weights(score: Floats, treated: Booleans, target: Literal["treated", "all"]) -> Floats:
    return treated_odds(score, treated) if target == "treated" else inverse_probabilities(score, treated)


def overlap(score: Floats, treated: Booleans, target: Literal["treated", "all"] = "treated") -> Overlap:
    """Compare the two groups' propensity scores (n)."""
    inside, outside = score[treated], score[~treated]
    weights = target_weights(score, treated, target)
    off = _off(inside, outside)
    if target == "all":
        off = np.concatenate([off, _off(outside, inside)])
    return Overlap(
        treated=len(inside),
        comparison=len(outside),
        score_min_treated=float(inside.min()),
        score_max_treated=float(inside.max()),
        score_min_comparison=float(outside.min()),
        score_max_comparison=float(outside.max()),
        outside=float(off.mean()),
        effective=_effective(weights[~treated]),
        effective_treated=_effective(weights[treated]),
    )


def _off(score: Floats, others: Floats) -> Booleans:
    """Which scores lie outside the range of the others'."""
    return (score < others.min()) | (score > others.max())


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())
