"""The answers of all groups and waves as one table: a row a respondent and wave."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.panels.declared import belongs
from analysis.panels.keys import require_unique
from analysis.study import Study
from analysis.study.survey_settings import GROUP, RESPONDENT, WAVE, WAVES, Scale, Survey

OWN = {RESPONDENT: "str", WAVE: "Int64", GROUP: "str"}


def survey_waves(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``respondent``, ``wave`` (0 baseline, 1 endline), ``group``, every question, every scale, every population.

    A question that is known once holds the respondent's first answer in both rows. A scale is the mean of the answered
    questions, opposite ones turned round, missing where too few were answered. Without rows when nobody was asked.
    """
    if study.survey is None:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in OWN.items()})
    names = [name for name, source in study.sources.items() if source.survey and name in clean]
    rows = pd.concat([_whole(clean[name], study.survey) for name in names], ignore_index=True)
    require_unique(rows, [RESPONDENT, WAVE], "survey")
    rows = rows.sort_values([RESPONDENT, WAVE], ignore_index=True)
    rows = _first_answers(rows, study.survey.known_once)
    scales = {name: scale_score(rows, scale) for name, scale in study.survey.scales.items()}
    populations = {name: belongs(rows, values) for name, values in study.survey.populations.items()}
    return rows.assign(**scales, **populations)


def _whole(table: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """The table with every question, also those that this group was not asked, and the wave as a number."""
    types = {item.name: item.dtype for item in survey.items}
    columns = {
        name: table[name] if name in table else pd.Series(index=table.index, dtype=types[name]) for name in types
    }
    wave = table[WAVE].map({name: place for place, name in enumerate(WAVES)}).astype("Int64")
    return pd.DataFrame({RESPONDENT: table[RESPONDENT], WAVE: wave, GROUP: table[GROUP], **columns})


def _first_answers(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The first answer of each respondent in all rows; ``rows`` in the order of the waves."""
    if not names or rows.empty:
        return rows
    return rows.assign(**{name: rows.groupby(RESPONDENT)[name].transform("first") for name in names})


def scale_score(rows: pd.DataFrame, scale: Scale) -> pd.Series:
    """Mean of the answered questions of a scale (float64), NaN where fewer than ``scale.needed`` were answered."""
    answers = rows[scale.items].astype("float64").to_numpy()
    turned = np.array([name in scale.reversed for name in scale.items])
    answers = np.where(turned, scale.low + scale.high - answers, answers)
    known = ~np.isnan(answers)
    count = known.sum(axis=1)
    mean = np.where(known, answers, 0.0).sum(axis=1) / np.maximum(count, 1)
    return pd.Series(np.where(count >= scale.needed, mean, np.nan), index=rows.index)
