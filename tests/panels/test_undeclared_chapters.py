"""A study may evaluate education alone or employment alone: the other chapter's tables are typed and without rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import demonstration
from analysis.files import Workspace
from analysis.indicators import describe_education, describe_employment
from analysis.panels import employers, person_months, persons, pupil_years, schools, selection_of_persons
from analysis.study import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def clean() -> dict[str, pd.DataFrame]:
    return demonstration.draw(1, 0.03).clean


def shaped(study: Study, clean: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of notebook 03, made by its own calls."""
    workspace = Workspace(study.name, ROOT)
    people = persons(study, clean)
    return {
        "pupil_years": pupil_years(study, clean, schools(study, workspace)),
        "persons": people,
        "person_months": person_months(study, clean, people, employers(study, workspace)),
        "selection": selection_of_persons(study, clean),
    }


@pytest.mark.parametrize(
    ("left_out", "empty"),
    [
        ({"education": None, "schools": None}, {"pupil_years"}),
        ({"employment": None, "employers": None}, {"persons", "person_months", "selection"}),
    ],
)
def test_what_is_not_declared_is_empty_with_the_types_of_the_whole(
    study: Study, clean: dict[str, pd.DataFrame], left_out: dict[str, None], empty: set[str]
) -> None:
    whole = shaped(study, clean)
    outcomes = {name: one for name, one in study.outcomes.items() if one.chapter not in left_out}
    part = study.model_copy(update={**left_out, "outcomes": outcomes})
    tables = shaped(part, clean)
    assert {name for name, table in tables.items() if table.empty} == empty
    populations = [*(study.education.populations), *(study.employment.populations)]  # go with their section
    for name, table in tables.items():
        types = table.drop(columns=populations, errors="ignore").dtypes.to_dict()
        assert types == whole[name].drop(columns=populations, errors="ignore").dtypes.to_dict(), name
    education = describe_education(part, tables["pupil_years"])
    employment = describe_employment(part, tables["persons"], tables["person_months"], tables["selection"])
    assert education.empty == ("education" in left_out)
    assert employment.empty == ("employment" in left_out)
    assert pd.concat([education, employment]).dtypes.to_dict() == education.dtypes.to_dict()
