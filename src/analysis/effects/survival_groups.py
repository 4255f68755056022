"""Two groups followed until an event, the second weighted to resemble the first: curves, and differences with the error
of the estimated weights counted in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.effects.duration import METHOD, Followed, Survival, restricted_mean
from analysis.effects.estimate import Booleans, Estimate, Floats, Integers
from analysis.effects.overlap import treated_odds
from analysis.effects.propensity import Propensity
from analysis.effects.refusal import DesignRefused

FEWEST_AT_RISK = 10  # a curve is not drawn on the last few people


@dataclass(frozen=True)
class Groups:
    """n people: ``duration``, ``event``, ``treated``, ``stratum`` (codes), ``cluster`` (codes or None); where there are
    covariates their ``matrix`` (with constant) and the ``propensity`` fitted on it."""

    duration: Floats
    event: Booleans
    treated: Booleans
    stratum: Integers
    cluster: Integers | None = None
    matrix: Floats | None = None
    propensity: Propensity | None = None
    level: float = 0.05

    @cached_property
    def weights(self) -> Floats:
        """Ones for the treated; the odds of treatment for the others (effect on the treated). They know no strata: the
        curves are of everybody, while differences are put together from those within strata."""
        if self.propensity is not None:
            return treated_odds(self.propensity.score, self.treated)
        return np.ones(len(self.duration))

    def curve(self, group: bool) -> Survival:
        """The curve of the treated (True) or the weighted comparison group."""
        return self._groups[group].curve

    @cached_property
    def _groups(self) -> dict[bool, Followed]:
        return {group: self._followed(self.treated == group) for group in (True, False)}

    def _followed(self, mine: Booleans) -> Followed:
        return Followed.of(self.duration[mine], self.event[mine], self.weights[mine])

    def at_risk(self, group: bool, time: float) -> int:
        """How many of a group are followed without the event until ``time``."""
        return int((self.duration[self.treated == group] >= time).sum())

    def still_without(self, group: bool, time: float) -> int:
        """How many of a group are followed at least until ``time`` and have not had the event by then."""
        mine = self.treated == group
        later = (self.duration > time) | ((self.duration == time) & ~self.event)
        return int((mine & later).sum())

    def had_event(self, group: bool, time: float) -> int:
        """How many of a group have had the event by ``time``."""
        return int(((self.treated == group) & self.event & (self.duration <= time)).sum())

    def difference_in_mean(self, horizon: float) -> Estimate:
        """Difference in restricted mean time (treated minus comparison)."""
        return self._difference(
            METHOD, lambda one: restricted_mean(one.curve, horizon), Followed.influence_on_mean, horizon
        )

    def difference_in_incidence(self, time: float) -> Estimate:
        """Difference in the share that has had the event by ``time``."""
        return self._difference("incidence", lambda one: 1 - one.curve.at(time), _influence_on_incidence, time)

    def share_without(self, group: bool, time: float) -> tuple[float, float]:
        """The share of a group without the event at ``time`` and its standard error."""
        influence = self._groups[group].influence_on_share(time)
        return self.curve(group).at(time), float(np.sqrt((influence**2).sum()))

    def _difference(self, method, value, influence_of, time: float) -> Estimate:  # type: ignore[no-untyped-def]
        """Strata put together by their number of people; errors summed within clusters."""
        total, baseline = 0.0, 0.0
        influence = np.zeros(len(self.duration))
        for rows, share in self._strata():
            for group, sign in ((True, 1.0), (False, -1.0)):
                mine = rows & (self.treated == group)
                if (last := self.duration[mine].max()) < time:
                    raise DesignRefused("horizon_past_data", horizon=f"{time:g}", last=f"{last:g}")
                followed = self._followed(mine)
                found = value(followed)
                total += sign * share * found
                baseline += (not group) * share * found
                influence[mine] = sign * share * influence_of(followed, time)
        influence = influence + self._of_weights(influence)
        return self._estimate(method, total, baseline, influence)

    def _strata(self) -> Iterator[tuple[Booleans, float]]:
        for code in np.unique(self.stratum):
            rows = self.stratum == code
            yield rows, float(rows.mean())

    def _of_weights(self, influence: Floats) -> Floats:
        """What the estimated propensity adds: the odds' derivative by each coefficient is the odds times the covariate,
        so that the estimate moves by the comparison's influence times it."""
        if self.propensity is None or self.matrix is None:
            return np.zeros(len(influence))
        pull = self.matrix[~self.treated].T @ influence[~self.treated]
        return self.propensity.influence @ pull / len(influence)

    def _estimate(self, method: str, total: float, baseline: float, influence: Floats) -> Estimate:
        counts = {"n": len(influence), "n_treated": int(self.treated.sum()), "level": self.level, "baseline": baseline}
        if self.cluster is None:
            return Estimate(total, float(np.sqrt((influence**2).sum())), influence, method, **counts)  # type: ignore[arg-type]
        summed = np.asarray(np.bincount(self.cluster, influence), dtype=np.float64)
        number, mixed, sizes = _clusters(self.cluster, self.treated)
        corrected: Floats = summed * math.sqrt(number / (number - 1))
        return Estimate(
            total, float(np.sqrt((corrected**2).sum())), corrected, f"{method}_clustered",
            clusters=number, clusters_treated=sizes[1], df=_df(corrected, self.cluster, self.treated, mixed), **counts,  # type: ignore[arg-type]
        )  # fmt: skip


def _clusters(cluster: Integers, treated: Booleans) -> tuple[int, bool, tuple[int, int]]:
    """How many clusters, whether some hold both groups, and how many hold comparison and treated people."""
    number = int(cluster.max()) + 1
    if number < 2:
        raise DesignRefused("one_cluster")
    sizes = (len(np.unique(cluster[~treated])), len(np.unique(cluster[treated])))
    return number, sum(sizes) > number, sizes


def _df(summed: Floats, cluster: Integers, treated: Booleans, mixed: bool) -> float:
    """Welch's degrees of freedom between whole clusters; clusters less one where they hold both groups."""
    if mixed:
        return float(len(summed) - 1)
    of_treated = np.bincount(cluster, treated) > 0
    parts = [(summed[of_treated == side] ** 2).sum() for side in (True, False)]
    sizes = [int((of_treated == side).sum()) for side in (True, False)]
    if min(sizes) < 2:
        return 1.0
    below = sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    return float(sum(parts) ** 2 / below) if below > 0 else float(len(summed) - 2)


def _influence_on_incidence(followed: Followed, time: float) -> Floats:
    return -followed.influence_on_share(time)
