"""Small registers written by hand: each test says only what matters to it, the rest is filled in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.study import load_study

ROOT = Path(__file__).parents[2]
DATES = ["start_date", "end_date", "entry_date", "exit_date", "discharge_date"]
WHOLE = ["school_year", "grade", "month", "birth_year"]
DEFAULTS = {
    "pupils": {"sex": "female", "repeater": "no", "mother_education": "tertiary", "father_education": None, "grade": 5},
    "movements": {"document": "discharge", "document_status": "confirmed", "reason": "dropout"},
    "absences": {"excused_hours": 0.0, "unexcused_hours": 0.0, "discharge_date": None, "attends": True},
    "marks": {"gpa": 5.0},
    "participants_opsesg": {"contract": "OPSESG", "exit_date": None},
    "participants_ophrd": {"contract": "OPHRD", "exit_date": None, "activity": "motivation_training"},
    "registrations": {
        "group": "unemployed", "status": "active", "end_date": None, "sex": "male", "education": "primary",
        "birth_year": 1980,
    },
    "contracts": {"end_date": None, "employer_id": "1", "birth_year": 1980},
    "placements": {"end_date": None, "employer_id": "1"},
}  # fmt: skip


@pytest.fixture(scope="session")
def study():
    return load_study("haskovo-demo", ROOT)


@pytest.fixture(scope="session")
def table():
    """``table(source, rows)``: accepted rows of a source, typed as cleaning types them."""

    def build(source, rows):
        frame = pd.DataFrame([{**DEFAULTS[source], **row} for row in rows])
        for column in frame.columns:
            if column in DATES:
                frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
            elif column in WHOLE:
                frame[column] = frame[column].astype("Int64")
            elif column not in ("gpa", "excused_hours", "unexcused_hours", "attends"):
                frame[column] = frame[column].astype("str")
        return frame

    return build


@pytest.fixture(scope="session")
def schools():
    codes = ["2699001", "2699002", "2699003"]
    return pd.DataFrame({"school_code": codes, "treated": [True, False, False], "stratum": ["town", "town", "village"]})
