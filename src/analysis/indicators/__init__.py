"""Descriptive figures as rows of the results form: counts, shares and means, before disclosure control."""

from analysis.indicators.data import describe_data
from analysis.indicators.education import describe_education
from analysis.indicators.employment import describe_employment
from analysis.indicators.participants import describe_participants

__all__ = ["describe_data", "describe_education", "describe_employment", "describe_participants"]
