"""Every declared outcome under its declared design, as one results table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.effects.run_weighting import estimate_weighting
from analysis.files import results_table
from analysis.study.settings import DifferenceInDifferences, Inference, Outcome, Weighting


def estimate_outcomes(
    panel: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    designs: Mapping[str, DifferenceInDifferences | Weighting],
    inference: Inference,
    *,
    person_months: pd.DataFrame | None = None,
    after_exit: Sequence[int] = (),
    headline_time: int = 12,
) -> pd.DataFrame:
    """Estimate each outcome (name -> declaration) and return the rows of the results table, in declared order.

    ``panel`` holds one row a unit and time (difference-in-differences) or one row a person (weighting, with the
    outcomes of ``person_months`` when the design names a time). What cannot be estimated stands in the table as a row
    without numbers (verdict ``design_failed``, note ``refused=<rule>``). Raises DesignRefused when nothing at all
    could be estimated.
    """
    rows: list[Row] = []
    for name, outcome in outcomes.items():
        design = designs[outcome.design]
        if isinstance(design, DifferenceInDifferences):
            rows += estimate_difference_in_differences(panel, name, outcome, design, inference)
        else:
            rows += estimate_weighting(
                panel, person_months, name, outcome, design, inference, after_exit, headline_time
            )
    if rows and all(str(row.get("note", "")).startswith("refused=") for row in rows):
        first = dict(part.split("=", 1) for part in str(rows[0]["note"]).split(";"))
        raise DesignRefused(first.pop("refused"), **first)
    return results_table(rows)
