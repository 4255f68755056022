"""What was recorded long before the treatment tells of causes that nobody recorded."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import estimate_outcomes
from analysis.effects.checks import pseudo_outcomes
from analysis.study.design_settings import Weighting
from analysis.study.settings import Inference, Outcome

OUTCOME = Outcome(chapter="other", design="d", populations=["all"], better="higher", unit="points")


def persons(hidden, seed=5, count=2000):
    """Treatment depends on x and, times ``hidden``, on u; u moves the outcome, what came before, and x a little."""
    generator = np.random.default_rng(seed)
    u = generator.normal(size=count)
    x = 0.3 * u + generator.normal(size=count)
    treated = generator.random(count) < 1 / (1 + np.exp(1 - 0.5 * x - hidden * u))
    long_ago = 0.5 * u + generator.normal(size=count)
    score = 0.2 * treated + 0.4 * x + 0.5 * u + generator.normal(size=count)
    table = pd.DataFrame({"id": range(count), "treated": treated, "x": x, "long_ago": long_ago, "score": score})
    return table.assign(chance=generator.normal(size=count))


def rows_of(table, names):
    named = {"unit": "id", "treated": "treated", "covariates": ["x"], "pseudo_outcomes": names}
    design = Weighting(kind="weighting", draws=99, **named)
    found = estimate_outcomes(table, {"score": OUTCOME}, {"d": design}, Inference())
    return found.set_index(["measure", "term"])


def test_a_hidden_cause_shows_in_what_came_before_and_overrules_the_effect():
    effect = rows_of(persons(hidden=0.8), ["long_ago"]).loc[("effect", "")]
    assert "pseudo_outcomes:fail" in effect["checks"] and effect["verdict"] == "design_failed"


def test_without_a_hidden_choice_nothing_shows():
    effect = rows_of(persons(hidden=0.0), ["long_ago"]).loc[("effect", "")]
    assert "pseudo_outcomes:pass" in effect["checks"] and effect["verdict"] == "shown"


def test_the_difference_is_the_headlines_own_estimate_on_that_column():
    table = persons(hidden=0.8)
    (row,) = [rows_of(table, ["long_ago"]).loc[("pseudo_outcome", "long_ago")]]
    itself = rows_of(table.assign(score=table["long_ago"]), []).loc[("effect", "")]
    spread = table["long_ago"].std()
    assert row["unit"] == "sd"
    assert row["estimate"] == pytest.approx(itself["estimate"] / spread, rel=1e-10)
    assert row["se"] == pytest.approx(itself["se"] / spread, rel=1e-10)
    assert row["p"] == pytest.approx(itself["p"], rel=1e-8)


def test_a_second_column_makes_the_first_weigh_less():
    """Holm: the smallest of two is doubled, and what was below the threshold may no longer be."""
    table = persons(hidden=0.0, seed=6)
    table["long_ago"] += 0.105 * table["treated"]
    alone = rows_of(table, ["long_ago"])
    p = alone.loc[("pseudo_outcome", "long_ago"), "p"]
    assert 0.05 < p < 0.10
    assert "pseudo_outcomes:doubt" in alone.loc[("effect", ""), "checks"]
    assert "pseudo_outcomes:pass" in rows_of(table, ["long_ago", "chance"]).loc[("effect", ""), "checks"]


def test_what_cannot_be_tested_leaves_doubt_and_says_why():
    found = rows_of(persons(hidden=0.0).assign(same=1.0), ["same"])
    assert found.loc[("pseudo_outcome", "same"), "note"].startswith("refused=outcome_constant")
    assert "pseudo_outcomes:doubt" in found.loc[("effect", ""), "checks"]


def test_none_declared_is_no_check():
    assert "pseudo_outcomes" not in rows_of(persons(hidden=0.8), []).loc[("effect", ""), "checks"]


@pytest.mark.parametrize(("p", "outcome"), [(0.5, "pass"), (0.0999, "doubt"), (0.0099, "fail"), (np.nan, "doubt")])
def test_thresholds(p, outcome):
    assert pseudo_outcomes(p).outcome == outcome
