"""The second municipality: drawn from its profile alone, the same every time, with nobody's number in it."""

from __future__ import annotations

import io
import math
import re

import pandas as pd
import pyreadstat
import pytest
from stdnum.bg import egn, pnf

from analysis.demonstration import generate_town, load_profile
from analysis.demonstration.persons import People
from analysis.demonstration.town import _school_years
from analysis.files import project_root

STUDY = "dolina-demo"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The files drawn anew in a root of their own."""
    root = tmp_path_factory.mktemp("town")
    (root / "studies").mkdir()
    (root / "studies" / STUDY).symlink_to(project_root() / "studies" / STUDY)
    names = list(generate_town(root, STUDY))
    return {name: (root / "data" / "raw" / STUDY / name).read_bytes() for name in names}


def test_the_shipped_files_are_those_of_the_profile_byte_for_byte(drawn):
    folder = project_root() / "data" / "raw" / STUDY
    shipped = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert shipped == drawn


def test_no_number_in_it_is_a_valid_one(drawn):
    texts = "".join(content.decode("cp1251", errors="replace") for content in drawn.values())
    numbers = set(re.findall(r"(?<![0-9])[0-9]{10}(?![0-9])", texts))
    assert len(numbers) > 1000
    assert not [number for number in numbers if egn.is_valid(number) or pnf.is_valid(number)]


def test_its_captions_and_codes_are_not_the_usual_ones(drawn):
    head = drawn["uchilishta/spisak_2020.csv"].decode("cp1251").splitlines()[0]
    assert head == "Личен №;Училище;Клас;Пол (1/2);Преповтаря;Майка;Баща"
    frame, about = pyreadstat.read_sav(io.BytesIO(drawn["rabota/lica.sav"]))
    assert about.column_labels[1] == "Група" and set(frame["v2"]) == {"УЧ", "СР"}


def test_the_planted_effect_is_in_the_drawn_pupils():
    """Many more pupils than are shipped: dropout at risk falls by the planted log-odds where the project works."""
    town = load_profile(project_root() / "studies" / STUDY)
    schools = [one.model_copy(update={"pupils_a_grade": 40 * one.pupils_a_grade}) for one in town.schools]
    rows = pd.concat(_school_years(town.model_copy(update={"schools": schools}), People()))
    started = rows["school"].map({place: one.start or 9999 for place, one in enumerate(town.schools)})
    low = (rows[["mother", "father"]].max(axis=1) == 0).astype(int)
    signs = (rows["before"] < 3.75).astype(int) + rows["repeats"].astype(int) + low
    rows = rows.assign(works=rows["school_year"] >= started, dropped=rows["reason"] == "dropout")[signs == 2]
    rate = rows.groupby("works")["dropped"].mean()
    odds = rate / (1 - rate)
    assert math.log(odds[True] / odds[False]) == pytest.approx(town.dropout["project"], abs=0.15)
