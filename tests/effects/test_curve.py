"""Monthly effects: censoring, clusters, covariates, and what must not matter."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.covariates import Covariates, expand, model_matrix
from analysis.effects.curve import Sample, change_of_treated, difference_in_means, effect_curve, person_times
from analysis.effects.estimate import Estimate
from analysis.effects.propensity import fit_propensity
from analysis.effects.refusal import DesignRefused


def prepared(persons, months, design):
    times, outcomes = person_times(persons, months, "person", "month", "employed")
    return times, outcomes, Sample(persons["treated"].to_numpy(), expand(persons, design.covariates))


def test_table_of_person_times_keeps_the_order_of_persons(make_persons):
    persons, months = make_persons(number=50)
    shuffled = months.sample(frac=1, random_state=1)
    times, outcomes = person_times(persons, shuffled, "person", "month", "employed")
    assert times == list(range(-12, 25))
    expected = months.pivot(index="person", columns="month", values="employed").to_numpy()
    np.testing.assert_array_equal(outcomes, expected)
    with pytest.raises(DesignRefused, match="duplicate_unit_time"):
        person_times(persons, pd.concat([months, months.head(1)]), "person", "month", "employed")


def test_a_month_with_censoring_equals_an_estimate_on_those_observed(make_persons, person_design):
    persons, months = make_persons()
    _, outcomes, sample = prepared(persons, months, person_design)
    curve = effect_curve(sample, outcomes, draws=199)
    last = curve.estimates[-1]
    seen = ~np.isnan(outcomes[:, -1])
    assert isinstance(last, Estimate) and last.n == seen.sum() < len(persons)
    alone = Sample(sample.treated[seen], expand(persons[seen], person_design.covariates))
    single = effect_curve(alone, outcomes[seen][:, [-1]], draws=199).estimates[0]
    assert isinstance(single, Estimate)
    assert (last.estimate, last.se, last.baseline) == pytest.approx((single.estimate, single.se, single.baseline))
    assert last.se**2 == pytest.approx((last.influence**2).sum())


def test_shuffling_and_rescaling_change_nothing(make_persons, person_design):
    persons, months = make_persons()
    _, outcomes, sample = prepared(persons, months, person_design)
    order = np.random.default_rng(1).permutation(len(persons))
    moved = persons.iloc[order].assign(age=lambda table: 1000 - 365.25 * table["age"])
    other = Sample(sample.treated[order], expand(moved, person_design.covariates))
    for before, after in zip(
        effect_curve(sample, outcomes, draws=99).estimates,
        effect_curve(other, 3 + 2 * outcomes[order], draws=99).estimates,
        strict=True,
    ):
        assert after.estimate == pytest.approx(2 * before.estimate, abs=1e-10)
        assert after.se == pytest.approx(2 * before.se, abs=1e-10)


def test_selection_on_a_recorded_covariate_is_undone(make_persons, person_design):
    """At 12 months the truth is 0.2; the raw difference misses it, as do most before-after figures."""
    errors, raw = [], []
    for seed in range(12):
        persons, months = make_persons(seed=seed)
        _, outcomes, sample = prepared(persons, months, person_design)
        estimate = effect_curve(sample, outcomes[:, [24]], draws=99).estimates[0]
        errors.append((estimate.estimate - 0.2) / estimate.se)
        naive = difference_in_means(sample, outcomes[:, 24])
        raw.append((naive.estimate - 0.2) / naive.se)
    assert abs(np.mean(errors)) < 3 / np.sqrt(12)
    assert np.mean(raw) < -1.5


def test_clusters_of_duplicated_persons_restore_the_standard_error(make_persons, person_design):
    persons, months = make_persons(number=400)
    _, outcomes, sample = prepared(persons, months, person_design)
    twice = np.repeat(np.arange(400), 2)
    doubled = Covariates(sample.covariates.names, sample.covariates.values[twice], ())
    single = effect_curve(sample, outcomes[:, [20]], draws=99).estimates[0]
    paired = effect_curve(Sample(sample.treated[twice], doubled, twice), outcomes[twice][:, [20]], draws=99)
    assert paired.estimates[0].estimate == pytest.approx(single.estimate, abs=1e-10)
    assert paired.estimates[0].se == pytest.approx(single.se, abs=1e-10)
    assert paired.estimates[0].df == 399


def test_raw_difference_and_change_of_treated():
    treated = np.array([True] * 3 + [False] * 3)
    sample = Sample(treated, Covariates([], np.empty((6, 0)), ()))
    before, after = np.array([0, 0, 1, 1, 1, np.nan]), np.array([1, 1, 1, 0, 1, 1])
    raw = difference_in_means(sample, after.astype(float))
    assert raw.estimate == pytest.approx(1 / 3)
    assert raw.se == pytest.approx(np.sqrt(2 / 9 / 3))
    change = change_of_treated(sample, before, after.astype(float))
    assert (change.estimate, change.n, change.baseline) == pytest.approx((2 / 3, 3, 1 / 3))


def test_an_outcome_that_a_covariate_holds_gives_zero_without_p(make_persons, person_design):
    persons, _ = make_persons()
    sample = Sample(persons["treated"].to_numpy(), expand(persons, person_design.covariates))
    estimate = effect_curve(sample, persons[["past"]].to_numpy(), draws=99).estimates[0]
    assert (estimate.estimate, estimate.se) == (0.0, 0.0) and np.isnan(estimate.p)


def test_categories_gaps_and_collinear_columns():
    table = pd.DataFrame(
        {
            "age": [20.0, 30.0, np.nan, 40.0] * 10,
            "place": ["b", "a", None, "a"] * 10,
            "same": [1] * 40,
            "twice": [40.0, 60.0, 60.0, 80.0] * 10,
        }
    )
    covariates = expand(table, ["age", "place", "same", "twice"])
    assert covariates.names == ["age", "age=missing", "place=b", "place=missing", "same", "twice"]
    assert covariates.values[2, :2].tolist() == [30.0, 1.0]
    assert covariates.warnings == ("filled:age=10", "filled:place=10")
    matrix, dropped = model_matrix(covariates, np.arange(40) % 8 < 4)
    assert dropped == ["place=missing", "same", "twice"]
    assert np.linalg.matrix_rank(matrix) == matrix.shape[1] == 4


def test_no_common_support_is_refused():
    generator = np.random.default_rng(1)
    values = generator.normal(size=(80, 2))
    with pytest.raises(DesignRefused, match="separation"):
        fit_propensity(np.column_stack([np.ones(80), values]), values[:, 0] > 0.1)
    with pytest.raises(DesignRefused, match="no_counterpart"):
        one_sided = np.where(values[:, 0] > 0, (values[:, 1] > 0) * 1.0, 0.0)
        model_matrix(Covariates(["seen"], one_sided[:, None], ()), values[:, 0] > 0)
