"""Lee's bounds in the results: the rows of an experiment and of an offer, strata, clusters, coverage of the truth."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.lee_bounds import bounds_alone, lee_bounds
from analysis.effects.lee_rows import Answered, bounds_as_drawn, lee_rows
from analysis.effects.rows import Subject
from analysis.effects.run_offer import estimate_offer
from analysis.effects.run_randomised import estimate_randomised
from analysis.files import results_table
from analysis.study.design_settings import Offer, Randomised
from analysis.study.settings import Inference, Outcome

SUBJECT = Subject("other", "y", "all", "d", "points")


def outcome():
    declared = {"chapter": "other", "design": "d", "populations": ["all"], "better": "higher", "unit": "points"}
    return Outcome.model_validate({"panel": "p", **declared})


def lost_unequally(seed=1, size=600, effect=0.5):
    generator = np.random.default_rng(seed)
    treated, latent = generator.permutation(np.arange(size) < size // 2), generator.normal(size=size)
    seen = latent > np.where(treated, -1.2, -0.6)
    return treated, np.where(seen, latent + effect * treated, np.nan)


def answered(treated, y, stratum=None, cluster=None):
    none = np.zeros(len(y), dtype=np.int64)
    return Answered(y, treated, none if stratum is None else stratum, cluster)


def test_rows_of_an_experiment_are_lees_bounds():
    treated, y = lost_unequally()
    panel = pd.DataFrame({"case": range(600), "drawn": treated, "y": y})
    design = Randomised(kind="randomised", treated="drawn", draws=99)
    found = results_table(estimate_randomised(panel, "y", outcome(), design, Inference())).set_index(
        ["measure", "term"]
    )
    expected = lee_bounds(y, ~np.isnan(y), treated)
    for term, value, se in (("low", expected.low, expected.se_low), ("high", expected.high, expected.se_high)):
        row = found.loc[("lee_bounds", term)]
        assert (row["estimate"], row["se"]) == pytest.approx((value, se))
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((expected.ci_low, expected.ci_high))
    assert found.loc[("lee_bounds", "low"), "note"] == f"trimmed={expected.trimmed}"
    assert "outcome_known:doubt" in found.loc[("effect", ""), "checks"]


@pytest.mark.parametrize(("by_lot", "covariates", "rows"), [(True, ["x"], 2), (False, [], 2), (False, ["x"], 0)])
def test_rows_of_an_offer_stand_where_the_lot_alone_bears_them(by_lot, covariates, rows):
    treated, y = lost_unequally()
    generator = np.random.default_rng(2)
    takes = treated & (generator.random(600) < 0.7)
    panel = pd.DataFrame({"case": range(600), "o": treated, "t": takes, "x": generator.normal(size=600), "y": y})
    design = Offer(kind="offer", offered="o", treatment="t", by_lot=by_lot, covariates=covariates, draws=99)
    panel = panel.astype({"o": float, "t": float})
    found = results_table(estimate_offer(panel, "y", outcome(), design, Inference()))
    assert (found["measure"] == "lee_bounds").sum() == rows
    assert ("outcome_known" in found.loc[0, "checks"]) == bool(rows)


def test_where_every_outcome_is_known_there_is_no_row():
    assert not list(lee_rows(SUBJECT, answered(np.array([True, False]), np.array([1.0, 2.0])), 0.05, 1))


def test_the_points_alone_are_those_with_errors():
    for seed in range(20):
        treated, y = lost_unequally(seed)
        for group in (treated, ~treated):
            found = bounds_alone(y, ~np.isnan(y), group)
            expected = lee_bounds(y, ~np.isnan(y), group)
            assert found[:3] == pytest.approx((expected.low, expected.high, expected.trimmed))


def test_strata_are_put_together_by_who_would_be_seen_either_way():
    parts = [lost_unequally(seed, size, effect) for seed, size, effect in ((1, 400, 0.0), (2, 200, 2.0))]
    treated, y = (np.concatenate(one) for one in zip(*parts, strict=True))
    stratum = np.repeat([0, 1], [400, 200])
    found = bounds_as_drawn(answered(treated, y, stratum), 0.05, 1)
    alone = [bounds_alone(outcome_of, ~np.isnan(outcome_of), group) for group, outcome_of in parts]
    weights = np.array([400 * alone[0][3], 200 * alone[1][3]])
    assert found.low == pytest.approx(np.average([one[0] for one in alone], weights=weights))
    assert found.high == pytest.approx(np.average([one[1] for one in alone], weights=weights))
    assert found.ci_low < found.low <= found.high < found.ci_high


def test_the_bootstrap_of_single_rows_has_the_errors_of_lees_formula():
    treated, y = lost_unequally(size=1000)
    lees = bounds_as_drawn(answered(treated, y), 0.05, 1)
    drawn = bounds_as_drawn(answered(treated, y, cluster=np.arange(1000)), 0.05, 1)
    assert (drawn.low, drawn.high) == pytest.approx((lees.low, lees.high))
    assert (drawn.se_low, drawn.se_high) == pytest.approx((lees.se_low, lees.se_high), rel=0.2)


def test_whole_clusters_leave_more_uncertainty_than_single_rows():
    generator = np.random.default_rng(5)
    cluster = np.repeat(np.arange(40), 25)
    treated, common = (np.arange(40) % 2 == 0)[cluster], generator.normal(size=40)[cluster]
    y = common + generator.normal(size=1000)
    y[generator.random(1000) < np.where(treated, 0.05, 0.2)] = np.nan
    whole = bounds_as_drawn(answered(treated, y, cluster=cluster), 0.05, 1)
    assert whole.se_low > 2 * bounds_as_drawn(answered(treated, y), 0.05, 1).se_low


def test_intervals_of_clusters_cover_the_effect_on_those_always_seen():
    """True effect 0.5, 40 clusters; 60 draws, at least 95 % less three errors."""
    covered = 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(40), 10)
        treated = generator.permutation(np.arange(40) % 2 == 0)[cluster]
        latent = 0.5 * generator.normal(size=40)[cluster] + generator.normal(size=400)
        y = np.where(latent > np.where(treated, -1.4, -0.7), latent + 0.5 * treated, np.nan)
        found = bounds_as_drawn(answered(treated, y, cluster=cluster), 0.05, seed)
        covered += found.ci_low <= 0.5 <= found.ci_high
    assert covered / 60 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 60)


def test_too_few_clusters_give_bounds_without_an_interval():
    treated, y = lost_unequally(size=60)
    cluster = np.where(treated, 0, 1) * 3 + np.arange(60) % 3
    rows = list(lee_rows(SUBJECT, answered(treated, y, cluster=cluster), 0.05, 1))
    assert [row["term"] for row in rows] == ["low", "high"] and all(np.isnan(row["ci_low"]) for row in rows)


def test_a_stratum_that_shows_nobody_of_a_group_is_refused():
    y = np.array([1.0, 2.0, 3.0, np.nan, 1.0, 2.0, 2.0, np.nan])
    treated, stratum = np.array([1, 1, 0, 0, 1, 1, 0, 0], bool), np.array([0, 0, 0, 1, 0, 0, 0, 1])
    (row,) = lee_rows(SUBJECT, answered(treated, y, stratum), 0.05, 1)
    assert row["note"] == "refused=stratum_unseen"
