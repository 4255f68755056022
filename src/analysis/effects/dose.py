"""Whether an effect rises or falls with the dose that participants took.

The trend is the line through the bands' effects over their mean dose, by least squares with equal weights; its error
follows from the influence functions, since the bands share their comparison. Unless the dose was drawn by lot, it is no
effect of the dose: people choose how much they take.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.dose_bands import BandEffect, Bands
from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, too_few_clusters
from analysis.effects.verdict import interval_rejects

METHOD = "dose_trend"


def dose_trend(bands: Bands) -> Estimate:
    """The change in the effect with one unit more of the dose.

    Raises DesignRefused("one_band") when fewer than two bands could be estimated.
    """
    known = [one for one in bands.values() if isinstance(one, BandEffect)]
    if len(known) < 2:
        raise DesignRefused("one_band")
    distance = np.array([one.mean for one in known])
    distance = distance - distance.mean()
    weights = distance / (distance @ distance)
    shares = [
        pd.Series(weight * one.found.influence, index=one.units) for weight, one in zip(weights, known, strict=True)
    ]
    influence = pd.concat(shares).groupby(level=0, sort=True).sum().to_numpy()
    found = [one.found for one in known]
    comparison = max(one.n - one.n_treated for one in found)
    treated = sum(one.n_treated for one in found)
    by_cluster = found[0].clusters is not None
    return Estimate(
        estimate=float(weights @ [one.estimate for one in found]),
        se=float(np.sqrt((influence**2).sum())),
        influence=influence,
        method=METHOD,
        n=comparison + treated,
        n_treated=treated,
        clusters=len(influence) if by_cluster else None,
        clusters_treated=max(one.clusters_treated or 0 for one in found) if by_cluster else None,
        df=min(one.df for one in found),
        level=found[0].level,
    )


def dose_rows(
    subject: Subject, bands: Bands, effect: Estimate, is_shown: bool, assigned: bool
) -> tuple[list[Row], checks.Check]:
    """A row a band, one for the trend, and the check of the headline."""
    rows = list(_band_rows(subject, bands))
    try:
        trend = dose_trend(bands)
    except DesignRefused as refusal:
        return [*rows, subject.refused_row("dose_trend", refusal)], checks.dose_trend(None, assigned)
    check = checks.dose_trend(runs_against(trend, effect, is_shown), assigned)
    note = noted([("dose", "assigned" if assigned else "chosen")])
    return [*rows, subject.estimate_row("dose_trend", trend, note=note, checks=checks.written([check]))], check


def _band_rows(subject: Subject, bands: Bands) -> Iterator[Row]:
    for name, one in bands.items():
        if isinstance(one, BandEffect):
            note = ";".join([*one.found.warnings, noted([("mean_dose", one.mean)])])
            yield subject.estimate_row("dose", one.found, name, note=note)
        else:
            yield subject.refused_row("dose", one, name)


def runs_against(trend: Estimate, effect: Estimate, is_shown: bool) -> bool | None:
    """Whether the trend is told from zero and contradicts the headline: less effect with more of the dose or, where
    no effect is shown, any effect of it. None where the trend's interval may not speak.
    """
    told = None if too_few_clusters(trend) else interval_rejects(trend)
    if not told:
        return told
    return not is_shown or math.copysign(1, trend.estimate) != math.copysign(1, effect.estimate)
