"""How reliable the declared scales of a survey are, as rows of the results table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.effects.columns import population_rows
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Row, Subject
from analysis.effects.scales import reliability, turn
from analysis.files import results_table
from analysis.study import Study
from analysis.study.survey_settings import WAVE, Scale

CHAPTER = "other"


def estimate_scales(study: Study, waves: pd.DataFrame) -> pd.DataFrame:
    """``other/<scale>/<population>/-/alpha`` with its interval and ``.../omega`` (NaN where it cannot be told).

    From the answers of the first wave in the first population of the outcome; unit ``coefficient``."""
    rows: list[Row] = []
    first = waves[waves[WAVE] == 0] if WAVE in waves else waves
    for name, scale in (study.survey.scales if study.survey else {}).items():
        if name in study.outcomes:
            rows += _rows(name, study.outcomes[name].populations[0], scale, first, study.inference.level)
    return results_table(rows)


def _rows(name: str, population: str, scale: Scale, first: pd.DataFrame, level: float) -> Iterator[Row]:
    subject = Subject(CHAPTER, name, population, "", "coefficient")
    members = first.loc[population_rows(first, population), scale.items]
    answers = members.astype("float64").to_numpy(dtype=float, na_value=np.nan)
    opposite = [place for place, item in enumerate(scale.items) if item in scale.reversed]
    try:
        found = reliability(turn(answers, opposite, scale.low, scale.high), level)
    except DesignRefused as refusal:
        yield subject.refused_row("alpha", refusal)
        return
    interval = {"ci_low": found.ci_low, "ci_high": found.ci_high}
    yield subject.row("alpha", estimate=found.alpha, n=found.n, method="feldt", **interval)
    yield subject.row("omega", estimate=found.omega, n=found.n, method="one_factor")
