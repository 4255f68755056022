"""What was recorded long before the treatment and is not adjusted for: groups made comparable should not differ in it.

Where they do, something that nobody recorded decided who took part (Heckman & Hotz 1989, JASA 84(408), section 3;
Imbens & Rubin 2015, Causal Inference, section 21.3: pseudo-outcomes).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.effects import checks
from analysis.effects.alternatives import by_method
from analysis.effects.columns import outcome_values
from analysis.effects.curve import Sample
from analysis.effects.estimate import Estimate
from analysis.effects.multiplicity import holm
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject, printed


def pseudo_outcome_rows(
    subject: Subject, sample: Sample, members: pd.DataFrame, names: Sequence[str]
) -> tuple[list[Row], list[checks.Check]]:
    """A row for each of the columns ``names`` of ``members`` (the persons of ``sample``), and the check on all of them;
    nothing without names. One that cannot be estimated leaves doubt where no other rejects."""
    if not names:
        return [], []
    rows = list(_rows(subject, sample, members, names))
    p_values = np.array([row.get("p", math.nan) for row in rows], dtype=float)
    smallest = float(holm(p_values).min(initial=math.inf, where=~np.isnan(p_values)))
    wanting = np.isnan(p_values).any() and smallest > checks.PRETREND_DOUBT
    return rows, [checks.pseudo_outcomes(math.nan if wanting else smallest)]


def _rows(subject: Subject, sample: Sample, members: pd.DataFrame, names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        try:
            yield {**subject.row("pseudo_outcome", name, **printed(_difference(sample, members, name))), "unit": "sd"}
        except DesignRefused as refusal:
            yield subject.refused_row("pseudo_outcome", refusal, name)


def _difference(sample: Sample, members: pd.DataFrame, name: str) -> Estimate:
    """The "effect" on the column, in standard deviations of it, by the headline's own estimator."""
    values = outcome_values(members, name)
    return by_method(sample, values / np.nanstd(values, ddof=1), "aipw")
