"""Other people in each wave: the change between two independent samples, in one group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.effects.columns import numbers, require, whole_numbers
from analysis.effects.estimate import Floats
from analysis.effects.refusal import DesignRefused
from analysis.effects.two_waves import Change, WeightedMean, weighted_mean
from analysis.study.design_settings import TwoWaves


def change_between_samples(members: pd.DataFrame, outcome: str, design: TwoWaves) -> Change:
    """The change of ``members`` (a row a person, ``design.wave`` 0 or 1); nobody is in both waves, so the errors of the
    two means are independent. Refused: no second wave, fewer than two people in one."""
    require(members, [design.wave, outcome])
    values, wave = numbers(members, outcome), whole_numbers(members, design.wave)
    seen = ~np.isnan(values)
    counts = [int((seen & (wave == one)).sum()) for one in (0, 1)]
    if min(counts) < 2:
        raise DesignRefused("one_period")
    before, after = (_mean(values, (seen & (wave == one)).astype(float)) for one in (0, 1))
    return Change(before, after, people=sum(counts))


def _mean(values: Floats, weights: Floats) -> WeightedMean:
    return weighted_mean(np.where(weights > 0, values, 0.0), weights)


def classical_se(changes: Sequence[Change]) -> float:
    """The standard error of the difference in changes with one variance for all groups and waves: that of least squares
    on the two indicators and their product."""
    means = [mean for change in changes for mean in (change.before, change.after)]
    # influence = (y - mean) / n * sqrt(n / (n - 1)), so the squared residuals are its squares times n (n - 1)
    squares = sum(float((mean.influence**2).sum()) * mean.count * (mean.count - 1) for mean in means)
    df = sum(mean.count for mean in means) - len(means)
    return float(np.sqrt(squares / df * sum(1 / mean.count for mean in means)))
