"""Changes that must change nothing, or change the number in a known way, for every kind of design.

The tables are the small sound ones of ``small_designs``; p-values that resample are compared where the change leaves
the order of the units alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.effects import DesignRefused
from analysis.effects.cells import collapse
from analysis.effects.did import pooled_effect

from .small_designs import KINDS, Declared, small

EXACT = {"rtol": 1e-10, "atol": 1e-10}
NUMBERS = ["estimate", "se", "ci_low", "ci_high", "p", "band_low", "band_high", "p_wild", "p_randomisation", "mde"]
LEVELS = ["effect", "effect_adjusted", "effect_participants", "change", "event", "monthly", "pooled", "variant"]
PACKAGED = {"discontinuity": 1e-6}  # the package chooses its window by its own arithmetic
ANOTHER_KIND_OF_TIME = ("duration", "duration_weighted")  # the outcome is a time: it can be scaled, not shifted
SEEDS = (1, 2, 3)


@cache
def sound(kind: str, seed: int = 1) -> pd.DataFrame:
    """The results of the table before anything is changed; nobody writes into them."""
    return small(kind, seed).estimate()


def changed(declared: Declared, **columns: object) -> Declared:
    """Columns of the table with the outcome replaced."""
    return declared.with_measured(declared.measured.assign(**columns))


def same(ours: pd.DataFrame, other: Declared, names: list[str] = NUMBERS, tolerance: float = 1e-10) -> None:
    theirs = other.estimate()
    assert list(ours["result_id"]) == list(theirs["result_id"])
    assert list(ours["verdict"]) == list(theirs["verdict"])
    for name in names:
        np.testing.assert_allclose(
            theirs[name], ours[name], rtol=tolerance, atol=tolerance, equal_nan=True, err_msg=name
        )


def headlines(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["measure"].isin(LEVELS)].set_index("result_id")[["estimate", "se", "verdict"]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_changes_nothing(kind, seed):
    """Not even bootstrap and randomisation: units are put in order by name before anything is drawn."""
    declared = small(kind, seed)
    shuffled = declared.measured.sample(frac=1, random_state=seed)
    people = declared.table if declared.months is None else declared.table.sample(frac=1, random_state=seed)
    other = replace(declared, table=people).with_measured(shuffled)
    same(sound(kind, seed), other, tolerance=PACKAGED.get(kind, 1e-9))


@pytest.mark.parametrize("kind", KINDS)
def test_the_index_changes_nothing(kind):
    declared = small(kind, 1)
    measured = declared.measured
    same(sound(kind), declared.with_measured(measured.set_axis(np.arange(len(measured))[::-1] * 7 + 5)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_names_of_units_change_nothing(kind):
    """Names in the same order, so that what is drawn by lot stays the same as well."""
    declared = small(kind, 1)
    for role in ("unit", "cluster"):
        if (name := declared.role.get(role)) is None:
            continue
        new = {old: f"название {place:05d}" for place, old in enumerate(sorted(declared.table[name].unique()))}
        tables = [
            None if table is None else table.assign(**({name: table[name].map(new)} if name in table else {}))
            for table in (declared.table, declared.months)
        ]
        renamed = replace(declared, table=tables[0], months=tables[1])
        ours, theirs = sound(kind), renamed.estimate()
        np.testing.assert_allclose(theirs[NUMBERS], ours[NUMBERS], **EXACT)


@pytest.mark.parametrize("factor", [1e-4, 60.0, -1.0])
@pytest.mark.parametrize("kind", KINDS)
def test_the_unit_of_the_outcome_scales_the_numbers(kind, factor):
    if kind in ANOTHER_KIND_OF_TIME or kind == "weighting_months":
        pytest.skip("a time has its horizon, a yes or no its two values")
    declared = small(kind, 1)
    ours, theirs = headlines(sound(kind)), headlines(changed(declared, y=declared.measured["y"] * factor).estimate())
    tolerance = PACKAGED.get(kind, 1e-9)
    np.testing.assert_allclose(theirs["estimate"], ours["estimate"] * factor, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(theirs["se"], ours["se"] * abs(factor), rtol=tolerance, atol=tolerance)
    assert list(theirs["verdict"]) == list(ours["verdict"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_zero_of_the_outcome_moves_no_effect(kind):
    if kind in ANOTHER_KIND_OF_TIME or kind == "weighting_months":
        pytest.skip("a time has its horizon, a yes or no its two values")
    declared = small(kind, 1)
    ours, theirs = headlines(sound(kind)), headlines(changed(declared, y=declared.measured["y"] + 100.0).estimate())
    tolerance = PACKAGED.get(kind, 1e-9)
    np.testing.assert_allclose(theirs[["estimate", "se"]], ours[["estimate", "se"]], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("kind", ["duration", "duration_weighted"])
def test_the_unit_of_time_scales_mean_times(kind):
    declared = small(kind, 1)
    longer = changed(declared, y=declared.measured["y"] * 30.5).with_design(
        horizon=declared.design.horizon * 30.5, times=[time * 30.5 for time in declared.design.times]
    )
    ours, theirs = (one.set_index("measure") for one in (sound(kind), longer.estimate()))
    assert theirs.loc["effect", "estimate"] == pytest.approx(ours.loc["effect", "estimate"] * 30.5, rel=1e-9)
    assert theirs.loc["effect", "se"] == pytest.approx(ours.loc["effect", "se"] * 30.5, rel=1e-9)
    np.testing.assert_allclose(theirs.loc["incidence", "estimate"], ours.loc["incidence", "estimate"], **EXACT)
    for measure in ("hazard_ratio", "log_rank"):
        assert theirs.loc[measure, "estimate"] == pytest.approx(ours.loc[measure, "estimate"], rel=1e-6)


TURNED = [
    "randomised", "randomised_clusters", "pooled", "offer", "difference_in_differences",
    "difference_in_differences_rows", "weighting_everybody", "two_waves", "two_waves_repeated", "duration",
]  # fmt: skip


@pytest.mark.parametrize("kind", TURNED)
def test_treated_for_comparison_turns_the_sign(kind):
    """Where the effect is one on everybody, or the two groups enter alike."""
    declared = small(kind, 1)
    name = declared.role["treated"]
    turned = replace(declared, table=declared.table.assign(**{name: ~declared.table[name]}))
    ours, theirs = (one.set_index(["measure", "population", "term"]) for one in (sound(kind), turned.estimate()))
    key = [(measure, population, "") for measure, population, term in ours.index if (measure, term) == ("effect", "")]
    np.testing.assert_allclose(theirs.loc[key, "estimate"], -ours.loc[key, "estimate"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(theirs.loc[key, "se"], ours.loc[key, "se"], rtol=1e-8, atol=1e-9)
    assert list(theirs.loc[key, "verdict"]) == list(ours.loc[key, "verdict"])


COVARIATES = [kind for kind in KINDS if hasattr(small(kind, 1).design, "covariates") and kind != "discontinuity"]


@pytest.mark.parametrize("kind", COVARIATES)
def test_a_covariate_that_says_nothing_new_changes_no_effect(kind):
    """The same for everybody, or another covariate in other units."""
    declared = small(kind, 1)
    design = declared.design
    if not design.covariates:
        pytest.skip("another estimator takes over where there is a covariate")
    table = declared.table.assign(constant=3.0, again=declared.table["x"] * -2.5 + 7)
    for extra in ("constant", "again"):
        more = replace(declared, table=table).with_design(covariates=[*design.covariates, extra])
        ours, theirs = headlines(sound(kind)), headlines(more.estimate())
        np.testing.assert_allclose(theirs[["estimate", "se"]], ours[["estimate", "se"]], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_pupils_and_school_years_weighted_by_size_say_the_same(seed):
    """Least squares on pupils (an effect for each school and year) beside the cells that the product works on."""
    declared = small("difference_in_differences", seed)
    table = declared.table.sample(frac=0.7, random_state=seed)  # schools of unlike size
    ours = pooled_effect(collapse(table, "y", declared.design), 0.05)
    treated = (table["project"] & (table["year"] >= 2021)).to_numpy(dtype=float)
    effects = pd.get_dummies(table[["school", "year"]].astype("str")).to_numpy(dtype=float)
    matrix = np.column_stack([treated, effects])
    by_pupil = np.linalg.lstsq(matrix, table["y"].to_numpy(), rcond=None)[0][0]
    assert ours.estimate == pytest.approx(by_pupil, abs=1e-10)
    cells = table.groupby(["school", "year", "project"], as_index=False)["y"].agg(["mean", "size"]).reset_index()
    root = np.sqrt(cells["size"].to_numpy(dtype=float))
    effects = pd.get_dummies(cells[["school", "year"]].astype("str")).to_numpy(dtype=float)
    treated = (cells["project"] & (cells["year"] >= 2021)).to_numpy(dtype=float)
    weighted = np.column_stack([treated, effects]) * root[:, None]
    by_cell = np.linalg.lstsq(weighted, cells["mean"].to_numpy() * root, rcond=None)[0][0]
    assert ours.estimate == pytest.approx(by_cell, abs=1e-10)


def test_a_school_in_two_blocks_of_rows_is_one_school():
    declared = small("difference_in_differences", 2)
    table = declared.table
    first = (table["school"] == "s03") & (table["pupil"] < 2)
    same(
        sound("difference_in_differences", 2),
        replace(declared, table=pd.concat([table[~first], table[first]], ignore_index=True)),
    )


@pytest.mark.parametrize("kind", ["difference_in_differences_rows", "difference_in_differences_covariates"])
def test_a_unit_twice_at_a_time_is_refused_by_name(kind):
    declared = small(kind, 1)
    twice = pd.concat([declared.table, declared.table.iloc[[4, 9]]], ignore_index=True)
    with pytest.raises(DesignRefused) as refused:
        replace(declared, table=twice).estimate()
    assert refused.value.rule == "duplicate_unit_time"
    assert refused.value.params == {"unit": "school", "time": "year", "count": "2"}


def test_a_person_twice_at_a_time_is_refused_by_name():
    declared = small("difference_in_differences_persons", 1)
    twice = pd.concat([declared.table, declared.table.iloc[[4]]], ignore_index=True)
    with pytest.raises(DesignRefused) as refused:
        replace(declared, table=twice).estimate()
    assert refused.value.params == {"unit": "person", "time": "year", "count": "1"}


def test_several_pupils_of_a_school_in_a_year_are_no_repetition():
    results = sound("difference_in_differences")
    assert np.isfinite(results.set_index("measure").loc["effect", "estimate"])
