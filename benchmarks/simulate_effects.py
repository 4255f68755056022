"""Do the rules keep what they promise where our users are? Bias, coverage, size and power by simulation.

Run by ``make simulate``. Every cell (a situation, with an effect and without) is drawn 2,000 times and kept in
.build/simulation, so that an interrupted run goes on where it stopped; the whole goes to docs/simulation.json, which
``make validation`` lays out in docs/validation.md. A rule is a default only if the 99 % binomial interval of its
coverage does not lie below 93 % and that of its size does not lie above 7 %.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binom

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.covariates import expand
from analysis.effects.curve import Sample, difference_in_means, effect_curve
from analysis.effects.estimate import Estimate
from analysis.effects.randomisation import assignments
from analysis.effects.rows import Subject
from analysis.effects.run_two_waves import measured
from analysis.effects.two_waves import estimated_change
from analysis.study.settings import DifferenceInDifferences, TwoWaves

REPLICATIONS, CHUNK = 2000, 100
ROOT = Path(__file__).resolve().parents[1]
KEPT, PAGE = ROOT / ".build" / "simulation", ROOT / "docs" / "simulation.json"
SCHOOLS, TREATED, YEARS, START, DRAWS = 24, 6, 7, 5, 999
DESIGN = DifferenceInDifferences(
    kind="difference_in_differences", unit="school", time="year", cluster="school", treated="project", start=START
)
LEVEL = 0.05
Draws = dict[str, list[float]]  # rule -> estimate, low, high, rejects, the effect that was realised


def schools(seed: int, pupils: int, rate: float, effect: float) -> Draws:
    """6 of 24 schools, seven school years, the last two under the project; school shocks that last (AR 0.4), and a
    quarter less dropout everywhere in the last two years."""
    rng = np.random.default_rng([1, seed])
    sizes = np.maximum(5, np.round(pupils * rng.lognormal(0, 0.5, SCHOOLS))).astype(int)
    shock = np.zeros((SCHOOLS, YEARS))
    shock[:, 0] = rng.normal(0, 0.3 * rate, SCHOOLS)
    for year in range(1, YEARS):
        shock[:, year] = 0.4 * shock[:, year - 1] + rng.normal(0, 0.3 * rate, SCHOOLS)
    school = np.repeat(np.arange(SCHOOLS), sizes * YEARS)
    year = np.concatenate([np.tile(np.arange(YEARS), size) for size in sizes])
    exposed = (school < TREATED) & (year >= START)
    chance = rate + 0.2 * rate * rng.normal(size=SCHOOLS)[school] + shock[school, year]
    usual = np.clip(chance - 0.25 * rate * (year >= START), 0, 1)
    helped = np.clip(usual + effect * exposed, 0, 1)  # nobody drops out less than never
    truth = float((helped - usual)[exposed].mean())
    dropout = (rng.random(len(school)) < helped).astype(float)
    panel = pd.DataFrame({"school": school, "year": year, "project": school < TREATED, "dropout": dropout})
    cells = collapse(panel, "dropout", DESIGN)
    found = did.pooled_effect(cells, LEVEL)
    interval = not found.ci_low <= 0 <= found.ci_high
    wild = did.effect_wild_p(cells, DRAWS) <= LEVEL
    lots = assignments(cells.cluster_treated, cells.cluster_stratum, DRAWS, 1)
    permuted = did.effect_randomisation_p(cells, lots) <= LEVEL
    naive = did.before_after(cells, LEVEL)
    numbers = [found.estimate, found.ci_low, found.ci_high]
    return {
        "CR2 interval, Satterthwaite": [*numbers, interval, truth],
        "wild cluster bootstrap": [*numbers, wild, truth],
        "randomisation inference": [*numbers, permuted, truth],
        "all three agree (the rule)": [*numbers, interval and wild and permuted, truth],
        "naive before-after": _told(naive, truth),
    }


def _told(found: Estimate, truth: float) -> list[float]:
    return [found.estimate, found.ci_low, found.ci_high, not found.ci_low <= 0 <= found.ci_high, truth]


def participants(seed: int, effect: float) -> Draws:
    """300 participants against 1,600 others; who takes part has been out of work for longer."""
    rng = np.random.default_rng([2, seed])
    table = pd.DataFrame({"age": rng.normal(size=1900), "months": rng.normal(size=1900), "low": rng.random(1900) < 0.5})
    index = 0.7 * table["months"] + 0.3 * table["low"] - 0.2 * table["age"] + rng.gumbel(size=1900)
    treated = (index.rank(ascending=False) <= 300).to_numpy()
    base = 0.35 - 0.10 * table["months"] + 0.05 * table["age"] - 0.05 * table["low"]
    usual = np.clip(base.to_numpy(), 0, 1)
    helped = np.clip(usual + effect * treated, 0, 1)
    works = (rng.random(1900) < helped).astype(float)
    sample = Sample(treated, expand(table.astype(float), list(table.columns)))
    (found,) = effect_curve(sample, works[:, None], draws=99).estimates
    naive = difference_in_means(sample, works)
    truth = float((helped - usual)[treated].mean())
    return {"AIPW interval": _told(found, truth), "naive raw difference": _told(naive, truth)}


def answers(seed: int, effect: float) -> Draws:
    """320 participants and 320 others asked twice; four in ten of those with a low start do not answer again."""
    rng = np.random.default_rng([3, seed])
    treated, x = np.arange(640) < 320, rng.normal(size=640)
    person = rng.normal(size=640)
    first = x + person + rng.normal(size=640)
    last = 2 * x + person + 0.3 + effect * treated + rng.normal(size=640)
    again = rng.random(640) < 1 / (1 + np.exp(-(1.0 + 0.8 * x)))
    base = pd.DataFrame({"respondent": np.arange(640), "treated": pd.array(treated, "boolean"), "x": x})
    waves = pd.concat([base.assign(wave=0, y=first), base.assign(wave=1, y=last)[again]], ignore_index=True)
    design = TwoWaves(kind="two_waves", treated="treated", response=["x"])
    found = measured(Subject("other", "y", "everybody", "d", "points"), waves, design, LEVEL)
    naive = estimated_change(found.changes["treated"], LEVEL)
    return {
        "difference in changes": _told(found.estimate, effect),
        "naive change of participants": _told(naive, effect),
    }


Cell = tuple[str, Callable[..., Draws], dict[str, float], float]


def situations() -> list[Cell]:
    """Name, how it is drawn, and the effect to be looked for (beside none)."""
    cells: list[Cell] = []
    for pupils in (20, 100, 400):
        for rate in (0.02, 0.08):
            name = f"6 of 24 schools, {pupils} pupils each, dropout {100 * rate:.0f} %"
            cells.append((name, schools, {"pupils": pupils, "rate": rate}, -rate / 2))
    cells.append(("300 participants, 1,600 others", participants, {}, 0.08))
    cells.append(("two waves, 320 and 320 people, attrition", answers, {}, 0.5))
    return cells


def drawn(task: tuple[int, int, float]) -> list[Draws]:
    """A chunk of a cell, in a process of its own."""
    number, first, effect = task
    _, draw, given, _ = situations()[number]
    warnings.simplefilter("ignore")
    return [draw(seed, **given, effect=effect) for seed in range(first, first + CHUNK)]


def cell(number: int, effect: float, pool: ProcessPoolExecutor) -> dict[str, np.ndarray]:
    """All replications of a cell: rule -> replications x (estimate, low, high, rejects, truth); kept on disk."""
    place = KEPT / f"{number}_{effect:+.3f}.json"
    if not place.is_file():
        tasks = [(number, first, effect) for first in range(1, REPLICATIONS + 1, CHUNK)]
        rows = [one for part in pool.map(drawn, tasks) for one in part]
        KEPT.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({rule: [[float(v) for v in row[rule]] for row in rows] for rule in rows[0]}))
    return {rule: np.array(rows) for rule, rows in json.loads(place.read_text()).items()}


def told(number: int, pool: ProcessPoolExecutor) -> list[dict[str, object]]:
    """A line a rule: bias and coverage with the effect, size without it, power with it; ± simulation error."""
    name, _, _, effect = situations()[number]
    without, with_effect = cell(number, 0.0, pool), cell(number, effect, pool)
    return [_line(name, rule, without[rule], with_effect[rule]) for rule in without]


def _line(name: str, rule: str, without: np.ndarray, found: np.ndarray) -> dict[str, object]:
    truth = found[:, 4]
    error = found[:, 0] - truth
    coverage = float(((found[:, 1] <= truth) & (truth <= found[:, 2])).mean())
    size, power = float(without[:, 3].mean()), float(found[:, 3].mean())
    keeps = _interval(coverage)[1] >= 0.93 and _interval(size)[0] <= 0.07
    share = partial(_with_error, places=1)
    return {
        "situation": name,
        "rule": rule,
        "replications": len(found),
        "bias": f"{error.mean():+.4f} ± {error.std() / np.sqrt(len(error)):.4f} (effect {truth.mean():.3f})",
        "coverage": share(coverage),
        "size": share(size),
        "power": share(power),
        "default": "no: naive" if rule.startswith("naive") else "yes" if keeps else "NO: does not keep its promise",
    }


def _interval(share: float) -> tuple[float, float]:
    """The 99 % binomial interval around an observed share (of replications)."""
    low, high = binom.interval(0.99, REPLICATIONS, share)
    return low / REPLICATIONS, high / REPLICATIONS


def _with_error(share: float, places: int) -> str:
    error = np.sqrt(share * (1 - share) / REPLICATIONS)
    return f"{100 * share:.{places}f} % ± {100 * error:.{places}f}"


def main() -> int:
    count = len(situations())
    cells: list[dict[str, object]] = []
    with ProcessPoolExecutor(2) as pool:
        for number in range(count):
            print(f"{number + 1}/{count} {situations()[number][0]} …", flush=True)
            cells += told(number, pool)
    about = (
        f"Made by `make simulate` ({REPLICATIONS} replications a cell, seeds 1 to {REPLICATIONS}; {DRAWS} draws of the "
        "bootstrap and of the assignments). ± is the standard error of the simulation. Coverage belongs to the "
        "interval; where a rule is a test, its size and power are its own. A rule is a default when the 99 % binomial "
        "interval of its coverage does not lie below 93 % and that of its size not above 7 %."
    )
    PAGE.write_text(json.dumps({"about": about, "cells": cells}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(cells)} lines")
    return 0 if not any(str(one["default"]).startswith("NO") for one in cells) else 1


if __name__ == "__main__":
    sys.exit(main())
