"""School years of which a register brought nothing: no file looks wrong, yet a year is missing from the answer."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.files import Finding
from analysis.study import Study

YEARS_AFTER_THE_LAST = {"neispuo_pupils": 1, "neispuo_marks": 0, "absences_monthly": 0}


def missing_school_years(study: Study, accepted: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """A note for every source and school year of the study without one accepted row.

    Pupil lists are needed for one year more than the last: they tell who came back. A source without any row is told
    elsewhere.
    """
    if study.education is None:
        return []
    first, last = study.education.first_school_year, study.education.last_school_year
    found = []
    for name, source in study.sources.items():
        after = YEARS_AFTER_THE_LAST.get(source.register_name)
        if after is None or accepted[name].empty:
            continue
        there = set(accepted[name]["school_year"].dropna().astype("int64"))
        missing = [year for year in range(first, last + after + 1) if year not in there]
        found += [
            Finding(name, "noted", "findings.missing_school_year", source.place, params={"year": f"{year}/{year + 1}"})
            for year in missing
        ]
    return found
