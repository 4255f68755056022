"""The sample of a weighting design: who is compared, on what, and who is left out for an extreme propensity."""

from __future__ import annotations

import pandas as pd

from analysis.effects.columns import yes_no
from analysis.effects.covariates import expand, model_matrix
from analysis.effects.curve import Sample, cluster_codes
from analysis.effects.estimate import Booleans, Floats
from analysis.effects.propensity import fit_propensity
from analysis.effects.refusal import DesignRefused
from analysis.effects.weighting import Target
from analysis.study.design_settings import Weighting


def sample_of(members: pd.DataFrame, design: Weighting, level: float) -> Sample:
    """The persons of ``members`` as the design compares them."""
    treated, covariates = yes_no(members, design.treated), expand(members, design.covariates)
    clusters = cluster_codes(members, design.cluster)
    target: Target = "treated" if design.estimand == "att" else "all"
    return Sample(treated, covariates, clusters, level, target, design.score)


def propensity_of(sample: Sample) -> Floats:
    matrix, _ = model_matrix(sample.covariates, sample.treated)
    return fit_propensity(matrix, sample.treated, sample.link).score


def within(score: Floats, treated: Booleans, share: float) -> Booleans:
    """Who is no extreme score (Crump, Hotz, Imbens & Mitnik 2009, Biometrika 96(1)); refused when that leaves no
    comparison."""
    kept: Booleans = (score >= share) & (score <= 1 - share)
    if treated[kept].all() or not treated[kept].any():
        raise DesignRefused("no_overlap")
    return kept
