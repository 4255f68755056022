"""The rows behind the figures of durations, thresholds, synthetic controls and pooling, against brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.disclosure import protect
from analysis.effects.rows import Subject
from analysis.effects.run_discontinuity import estimate_discontinuity
from analysis.effects.run_duration import estimate_duration
from analysis.effects.run_synthetic import estimate_synthetic_control
from analysis.effects.score_rows import score_rows
from analysis.effects.survival_rows import POINTS, grid
from analysis.effects.synthetic import Block, fit
from analysis.effects.threshold_rows import bin_rows, equal_bins
from analysis.files import results_table
from analysis.study.design_settings import Discontinuity
from analysis.study.duration_settings import Duration
from analysis.study.settings import Disclosure, Inference, Outcome
from analysis.study.synthetic_settings import SyntheticControl

TIMES = Duration(kind="duration", event="event", treated="treated", horizon=24, times=[7])
PANEL = SyntheticControl(
    kind="synthetic_control", unit="unit", time="year", treated="treated", start=2006, persons="people"
)
SCORES = Discontinuity(kind="discontinuity", running="score", cutoff=50)


def declared(**other) -> Outcome:
    usual = {"chapter": "other", "design": "d", "populations": ["everybody"], "better": "lower", "unit": "months"}
    return Outcome(**{**usual, "panel": "p", **other})


def by_term(rows, measure: str) -> dict[str, dict]:
    return {str(row["term"]): row for row in rows if row["measure"] == measure}


def followed(seed: int = 1, size: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    event, end = rng.exponential(18, size).round(1) + 0.1, rng.uniform(5, 40, size).round(1)
    table = pd.DataFrame({"case": range(size), "time": np.minimum(event, end), "event": event <= end})
    return table.assign(treated=rng.random(size) < 0.5, x=rng.normal(size=size))


@pytest.mark.parametrize("group", ["project", "comparison"])
def test_curves_are_kaplan_and_meiers_with_greenwoods_error(group):
    table = followed()
    rows = estimate_duration(table, "time", declared(), TIMES, Inference())
    mine = table[table["treated"] == (group == "project")]
    theirs = SurvfuncRight(mine["time"], mine["event"].astype(int))
    shown = {t: row for t, row in by_term(rows, "survival").items() if t.endswith(group) and not t.startswith("0/")}
    assert len(shown) == len(grid(24, [7])) - 1
    for term, row in shown.items():
        time = float(term.split("/")[0])
        place = np.searchsorted(theirs.surv_times, time, side="right") - 1
        assert row["estimate"] == pytest.approx(theirs.surv_prob[place], abs=1e-12)
        assert row["se"] == pytest.approx(theirs.surv_prob_se[place], rel=1e-9)
        assert row["ci_high"] == pytest.approx(min(1, row["estimate"] + stats.norm.ppf(0.975) * row["se"]))
        assert by_term(rows, "events")[term]["estimate"] == (mine["event"] & (mine["time"] <= time)).sum()
        gone = (mine["event"] & (mine["time"] <= time)) | (~mine["event"] & (mine["time"] < time))
        assert by_term(rows, "at_risk")[term]["estimate"] == (~gone).sum()


def test_with_covariates_the_comparison_curve_is_weighted_and_its_counts_are_of_people():
    table = followed(2)
    table["treated"] = np.random.default_rng(0).random(len(table)) < 1 / (1 + np.exp(-table["x"]))
    plain = estimate_duration(table, "time", declared(), TIMES, Inference())
    weighted = estimate_duration(table, "time", declared(), TIMES.model_copy(update={"covariates": ["x"]}), Inference())
    one, other = (by_term(rows, "survival")["12/comparison"]["estimate"] for rows in (plain, weighted))
    assert one != pytest.approx(other, abs=1e-6)
    assert by_term(plain, "at_risk")["12/comparison"] == by_term(weighted, "at_risk")["12/comparison"]
    first, second = (by_term(rows, "survival")["12/project"]["estimate"] for rows in (plain, weighted))
    assert first == pytest.approx(second, abs=1e-12)


@pytest.mark.parametrize(("horizon", "expected"), [(6, 6), (24, 12), (30, 10), (0.5, 12), (70, 12)])
def test_a_curve_has_few_points_at_whole_times(horizon, expected):
    times = grid(horizon, [])
    assert times[0] == 0 and times[-1] == horizon
    assert len(times) - 1 == expected <= POINTS
    assert horizon < 1 or all(float(time).is_integer() for time in times)
    assert 5.5 in grid(70, [5.5])


def towns(units: int = 8) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    grid_of = rng.normal(size=(units, 10)).cumsum(axis=1)
    index = pd.MultiIndex.from_product([[f"u{i}" for i in range(units)], range(2000, 2010)], names=["unit", "year"])
    table = pd.DataFrame({"y": grid_of.ravel(), "people": rng.integers(50, 500, units * 10)}, index).reset_index()
    return table.assign(treated=lambda t: t["unit"] == "u0")


def test_placebo_gaps_are_those_of_each_other_unit_in_its_turn():
    table = towns()
    rows = estimate_synthetic_control(table, "y", declared(), PANEL, Inference())
    wide = table.pivot(index="unit", columns="year", values="y").to_numpy()[1:]
    brute = []
    for place in range(len(wide)):
        mock = fit(Block(wide, np.arange(len(wide)) == place, 6), "synthetic_did")
        brute.append((mock.gap_after / mock.gap_before, mock.path - mock.synthetic))
    brute.sort(key=lambda pair: pair[0])
    drawn = by_term(rows, "placebo_gap")
    assert len(drawn) == 70
    for number, (_, gaps) in enumerate(brute, start=1):
        ours = [drawn[f"{year}/{number}"]["estimate"] for year in range(2000, 2010)]
        assert ours == pytest.approx(gaps.tolist(), abs=1e-12)
    path = by_term(rows, "path")
    after = [path[f"{y}/project"]["estimate"] - path[f"{y}/comparison"]["estimate"] for y in range(2006, 2010)]
    assert np.mean(after) == pytest.approx(by_term(rows, "effect")[""]["estimate"])


def test_a_path_counts_the_people_of_its_own_time():
    table = towns()
    rows = by_term(estimate_synthetic_control(table, "y", declared(), PANEL, Inference()), "path")
    mine = table[table["treated"]].set_index("year")["people"]
    assert [rows[f"{year}/project"]["n"] for year in mine.index] == mine.tolist()


def test_who_stands_behind_a_row_must_be_said():
    silent = PANEL.model_copy(update={"persons": None})
    rows = estimate_synthetic_control(towns(), "y", declared(), silent, Inference())
    assert [str(row["note"]) for row in rows] == ["refused=persons_unknown"]
    public = silent.model_copy(update={"aggregates": True})
    rows = estimate_synthetic_control(towns(), "y", declared(), public, Inference())
    assert "n" not in by_term(rows, "path")["2000/project"]


def scores(people: int = 1500) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    score = rng.uniform(0, 100, people)
    y = 0.03 * score + (score >= 50) + rng.normal(0, 0.7, people)
    return pd.DataFrame({"case": range(people), "score": score, "y": y})


@pytest.mark.parametrize("below", [True, False])
def test_bins_are_equally_large_and_their_means_are_of_their_units(below):
    table = scores()
    rows = by_term(estimate_discontinuity(table, "y", declared(), SCORES, Inference()), "bin")
    outward = sorted((term for term in rows if (float(term) < 50) == below), key=lambda term: abs(float(term) - 50))
    side = table[(table["score"] < 50) == below].sort_values("score", ascending=not below)["y"].to_numpy()
    sizes = [rows[term]["n"] for term in outward]
    assert max(sizes) - min(sizes) <= 2 and min(sizes) >= 20
    for term, part in zip(outward, np.split(side, np.cumsum(sizes)), strict=False):
        assert rows[term]["estimate"] == pytest.approx(part.mean(), abs=1e-9)


def test_ties_stay_together_and_rare_outcomes_get_larger_bins():
    running = np.repeat(np.arange(10.0), 30)
    bins = equal_bins(running, running < 6, 20)
    assert all(set(np.unique(running[one])).isdisjoint(running[~one]) for one in bins)
    assert sum(one.sum() for one in bins) == 180
    rare = np.zeros(300)
    rare[::20] = 1.0
    rows = list(bin_rows(Subject("other", "y", "everybody", "d", "share"), rare, running, 5.0, 99.0, 1.0))
    assert min(row["n"] for row in rows) * 0.05 >= 5


def test_the_two_lines_meet_the_threshold_with_the_estimated_jump():
    rows = estimate_discontinuity(scores(), "y", declared(), SCORES, Inference())
    lines, effect = by_term(rows, "local_fit"), by_term(rows, "effect")[""]
    assert lines["50/above"]["estimate"] - lines["50/below"]["estimate"] == pytest.approx(effect["estimate"], abs=1e-9)
    turned = scores().assign(score=lambda t: 100 - t["score"])
    below = SCORES.model_copy(update={"treated_below": True})
    mirrored = by_term(estimate_discontinuity(turned, "y", declared(), below, Inference()), "local_fit")
    assert mirrored["50/below"]["estimate"] == pytest.approx(lines["50/above"]["estimate"], abs=1e-6)


def test_a_wider_window_holds_more_units():
    rows = by_term(estimate_discontinuity(scores(), "y", declared(), SCORES, Inference()), "window")
    assert len(rows) == 6
    order = sorted(rows, key=float)
    assert [rows[width]["n"] for width in order] == sorted(row["n"] for row in rows.values())


def test_scores_are_counted_in_each_group_and_hidden_ones_cannot_be_worked_out():
    rng = np.random.default_rng(2)
    score, treated = rng.beta(2, 6, 900), rng.random(900) < 0.3
    rows = list(score_rows(Subject("other", "y", "everybody", "d", "share"), score, treated))
    assert 0.5 < score.max() <= 0.8
    for group, mine in (("project", treated), ("comparison", ~treated)):
        counts = [row["estimate"] for row in rows if row["term"].startswith(f"score_{group}/")]
        low = np.arange(len(counts) - 1) / 10
        brute = [(mine & (score >= one - 1e-12) & (score < one + 0.1 - 1e-12)).sum() for one in low]
        assert counts == [*brute, mine.sum()]
    table = protect(results_table(rows), Disclosure(threshold=5))
    for group in ("project", "comparison"):
        part = table[table["term"].str.startswith(f"score_{group}/")]["estimate"]
        assert part.isna().sum() != 1
        assert not part.iloc[:-1].between(0, 5, inclusive="neither").any()
