"""The rows of an experiment with several arms: each beside control, judged as a family, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.arm_lots import LotTests, drawn_units, lot_tests
from analysis.effects.checks import FEWEST_DF
from analysis.effects.families import Member, adjusted_p, stacked
from analysis.effects.imputed_rows import ImputedTrial
from analysis.effects.multiplicity import holm
from analysis.effects.randomised_rows import ArmRows, ArmTests
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, too_few_clusters
from analysis.effects.trial import Trial, recoded
from analysis.study.design_settings import Randomised, population_and_arm
from analysis.study.settings import Inference, Published


def rows_of_arms(
    subject: Subject, trial: Trial, design: Randomised, inference: Inference, published: Published | None
) -> list[Row]:
    """Each arm's rows under its own population, then the joint test; an arm that gives no estimate says why and leaves
    the family."""
    assert design.arms is not None
    _refuse_split(trial)
    found: dict[int, ArmRows] = {}
    rows: dict[int, list[Row]] = {}
    named = design.arms.populations(subject.population)
    imputed = ImputedTrial(trial, subject.outcome, design.seed)
    for arm, population in enumerate(named, start=1):
        own = replace(subject, population=population)
        try:
            if not (trial.arm == arm).any():
                raise DesignRefused("arm_empty", column=design.treated, value=population_and_arm(population)[1])
            found[arm] = ArmRows(own, imputed, arm, design, inference)
            _ = found[arm].estimate
        except DesignRefused as refusal:
            found.pop(arm, None)
            rows[arm] = [own.refused_row("effect", refusal)]
    if not found:
        return [row for arm in sorted(rows) for row in rows[arm]]
    lots = _lots(trial, list(found), design)
    tests = arm_tests(trial, found, lots, design)
    in_print = published and (design.arms.codes.index(published.arm) if published.arm else 1)
    for arm, one in found.items():
        rows[arm] = one.rows(published if arm == in_print else None, tests[arm])
    together = _joint(subject, trial, found, lots.joint, [population_and_arm(named[arm - 1])[1] for arm in found])
    return [*(row for arm in sorted(rows) for row in rows[arm]), together]


def _refuse_split(trial: Trial) -> None:
    """Clusters that hold several arms, also two of which neither is the control."""
    if trial.cluster is None:
        return
    cluster, arm = trial.cluster[trial.seen], trial.arm[trial.seen]
    held = pd.Series(arm).groupby(cluster).nunique()
    if (held > 1).any():
        raise DesignRefused("cluster_split", count=int((held > 1).sum()))


def _lots(trial: Trial, arms: Sequence[int], design: Randomised) -> LotTests:
    """The lots of the arms with an estimate, dealt among them and the control."""
    rows = trial.seen & np.isin(trial.arm, [0, *arms])
    cluster = None if trial.cluster is None else trial.cluster[rows]
    units = drawn_units(trial.outcome[rows], recoded(trial.arm[rows]), recoded(trial.stratum[rows]), cluster)
    return lot_tests(units, design.draws, design.seed)


def arm_tests(trial: Trial, found: dict[int, ArmRows], lots: LotTests, design: Randomised) -> dict[int, ArmTests]:
    """The p-values of the arms as a family. ``holm``: of the p that stands in the tables (the bootstrap's, with
    clusters), where the clusters bear one; ``romano_wolf``: from the influences; ``randomisation``: from the lots."""
    family = [Member(one.estimate, pd.Index(trial.drawn(arm))) for arm, one in found.items()]
    bears = [not too_few_clusters(one.estimate) for one in found.values()]
    by_influence = adjusted_p(family, design.draws, design.seed)
    plain = [_plain_p(one) if able else math.nan for one, able in zip(found.values(), bears, strict=True)]
    by_name = {
        "holm": holm(np.array(plain)),
        "romano_wolf": by_influence["romano_wolf"],
        "randomisation": lots.adjusted,
    }
    tests = {}
    for place, arm in enumerate(found):
        names = list(by_name) if bears[place] else ["randomisation"]
        adjusted = {name: float(by_name[name][place]) for name in names}
        required = tuple(name for name in ("holm", "randomisation") if name in adjusted)
        tests[arm] = ArmTests(float(lots.p[place]), lots.smallest, adjusted, required)
    return tests


def _plain_p(one: ArmRows) -> float:
    return one.estimate.p if one.estimate.clusters is None else one.p_wild


def _joint(subject: Subject, trial: Trial, found: dict[int, ArmRows], by_lot: float, arms: list[str]) -> Row:
    """p of "no arm differs from control": Hotelling's T squared with the arms' smallest degrees of freedom, and by lot.

    Without counts: with those of the arms they would tell how many a hidden arm holds.
    """
    estimates = [one.estimate for one in found.values()]
    influence = stacked([Member(one.estimate, pd.Index(trial.drawn(arm))) for arm, one in found.items()])
    p = joint_p(np.array([one.estimate for one in estimates]), influence, min(one.df for one in estimates))
    if any(too_few_clusters(one) for one in estimates):
        p = math.nan
    shown = {"estimate": p, "p": p, "df": len(arms), "p_randomisation": by_lot, "method": "hotelling"}
    return {**subject.row("joint_test", **shown, note=noted([("arms", "|".join(arms))])), "unit": "p"}


def joint_p(effects: np.ndarray, influence: np.ndarray, df: float) -> float:
    """``effects`` K with their ``influence`` N x K on the same units (covariance: its cross product); ``df`` of the
    least certain. T squared times (df - K + 1) / (df K) is F with K and df - K + 1 (Hotelling 1931, Ann. Math.
    Statistics 2(3)); missing with fewer than FEWEST_DF degrees of freedom, or no more of them than effects."""
    count = len(effects)
    if df < FEWEST_DF or df - count + 1 <= 0:
        return math.nan
    distance = float(effects @ np.linalg.pinv(influence.T @ influence, hermitian=True) @ effects)
    return float(stats.f.sf(distance * (df - count + 1) / (df * count), count, df - count + 1))
