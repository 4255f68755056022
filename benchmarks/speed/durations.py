"""Time until an event: the survival curve and the restricted mean."""

from __future__ import annotations

import numpy as np
import pandas as pd

from speed.task import Numbers, Task

HORIZON = 365.0


def durations(rows: int) -> pd.DataFrame:
    """Days until a first job, cut off between one and three years after the start."""
    generator = np.random.default_rng(6)
    day, last = np.ceil(generator.exponential(400, rows)), np.floor(generator.uniform(366, 1096, rows))
    return pd.DataFrame({"days": np.minimum(day, last), "found": day <= last})


def survival(table: pd.DataFrame) -> Numbers:
    from analysis.effects.duration import Followed

    people = Followed.of(table["days"].to_numpy(), table["found"].to_numpy())
    influence = people.influence_on_share(HORIZON)
    return {"share": people.curve.at(HORIZON), "se": float(np.sqrt((influence**2).sum()))}


def survival_statsmodels(table: pd.DataFrame) -> Numbers:
    from statsmodels.duration.survfunc import SurvfuncRight

    curve = SurvfuncRight(table["days"].to_numpy(), table["found"].to_numpy().astype(int))
    place = int(np.searchsorted(curve.surv_times, HORIZON, side="right")) - 1
    return {"share": curve.surv_prob[place], "se": curve.surv_prob_se[place]}


def restricted(table: pd.DataFrame) -> Numbers:
    from analysis.effects.duration import Followed, restricted_mean

    people = Followed.of(table["days"].to_numpy(), table["found"].to_numpy())
    influence = people.influence_on_mean(HORIZON)
    return {"mean": restricted_mean(people.curve, HORIZON), "own se": float(np.sqrt((influence**2).sum()))}


def restricted_lifelines(table: pd.DataFrame) -> Numbers:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    curve = KaplanMeierFitter().fit(table["days"], table["found"])
    return {"mean": float(restricted_mean_survival_time(curve, t=HORIZON))}


TASKS = [
    Task(
        "survival curve (Kaplan and Meier) at a year, with standard error",
        durations, survival, survival_statsmodels, "statsmodels",
    ),
    Task(
        "restricted mean time to a job within a year (ours with standard error)",
        durations, restricted, restricted_lifelines, "lifelines",
    ),
]  # fmt: skip
