"""The panels on a whole synthetic study: they find what the generator says that it drew, and fast enough."""

from __future__ import annotations

import time

import pytest

from analysis import demonstration
from analysis.panels import person_months, persons, pupil_years


@pytest.fixture(scope="module")
def drawn():
    return demonstration.draw(1, 0.3)


@pytest.fixture(scope="module")
def panels(study, drawn):
    begun = time.process_time()
    people = persons(study, drawn.clean)
    months = person_months(study, drawn.clean, people, drawn.employers)
    pupils = pupil_years(study, drawn.clean, drawn.schools)
    return {"pupils": pupils, "persons": people, "months": months, "seconds": time.process_time() - begun}


def test_every_pupil_year_is_found_where_it_was_drawn(drawn, panels):
    truth = drawn.truth["pupil_years"]
    both = panels["pupils"].merge(truth, on=["person_id", "school_year"], how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    for name in ["school_code", "project_school", "participant"]:
        assert (both[f"{name}_x"] == both[f"{name}_y"]).all(), name
    judged = both["at_risk_x"].notna()
    assert judged.sum() > 1000 and (both["at_risk_x"] == both["at_risk_y"])[judged].all()


@pytest.mark.parametrize("outcome", ["dropout_a", "dropout_b", "dropout_c", "total_abs", "unexc_abs", "chronic_abs"])
def test_outcomes_are_those_that_were_drawn(drawn, panels, outcome):
    truth = drawn.truth["pupil_years"]
    both = panels["pupils"].merge(truth, on=["person_id", "school_year"])
    known = both[both[outcome].notna()]
    assert len(known) > 0.99 * len(both)
    assert abs(known[outcome] - known[f"{outcome}_with"].astype(float)).max() < 1e-9


def test_work_is_that_which_was_drawn(drawn, panels):
    both = panels["months"].merge(drawn.truth["person_months"], on=["person_id", "calendar_month"])
    for outcome in ["employed", "unsubsidised"]:
        known = both[both[outcome].notna()]
        assert len(known) > 50_000 and (known[outcome] == known[f"{outcome}_with"].astype(float)).all()


def test_two_hundred_simulations_are_affordable(panels):
    assert panels["seconds"] < 1.5
