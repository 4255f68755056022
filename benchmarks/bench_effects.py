"""Our effects against good libraries: the same number on the same data in the same run. Prints, asserts nothing.

Run by ``make bench``. The ratio says how many times longer the other library takes (ours: best of three). What takes
the other library minutes is compared at the smaller size only.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import statsmodels.api as sm
from diff_diff import LinearRegression, wild_bootstrap_se

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.cluster import cr1, cr2
from analysis.effects.covariates import expand
from analysis.effects.curve import Sample, effect_curve
from analysis.effects.linear import fit_linear
from analysis.effects.randomisation import assignments
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.study.design_settings import DifferenceInDifferences
from analysis.study.settings import Inference, Outcome

SCHOOLS, TREATED, YEARS, DRAWS = 24, 6, range(2016, 2023), 9999
DESIGN = DifferenceInDifferences(
    kind="difference_in_differences",
    unit="school",
    time="year",
    cluster="school",
    treated="project",
    start=2021,
    exclude_times_sensitivity=[2019, 2020],
    draws=DRAWS,
)
OUTCOME = Outcome(
    chapter="education",
    design="did",
    populations=["all"],
    participation="participant",
    better="lower",
    unit="pp",
)


def pupils(rows: int) -> pd.DataFrame:
    generator = np.random.default_rng(1)
    school = generator.integers(0, SCHOOLS, rows)
    year = generator.choice(list(YEARS), rows)
    shock = generator.normal(0, 0.02, (SCHOOLS, 7))
    outcome = (generator.random(rows) < 0.08 + shock[school, year - 2016]).astype(float)
    panel = pd.DataFrame({"school": school, "year": year, "project": school < TREATED, "dropout": outcome})
    return panel.assign(participant=panel["project"] & (year >= 2021) & (generator.random(rows) < 0.5))


def best(task: Callable[[], object], repetitions: int = 3) -> tuple[float, object]:
    """Seconds of the fastest run, and what it returned."""
    seconds, result = [], None
    for _ in range(repetitions):
        start = time.perf_counter()
        result = task()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def line(name: str, ours: tuple[float, object], peer: tuple[float, object] | None = None, peer_name: str = "") -> None:
    text = f"{name:<58} {ours[0]:9.4f} s  {ours[1]!s:<28}"
    print(text + (f" {peer_name} {peer[0]:9.3f} s  {peer[1]!s:<28} ratio {peer[0] / ours[0]:9.1f}" if peer else ""))


def compare_school_design(rows: int) -> None:
    panel = pupils(rows)
    years = np.stack([panel["year"] == year for year in YEARS[1:]], axis=1)
    exposed = (panel["project"] & (panel["year"] >= DESIGN.start)).to_numpy()
    school, outcome = panel["school"].to_numpy(), panel["dropout"].to_numpy()
    columns = np.column_stack([exposed, years]).astype(float)
    dense = np.column_stack([columns, np.eye(SCHOOLS)[school]])
    residuals = outcome - dense @ np.linalg.lstsq(dense, outcome, rcond=None)[0]

    def ours_cr2() -> str:
        effect = did.pooled_effect(collapse(panel, "dropout", DESIGN))
        return f"se {effect.se:.8f} df {effect.df:.3f}"

    def ours_cr2_rows() -> str:
        inference = cr2(fit_linear(outcome, columns, school, groups=school), [0])
        return f"se {inference.se[0]:.8f} df {inference.df[0]:.3f}"

    def diff_diff_cr2() -> str:
        model = LinearRegression(include_intercept=False, vcov_type="hc2_bm", cluster_ids=school)
        found = model.fit(dense, outcome).get_inference(0)
        return f"se {found.se:.8f} df {found.df:.3f}"

    def ours_cr1() -> str:
        fit = fit_linear(outcome, columns, school, groups=school)
        return f"b {fit.coefficients[0]:.8f} se {cr1(fit, [0])[0]:.6f}"

    def statsmodels_cr1() -> str:
        fit = sm.OLS(outcome, dense).fit(cov_type="cluster", cov_kwds={"groups": school})
        return f"b {fit.params[0]:.8f} se {fit.bse[0]:.6f}"

    def diff_diff_wild() -> str:
        return f"p {wild_bootstrap_se(dense, outcome, residuals, school, 0, n_bootstrap=DRAWS, seed=1).p_value:.4f}"

    print(f"\nschool design, {rows:,} rows, {SCHOOLS} schools, {TREATED} treated")
    if rows <= 50_000:
        slow = best(diff_diff_cr2, 1)
        line("CR2 + Satterthwaite, through cells", best(ours_cr2), slow, "diff_diff")
        line("CR2 + Satterthwaite, on rows", best(ours_cr2_rows), slow, "diff_diff")
    line("clustered OLS (CR1; own factors of n and k)", best(ours_cr1), best(statsmodels_cr1, 1), "statsmodels")
    wild = best(lambda: f"p {did.effect_wild_p(collapse(panel, 'dropout', DESIGN), DRAWS):.4f}")
    peer = best(diff_diff_wild, 1) if rows <= 50_000 else None
    line(f"wild cluster restricted bootstrap, {DRAWS}", wild, peer, "diff_diff")
    line(f"randomisation inference, {DRAWS}", best(lambda: f"p {randomisation(panel):.4f}"))
    whole = best(lambda: len(estimate_difference_in_differences(panel, "dropout", OUTCOME, DESIGN, Inference())))
    line("everything on one outcome and population (rows)", whole)


def randomisation(panel: pd.DataFrame) -> float:
    cells = collapse(panel, "dropout", DESIGN)
    return did.effect_randomisation_p(cells, assignments(cells.cluster_treated, cells.cluster_stratum, DRAWS, 1))


def time_monthly_effects(persons: int = 1_900, months: int = 37) -> None:
    generator = np.random.default_rng(2)
    table = pd.DataFrame(generator.normal(size=(persons, 12)), columns=[f"x{number}" for number in range(12)])
    treated = generator.random(persons) < 1 / (1 + np.exp(1.6 - 0.5 * table["x0"].to_numpy()))
    outcomes = (generator.random((persons, months)) < 0.3).astype(float)
    last = generator.integers(22, 60, persons)
    outcomes[np.arange(months)[None, :] > last[:, None]] = np.nan
    names = list(table.columns)
    curve = best(lambda: effect_curve(Sample(treated, expand(table, names)), outcomes).band_factor)
    print(f"\n{persons:,} persons, {months} months, 12 covariates, {DRAWS} draws of the band")
    line("AIPW each month with uniform band", curve)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for size in (24_000, 500_000):
        compare_school_design(size)
    time_monthly_effects()
