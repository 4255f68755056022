"""Every declared outcome under its declared design, as one results table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, is_refused
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.effects.run_discontinuity import estimate_discontinuity
from analysis.effects.run_duration import estimate_duration
from analysis.effects.run_families import judged_by_family
from analysis.effects.run_interaction import interaction_rows
from analysis.effects.run_offer import estimate_offer
from analysis.effects.run_placebo_outcomes import judged_by_placebos
from analysis.effects.run_pooling import pooled_rows
from analysis.effects.run_randomised import estimate_randomised
from analysis.effects.run_synthetic import estimate_synthetic_control
from analysis.effects.run_two_waves import estimate_two_waves
from analysis.effects.run_weighting import estimate_weighting
from analysis.effects.starts import with_starts
from analysis.files import results_table
from analysis.study import Study
from analysis.study.design_settings import (
    Design,
    DifferenceInDifferences,
    Discontinuity,
    Offer,
    Randomised,
    Staggered,
    TwoWaves,
)
from analysis.study.duration_settings import Duration
from analysis.study.settings import MONTHS, PERSONS, Inference, Outcome
from analysis.study.synthetic_settings import SyntheticControl


def estimate_chapter(study: Study, chapter: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The results of every outcome of a chapter, each on its own table (``study.panels_behind`` names them).

    Raises DesignRefused when nothing at all could be estimated.
    """
    after_exit = study.employment.after_exit if study.employment else ()
    outcomes = study.outcomes_of(chapter)
    tables, designs = with_starts(tables, outcomes, study.designs)
    rows: list[Row] = []
    waves = _two_waves(study, chapter, tables)
    for name, outcome in outcomes.items():
        if name in waves:
            rows += waves[name]
            continue
        months = tables.get(MONTHS) if outcome.table == PERSONS else None
        design = designs[outcome.design]
        rows += _rows(tables[outcome.table], name, outcome, design, study.inference, months, after_exit)
    return _whole(_together(rows, outcomes, designs, tables, study.inference))


def _two_waves(study: Study, chapter: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, list[Row]]:
    """The rows of all outcomes measured by a survey of two waves, by outcome; those of one table together."""
    designs = {name: design for name, design in study.designs.items() if isinstance(design, TwoWaves)}
    outcomes = {name: one for name, one in study.outcomes_of(chapter).items() if one.design in designs}
    rows: dict[str, list[Row]] = {}
    for table in dict.fromkeys(one.table for one in outcomes.values()):
        here = {name: one for name, one in outcomes.items() if one.table == table}
        rows |= estimate_two_waves(tables[table], here, designs, study.inference)
    return rows


def estimate_outcomes(
    panel: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    inference: Inference,
    *,
    person_months: pd.DataFrame | None = None,
    after_exit: Sequence[int] = (),
    headline_time: int = 12,
) -> pd.DataFrame:
    """Estimate each outcome (name -> declaration) and return the rows of the results table, in declared order.

    ``panel`` holds one row a unit and time (difference-in-differences) or one row a person (the other designs, with
    the outcomes of ``person_months`` when a weighting design names a time). What cannot be estimated stands in the
    table as a row without numbers (verdict ``design_failed``, note ``refused=<rule>``). Raises DesignRefused when
    nothing at all could be estimated.
    """
    tables, designs = with_starts({outcome.table: panel for outcome in outcomes.values()}, outcomes, designs)
    rows: list[Row] = []
    for name, outcome in outcomes.items():
        design = designs[outcome.design]
        rows += _rows(tables[outcome.table], name, outcome, design, inference, person_months, after_exit, headline_time)
    return _whole(_together(rows, outcomes, designs, tables, inference))


def _together(
    rows: list[Row],
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, Design],
    tables: Mapping[str, pd.DataFrame],
    inference: Inference,
) -> list[Row]:
    """What can only be said of several results at once: families, placebo outcomes, differences between populations,
    pooled effects."""
    rows = judged_by_placebos(judged_by_family(rows, outcomes, designs, tables, inference), outcomes)
    differences = [
        row
        for name, outcome in outcomes.items()
        for row in interaction_rows(tables[outcome.table], name, outcome, designs[outcome.design], inference, rows)
    ]
    return [*rows, *differences, *pooled_rows(rows, outcomes, designs, tables, inference)]


def _rows(
    panel: pd.DataFrame,
    name: str,
    outcome: Outcome,
    design: Design,
    inference: Inference,
    person_months: pd.DataFrame | None,
    after_exit: Sequence[int],
    headline_time: int = 12,
) -> list[Row]:
    if isinstance(design, DifferenceInDifferences | Staggered):
        return estimate_difference_in_differences(panel, name, outcome, design, inference)
    if isinstance(design, TwoWaves):
        return estimate_two_waves(panel, {name: outcome}, {outcome.design: design}, inference)[name]
    if isinstance(design, Offer):
        return estimate_offer(panel, name, outcome, design, inference)
    if isinstance(design, Discontinuity):
        return estimate_discontinuity(panel, name, outcome, design, inference)
    if isinstance(design, Duration):
        return estimate_duration(panel, name, outcome, design, inference)
    if isinstance(design, SyntheticControl):
        return estimate_synthetic_control(panel, name, outcome, design, inference)
    if isinstance(design, Randomised):
        return estimate_randomised(panel, name, outcome, design, inference)
    return estimate_weighting(panel, person_months, name, outcome, design, inference, after_exit, headline_time)


def _whole(rows: list[Row]) -> pd.DataFrame:
    if rows and all(map(is_refused, rows)):
        first = dict(part.split("=", 1) for part in str(rows[0]["note"]).split(";"))
        raise DesignRefused(first.pop("refused"), **first)
    return results_table(rows)
