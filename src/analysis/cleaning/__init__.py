"""Cleaning: every row of a raw file ends accepted, typed and without personal data, or set aside with its reason."""

from analysis.cleaning.quality import quality_counts
from analysis.cleaning.registers import CleaningResult, clean_registers, clean_survey
from analysis.cleaning.source import Cleaned, clean_source

__all__ = ["Cleaned", "CleaningResult", "clean_registers", "clean_source", "clean_survey", "quality_counts"]
