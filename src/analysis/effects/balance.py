"""How alike the two groups are, before and after weighting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.effects.columns import ROUNDING
from analysis.effects.covariates import Covariates
from analysis.effects.estimate import Booleans, Floats


@dataclass(frozen=True)
class Balance:
    """One entry a covariate: standardised mean differences and variance ratios (treated over comparison)."""

    names: list[str]
    difference_before: Floats
    difference_after: Floats
    ratio_before: Floats
    ratio_after: Floats


def balance(
    covariates: Covariates, treated: Booleans, comparison_weights: Floats, treated_weights: Floats | None = None
) -> Balance:
    """Compare treated with comparison units, unweighted and with ``comparison_weights`` (n; those of treated units
    are not used); with ``treated_weights`` (n) the treated are weighted too.
    Differences stand in units of the root of the two groups' mean variance before weighting, the same
    before and after (Imbens & Rubin 2015, section 14.2; Austin 2009).
    """
    ones = np.ones(len(treated))
    mean_treated, variance_treated = _moments(covariates.values[treated], ones[treated])
    mean_before, variance_before = _moments(covariates.values[~treated], ones[~treated])
    mean_after, variance_after = _moments(covariates.values[~treated], comparison_weights[~treated])
    mean_own, variance_own = mean_treated, variance_treated
    if treated_weights is not None:
        mean_own, variance_own = _moments(covariates.values[treated], treated_weights[treated])
    unit = np.sqrt((variance_treated + variance_before) / 2)
    rounding = ROUNDING * np.abs(covariates.values).max(axis=0, initial=0.0)
    return Balance(
        covariates.names,
        _standardised(mean_treated - mean_before, unit, rounding),
        _standardised(mean_own - mean_after, unit, rounding),
        _ratio(variance_treated, variance_before),
        _ratio(variance_own, variance_after),
    )


def _standardised(difference: Floats, unit: Floats, rounding: Floats) -> Floats:
    """Differences in ``unit``; none for a covariate that is the same for everybody, infinite for one that is another
    in each group, missing where a group is of one person and no unit can be told."""
    same, flat = np.abs(difference) <= rounding, unit <= rounding
    apart = np.where(flat & ~same, np.copysign(np.inf, difference), 0.0)
    return np.divide(difference, unit, out=apart, where=~flat)


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean and unbiased variance of each column."""
    share = weights / weights.sum()
    mean = share @ values
    spare = 1 - float((share**2).sum())
    variance = share @ (values - mean) ** 2 / spare if spare > 0 else np.full(values.shape[1], np.nan)
    return mean, variance


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient; 0/0 (a constant covariate) is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return numerator / denominator
