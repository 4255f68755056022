"""Who answered: weights for those who did, by the probability of answering, and a comparison with those who did not.

Answering is a logit of what is known of everybody asked. The weight of a respondent is base weight / probability:
people like those who seldom answer count for more (Wooldridge 2007, J. Econometrics 141(2); right if answering depends
on nothing else). Taking the estimated probability for the true one errs on the safe side: in large samples the standard
errors that follow are too large, never too small (shown there); ``influence`` allows the exact ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import expit

from analysis.effects.estimate import Booleans, Floats
from analysis.effects.linear import dependent_columns
from analysis.effects.propensity import CONVERGED, ITERATIONS, SEPARATED, fit_propensity
from analysis.effects.refusal import DesignRefused


@dataclass(frozen=True)
class Response:
    """``weights`` of the r respondents, in their order, summing to r; ``score`` n, everybody's probability of
    answering; ``influence`` n x k of the logit's coefficients, scaled so that their error is its mean (zero in columns
    that others explain); ``effective_n`` = sum(w)^2 / sum(w^2) (Kish 1965).
    """

    weights: Floats
    score: Floats
    influence: Floats
    effective_n: float


@dataclass(frozen=True)
class DifferentialAttrition:
    """Shares lost of the treated and of the others, and their difference with its interval and p."""

    n: int
    n_other: int
    rate: float
    rate_other: float
    difference: float
    ci_low: float
    ci_high: float
    p: float


@dataclass(frozen=True)
class Attrition:
    """Those seen again against those lost.

    ``rate``: share lost of ``n``. For each covariate the mean of ``stayers`` and ``leavers`` and their ``difference``
    in units of the root of the two groups' mean variance. ``wald``: chi-square (``df``) of "no covariate tells who is
    lost", with ``p``, on the ``complete`` rows without a gap; missing (NaN) when no logit can be fitted.
    """

    n: int
    lost: int
    rate: float
    stayers: Floats
    leavers: Floats
    difference: Floats
    complete: int
    wald: float
    df: int
    p: float
    differential: DifferentialAttrition | None


def response_weights(matrix: Floats, responded: Booleans, base: Floats | None = None) -> Response:
    """Weights of those who ``responded`` (n), by a logit on ``matrix`` (n x k, with the constant).

    ``base``: weights of everybody before (n, positive, any scale). When all responded the weights are the base.
    Raises DesignRefused: ``nobody_responded``; ``response_separation`` when the columns tell perfectly who answers, so
    that no weights can be had; ``raking_base`` for a base weight that is not a positive number.
    """
    if not responded.any():
        raise DesignRefused("nobody_responded", count=len(responded))
    weights = np.ones(len(responded)) if base is None else base
    wrong = ~(np.isfinite(weights) & (weights > 0))
    if wrong.any():
        raise DesignRefused("raking_base", count=int(wrong.sum()), row=int(wrong.argmax()) + 1)
    influence = np.zeros(matrix.shape)
    score = np.ones(len(responded))
    if not responded.all():
        kept = np.delete(np.arange(matrix.shape[1]), dependent_columns(matrix))
        score, influence[:, kept] = _logit(matrix[:, kept], responded, base)
    found = weights[responded] / score[responded]
    found = found * (len(found) / found.sum())
    return Response(found, score, influence, float(found.sum() ** 2 / (found**2).sum()))


def attrition(covariates: Floats, stayed: Booleans, treated: Booleans | None = None, level: float = 0.05) -> Attrition:
    """Compare those who ``stayed`` (n) with those lost on baseline ``covariates`` (n x k, no constant; NaN: unknown).

    ``treated`` (n): also compare the shares lost of the two groups. The test is Wald's of all slopes of the logit of
    staying, by its information matrix.
    """
    lost = ~stayed
    mean_stayers, spread_stayers = _moments(covariates[stayed])
    mean_leavers, spread_leavers = _moments(covariates[lost])
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = (mean_stayers - mean_leavers) / np.sqrt((spread_stayers + spread_leavers) / 2)
    complete = np.isfinite(covariates).all(axis=1)
    wald, df = _slopes(covariates[complete], stayed[complete])
    return Attrition(
        n=len(stayed),
        lost=int(lost.sum()),
        rate=float(lost.mean()),
        stayers=mean_stayers,
        leavers=mean_leavers,
        difference=difference,
        complete=int(complete.sum()),
        wald=wald,
        df=df,
        p=float(stats.chi2.sf(wald, df)) if df else math.nan,
        differential=None if treated is None else differential_attrition(stayed, treated, level),
    )


def differential_attrition(stayed: Booleans, treated: Booleans, level: float = 0.05) -> DifferentialAttrition:
    """The share lost of the treated less that of the others.

    Interval: Newcombe's (1998, Statistics in Medicine 17(8), method 10), from Wilson's for each share, fit for shares
    near 0; p: Fisher's exact test. Close to the level the two, made differently, may disagree. Raises DesignRefused
    ("no_comparison", "no_treated") when there is one group only.
    """
    if treated.all() or not treated.any():
        raise DesignRefused("no_comparison" if treated.all() else "no_treated")
    counts = [(int((~stayed[group]).sum()), int(group.sum())) for group in (treated, ~treated)]
    (rate, low, high), (rate_other, low_other, high_other) = (_wilson(*count, level) for count in counts)
    difference = rate - rate_other
    table = [[lost, total - lost] for lost, total in counts]
    return DifferentialAttrition(
        n=counts[0][1],
        n_other=counts[1][1],
        rate=rate,
        rate_other=rate_other,
        difference=difference,
        ci_low=difference - math.hypot(rate - low, high_other - rate_other),
        ci_high=difference + math.hypot(high - rate, rate_other - low_other),
        p=float(stats.fisher_exact(table).pvalue),
    )


def _wilson(count: int, total: int, level: float) -> tuple[float, float, float]:
    """A share with Wilson's (1927) score interval."""
    z = float(stats.norm.ppf(1 - level / 2))
    share = count / total
    middle = (count + z**2 / 2) / (total + z**2)
    half = z / (total + z**2) * math.sqrt(total * share * (1 - share) + z**2 / 4)
    return share, middle - half, middle + half


def _moments(values: Floats) -> tuple[Floats, Floats]:
    """Mean and unbiased variance of each column's known values; missing with none, or with one."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    filled = np.where(known, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=0) / count
        return mean, (np.where(known, filled - mean, 0.0) ** 2).sum(axis=0) / (count - 1)


def _slopes(covariates: Floats, stayed: Booleans) -> tuple[float, int]:
    """Wald's statistic of all slopes and their number; missing and 0 without a fitted logit."""
    matrix = np.column_stack([np.ones(len(covariates)), covariates])
    matrix = np.delete(matrix, dependent_columns(matrix), axis=1)
    if matrix.shape[1] < 2 or stayed.all() or not stayed.any():
        return math.nan, 0
    try:
        score = fit_propensity(matrix, stayed).score
    except DesignRefused:
        return math.nan, 0
    information = (matrix * (score * (1 - score))[:, None]).T @ matrix
    index = np.log(score / (1 - score))
    slopes = np.linalg.lstsq(matrix, index, rcond=None)[0][1:]
    # of the slopes alone, the constant profiled out
    own = information[1:, 1:] - np.outer(information[1:, 0], information[0, 1:]) / information[0, 0]
    return float(slopes @ own @ slopes), len(slopes)


def _logit(matrix: Floats, responded: Booleans, base: Floats | None) -> tuple[Floats, Floats]:
    """Score and influence of the logit, each row counted ``base`` times."""
    try:
        if base is None:
            fitted = fit_propensity(matrix, responded)
            return fitted.score, fitted.influence
        return _weighted_logit(matrix, responded, base / base.mean())
    except (DesignRefused, np.linalg.LinAlgError):
        raise DesignRefused("response_separation", columns=matrix.shape[1]) from None


def _weighted_logit(matrix: Floats, responded: Booleans, base: Floats) -> tuple[Floats, Floats]:
    """Newton's method for sum(base * log-likelihood), the maximum pseudo-likelihood of survey practice."""
    coefficients = np.zeros(matrix.shape[1])
    for _ in range(ITERATIONS):
        score = expit(matrix @ coefficients)
        information = (matrix * (base * score * (1 - score))[:, None]).T @ matrix
        step = np.linalg.solve(information, matrix.T @ (base * (responded - score)))
        coefficients = coefficients + step
        if not np.abs(matrix @ coefficients).max() < SEPARATED:
            break
        if np.abs(step).max() < CONVERGED:
            score = expit(matrix @ coefficients)
            information = (matrix * (base * score * (1 - score))[:, None]).T @ matrix / len(base)
            scores = matrix * (base * (responded - score))[:, None]
            return score, np.linalg.solve(information, scores.T).T
    raise DesignRefused("response_separation")
