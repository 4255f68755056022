"""Small studies and readings in memory; personal numbers are invalid by construction (check digit moved by five)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from stdnum.bg import egn, pnf

from analysis.cleaning.source import Cleaned, clean_source
from analysis.files import project_root
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.sources.reading import Reading
from analysis.study import Study, load_register, load_study

SCHOOLS = frozenset({"2699001", "2699002"})


def demo_egn(first_nine: str) -> str:
    """An ЕГН of nobody: the right check digit plus five."""
    return first_nine + str((int(egn.calc_check_digit(first_nine)) + 5) % 10)


def demo_lnch(first_nine: str) -> str:
    """An ЛНЧ of nobody: the right check digit plus five."""
    return first_nine + str((int(pnf.calc_check_digit(first_nine)) + 5) % 10)


def reading_of(study: Study, source: str, rows: list[dict[str, str | None]]) -> Reading:
    """Rows given by canonical name as the reader would hand them over, with captions of the register."""
    register = load_register(study.sources[source].register_name)
    captions = {field.name: field.header or field.name for field in register.fields}
    place = [{"file": "a.csv", "sheet": "", "row": number} for number in range(2, len(rows) + 2)]
    table = pd.DataFrame([{**where, **row} for where, row in zip(place, rows, strict=True)])
    texts = {name: "str" for name in table.columns if name != "row"}
    return Reading(table.astype({**texts, "row": "Int64"}), captions)


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study("haskovo-demo", project_root())


@pytest.fixture(scope="session")
def real_study(study: Study) -> Study:
    """The same settings for real people: true check digits, a secret key."""
    identifiers = study.identifiers.model_copy(update={"check_digit_offset": 0, "key": "secret"})
    return study.model_copy(update={"demonstration": False, "identifiers": identifiers, "name": "real"})


@pytest.fixture
def clean(study: Study) -> Callable[..., Cleaned]:
    """``clean("pupils", [row, ...])``: the rows of one source cleaned."""

    def run(source: str, rows: list[dict[str, str | None]], settings: Study = study, **more: object) -> Cleaned:
        return clean_source(
            settings, source, reading_of(settings, source, rows), Pseudonymiser(PUBLIC_KEY), schools=SCHOOLS, **more
        )

    return run


@pytest.fixture
def pupil() -> dict[str, str | None]:
    """A pupil's row as it should be."""
    return {
        "school_year": "2021",
        "school_code": "2699001",
        "first_name": "Проба",
        "last_name": "Примерова",
        "id_type": "0",
        "person_id": demo_egn("105101101"),
        "birth_date": "01.11.2010",
        "sex": "мъж",
        "grade": "5",
        "section": "а",
        "repeater": "не",
        "has_sen": "не",
    }
