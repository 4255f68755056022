"""Averages of group-time effects: over all, by time since the start, by cohort, by calendar time.

Each weighs the cohorts by their share of the units, and its influence counts that the shares are estimated (Callaway &
Sant'Anna 2021, section 3.1 and corollary 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.group_time import GroupTime
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class Averages:
    """``estimate`` and ``influence`` (clusters x labels) by ``labels``, and of the whole."""

    labels: list[int]
    estimate: Floats
    influence: Floats
    overall: float
    overall_influence: Floats

    @property
    def se(self) -> Floats:
        return np.sqrt((self.influence**2).sum(axis=0))

    @property
    def overall_se(self) -> float:
        return float(np.sqrt((self.overall_influence**2).sum()))


def simple(effects: GroupTime) -> tuple[float, Floats]:
    """The average effect over all cohorts and times after their start, and its influence by cluster."""
    return _weighted(effects, effects.time >= effects.cohort)


def dynamic(effects: GroupTime, observed_until: int | None = None) -> Averages:
    """By time since the start; the whole is the plain mean of those from 0 on.

    ``observed_until`` e keeps the cohorts seen e times after their start, and times up to e, so that the make-up of the
    average does not change along the curve.
    """
    since = effects.time - effects.cohort
    kept = np.ones(len(since), dtype=bool)
    if observed_until is not None:
        long = {int(one) for one in effects.cohort if since[effects.cohort == one].max() >= observed_until}
        kept = np.isin(effects.cohort, list(long)) & (since <= observed_until)
    return _labelled(effects, since, kept, whole=lambda labels: labels >= 0)


def by_cohort(effects: GroupTime) -> Averages:
    """Each cohort's average over its times after the start; the whole weighs cohorts by their share."""
    after = effects.time >= effects.cohort
    labels = sorted(set(effects.cohort[after].tolist()))
    means = [(after & (effects.cohort == label)) for label in labels]
    estimate = np.array([effects.estimate[one].mean() for one in means])
    influence = np.column_stack([effects.influence[:, one].mean(axis=1) for one in means])
    overall, error = _by_share(effects, np.array(labels), estimate, influence)
    return Averages(labels, estimate, influence, overall, error)


def by_time(effects: GroupTime) -> Averages:
    """At each calendar time, over the cohorts that have started; the whole is the plain mean of the times."""
    return _labelled(effects, effects.time, effects.time >= effects.cohort, whole=lambda labels: labels == labels)


def _labelled(effects: GroupTime, label: np.ndarray, kept: Booleans, whole) -> Averages:  # type: ignore[no-untyped-def]
    labels = sorted(set(label[kept].tolist()))
    parts = [_weighted(effects, kept & (label == one)) for one in labels]
    estimate = np.array([part[0] for part in parts])
    influence = np.column_stack([part[1] for part in parts])
    inside = whole(np.array(labels))
    return Averages(labels, estimate, influence, float(estimate[inside].mean()), influence[:, inside].mean(axis=1))


def _weighted(effects: GroupTime, kept: Booleans) -> tuple[float, Floats]:
    if not kept.any():
        raise DesignRefused("no_period_after", start=int(effects.cohort.min()))
    return _by_share(effects, effects.cohort[kept], effects.estimate[kept], effects.influence[:, kept])


def _by_share(effects: GroupTime, cohorts: np.ndarray, estimate: Floats, influence: Floats) -> tuple[float, Floats]:
    """With weights w = share / sum of shares: error = influence w + (error of share)(estimate - average) / sum."""
    share = np.array([effects.share[int(one)] for one in cohorts])
    total = share.sum()
    average = float(share @ estimate / total)
    error = np.column_stack([effects.share_influence[int(one)] for one in cohorts])
    return average, influence @ (share / total) + error @ (estimate - average) / total
