"""Multiple imputation by chained equations: gaps in numbers filled several times from what else is known.

The chains are statsmodels' MICEData (predictive mean matching: a gap takes the value of one of the NEAREST people with
a like prediction; van Buuren & Groothuis-Oudshoorn 2011, J. Statistical Software 45(3)). Each group is imputed by
itself, so that an effect of any form, also one that differs between people, stays possible (Sullivan et al. 2018,
Statistical Methods in Medical Research 27(9)). Gaps in categories stay a category of their own.

Chains of several variables with gaps start from values drawn at random and must leave them behind: how much of a state
lasts from one cycle to the next is measured over all chains (Schafer 1997, Analysis of Incomplete Multivariate
Data, section 4.4), chains are made longer while more than FADED of their start is left, and refused at last.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.linear import dependent_columns
from analysis.effects.refusal import DesignRefused

if TYPE_CHECKING:
    from analysis.effects.imputation_chain import Chain

IMPUTATIONS = 20  # m: enough for shares missing of a fifth (White, Royston & Wood 2011, Statistics in Medicine 30(4))
CYCLES, MOST_CYCLES = 10, 30  # of a chain: so many at a time, and at most
NEAREST = 5
FADED = 0.1  # of a chain's start may be left
WARMING = 2  # cycles that are not compared
SPARE = 10  # people with a value beyond the number of columns


def imputed_tables(known: pd.DataFrame, group: Integers, seed: int, count: int = IMPUTATIONS) -> list[Floats]:
    """``count`` copies of ``known`` (n x k numbers, NaN where not known) without gaps; ``group`` n, codes.

    A pure function of its arguments. Refused: "imputation_few" (column, count, needed) where too few people of a group
    have a value, "imputation_not_converged" (column, left, cycles), "imputation_failed".
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
    kept = _not_explained(values)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a prediction is unique where its coefficients are not
            warnings.simplefilter("error", RuntimeWarning)
            chains = [_started(values[:, kept], [*seed, number]) for number in range(count)]
            _run(chains, np.isnan(values[:, kept]), [names[place] for place in kept])
    except (np.linalg.LinAlgError, ValueError, RuntimeWarning) as fault:
        raise DesignRefused("imputation_failed") from fault
    for chain in chains:
        found = values.copy()
        found[:, kept] = chain.data.to_numpy()[:, 1:]
        yield found


def _started(values: Floats, seed: list[int]) -> Chain:
    from analysis.effects.imputation_chain import Chain

    table = pd.DataFrame(values, columns=[f"x{place}" for place in range(values.shape[1])])
    table.insert(0, "constant", 1.0)
    chain = Chain(table, k_pmm=NEAREST, rng=np.random.default_rng(seed))
    chain.scatter()
    return chain


def _not_explained(values: Floats) -> list[int]:
    """All columns but those without gaps that the columns before them (and a constant) explain wholly."""
    gaps = np.isnan(values)
    usual = np.nan_to_num(np.nanmean(values, axis=0))
    filled = np.where(gaps, usual, values)
    dependent = dependent_columns(np.column_stack([np.ones(len(values)), filled]))
    return [place for place in range(values.shape[1]) if place + 1 not in dependent or gaps[:, place].any()]


def _run(chains: list[Chain], gaps: Booleans, names: list[str]) -> None:
    """Run the chains until they have left their start behind; one variable with gaps has nothing to wait for."""
    lacking = np.flatnonzero(gaps.any(axis=0))
    if len(lacking) == 1:
        for chain in chains:
            chain.update_all(1)
        return
    path: list[list[Floats]] = []
    while len(path) < MOST_CYCLES:
        for _ in range(CYCLES):
            for chain in chains:
                chain.update_all(1)
            path.append([_state(chain.data.to_numpy()[:, 1:], gaps, lacking) for chain in chains])
        left = persistence(np.array(path)) ** len(path)
        if left.max() <= FADED:
            return
    watched = [*((one,) for one in lacking), *itertools.combinations(lacking, 2)]
    worst = ", ".join(names[place] for place in watched[int(left.argmax())])
    raise DesignRefused("imputation_not_converged", column=worst, left=f"{left.max():.2f}", cycles=len(path))


def _state(table: Floats, gaps: Booleans, lacking: Integers) -> Floats:
    """What is watched of a chain: the means of what is imputed, and how the columns with gaps go together."""
    means = [table[gaps[:, place], place].mean() for place in lacking]
    centred = table[:, lacking] - table[:, lacking].mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    standard = centred / np.where(length > 0, length, 1.0)
    together = (standard.T @ standard)[np.triu_indices(len(lacking), 1)]
    return np.concatenate([means, together])


def persistence(path: Floats) -> Floats:
    """How much of a chain's distance from the mean of all chains lasts from one cycle to the next (0 to 1), for each
    quantity watched; ``path`` is cycles x chains x quantities."""
    apart = (path - path.mean(axis=1, keepdims=True))[WARMING:]
    before, after = apart[:-1], apart[1:]
    product = (before * after).sum(axis=(0, 1))
    size = np.sqrt((before**2).sum(axis=(0, 1)) * (after**2).sum(axis=(0, 1)))
    found: Floats = np.clip(np.divide(product, size, out=np.zeros_like(product), where=size > 0), 0.0, 1.0)
    return found
