"""Made panels and published data sets."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels

from analysis.study.design_settings import DifferenceInDifferences, Weighting

from .validation import InPrint, Second

YEARS = range(2016, 2023)


@pytest.fixture
def in_print(request: pytest.FixtureRequest) -> InPrint:
    """Compares with a number in print and keeps the comparison for docs/validation.md."""
    return InPrint(f"{request.path.name}::{request.node.originalname}")


@pytest.fixture
def second(request: pytest.FixtureRequest) -> Second:
    """Compares with another program and keeps the comparison for docs/validation.md."""
    return Second(f"{request.path.name}::{request.node.originalname}")


@pytest.fixture
def school_design() -> DifferenceInDifferences:
    return DifferenceInDifferences(
        kind="difference_in_differences",
        unit="school",
        time="year",
        cluster="school",
        treated="project",
        start=2021,
        exclude_times_sensitivity=[2019, 2020],
        draws=999,
    )


@pytest.fixture
def make_pupils() -> Callable[..., pd.DataFrame]:
    """Pupils of schools with shocks by school and year; the first ``treated`` schools are in the project from 2021."""

    def make(
        seed: int = 1, schools: int = 24, treated: int = 6, effect: float = 0.0, trend: float = 0.0, pupils: float = 40
    ) -> pd.DataFrame:
        generator = np.random.default_rng(seed)
        parts = []
        for school in range(schools):
            size, in_project = int(generator.lognormal(np.log(pupils), 0.5)) + 5, school < treated
            for year in YEARS:
                chance = (
                    0.15 + generator.normal(0, 0.02) + in_project * (effect * (year >= 2021) + trend * (year - 2020))
                )
                number = max(4, int(size * generator.uniform(0.8, 1.2)))
                taking_part = in_project & (year >= 2021) & (generator.random(number) < 0.5)
                parts.append(
                    pd.DataFrame(
                        {
                            "school": f"s{school:02d}",
                            "year": year,
                            "project": in_project,
                            "dropout": (generator.random(number) < chance).astype(float),
                            "participant": taking_part,
                            "at_risk": generator.random(number) < 0.5,
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)

    return make


@pytest.fixture
def person_design() -> Weighting:
    return Weighting(
        kind="weighting",
        unit="person",
        treated="treated",
        covariates=["age", "past", "district"],
        time="month",
        draws=999,
    )


@pytest.fixture
def make_persons() -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """Persons selected on a recorded covariate, followed over months; observed until their own cut-off."""

    def make(seed: int = 1, number: int = 1200, effect: float = 0.2) -> tuple[pd.DataFrame, pd.DataFrame]:
        generator = np.random.default_rng(seed)
        past = generator.normal(size=number)
        persons = pd.DataFrame(
            {
                "person": np.arange(number),
                "treated": generator.random(number) < 1 / (1 + np.exp(1.2 + 0.8 * past)),
                "age": generator.integers(18, 60, number),
                "past": past,
                "district": generator.choice(["north", "south", "west"], number),
            }
        )
        last, stay = generator.integers(14, 40, number), generator.integers(3, 9, number)
        months = pd.DataFrame(
            {"person": np.repeat(np.arange(number), 37), "month": np.tile(np.arange(-12, 25), number)}
        )
        who = months["person"].to_numpy()
        after = (months["month"] > 0).to_numpy()
        chance = 0.35 + 0.1 * np.clip(past, -2, 2)[who] + effect * (persons["treated"].to_numpy()[who] & after)
        months["employed"] = (generator.random(len(months)) < chance).astype(float)
        months.loc[(months["month"] > last[who]).to_numpy(), "employed"] = np.nan
        months["month_after_exit"] = months["month"] - stay[who]
        return persons, months

    return make


@pytest.fixture(scope="session")
def cattaneo() -> pd.DataFrame:
    """Birth weights and smoking (Cattaneo 2010), as carried by statsmodels."""
    path = Path(statsmodels.__file__).parent / "treatment" / "tests" / "results" / "cataneo2.csv"
    return pd.read_csv(path).assign(mage_squared=lambda table: table["mage"] ** 2)


@pytest.fixture(scope="session")
def lalonde() -> pd.DataFrame:
    """The Dehejia-Wahba experimental sample (``source`` nsw) and the CPS comparison sample (cps), from causaldata."""
    from causaldata import cps_mixtape, nsw_mixtape

    experiment = nsw_mixtape.load_pandas().data.assign(source="nsw")
    survey = cps_mixtape.load_pandas().data.assign(source="cps")
    table = pd.concat([experiment, survey], ignore_index=True)
    return table.assign(u74=(table["re74"] == 0).astype(float), u75=(table["re75"] == 0).astype(float))
