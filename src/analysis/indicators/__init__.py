"""Descriptive figures and indicators as rows of the results form: counts, shares and means."""

from analysis.indicators.annex import isun_annex
from analysis.indicators.costs import cost_results, exposed_pupils
from analysis.indicators.counting import count_indicators, count_records
from analysis.indicators.data import describe_data
from analysis.indicators.education import describe_education
from analysis.indicators.employment import describe_employment
from analysis.indicators.participants import describe_participants
from analysis.indicators.published import NESTED, WHOLES, indicator_results
from analysis.indicators.records import incomplete_rows
from analysis.indicators.survey import describe_survey

__all__ = [
    "NESTED",
    "WHOLES",
    "cost_results",
    "count_indicators",
    "count_records",
    "describe_data",
    "describe_education",
    "describe_employment",
    "describe_participants",
    "describe_survey",
    "exposed_pupils",
    "incomplete_rows",
    "indicator_results",
    "isun_annex",
]
