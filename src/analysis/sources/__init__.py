"""Sources: raw register files of any format as rows of text with provenance."""

from analysis.sources.read import read_source, readable_files, unclaimed_files
from analysis.sources.reading import PROVENANCE, UNREADABLE, Reading

__all__ = ["PROVENANCE", "UNREADABLE", "Reading", "read_source", "readable_files", "unclaimed_files"]
