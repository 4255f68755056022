"""Surveys of two waves: the estimate by hand, weights for those who leave, families, refusals, repeated surveys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.cross_sections import classical_se
from analysis.effects.families import Member, adjusted_p
from analysis.effects.refusal import DesignRefused
from analysis.effects.rows import Subject
from analysis.effects.run_two_waves import estimate_two_waves, measured
from analysis.effects.two_waves import change_of, difference_in_changes
from analysis.study.design_settings import TwoWaves
from analysis.study.settings import Inference, Outcome

SUBJECT = Subject("other", "y", "everybody", "survey", "bgn")
DESIGN = TwoWaves(kind="two_waves", treated="treated", response=["x"], draws=999)
INFERENCE = Inference()


def survey(seed: int, people: int = 300, effect: float = 0.0, leaving: float = 1.0, outcomes: int = 1) -> pd.DataFrame:
    """Answers that depend on x; people with a high x and a high first answer leave less (``leaving`` times as much)."""
    rng = np.random.default_rng(seed)
    treated, x = np.arange(people) % 2 == 0, rng.normal(size=people)
    again = rng.random(people) < 1 / (1 + np.exp(-(1 + leaving * 0.8 * x)))
    columns = {"respondent": [f"p{n:04d}" for n in range(people)], "treated": pd.array(treated, "boolean"), "x": x}
    first, last = pd.DataFrame(columns).assign(wave=0), pd.DataFrame(columns).assign(wave=1)
    for name in ["y", "z", "w"][:outcomes]:
        person = rng.normal(size=people)
        first[name] = person + x + rng.normal(size=people)
        last[name] = person + 2 * x + 0.5 + effect * treated + rng.normal(size=people)
    return pd.concat([first, last[again]], ignore_index=True)


def outcome(**more: object) -> Outcome:
    given = {"chapter": "other", "design": "survey", "populations": ["everybody"], "better": "higher", "unit": "bgn"}
    return Outcome.model_validate({**given, **more})


def test_without_anybody_leaving_it_is_the_regression_with_errors_by_person(second):
    """y on treated, wave and both together, clustered by person: the same number, the same error up to n/(n-1)."""
    rng = np.random.default_rng(1)
    n = 80
    treated = np.arange(n) < 30
    before = rng.normal(size=n)
    after = 0.5 * before + rng.normal(size=n) + treated
    ones = np.ones(n)
    arms = [change_of(before[who], after[who], ones[who], ones[who]) for who in (treated, ~treated)]
    ours = difference_in_changes(arms[0], arms[1], 0.05)
    wave = np.repeat([0.0, 1.0], n)
    both = np.tile(treated, 2)
    matrix = np.column_stack([np.ones(2 * n), both, wave, both * wave])
    clusters = {"groups": np.tile(np.arange(n), 2), "use_correction": False}
    fit = sm.OLS(np.concatenate([before, after]), matrix).fit(cov_type="cluster", cov_kwds=clusters)
    second("two_waves", "statsmodels", "difference between the changes", fit.params[3], ours.estimate, 1e-10)
    change = after - before
    by_hand = sum(change[who].var(ddof=1) / who.sum() for who in (treated, ~treated))
    assert ours.se == pytest.approx(np.sqrt(by_hand), rel=1e-12)
    plain = sum(change[who].var(ddof=0) / who.sum() for who in (treated, ~treated))
    assert fit.bse[3] == pytest.approx(np.sqrt(plain), rel=1e-10)


def test_the_difference_of_changes_by_hand():
    rows = [("a", 0, True, 1.0), ("a", 1, True, 4.0), ("b", 0, True, 3.0), ("b", 1, True, 4.0)]
    rows += [("c", 0, False, 2.0), ("c", 1, False, 2.0), ("d", 0, False, 4.0), ("d", 1, False, 6.0)]
    table = pd.DataFrame(rows, columns=["respondent", "wave", "treated", "y"]).astype({"treated": "boolean"})
    found = measured(SUBJECT, table, DESIGN.model_copy(update={"response": []}), 0.05).estimate
    assert found.estimate == pytest.approx((4 - 2) - (4 - 3))
    assert found.se == pytest.approx(np.sqrt(2 / 2 + 2 / 2))  # variances of the changes (3, 1) and (0, 2)


def test_weights_bring_back_the_change_of_everybody_asked():
    """Who has a low x leaves and would have changed less: the plain mean of the stayers is too high."""
    errors, plain = [], []
    for seed in range(200):
        table = survey(seed, people=400, leaving=1.5)
        found = measured(SUBJECT, table, DESIGN, 0.05).changes["comparison"].estimate
        stayers = table[table["treated"].eq(False) & table.duplicated("respondent", keep=False)]
        means = stayers.groupby("wave")["y"].mean()
        errors.append(found - 0.5)
        plain.append(means[1] - means[0] - 0.5)
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(200) < 0.06
    assert np.mean(plain) > 0.2


def test_intervals_hold_the_effect_as_often_as_they_claim():
    """400 surveys of 300 people; the 99.9 % binomial range around 95 % is 91.0 to 98.2."""
    held = 0
    for seed in range(400):
        estimate = measured(SUBJECT, survey(seed, effect=0.7), DESIGN, 0.05).estimate
        held += estimate.ci_low <= 0.7 <= estimate.ci_high
    assert 0.91 <= held / 400 <= 0.985


def test_margins_move_the_mean_to_the_population():
    """Seven in ten asked are women; in the population half are. Their answers differ by two."""
    woman = np.array([True] * 70 + [False] * 30)
    first = pd.DataFrame({"respondent": [f"{n}" for n in range(100)], "wave": 0, "woman": pd.array(woman, "boolean")})
    first["y"] = np.where(woman, 3.0, 1.0) + np.linspace(-0.5, 0.5, 100)
    last = first.assign(wave=1, y=first["y"] + np.where(woman, 1.0, 0.0))
    design = TwoWaves(kind="two_waves", margins={"woman": {"true": 0.5, "false": 0.5}})
    found = measured(SUBJECT, pd.concat([first, last]), design, 0.05)
    assert found.estimate.estimate == pytest.approx(0.5)
    assert found.estimate.se == pytest.approx(0, abs=1e-12)  # within a margin everybody changes alike
    assert not found.has_comparison


def test_a_change_without_comparison_is_never_an_effect():
    rows = estimate_two_waves(
        survey(3), {"y": outcome()}, {"survey": DESIGN.model_copy(update={"treated": None})}, INFERENCE
    )["y"]
    assert {row["measure"] for row in rows} & {"effect", "change"} == {"change"}


def test_outcomes_of_one_family_are_judged_together():
    table = survey(11, effect=0.35, outcomes=3)
    alone = estimate_two_waves(table, {"y": outcome()}, {"survey": DESIGN}, INFERENCE)["y"]
    named = {name: outcome(family="all") for name in ("y", "z", "w")}
    together = estimate_two_waves(table, named, {"survey": DESIGN}, INFERENCE)
    assert not [row for row in alone if row["measure"] == "p_adjusted"]
    plain = sorted(float(row["p"]) for rows in together.values() for row in rows if row["measure"] == "effect")
    holm = sorted(float(row["estimate"]) for rows in together.values() for row in rows if row["term"] == "holm")
    assert holm[0] == pytest.approx(3 * plain[0]) and len(holm) == 3


def test_a_family_member_on_other_people_is_aligned_by_name():
    """The same estimate twice, once with its people in another order: two equal tests have the p of one."""
    estimate = measured(SUBJECT, survey(5, effect=0.4), DESIGN, 0.05)
    order = np.random.default_rng(0).permutation(len(estimate.people))
    moved = type(estimate.estimate)(**{**estimate.estimate.__dict__, "influence": estimate.estimate.influence[order]})
    family = [Member(estimate.estimate, estimate.people), Member(moved, estimate.people[order])]
    adjusted = adjusted_p(family, 999, 1)["romano_wolf"]
    single = adjusted_p(family[:1], 999, 1)["romano_wolf"]
    assert adjusted == pytest.approx([single[0]] * 2)


def test_the_order_of_rows_does_not_matter():
    table = survey(8, effect=0.2)
    ours = measured(SUBJECT, table, DESIGN, 0.05).estimate
    moved = measured(SUBJECT, table.sample(frac=1, random_state=1), DESIGN, 0.05).estimate
    assert (moved.estimate, moved.se) == pytest.approx((ours.estimate, ours.se), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t[t["wave"] == 0], "one_period"),
        (lambda t: t.assign(treated=pd.array([True] * len(t), "boolean")), "no_comparison"),
        (lambda t: t.assign(treated=pd.array([False] * len(t), "boolean")), "no_treated"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "duplicate_unit_time"),
        (lambda t: t.drop(columns="x"), "column_missing"),
        (lambda t: t.assign(y=1.0), "outcome_constant"),
        (lambda t: t.assign(y=np.nan), "outcome_missing"),
        (lambda t: t.assign(y="a"), "not_numeric"),
        (lambda t: t.assign(y=t["y"].where(t.index > 0, np.inf)), "infinite_values"),
    ],
)
def test_bad_surveys_get_a_reason_and_no_number(change, rule):
    with pytest.raises(DesignRefused) as refused:
        measured(SUBJECT, change(survey(2)), DESIGN, 0.05)
    assert refused.value.rule == rule


def test_other_people_in_each_wave_are_least_squares_on_four_cells():
    """A repeated cross-section: robust errors are those of four independent means, classical ones those of OLS."""
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"wave": rng.integers(0, 2, 300), "treated": pd.array(rng.random(300) < 0.4, "boolean")})
    table["y"] = rng.normal(size=300) + table["wave"] * 0.5 + (table["wave"] * table["treated"].astype(int)) * 0.8
    design = DESIGN.model_copy(update={"unit": None, "response": []})
    ours = measured(SUBJECT, table, design, 0.05)
    both = table["wave"] * table["treated"].astype(int)
    matrix = np.column_stack([np.ones(300), table["wave"], table["treated"].astype(int), both])
    fit = sm.OLS(table["y"], matrix.astype(float)).fit()
    robust = fit.get_robustcov_results("HC2")
    assert ours.estimate.estimate == pytest.approx(fit.params.iloc[3], rel=1e-10)
    assert ours.estimate.se == pytest.approx(robust.bse[3], rel=1e-10)
    assert classical_se(list(ours.changes.values())) == pytest.approx(fit.bse.iloc[3], rel=1e-10)
    assert ours.estimate.n == 300 and not ours.answers
