"""The checks a design must pass, with their thresholds: each says pass, doubt or fail."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.effects.balance import Balance
from analysis.effects.overlap import Overlap

Outcome = Literal["pass", "doubt", "fail"]

PRETREND_DOUBT, PRETREND_FAIL = 0.10, 0.01
BREAKDOWN_DOUBT = 1.0  # Rambachan & Roth (2023): trends as uneven after the start as they were before
PLACEBO_DOUBT, PLACEBO_FAIL = 0.05, 0.01  # smallest p of outcomes that the project cannot have changed
FEWEST_CLUSTERS = 4  # fewer on either side: randomisation inference only
FEWEST_DF = 4.0  # fewer degrees of freedom: no p-value from the t distribution
FIRST_STAGE_F = 10.0  # Staiger & Stock (1997): weaker instruments bias the ratio
FEWEST_PER_ARM = 30
EFFECTIVE_SHARE_DOUBT = 0.20
DIFFERENCE_DOUBT, DIFFERENCE_FAIL = 0.10, 0.25  # Austin (2009); What Works Clearinghouse Standards 5.0
OUTSIDE_DOUBT, OUTSIDE_FAIL = 0.10, 0.25
DENSITY_DOUBT, DENSITY_FAIL = 0.10, 0.01
AGAIN_DOUBT, AGAIN_FAIL = 0.80, 0.50  # share of the first wave that answers the second
DIFFERENTIAL_DOUBT, DIFFERENTIAL_FAIL = 0.05, 0.15  # between the groups, in absolute value
E_VALUE_DOUBT = 1.25  # of the limit nearest to no effect: a weak unrecorded cause would do
ROSENBAUM_DOUBT = 1.25  # odds of treatment within a pair
OSTER_DOUBT = 1.0  # Oster (2019): unrecorded causes no stronger than recorded ones
CALIBRATION_DOUBT = 0.10  # largest gap between mean score and share treated in a fifth of the sample
EVEN_DOUBT, EVEN_FAIL = 0.60, 0.30  # effective share of the weighted answers

FEWEST_EVENTS_DOUBT, FEWEST_EVENTS_FAIL = 10, 5  # in the group with fewer (Peduzzi et al. 1995)
AT_RISK_DOUBT = 10  # still followed at the horizon, in the group with fewer (Pocock, Clayton & Altman 2002)
PROPORTIONAL_DOUBT = 0.05  # of a hazard ratio that changes over time is told the mean alone
FIT_DOUBT, FIT_FAIL = 0.25, 0.50  # root mean squared gap before the start, in units of the spread between the others
PERIODS_DOUBT = 5  # before the start; weights fitted on fewer fit anything
SPECIFICATIONS_DOUBT, SPECIFICATIONS_FAIL = 0.90, 0.50  # share of specifications that say what the headline says
INCONSISTENCY_DOUBT, POOLED_DOUBT = 0.75, 5  # I squared "considerable" (Cochrane Handbook 10.10.2); groups pooled


@dataclass(frozen=True)
class Check:
    name: str
    outcome: Outcome


def written(checks: Iterable[Check]) -> str:
    """``name:outcome`` joined by semicolons."""
    return ";".join(f"{check.name}:{check.outcome}" for check in checks)


def pretrend(p: float) -> Check:
    """Joint test of differences in trend before the start; one that cannot be made leaves doubt."""
    return Check("pretrend", _graded(p, PRETREND_DOUBT, PRETREND_FAIL, higher_is_better=True))


def breakdown(magnitude: float, uneven_before: bool = False) -> Check:
    """Whether the effect stands trends as uneven after the start as before it; missing: not even parallel ones. Where
    something already speaks for uneven trends before (``uneven_before``), an effect that does not has failed.
    """
    if magnitude >= BREAKDOWN_DOUBT:
        return Check("breakdown", "pass")
    return Check("breakdown", "fail" if uneven_before else "doubt")


def undetected_drift(drift: float, effect: float) -> Check:
    """Whether a drift that the test of earlier trends may miss is smaller than the effect (Roth 2022)."""
    return Check("undetected_drift", "pass" if abs(drift) < abs(effect) else "doubt")


def leave_one_out(hangs_on_one: bool) -> Check:
    """Whether sign and conclusion stay when any one treated cluster is left out."""
    return Check("leave_one_out", "doubt" if hangs_on_one else "pass")


def placebo_date(is_shown: bool) -> Check:
    """Whether a start that never was has no effect."""
    return Check("placebo_date", "doubt" if is_shown else "pass")


def placebo_outcomes(smallest_p: float) -> Check:
    """Whether outcomes that the project cannot have changed show no effect; p corrected for their number."""
    return Check("placebo_outcomes", _graded(smallest_p, PLACEBO_DOUBT, PLACEBO_FAIL, higher_is_better=True))


def clusters(treated: int, comparison: int) -> Check:
    """Enough clusters on both sides for tests that rest on their number."""
    return Check("clusters", "pass" if min(treated, comparison) >= FEWEST_CLUSTERS else "doubt")


def degrees_of_freedom(df: float) -> Check:
    return Check("degrees_of_freedom", "pass" if df >= FEWEST_DF else "doubt")


def randomisation(smallest_p: float, level: float) -> Check:
    """Whether enough alternative assignments exist for a p-value below the declared level."""
    return Check("randomisation", "pass" if smallest_p <= level else "doubt")


def lots(smallest_p: float, level: float) -> Check:
    """Whether the lot could have fallen in enough other ways for a p-value below the declared level."""
    return Check("lots", "pass" if smallest_p <= level else "doubt")


def first_stage(estimate: float, se: float) -> Check:
    """Whether participation differs enough between the groups to divide by (F above FIRST_STAGE_F)."""
    strong = se == 0 or (estimate / se) ** 2 >= FIRST_STAGE_F
    return Check("first_stage", "pass" if strong else "doubt")


def pseudo_outcomes(smallest_p: float) -> Check:
    """Whether what was recorded long before entry differs between the groups made comparable, as it would where a cause
    that nobody recorded decides both; p corrected for their number."""
    return Check("pseudo_outcomes", _graded(smallest_p, PRETREND_DOUBT, PRETREND_FAIL, higher_is_better=True))


def sample_size(treated: int, comparison: int) -> Check:
    return Check("sample", "pass" if min(treated, comparison) >= FEWEST_PER_ARM else "fail")


def weighting_checks(state: Overlap, result: Balance) -> list[Check]:
    """Sample, common support, effective sample and balance after weighting, each on all persons of the estimate."""
    worst = float(np.nanmax(np.abs(result.difference_after), initial=0.0))
    enough = state.smallest_effective_share >= EFFECTIVE_SHARE_DOUBT
    effective: Outcome = (
        "fail" if min(state.effective, state.effective_treated) < FEWEST_PER_ARM else "pass" if enough else "doubt"
    )
    return [
        sample_size(state.treated, state.comparison),
        Check("overlap", _graded(state.outside, OUTSIDE_DOUBT, OUTSIDE_FAIL)),
        Check("effective_sample", effective),
        Check("balance", _graded(worst, DIFFERENCE_DOUBT, DIFFERENCE_FAIL)),
    ]


def randomised_balance(result: Balance) -> Check:
    """Differences that the lot left are chance, not choice: doubt at most (the adjusted estimate stands beside)."""
    worst = float(np.nanmax(np.abs(result.difference_before), initial=0.0))
    return Check("lot_balance", "pass" if worst <= DIFFERENCE_DOUBT else "doubt")


def as_good_as_drawn() -> Check:
    """An offer that nobody drew must reach its outcome through the treatment alone: no data can show it."""
    return Check("as_good_as_drawn", "doubt")


def density(p: float) -> Check:
    """Whether units bunch on one side of the threshold, as they do when they can choose it."""
    return Check("density", _graded(p, DENSITY_DOUBT, DENSITY_FAIL, higher_is_better=True))


def near_threshold(below: int, above: int) -> Check:
    """Enough units within the window on both sides."""
    least = min(below, above)
    return Check("near_threshold", "pass" if least >= FEWEST_PER_ARM else "doubt" if least >= 15 else "fail")


def covariate_jumps(smallest_p: float) -> Check:
    """Whether anything known before jumps at the threshold; the smallest p, corrected for their number."""
    return Check("covariate_jumps", _graded(smallest_p, DENSITY_DOUBT, DENSITY_FAIL, higher_is_better=True))


def answered_again(share: float) -> Check:
    """How many of those asked at the start answered at the end (in the group with fewer)."""
    return Check("answered_again", _graded(share, AGAIN_DOUBT, AGAIN_FAIL, higher_is_better=True))


def differential_attrition(gap: float) -> Check:
    """Whether as many left in both groups: more in one of them means that different people stayed."""
    return Check("differential_attrition", _graded(abs(gap), DIFFERENTIAL_DOUBT, DIFFERENTIAL_FAIL))


def outcome_known(treated_lost: float, comparison_lost: float) -> Check:
    """Whether the outcome is missing as often in both groups; thresholds as for surveys."""
    return Check("outcome_known", _graded(abs(treated_lost - comparison_lost), DIFFERENTIAL_DOUBT, DIFFERENTIAL_FAIL))


def imputation(same: Iterable[bool | None]) -> Check:
    """Whether the estimates with what is missing imputed keep sign and conclusion; None: could not be made."""
    return Check("imputation", "pass" if all(one is True for one in same) else "doubt")


def even_weights(share: float) -> Check:
    """Whether the weights leave the result on enough people (Kish 1965)."""
    return Check("even_weights", _graded(share, EVEN_DOUBT, EVEN_FAIL, higher_is_better=True))


def second_estimators(agree: bool) -> Check:
    """Whether every second estimator has the headline's sign and says the same of "no effect"."""
    return Check("second_estimators", "pass" if agree else "doubt")


def unrecorded_causes(measures: dict[str, float], outlasts_benchmark: bool | None) -> Check:
    """Whether an effect that is shown would stand unrecorded causes: ``measures`` by name against their thresholds, and
    a cause as strong as the strongest recorded one (None: not known). One that fails leaves doubt; all of them, fail.
    """
    least = {"e_value": E_VALUE_DOUBT, "rosenbaum": ROSENBAUM_DOUBT, "oster": OSTER_DOUBT}
    stood = [abs(value) >= least[name] for name, value in measures.items() if not math.isnan(value)]
    stood += [] if outlasts_benchmark is None else [outlasts_benchmark]
    if not stood:
        return Check("unrecorded_causes", "doubt")
    return Check("unrecorded_causes", "pass" if all(stood) else "doubt" if any(stood) else "fail")


def calibration(largest_gap: float) -> Check:
    """Whether as many are treated as the propensity score says, from its lowest to its highest fifth."""
    return Check("calibration", _graded(largest_gap, CALIBRATION_DOUBT, math.inf))


def single_baseline() -> Check:
    """One wave before the start cannot tell whether the groups were already drifting apart: always a doubt."""
    return Check("single_baseline", "doubt")


def events(fewest: int) -> Check:
    """Enough events up to the horizon in the group with fewer."""
    outcome: Outcome = "fail" if fewest < FEWEST_EVENTS_FAIL else "doubt" if fewest < FEWEST_EVENTS_DOUBT else "pass"
    return Check("events", outcome)


def followed(fewest: int) -> Check:
    """Enough people whom the data still follow at the horizon, in the group with fewer."""
    return Check("followed", "pass" if fewest >= AT_RISK_DOUBT else "doubt")


def proportional(p: float) -> Check:
    """Whether one hazard ratio tells the whole time; of no consequence for the mean time, which assumes none."""
    return Check("proportional", _graded(p, PROPORTIONAL_DOUBT, -1.0, higher_is_better=True))


def fit_before(gap: float) -> Check:
    """Whether the weighted mean of the others goes the treated units' way before the start."""
    return Check("fit_before", _graded(gap, FIT_DOUBT, FIT_FAIL))


def periods_before(count: int) -> Check:
    return Check("periods_before", "pass" if count >= PERIODS_DOUBT else "doubt")


def placebos(smallest_p: float, level: float) -> Check:
    """Whether there are enough other units for a p-value below the declared level."""
    return Check("placebos", "pass" if smallest_p <= level else "doubt")


def consistent(inconsistency: float, p: float) -> Check:
    """Whether the pooled effects differ by more than chance: a mean of unlike effects is the effect of none of them."""
    doubtful = inconsistency >= INCONSISTENCY_DOUBT or p < PRETREND_DOUBT
    return Check("consistent", "doubt" if doubtful else "pass")


def pooled_number(count: int) -> Check:
    return Check("pooled_number", "pass" if count >= POOLED_DOUBT else "doubt")


def pooled_parts(verdicts: Iterable[str]) -> Check:
    """An effect put together from one that cannot be read as an effect cannot be read so either."""
    return Check("pooled_parts", "fail" if "design_failed" in list(verdicts) else "pass")


def specifications(agreeing: float, estimated: float, is_shown: bool) -> Check:
    """Whether the other reasonable specifications say what the headline says: ``agreeing`` is their share among those
    that could be estimated, ``estimated`` the share of these among all. Only an effect that is shown can fail.
    """
    outcome = _graded(agreeing, SPECIFICATIONS_DOUBT, SPECIFICATIONS_FAIL, higher_is_better=True)
    if (outcome == "pass" and estimated < SPECIFICATIONS_DOUBT) or (outcome == "fail" and not is_shown):
        outcome = "doubt"
    return Check("specifications", outcome)


def dose_trend(runs_against: bool | None, assigned: bool) -> Check:
    """Whether the effect falls as the dose rises, or follows a dose where none is shown; None: no test. People choose
    their dose, so that it leaves doubt; where the dose was drawn by lot it is a contradiction.
    """
    if not runs_against:
        return Check("dose_trend", "doubt" if runs_against is None else "pass")
    return Check("dose_trend", "fail" if assigned else "doubt")


def spill_over(rejects: bool | None) -> Check:
    """Whether those who never take part are untouched: an interval without zero, or none at all, leaves doubt."""
    return Check("spill_over", "pass" if rejects is False else "doubt")


def _graded(value: float, doubt: float, fail: float, higher_is_better: bool = False) -> Outcome:
    if math.isnan(value):
        return "doubt"
    if higher_is_better:
        value, doubt, fail = -value, -doubt, -fail
    return "fail" if value > fail else "doubt" if value > doubt else "pass"
