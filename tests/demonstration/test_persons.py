"""Personal numbers look real to the study's own check and to nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.bg import egn, pnf

from analysis.demonstration.persons import People


@pytest.fixture(scope="module")
def people():
    register, rng = People(), np.random.default_rng(3)
    for _ in range(3):
        register.add(rng, rng.integers(1958, 2019, size=4000), rng.random(4000) < 0.5)
    return register.table()


def demonstration_check(number: str) -> bool:
    return str((int(egn.calc_check_digit(number[:9])) + 5) % 10) == number[9]


def test_no_number_is_valid_as_egn_or_lnch(people):
    assert not people["number"].map(egn.is_valid).any()
    assert not people["number"].map(pnf.is_valid).any()


def test_numbers_are_ten_digits_and_nobody_shares_one(people):
    assert people["number"].str.fullmatch("[0-9]{10}").all()
    assert people["number"].is_unique


def test_an_egn_carries_birth_date_sex_and_the_moved_check_digit(people):
    own = people[people["id_type"] == "egn"]
    assert own["number"].map(demonstration_check).all()
    assert (own["number"].map(egn.get_birth_date) == own["birth_date"].dt.date).all()
    assert ((own["number"].str[8].astype(int) % 2 == 1) == own["female"]).all()


def test_a_lost_zero_can_be_put_back_in_one_way_only(people):
    lost = people.loc[(people["id_type"] == "egn") & people["number"].str.startswith("0"), "number"].str[1:]
    assert len(lost) > 500
    assert lost.map(lambda nine: demonstration_check("0" + nine) and not egn.is_valid("0" + nine)).all()


def test_a_foreigners_number_never_passes_as_the_demonstrations_egn(people):
    foreign = people.loc[people["id_type"] == "lnch", "number"]
    assert len(foreign) > 20
    assert foreign.map(lambda n: str((int(pnf.calc_check_digit(n[:9])) + 5) % 10) == n[9]).all()
    assert not foreign.str[2:4].astype(int).between(1, 52).any()


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.lists(st.integers(1955, 2019), min_size=1, max_size=60), st.integers(0, 1000))
def test_any_birth_years_give_invalid_unique_numbers(years, seed):
    register, rng = People(), np.random.default_rng(seed)
    for _ in range(2):
        register.add(rng, np.array(years), rng.random(len(years)) < 0.5)
    numbers = register.table()["number"]
    assert numbers.is_unique
    assert not numbers.map(lambda n: egn.is_valid(n) or pnf.is_valid(n)).any()
