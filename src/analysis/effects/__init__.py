"""Effects: declared designs in, estimates with their influence functions out. Knows nothing of any municipality."""

from analysis.effects.estimate import Estimate
from analysis.effects.refusal import DesignRefused
from analysis.effects.run import estimate_chapter, estimate_outcomes
from analysis.effects.run_did import estimate_difference_in_differences
from analysis.effects.run_scales import estimate_scales
from analysis.effects.run_weighting import estimate_weighting

__all__ = [
    "DesignRefused",
    "Estimate",
    "estimate_chapter",
    "estimate_difference_in_differences",
    "estimate_outcomes",
    "estimate_scales",
    "estimate_weighting",
]
