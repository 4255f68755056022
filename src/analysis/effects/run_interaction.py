"""Whether effects differ between the populations of an outcome, for each two that share nobody."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np
import pandas as pd
from scipy import stats

from analysis.effects.cells import Cells, collapse
from analysis.effects.columns import population_rows
from analysis.effects.estimate import Booleans
from analysis.effects.interaction import interaction
from analysis.effects.multiplicity import holm
from analysis.effects.populations import people_of
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, noted, unit_of
from analysis.effects.run_group_time import needs_group_time
from analysis.study.design_settings import Design, DifferenceInDifferences, Staggered
from analysis.study.settings import Inference, Outcome


def interaction_rows(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: Design, inference: Inference, rows: Sequence[Row]
) -> list[Row]:
    """Rows ``interaction`` (population: the second of the two; term: the first), with ``holm=`` in the note.

    Difference-in-differences: one regression with both populations. Effects without clusters: the difference of two
    independent estimates among ``rows``. Designs with clusters of another kind have no such row: their populations
    share clusters, and what they share is not known from the two estimates.
    """
    effects = {
        str(row["population"]): row
        for row in rows
        if row["outcome"] == name and row["measure"] == "effect" and not row["term"] and row.get("se") is not None
    }
    found: list[Row] = []
    for first, second in itertools.combinations([one for one in outcome.populations if one in effects], 2):
        subject = Subject(outcome.chapter, name, second, outcome.design, unit_of(outcome.unit))
        with suppress(DesignRefused):  # what cannot be compared has no row; the two effects stand by themselves
            if isinstance(design, DifferenceInDifferences | Staggered):
                found += _by_regression(subject, panel, first, design, inference)
            elif _share_nobody(panel, first, second, design):
                found += _of_independent(subject, effects[first], effects[second], first, inference.level)
    corrected = holm(np.array([float(str(row["p"])) for row in found]))
    return [{**row, "note": noted([("holm", p)])} for row, p in zip(found, corrected, strict=True)]


def _by_regression(
    subject: Subject,
    panel: pd.DataFrame,
    first: str,
    design: DifferenceInDifferences | Staggered,
    inference: Inference,
) -> Iterator[Row]:
    one, other = population_rows(panel, first), population_rows(panel, subject.population)
    if needs_group_time(design) or (one & other).any():
        return
    both = one | other
    cells, is_second = _apart(panel.loc[both], other[both], subject.outcome, design)
    yield subject.estimate_row("interaction", interaction(cells, is_second, inference.level), first)


def _apart(
    both: pd.DataFrame, second: Booleans, outcome: str, design: DifferenceInDifferences | Staggered
) -> tuple[Cells, Booleans]:
    """Cells in which the units of two populations are units of their own; which belong to the second."""
    unit = both[design.unit].astype("str") + np.where(second, "/2", "/1")
    apart = both.assign(**{"unit of a population": unit, "of the second": second.astype(float)})
    own = design.model_copy(update={"unit": "unit of a population"})
    cells = collapse(apart, outcome, own, "of the second")
    assert cells.participation is not None
    return cells, cells.participation > 0.5


def _share_nobody(panel: pd.DataFrame, first: str, second: str, design: Design) -> bool:
    return not set(people_of(panel, first, design)) & set(people_of(panel, second, design))


def _of_independent(subject: Subject, one: Row, other: Row, first: str, level: float) -> Iterator[Row]:
    """With the degrees of freedom of Welch (1947, Biometrika 34) where the effects have some."""
    if one.get("clusters") is not None or other.get("clusters") is not None:
        return
    errors = [float(str(row["se"])) for row in (one, other)]
    if not all(error > 0 for error in errors):
        return
    df = _welch(errors, [float(str(row.get("df", math.nan))) for row in (one, other)])
    difference = float(str(other["estimate"])) - float(str(one["estimate"]))
    se = math.hypot(*errors)
    half = float(stats.t.isf(level / 2, df)) * se
    numbers = {"estimate": difference, "se": se, "ci_low": difference - half, "ci_high": difference + half}
    p = float(2 * stats.t.sf(abs(difference) / se, df))
    counts = {count: int(str(one[count])) + int(str(other[count])) for count in ("n", "n_treated")}
    shown_df = df if math.isfinite(df) else math.nan
    yield subject.row("interaction", first, **numbers, p=p, df=shown_df, method="independent_difference", **counts)


def _welch(errors: Sequence[float], dfs: Sequence[float]) -> float:
    known = [(error**4 / df) for error, df in zip(errors, dfs, strict=True) if not math.isnan(df)]
    return sum(error**2 for error in errors) ** 2 / sum(known) if known else math.inf
