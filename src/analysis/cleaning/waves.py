"""Whether the two waves of a survey are of the same people: if hardly any code is found again, codes are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.files import Finding
from analysis.study import Study
from analysis.study.design_settings import TwoWaves
from analysis.study.survey_settings import GROUP, RESPONDENT, WAVE, WAVES

FEWEST_FOUND_AGAIN = 0.5


def codes_not_found_again(study: Study, accepted: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Every file of a group of which less than half of the second wave's codes stand in the first one.

    Only where a design follows the same people; a survey that asks others each time has no codes in common.
    """
    if not accepted or not any(isinstance(design, TwoWaves) for design in study.designs.values()):
        return
    forms = pd.concat([table[[RESPONDENT, WAVE, GROUP, "file"]].assign(source=n) for n, table in accepted.items()])
    for group, table in forms.groupby(GROUP, sort=True):
        first, last = (table.loc[table[WAVE] == wave, RESPONDENT] for wave in WAVES)
        if first.empty or last.empty or last.isin(first).mean() >= FEWEST_FOUND_AGAIN:
            continue
        params = {"group": str(group), "found": str(int(last.isin(first).sum())), "count": str(len(last))}
        for (source, file), _ in table.groupby(["source", "file"], sort=True):
            yield Finding(str(source), "refused", "findings.codes_not_found_again", str(file), params=params)
