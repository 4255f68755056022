"""People asked at the start and at the end: weighted means, their change, and the difference between two changes.

    change = sum(w1 y1) / sum(w1) - sum(w0 y0) / sum(w0)

over those who answered at the start (w0) and those of them who answered again (w1, divided by the chance of answering).
Both means belong to the same people, so the influence of each person on the change is the difference of the influences
on the two means: correlation between the waves is counted. That the chance of answering was estimated makes the error
smaller: its share is the mean's derivative by the coefficients of the response model times their own influence
(Wooldridge 2007, J. Econometrics 141(2), theorem 3.1). Weights raked to margins enter by the residuals from the margins
(Deville & Särndal 1992, JASA 87(418), eq. 3.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Estimate, Floats, Integers
from analysis.effects.raking import linearised_residuals

Margins = Mapping[str, Integers]


@dataclass(frozen=True)
class WeightedMean:
    """A weighted mean and each person's share in its error (n, zero for those without a weight)."""

    mean: float
    influence: Floats
    count: int


@dataclass(frozen=True)
class Answering:
    """The model of who answers again: ``matrix`` n x k, ``score`` n, ``influence`` n x k of its coefficients, scaled so
    that their error is its mean."""

    matrix: Floats
    score: Floats
    influence: Floats


@dataclass(frozen=True)
class Change:
    """One group between the waves."""

    before: WeightedMean
    after: WeightedMean
    people: int | None = None  # where other people were asked in each wave: all of them

    @property
    def estimate(self) -> float:
        return self.after.mean - self.before.mean

    @property
    def influence(self) -> Floats:
        return self.after.influence - self.before.influence

    @property
    def count(self) -> int:
        return self.before.count if self.people is None else self.people


def weighted_mean(
    values: Floats, weights: Floats, margins: Margins | None = None, answering: Answering | None = None
) -> WeightedMean:
    """``values`` n (anything where the weight is zero), ``weights`` n; ``margins``: the codes they were raked to.

    The influence is scaled so that its squares sum to the variance, with the usual n / (n - 1).
    """
    seen = weights > 0
    mean = float(np.average(values[seen], weights=weights[seen]))
    residuals = values[seen] - mean
    if margins:
        residuals = linearised_residuals(values[seen], weights[seen], {k: codes[seen] for k, codes in margins.items()})
    count = int(seen.sum())
    shares = weights[seen] * residuals / weights[seen].sum()
    influence = np.zeros(len(values))
    influence[seen] = shares
    if answering is not None:
        slope = -(shares * (1 - answering.score[seen])) @ answering.matrix[seen]
        influence += answering.influence @ slope / len(values)
    return WeightedMean(mean, influence * np.sqrt(count / max(count - 1, 1)), count)


def change_of(
    before: Floats,
    after: Floats,
    weights_before: Floats,
    weights_after: Floats,
    margins: Margins | None = None,
    answering: Answering | None = None,
) -> Change:
    """The change in one group of n people; a weight of zero: did not answer in that wave."""
    first = weighted_mean(before, weights_before, margins)
    return Change(first, weighted_mean(after, weights_after, margins, answering))


def estimated_change(change: Change, level: float) -> Estimate:
    """The change of one group as an estimate; n are those who answered at the start."""
    return Estimate(
        estimate=change.estimate,
        se=float(np.sqrt((change.influence**2).sum())),
        influence=change.influence,
        method="two_waves",
        n=change.count,
        n_treated=change.count,
        df=float(change.after.count - 1),
        level=level,
        baseline=change.before.mean,
    )


def difference_in_changes(treated: Change, comparison: Change, level: float) -> Estimate:
    """What changed for those who take part beyond what changed for the others.

    The influence holds the treated people first, then the others. Degrees of freedom by Welch and Satterthwaite.
    """
    influence = np.concatenate([treated.influence, -comparison.influence])
    parts = [float((one.influence**2).sum()) for one in (treated, comparison)]
    shares = [part**2 / max(one.after.count - 1, 1) for part, one in zip(parts, (treated, comparison), strict=True)]
    effect = treated.estimate - comparison.estimate
    return Estimate(
        estimate=effect,
        se=float(np.sqrt(sum(parts))),
        influence=influence,
        method="two_waves",
        n=treated.count + comparison.count,
        n_treated=treated.count,
        df=sum(parts) ** 2 / sum(shares) if sum(shares) > 0 else float("nan"),
        level=level,
        baseline=treated.after.mean - effect,
    )
