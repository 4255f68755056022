"""The survey in numbers: how many were asked and answered, and how many left each question open."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.files import results_table
from analysis.indicators.groups import Row
from analysis.study import Study
from analysis.study.survey_settings import GROUP, RESPONDENT, WAVE, WAVES

CHAPTER = "survey"


def describe_survey(study: Study, waves: pd.DataFrame) -> pd.DataFrame:
    """Rows of the results form from the table of ``panels.survey_waves``.

    - ``survey/respondents/<group>/-/count/<baseline|endline|both>``;
    - ``survey/answered_again/<group>/-/rate``, ``n`` those asked at the start;
    - ``survey/open/<group>/-/rate/<question>``: share of forms with the question left open, of those that hold it.
    """
    if study.survey is None:
        return results_table([])
    asked = {item.name for item in study.survey.items}
    rows: list[Row] = []
    for group, table in waves.groupby(GROUP, sort=True):
        rows += [*_respondents(str(group), table), *_open(str(group), table, asked)]
    return results_table(rows)


def _respondents(group: str, table: pd.DataFrame) -> Iterator[Row]:
    there = (
        table.pivot_table(index=RESPONDENT, columns=WAVE, aggfunc="size")
        .notna()
        .reindex(columns=[0, 1], fill_value=False)
    )
    both = int((there[0] & there[1]).sum())
    counts = {WAVES[0]: int(there[0].sum()), WAVES[1]: int(there[1].sum()), "both": both}
    base = {"chapter": CHAPTER, "outcome": "respondents", "population": group, "measure": "count", "unit": "count"}
    for term, count in counts.items():
        yield {**base, "term": term, "estimate": float(count)}
    if counts[WAVES[0]]:
        share = {"measure": "rate", "unit": "share", "estimate": both / counts[WAVES[0]], "n": counts[WAVES[0]]}
        yield {**base, "outcome": "answered_again", **share}


def _open(group: str, table: pd.DataFrame, asked: set[str]) -> Iterator[Row]:
    for name in [column for column in table if column in asked]:
        if table[name].notna().any():
            base = {"chapter": CHAPTER, "outcome": "open", "population": group, "term": name, "measure": "rate"}
            yield {**base, "unit": "share", "estimate": float(table[name].isna().mean()), "n": len(table)}
