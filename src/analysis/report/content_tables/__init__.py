"""The tables of the report: label -> maker. A maker gives a table, or ``None`` when there is nothing to put in it."""

from __future__ import annotations

from collections.abc import Callable

from analysis.report.content import Content
from analysis.report.content_tables import (
    arms,
    compared,
    costs,
    data,
    doubts,
    education,
    employment,
    expected,
    indicators,
    key_results,
    missing,
    other,
    plan,
    project,
    robustness,
    sensitivity,
    survey,
)
from analysis.report.tables import Table

Maker = Callable[..., Table | None]

TABLES: dict[str, Maker] = {
    "tbl-key-results": key_results.key_results,
    "tbl-robustness": key_results.robustness,
    "tbl-checks": key_results.checks,
    "tbl-results": key_results.all_results,
    "tbl-contracts": project.contracts,
    "tbl-outcomes": project.outcomes,
    "tbl-hypotheses": plan.hypotheses,
    "tbl-plan": plan.against_done,
    "tbl-deviations": plan.deviations,
    "tbl-rows": data.rows_by_source,
    "tbl-match": data.match_rates,
    "tbl-findings": data.findings,
    "tbl-participants": data.participants,
    "tbl-programme-indicators": indicators.programme_indicators,
    "tbl-common-outputs": indicators.common_outputs,
    "tbl-common-results": indicators.common_results,
    "tbl-reach": indicators.reach,
    "tbl-pupils": education.pupils,
    "tbl-education": education.effects,
    "tbl-education-other": education.other_effects,
    "tbl-variants": education.variants,
    "tbl-pretrends": education.pretrends,
    "tbl-employment": employment.effects,
    "tbl-selection": employment.selection,
    "tbl-balance": employment.balance,
    "tbl-overlap": employment.overlap,
    "tbl-alternatives": sensitivity.alternatives,
    "tbl-unrecorded": sensitivity.unrecorded,
    "tbl-specifications": robustness.specifications,
    "tbl-dose": robustness.dose,
    "tbl-spill-over": robustness.spill_over,
    "tbl-calibration": sensitivity.calibration,
    "tbl-trend-bounds": doubts.trend_bounds,
    "tbl-single-units": doubts.single_units,
    "tbl-placebo-outcomes": doubts.placebo_outcomes,
    "tbl-subgroups": doubts.subgroups,
    "tbl-families": doubts.families,
    "tbl-costs": costs.participants,
    "tbl-activity-costs": costs.activities,
    "tbl-cost-per-result": costs.per_result,
    "tbl-expected": expected.expected,
    "tbl-expected-short": expected.expected_in_short,
    "tbl-other": other.effects,
    "tbl-arms": arms.arms,
    "tbl-missing": missing.missing,
    "tbl-compared": compared.compared,
    "tbl-published": other.published,
    "tbl-lot-balance": other.balance,
    "tbl-survey-response": survey.respondents,
    "tbl-survey-means": survey.means,
    "tbl-survey-families": survey.families,
    "tbl-survey-scales": survey.scales,
    "tbl-survey-leavers": survey.leavers,
}


def make_table(content: Content, label: str, **arguments: str) -> Table | None:
    return TABLES[label](content, **arguments)
