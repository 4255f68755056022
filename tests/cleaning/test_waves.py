"""Two waves of other people are no panel: said of every file, once less than half of the codes are found again."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.cleaning.waves import codes_not_found_again


def forms(wave: str, codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"respondent": codes, "wave": wave, "group": "residents", "file": f"{wave}.xlsx"})


@pytest.mark.parametrize(("again", "told"), [(["a", "b", "x"], False), (["a", "x", "y"], True), ([], False)])
def test_less_than_half_found_again_is_told_of_both_files(study, again, told):
    accepted = {"start": forms("baseline", ["a", "b", "c"]), "end": forms("endline", again)}
    found = list(codes_not_found_again(study, accepted))
    assert [finding.file for finding in found] == (["endline.xlsx", "baseline.xlsx"] if told else [])
    assert all(finding.params == {"group": "residents", "found": "1", "count": "3"} for finding in found)


def test_a_survey_that_asks_others_each_time_is_none_of_this(study):
    accepted = {"start": forms("baseline", ["a"]), "end": forms("endline", ["x"])}
    assert not list(codes_not_found_again(study.model_copy(update={"designs": {}}), accepted))
