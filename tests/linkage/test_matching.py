"""Match rates on a few persons who can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.linkage.matching import match_rates
from analysis.study import load_study


def years(*pairs):
    frame = pd.DataFrame(pairs, columns=["person_id", "school_year"])
    return frame.astype({"person_id": "str", "school_year": "Int64"})


def people(*names):
    return pd.DataFrame({"person_id": pd.Series(names, dtype="str")})


@pytest.fixture(scope="module")
def rates():
    clean = {
        "pupils": years(("a", 2020), ("a", 2021), ("b", 2020), ("a", 2023)),
        "absences": years(("a", 2020), ("a", 2020), ("a", 2021), ("x", 2020)),
        "participants_opsesg": people("a", "kindergarten", "a"),
        "participants_ophrd": people("w", "v"),
        "registrations": people("w", "w", "u"),
        "placements": people(),
    }
    study = load_study("haskovo-demo", Path(__file__).parents[2])
    return match_rates(study, clean).set_index(["source", "reference"])


def test_units_are_counted_once_and_only_in_years_that_were_delivered(rates):
    assert rates.loc[("pupils", "absences"), ["rows", "matched"]].tolist() == [3, 2]  # 2023 has no absence file
    assert rates.loc[("absences", "pupils"), ["rows", "matched"]].tolist() == [3, 2]


def test_participants_are_sought_by_contract(rates):
    assert rates.loc[("participants_opsesg", "pupils"), "share"] == 0.5
    assert rates.loc[("participants_ophrd", "registrations"), "share"] == 0.5
    assert ("participants_ophrd", "pupils") not in rates.index


def test_what_a_study_lacks_is_left_out_and_nothing_is_no_share(rates):
    assert not {"marks", "contracts"} & {name for pair in rates.index for name in pair}
    empty = rates.loc[("placements", "participants_ophrd")]
    assert empty["rows"] == 0 and pd.isna(empty["share"])
