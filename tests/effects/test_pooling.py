"""Pooling: a published meta-analysis, and limits that need no publication."""

import math

import pytest
from statsmodels.stats.tests.results import results_meta

from analysis.effects.pooling import pool
from analysis.effects.refusal import DesignRefused


def test_metafor(in_print, second):
    """62.390139, tau2 0.288049, Q 24.8019; Hartung-Knapp SE 0.294776 and interval [61.7104, 63.0699]: R metafor, as
    carried by statsmodels."""
    published, knapp = results_meta.exk1_dl, results_meta.exk1_dl_hksj
    data = results_meta.exk1_metafor
    found = pool(data.yi, data.vi**0.5)
    said = ("pooling", "R metafor, DerSimonian-Laird, as carried by statsmodels")
    in_print(*said, "pooled effect", 62.390139, found.estimate, 6)
    in_print(*said, "Hartung-Knapp SE", 0.294776, found.se, 6)
    second("pooling", "metafor, as statsmodels carries it", "pooled effect", float(published.b), found.estimate, 1e-11)
    second("pooling", "metafor, as statsmodels carries it", "SE", float(published.se), found.normal_se, 1e-8)
    assert (found.between, found.heterogeneity) == pytest.approx((published.tau2, published.QE), abs=1e-9)
    assert 100 * found.inconsistency == pytest.approx(published.I2, abs=1e-9)
    assert found.se == pytest.approx(knapp.se, abs=1e-9)
    assert (found.ci_low, found.ci_high) == pytest.approx((knapp.ci_lb, knapp.ci_ub), abs=1e-9)


def test_equal_studies_pool_to_themselves():
    found = pool([0.2, 0.2, 0.2], [0.1, 0.1, 0.1])
    assert found.estimate == pytest.approx(0.2)
    assert found.between == 0.0
    assert found.se == pytest.approx(0.1 / math.sqrt(3))
    assert found.inconsistency == 0.0


def test_the_interval_is_never_narrower_than_the_normal_one():
    found = pool([0.1, 0.11, 0.09], [0.2, 0.2, 0.2])
    assert found.ci_high - found.estimate > 1.96 * found.normal_se


def test_heterogeneous_studies_have_a_wider_prediction_than_interval():
    found = pool([-0.5, 0.1, 0.9, 0.4], [0.1, 0.1, 0.1, 0.1])
    assert found.p < 0.001
    assert found.prediction[0] < found.ci_low < found.ci_high < found.prediction[1]


@pytest.mark.parametrize(("estimates", "errors"), [([0.1], [0.1]), ([0.1, 0.2], [0.1, 0.0]), ([0.1, math.nan], [1, 1])])
def test_what_cannot_be_pooled_is_refused(estimates, errors):
    with pytest.raises(DesignRefused):
        pool(estimates, errors)
