"""Multiple imputation by chained equations: gaps in numbers filled several times from what else is known.

The chains are statsmodels' MICEData (predictive mean matching: a gap takes the value of one of the NEAREST people with
a like prediction; van Buuren & Groothuis-Oudshoorn 2011, J. Statistical Software 45(3)). Each group is imputed by
itself, so that an effect of any form, also one that differs between people, stays possible (Sullivan et al. 2018,
Statistical Methods in Medical Research 27(9)). Gaps in categories stay a category of their own.

Chains of several variables with gaps must mix: the means of their imputed values are compared between and within chains
over the last cycles (Gelman & Rubin 1992, Statistical Science 7(4)), and imputations that do not mix are refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.linear import dependent_columns
from analysis.effects.refusal import DesignRefused

IMPUTATIONS = 20  # m: enough for shares missing of a fifth (White, Royston & Wood 2011, Statistics in Medicine 30(4))
CYCLES, COMPARED = 10, 5  # of a chain, and how many of its last are compared
NEAREST = 5
MIXED = 1.2  # Gelman and Rubin's ratio
SPARE = 10  # people with a value beyond the number of columns


def imputed_tables(known: pd.DataFrame, group: Integers, seed: int, count: int = IMPUTATIONS) -> list[Floats]:
    """``count`` copies of ``known`` (n x k numbers, NaN where not known) without gaps; ``group`` n, codes.

    A pure function of its arguments. Refused: "imputation_few" (column, count, needed) where too few people of a group
    have a value, "imputation_not_converged" (column, ratio), "imputation_failed".
    """
    tables = [known.to_numpy(dtype=float, copy=True) for _ in range(count)]
    for code in np.unique(group):
        rows = np.flatnonzero(group == code)
        values = known.to_numpy(dtype=float)[rows]
        if not np.isnan(values).any():
            continue
        _refuse_few(values, list(known.columns))
        for table, filled in zip(tables, _of_group(values, list(known.columns), [seed, int(code)], count), strict=True):
            table[rows] = filled
    return tables


def _refuse_few(values: Floats, names: list[str]) -> None:
    seen = (~np.isnan(values)).sum(axis=0)
    needed = values.shape[1] + SPARE
    for name, count in zip(names, seen, strict=True):
        if count < needed and count < len(values):
            raise DesignRefused("imputation_few", column=name, count=int(count), needed=needed)


def _of_group(values: Floats, names: list[str], seed: list[int], count: int) -> Iterator[Floats]:
    gaps = np.isnan(values)
    several, kept = gaps.any(axis=0).sum() > 1, _not_explained(values)
    cycles = CYCLES if several else 1
    means = np.empty((count, COMPARED if several else 1, values.shape[1]))
    filled = []
    for number in range(count):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a prediction is unique where its coefficients are not
                warnings.simplefilter("error", RuntimeWarning)
                table = _chain(values, gaps, kept, [*seed, number], cycles, means[number])
        except (np.linalg.LinAlgError, ValueError, RuntimeWarning) as fault:
            raise DesignRefused("imputation_failed") from fault
        filled.append(table)
    if several:
        _refuse_unmixed(means, gaps, names)
    return iter(filled)


def _chain(values: Floats, gaps: Booleans, kept: list[int], seed: list[int], cycles: int, means: Floats) -> Floats:
    """One filled copy by a chain of the ``kept`` columns; ``means`` (last cycles x k) takes the means of what was
    imputed, by column."""
    from analysis.effects.imputation_chain import Chain

    table = pd.DataFrame(values[:, kept], columns=[f"x{place}" for place in kept])
    table.insert(0, "constant", 1.0)
    chain = Chain(table, k_pmm=NEAREST, rng=np.random.default_rng(seed))
    chain.scatter()
    found = values.copy()
    for cycle in range(cycles):
        chain.update_all(1)
        found[:, kept] = chain.data.to_numpy()[:, 1:]
        if cycle >= cycles - len(means):
            place = cycle - (cycles - len(means))
            means[place] = [found[gaps[:, k], k].mean() if gaps[:, k].any() else 0.0 for k in range(found.shape[1])]
    return found


def _not_explained(values: Floats) -> list[int]:
    """All columns but those without gaps that the columns before them (and a constant) explain wholly."""
    gaps = np.isnan(values)
    usual = np.nan_to_num(np.nanmean(values, axis=0))
    filled = np.where(gaps, usual, values)
    dependent = dependent_columns(np.column_stack([np.ones(len(values)), filled]))
    return [place for place in range(values.shape[1]) if place + 1 not in dependent or gaps[:, place].any()]


def _refuse_unmixed(means: Floats, gaps: Booleans, names: list[str]) -> None:
    for place in np.flatnonzero(gaps.any(axis=0)):
        ratio = mixing(means[:, :, place])
        if ratio > MIXED:
            raise DesignRefused("imputation_not_converged", column=names[place], ratio=f"{ratio:.2f}")


def mixing(chains: Floats) -> float:
    """Gelman and Rubin's ratio of a quantity in m chains of n steps (m x n): 1 where all tell the same."""
    steps = chains.shape[1]
    within = float(chains.var(axis=1, ddof=1).mean())
    between = float(chains.mean(axis=1).var(ddof=1))
    if within <= 0:
        return 1.0 if between <= 0 else float("inf")
    return float(np.sqrt((steps - 1) / steps + between / within))
