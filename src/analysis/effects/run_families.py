"""Outcomes of one family: p-values corrected for their number, and verdicts that stand the correction.

Surveys of two waves correct their own families where they are estimated (``run_two_waves``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.effects.columns import population_rows
from analysis.effects.families import Member, adjusted_p
from analysis.effects.multiplicity import holm
from analysis.effects.rows import Row, Subject, is_refused, unit_of
from analysis.effects.run_group_time import needs_group_time
from analysis.effects.verdict import p_rejects
from analysis.study.design_settings import (
    Design,
    DifferenceInDifferences,
    Staggered,
    TwoWaves,
    population_and_arm,
)
from analysis.study.settings import Inference, Outcome

Named = tuple[str, str]


@dataclass(frozen=True)
class _Family:
    """Outcomes of one family and population that have an effect with a p-value: their rows' places.

    Of an experiment with several arms every arm of every outcome is one of the family.
    """

    places: dict[Named, int]  # outcome and population -> place of the effect among the rows


def judged_by_family(
    rows: Sequence[Row],
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    tables: Mapping[str, pd.DataFrame],
    inference: Inference,
) -> list[Row]:
    """The ``rows``, with ``p_adjusted`` (term holm, romano_wolf) for each effect of a family. An effect that was shown
    by itself and does not stand Holm's correction becomes inconclusive.

    Romano and Wolf's correction needs the influence of every unit; it is made for difference-in-differences by
    clusters, where all outcomes of the family have the same design. Holm's over the arms of one outcome gives way to
    that over the whole family.
    """
    judged, added = list(rows), []
    for family in _families(rows, outcomes, designs):
        for name, by_outcome in _corrected(family, rows, outcomes, designs, tables).items():
            for named, p in by_outcome.items():
                place = family.places[named]
                added.append(_p_row(judged[place], outcomes[named[0]], name, p))
                if name == "holm":
                    judged[place] = _judged(judged[place], p, inference.level)
    replaced = {_key(row) for row in added}
    return [*(row for row in judged if _key(row) not in replaced), *added]


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[part] for part in ("outcome", "population", "measure", "term"))


def _families(rows: Sequence[Row], outcomes: Mapping[str, Outcome], designs: Mapping[str, Design]) -> Iterator[_Family]:
    found: dict[Named, dict[Named, int]] = {}
    for place, row in enumerate(rows):
        outcome = outcomes[str(row["outcome"])]
        if row["measure"] != "effect" or row["term"] or not outcome.family:
            continue
        if isinstance(designs[outcome.design], TwoWaves) or is_refused(row):
            continue
        population = str(row["population"])
        together = population if population in outcome.populations else population_and_arm(population)[0]
        found.setdefault((outcome.family, together), {})[str(row["outcome"]), population] = place
    yield from (_Family(places) for places in found.values() if len(places) > 1)


def _corrected(
    family: _Family,
    rows: Sequence[Row],
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, dict[Named, float]]:
    """Name of the correction -> outcome and population -> p."""
    every = np.array([_p(rows[place]) for place in family.places.values()])
    corrected = holm(np.nan_to_num(every, nan=1.0))  # an effect without a p-value was looked for all the same
    names = [name for name, p in zip(family.places, every, strict=True) if not np.isnan(p)]
    if not names:
        return {}
    found = {"holm": dict(zip(names, corrected[~np.isnan(every)].tolist(), strict=True))}
    (first, *others) = {outcomes[name].design for name, _ in names}
    design = designs[first]
    by_cells = isinstance(design, DifferenceInDifferences | Staggered) and not needs_group_time(design)
    if others or not by_cells:
        return found
    assert isinstance(design, DifferenceInDifferences | Staggered)
    members = [_member(tables[outcomes[name].table], name, population, design) for name, population in names]
    together = adjusted_p(members, design.draws, design.seed)["romano_wolf"]
    return {**found, "romano_wolf": dict(zip(names, together.tolist(), strict=True))}


def _member(panel: pd.DataFrame, name: str, population: str, design: DifferenceInDifferences | Staggered) -> Member:
    cells = collapse(panel.loc[population_rows(panel, population)], name, design)
    return Member(did.pooled_effect(cells), cells.cluster_names)


def _p(row: Row) -> float:
    value = row.get("p")
    return float(value) if isinstance(value, float) else float("nan")


def _p_row(effect: Row, outcome: Outcome, name: str, p: float) -> Row:
    subject = Subject(
        outcome.chapter, str(effect["outcome"]), str(effect["population"]), outcome.design, unit_of(outcome.unit)
    )
    row = subject.row("p_adjusted", name, estimate=p, n=effect["n"], n_treated=effect["n_treated"])
    return {**row, "unit": "p"}


def _judged(effect: Row, p: float, level: float) -> Row:
    stands = p_rejects(p, level)
    return {**effect, "verdict": "inconclusive"} if effect.get("verdict") == "shown" and not stands else effect
