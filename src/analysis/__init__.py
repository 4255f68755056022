"""Evaluation Workbench: from raw survey and register files to a bilingual impact evaluation report."""

__version__ = "0.1.0"
