"""Pupils in schools over years: regression, its standard errors, and the tests that resample schools."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from speed.task import Numbers, Task

YEARS, START, DRAWS = np.arange(2016, 2024), 2021, 9999
EVENTS = [f"event_{year}" for year in YEARS if year != START - 1]
CHANCE = 4 * np.sqrt(2 * 0.25 / DRAWS)  # of the difference between two simulated p-values, at most


def schools(rows: int) -> int:
    return min(max(60, rows // 2000), 1000)


def panel(rows: int, seed: int = 1) -> pd.DataFrame:
    """One row a pupil and year, new pupils every year; a fifth of the schools have the project from 2021 on."""
    generator, count = np.random.default_rng(seed), schools(rows)
    school, year = generator.integers(0, count, rows), generator.choice(YEARS, rows)
    covariates = generator.normal(size=(rows, 2))
    project = school < count // 5
    exposed = (project & (year >= START)).astype(float)
    shocks = generator.normal(0, 0.1, (count, len(YEARS)))[school, year - YEARS[0]]
    outcome = generator.normal(0, 0.5, count)[school] + 0.1 * (year - YEARS[0]) + covariates @ [0.3, -0.2]
    outcome += shocks - 0.05 * exposed + generator.normal(size=rows)
    table = pd.DataFrame({"school": school, "year": year, "project": project, "exposed": exposed, "outcome": outcome})
    table[["x1", "x2"]] = covariates
    for name, year_shown in zip(EVENTS, YEARS[YEARS != START - 1], strict=True):
        table[name] = (project & (year == year_shown)).astype(float)
    return table


def equal_schools(rows: int) -> pd.DataFrame:
    """As ``panel``, with as many pupils in every school and year: then least squares with an effect for each school
    and year, and the plain comparison of four means, are the same number under every assignment."""
    count = schools(rows)
    each = max(1, rows // (count * len(YEARS)))
    cell = np.repeat(np.arange(count * len(YEARS)), each)
    generator = np.random.default_rng(2)
    school, year = cell // len(YEARS), YEARS[cell % len(YEARS)]
    shock = generator.normal(0, 0.1, count * len(YEARS))[cell]
    project = school < count // 5
    outcome = shock - 0.05 * (project & (year >= START)) + generator.normal(size=len(cell))
    post = (year >= START).astype(int)
    return pd.DataFrame(
        {"school": school, "year": year, "project": project.astype(int), "post": post, "outcome": outcome}
    )


def _fit(table: pd.DataFrame, effects: list[str]) -> Any:
    from analysis.effects.linear import fit_linear

    years = table["year"].to_numpy()[:, None] == YEARS[1:]
    columns = np.column_stack([table[[*effects, "x1", "x2"]].to_numpy(), years])
    school = table["school"].to_numpy()
    return fit_linear(table["outcome"].to_numpy(), columns, school, groups=school)


def event_study(table: pd.DataFrame) -> Numbers:
    from analysis.effects.cluster import cr1

    fit = _fit(table, EVENTS)
    last = len(EVENTS) - 1
    return {"effect": fit.coefficients[last], "se": cr1(fit, list(range(len(EVENTS))))[last]}


def event_study_pyfixest(table: pd.DataFrame) -> Numbers:
    import pyfixest

    # its own factor for the number of parameters depends on the hash seed (0.50 to 0.60): left out, and put in here
    formula = f"outcome ~ {' + '.join([*EVENTS, 'x1', 'x2'])} | school + year"
    fit = pyfixest.feols(formula, table, vcov={"CRV1": "school"}, ssc=pyfixest.ssc(k_adj=False))
    rows, parameters = len(table), len(EVENTS) + 2 + len(YEARS)
    factor = np.sqrt((rows - 1) / (rows - parameters))
    return {"effect": fit.coef()[EVENTS[-1]], "se": fit.se()[EVENTS[-1]] * factor}


def few_clusters(table: pd.DataFrame) -> Numbers:
    from analysis.effects.cluster import cr2

    inference = cr2(_fit(table, ["exposed"]), [0])
    return {"se": inference.se[0], "df": inference.df[0]}


def few_clusters_diff_diff(table: pd.DataFrame) -> Numbers:
    from diff_diff import LinearRegression

    school = table["school"].to_numpy()
    years = table["year"].to_numpy()[:, None] == YEARS[1:]
    dummies = school[:, None] == np.unique(school)
    columns = np.column_stack([table[["exposed", "x1", "x2"]].to_numpy(), years, dummies]).astype(float)
    model = LinearRegression(include_intercept=False, vcov_type="hc2_bm", cluster_ids=school)
    found = model.fit(columns, table["outcome"].to_numpy()).get_inference(0)
    return {"se": found.se, "df": found.df}


def wild_bootstrap(table: pd.DataFrame) -> Numbers:
    from analysis.effects.wild_bootstrap import wild_bootstrap_p

    fit = _fit(table, ["exposed"])
    return {"p": wild_bootstrap_p(fit, [0], DRAWS, 1, "rademacher"), "effect": fit.coefficients[0]}


def wild_bootstrap_pyfixest(table: pd.DataFrame) -> Numbers:
    import pyfixest

    fit = pyfixest.feols("outcome ~ exposed + x1 + x2 | school + year", table, vcov={"CRV1": "school"})
    found = fit.wildboottest(reps=DRAWS, cluster="school", param="exposed", seed=1)
    return {"p": float(found["Pr(>|t|)"]), "effect": fit.coef()["exposed"]}


def randomisation(table: pd.DataFrame) -> Numbers:
    """By the coefficient, as the other library does; the product's own default is the t statistic."""
    from analysis.effects.cells import collapse
    from analysis.effects.linear import partial_out, scale_and_absorb
    from analysis.effects.randomisation import assignments, randomisation_p
    from analysis.study.design_settings import DifferenceInDifferences

    design = DifferenceInDifferences(
        kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=START
    )
    cells = collapse(table, "outcome", design)
    member = cells.cluster[:, None] == np.arange(len(cells.cluster_treated))
    years = cells.time[:, None] == YEARS[1:]
    columns = np.column_stack([cells.mean, member & cells.post[:, None], years])
    scaled = scale_and_absorb(columns, cells.size, cells.unit)
    free = partial_out(scaled[:, : -years.shape[1]], scaled[:, -years.shape[1] :])
    drawn = assignments(cells.cluster_treated, cells.cluster_stratum, DRAWS, 1)
    return {"p": randomisation_p(free[:, 0], free[:, 1:], cells.cluster, cells.cluster_treated, drawn, "coefficient")}


def randomisation_diff_diff(table: pd.DataFrame) -> Numbers:
    from diff_diff import permutation_test

    found = permutation_test(
        table, outcome="outcome", treatment="project", post="post", unit="school", n_permutations=DRAWS, seed=1
    )
    return {"p": found.p_value}


TASKS = [
    Task(
        "event study, school and year effects, 2 covariates, clustered errors (CR1)",
        panel, event_study, event_study_pyfixest, "pyfixest", tolerance=1e-5,
    ),
    Task(
        "few clusters: CR2 with Satterthwaite's degrees of freedom",
        panel, few_clusters, few_clusters_diff_diff, "diff-diff", tolerance=1e-5,
    ),
    Task(
        f"wild cluster bootstrap, {DRAWS:,} draws",
        panel, wild_bootstrap, wild_bootstrap_pyfixest, "pyfixest", by_chance={"p": CHANCE},
    ),
    Task(
        f"randomisation inference over schools, {DRAWS:,} assignments",
        equal_schools, randomisation, randomisation_diff_diff, "diff-diff", by_chance={"p": CHANCE},
    ),
]  # fmt: skip
