"""Pupils followed over years, schools that start at different times: group-time effects given covariates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from speed.schools import YEARS, schools
from speed.task import Numbers, Task


def pupils(rows: int) -> pd.DataFrame:
    """A balanced panel of rows / 8 pupils; three schools in ten start in 2019 to 2022, the others never (0)."""
    generator, count, pupils = np.random.default_rng(3), schools(rows), rows // len(YEARS)
    start = np.where(np.arange(count) < 0.3 * count, 2019 + np.arange(count) % 4, 0)
    school, covariates = generator.integers(0, count, pupils), generator.normal(size=(pupils, 2))
    pupil, year = np.repeat(np.arange(pupils), len(YEARS)), np.tile(YEARS, pupils)
    first = start[school][pupil]
    exposed = (first > 0) & (year >= first)
    outcome = generator.normal(size=pupils)[pupil] + 0.05 * (year - YEARS[0]) * (1 + covariates[pupil, 0])
    outcome += generator.normal(size=len(pupil)) - 0.4 * exposed
    table = pd.DataFrame({"pupil": pupil, "year": year, "school": school[pupil], "first": first, "outcome": outcome})
    table[["x1", "x2"]] = covariates[pupil]
    return table


def group_time(table: pd.DataFrame) -> Numbers:
    from analysis.effects.group_time import group_time_effects
    from analysis.effects.group_time_averages import simple
    from analysis.effects.observed import observed
    from analysis.study.design_settings import Staggered

    design = Staggered(
        kind="staggered", unit="pupil", time="year", cluster="school", treated_from="first", covariates=["x1", "x2"]
    )
    declared = table.assign(first=table["first"].where(table["first"] > 0).astype("Int64"))
    effects = group_time_effects(observed(declared, "outcome", design), "never_treated", "varying")
    average, influence = simple(effects)
    return {"effect": average, "se": float(np.sqrt((influence**2).sum()))}


def group_time_diff_diff(table: pd.DataFrame) -> Numbers:
    from diff_diff import CallawaySantAnna

    model = CallawaySantAnna(
        control_group="never_treated", estimation_method="dr", n_bootstrap=0, base_period="varying",
        pscore_trim=1e-9, cluster="school",
    )  # fmt: skip
    found = model.fit(
        table, outcome="outcome", unit="pupil", time="year", first_treat="first", covariates=["x1", "x2"],
        aggregate="simple",
    )  # fmt: skip
    clusters = table["school"].nunique()  # its variance has the factor G / (G - 1), which the authors' has not
    return {"effect": found.overall_att, "se": found.overall_se * np.sqrt((clusters - 1) / clusters)}


TASKS = [
    Task(
        "staggered starts (Callaway and Sant'Anna), doubly robust, 2 covariates, clustered",
        pupils, group_time, group_time_diff_diff, "diff-diff", tolerance=1e-5,
    )
]  # fmt: skip
