"""Statistical disclosure control: what a published table may show so that nobody can be found in it."""

from analysis.disclosure.attack import feasible_ranges
from analysis.disclosure.by_sex import hidden_by_sex
from analysis.disclosure.counts import TOTAL, protect_counts
from analysis.disclosure.results import SUPPRESSED, protect

__all__ = ["SUPPRESSED", "TOTAL", "feasible_ranges", "hidden_by_sex", "protect", "protect_counts"]
