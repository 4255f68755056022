"""Sensitivity to what was not recorded: published values, and brute force where none is published."""

import numpy as np
import pytest
from scipy import stats

from analysis.effects.sensitivity import (
    adjusted_for_unrecorded,
    e_value,
    e_value_of_limit,
    oster_delta,
    robustness,
    rosenbaum_limit,
    rosenbaum_p,
)


def test_e_values_of_vanderweele_and_ding(in_print):
    """7.26 for a risk ratio of 3.9 (its limit 1.8: 3.0): VanderWeele & Ding (2017), p. 270."""
    said = ("sensitivity", "VanderWeele & Ding (2017), p. 270")
    in_print(*said, "E-value of 3.9", 7.26, e_value(3.9), 2)
    in_print(*said, "E-value of its limit 1.8", 3.0, e_value_of_limit(3.9, 1.8, 8.7), 2)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value_of_limit(1.2, 0.9, 1.6) == 1.0
    assert np.isnan(e_value(0.0))


def test_robustness_of_darfur(in_print):
    """t 4.184 with 783 degrees of freedom: partial R2 2.2 %, RV 13.9 %, RV at 5 % 7.6 %: Cinelli & Hazlett (2020)."""
    found = robustness(4.184, 783)
    said = ("sensitivity", "Cinelli & Hazlett (2020), Darfur")
    in_print(*said, "partial R2, %", 2.2, 100 * found.partial_r2, 1)
    in_print(*said, "robustness value, %", 13.9, 100 * found.value, 1)
    in_print(*said, "robustness value at 5 %, %", 7.6, 100 * found.value_at_level, 1)


def test_a_cause_as_strong_as_the_robustness_value_brings_the_estimate_to_zero():
    value = robustness(4.184, 783).value
    assert adjusted_for_unrecorded(0.097, 0.097 / 4.184, 783, value, value) == pytest.approx(0.0, abs=1e-12)


def test_omitted_variable_formula_on_a_regression():
    """The formula gives what leaving the cause out changed, in a made regression, to the last digit."""
    generator = np.random.default_rng(1)
    size = 500
    cause = generator.normal(size=size)
    treatment = 0.5 * cause + generator.normal(size=size)
    outcome = 1.0 * treatment + 0.8 * cause + generator.normal(size=size)
    short = np.linalg.lstsq(np.column_stack([treatment, np.ones(size)]), outcome, rcond=None)[0]
    full = np.linalg.lstsq(np.column_stack([treatment, cause, np.ones(size)]), outcome, rcond=None)[0]
    residual = outcome - np.column_stack([treatment, np.ones(size)]) @ short
    centred = treatment - treatment.mean()
    se = np.sqrt(residual @ residual / (size - 2) / (centred @ centred))
    with_treatment = np.corrcoef(treatment, cause)[0, 1] ** 2
    free = cause - np.polyval(np.polyfit(treatment, cause, 1), treatment)
    with_outcome = np.corrcoef(residual, free)[0, 1] ** 2
    assert adjusted_for_unrecorded(short[0], se, size - 2, with_treatment, with_outcome) == pytest.approx(full[0])


def test_rosenbaum_without_hidden_bias_is_wilcoxons_test():
    differences = np.array([3.0, -1.0, 4.0, 2.5, 6.0, -0.5, 7.0, 5.0, 8.0, 1.5])
    plain = stats.wilcoxon(differences, alternative="greater", correction=False, method="approx").pvalue
    assert rosenbaum_p(differences, 1.0) == pytest.approx(plain)


def test_rosenbaum_bound_is_the_worst_of_all_hidden_biases():
    """Against the exact law: at worst each of 40 pairs turns out positive with chance gamma / (1 + gamma), alone."""
    gamma, size = 2.0, 40
    differences = np.arange(1.0, size + 1)
    differences[:16] *= -1
    law = np.array([1.0])
    for rank in range(1, size + 1):
        law = np.convolve(law, np.concatenate([[1 / (1 + gamma)], np.zeros(rank - 1), [gamma / (1 + gamma)]]))
    exact = law[int(sum(rank for rank in range(17, size + 1))) :].sum()
    assert 0.01 < exact < 0.3
    assert rosenbaum_p(differences, gamma) == pytest.approx(exact, abs=0.01)  # a normal approximation


def test_rosenbaum_limit_is_where_p_reaches_the_level():
    differences = np.arange(1.0, 31.0)
    limit = rosenbaum_limit(differences)
    assert rosenbaum_p(differences, limit - 1e-4) <= 0.05 < rosenbaum_p(differences, limit + 1e-4)
    assert rosenbaum_limit(-differences) == 1.0


@pytest.mark.parametrize("delta", [0.5, 1.0, 2.0])
def test_oster_delta_finds_the_selection_that_was_planted(delta):
    """Moments of a population in which treatment has no effect and the unrecorded index selects ``delta`` times as
    strongly as the recorded one (per unit of variance)."""
    recorded_variance, unrecorded_variance, selection = 2.0, 1.5, 0.3
    with_recorded = selection * recorded_variance
    with_unrecorded = delta * selection * unrecorded_variance
    treatment_variance = 1.7
    outcome_variance = recorded_variance + unrecorded_variance + 1.0
    short = (with_recorded + with_unrecorded) / treatment_variance
    short_r2 = short**2 * treatment_variance / outcome_variance
    free_variance = treatment_variance - with_recorded**2 / recorded_variance
    long = with_unrecorded / free_variance
    on_recorded = 1 - long * with_recorded / recorded_variance
    explained = long**2 * treatment_variance + on_recorded**2 * recorded_variance
    explained += 2 * long * on_recorded * with_recorded
    long_r2 = explained / outcome_variance
    r2_max = (recorded_variance + unrecorded_variance) / outcome_variance
    found = oster_delta(short, short_r2, long, long_r2, treatment_variance, free_variance, outcome_variance, r2_max)
    assert found == pytest.approx(delta)
