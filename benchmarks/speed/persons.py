"""Participants among many others: weighting month by month, and matching."""

from __future__ import annotations

import numpy as np
import pandas as pd

from speed.task import Numbers, Task

MONTHS, BAND_DRAWS, TREATED, NEIGHBOURS = 36, 999, 1000, 5
COVARIATES = [f"x{number}" for number in range(8)]


def followed(rows: int) -> tuple[pd.DataFrame, np.ndarray]:
    """rows / 36 people with eight covariates, a fifth of them participants, and their work in each of 36 months."""
    count = rows // MONTHS
    generator = np.random.default_rng(4)
    table = pd.DataFrame(generator.normal(size=(count, len(COVARIATES))), columns=COVARIATES)
    index = 0.5 * table["x0"].to_numpy() - 0.3 * table["x1"].to_numpy()
    table["treated"] = generator.random(count) < 1 / (1 + np.exp(1.6 - index))
    ability = 0.3 * index[:, None] + generator.normal(0, 0.5, (count, 1)) + 0.3 * table["treated"].to_numpy()[:, None]
    outcomes = (generator.normal(size=(count, MONTHS)) + ability > 0.4).astype(float)
    return table, outcomes


def weighting(data: tuple[pd.DataFrame, np.ndarray]) -> Numbers:
    from analysis.effects.bands import uniform_critical_value
    from analysis.effects.covariates import expand
    from analysis.effects.curve import Sample, weighted_effects

    table, outcomes = data
    sample = Sample(table["treated"].to_numpy(), expand(table, COVARIATES))
    # as the other library weighs: by the odds themselves, which need not sum to the number of the treated
    effects, _ = weighted_effects(sample, np.ones(len(table), dtype=bool), outcomes, normalised=False)
    band = uniform_critical_value(effects.influence, draws=BAND_DRAWS, seed=1)
    return {
        "effect": effects.estimate[-1],
        "sum of effects": effects.estimate.sum(),
        "own se": effects.se[-1],
        "band": band,
    }


def weighting_doubleml(data: tuple[pd.DataFrame, np.ndarray]) -> Numbers:
    import doubleml
    from sklearn.linear_model import LinearRegression, LogisticRegression

    table, outcomes = data
    everybody = np.arange(len(table))
    fitted = []
    for month in range(MONTHS):
        arrays = doubleml.DoubleMLData.from_arrays(
            table[COVARIATES].to_numpy(), outcomes[:, month], table["treated"].to_numpy(float)
        )
        score = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
        model = doubleml.DoubleMLIRM(
            arrays, LinearRegression(), score, score="ATTE",
            trimming_threshold=1e-12, draw_sample_splitting=False,
        )  # fmt: skip
        model.set_sample_splitting([(everybody, everybody)])
        fitted.append(model.fit().construct_framework())
    together = doubleml.concat(fitted)
    np.random.seed(1)
    together.bootstrap(n_rep_boot=BAND_DRAWS)
    joint = together.confint(joint=True, level=0.95)
    se = float(together.ses[-1])
    factor = (joint.iloc[-1, 1] - joint.iloc[-1, 0]) / 2 / se
    effects = together.thetas
    return {"effect": float(effects[-1]), "sum of effects": float(effects.sum()), "band": float(factor)}


def strangers(rows: int) -> pd.DataFrame:
    """A thousand participants (a tenth of the rows at most) among the others, with eight continuous covariates."""
    generator, treated = np.random.default_rng(5), min(TREATED, rows // 10)
    table = pd.DataFrame(generator.normal(size=(rows, len(COVARIATES))), columns=COVARIATES)
    table["treated"] = np.arange(rows) < treated
    table.loc[table["treated"], COVARIATES] += 0.3
    table["outcome"] = table[COVARIATES].sum(axis=1) + 0.5 * table["treated"] + generator.normal(size=rows)
    return table


def matching(table: pd.DataFrame) -> Numbers:
    from analysis.effects.matching import matched_effect

    covariates = table[COVARIATES].to_numpy()
    found = matched_effect(table["outcome"].to_numpy(), table["treated"].to_numpy(), covariates, NEIGHBOURS)
    return {"effect": found.estimate, "standard error of Abadie and Imbens": found.se}


def matching_causalinference(table: pd.DataFrame) -> Numbers:
    from causalinference import CausalModel

    model = CausalModel(table["outcome"].to_numpy(), table["treated"].to_numpy(int), table[COVARIATES].to_numpy())
    model.est_via_matching(weights="inv", matches=NEIGHBOURS, bias_adj=True)
    return {"effect": model.estimates["matching"]["att"]}


TASKS = [
    Task(
        f"doubly robust effects (AIPW, ATT) in {MONTHS} months with a uniform band, {BAND_DRAWS} draws",
        followed, weighting, weighting_doubleml, "doubleml",
        tolerance=1e-5, by_chance={"band": 0.35},
        note="Effects and band are compared; the other's standard errors leave out that the models are estimated.",
    ),
    Task(
        f"matching {TREATED:,} participants with {NEIGHBOURS} neighbours each, bias-corrected",
        strangers, matching, matching_causalinference, "causalinference",
        note="The effect is compared; the other's standard error for it is not Abadie and Imbens's.",
    ),
]  # fmt: skip
